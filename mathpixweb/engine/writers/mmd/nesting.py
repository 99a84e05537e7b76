"""Entries as one list of lines, as the contract wants them: inner ones follow, and name each other by ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mathpixweb.engine.writers.mmd.entries import Entry

Line = dict[str, Any]
LineOf = Callable[[Entry, int], Line]  # of an entry and its number, from 1


def flat(entries: Iterable[Entry], line_of: LineOf) -> list[Line]:
    """The lines of the entries, of their children and of their labels."""
    lines: list[Line] = []
    for entry in entries:
        _add(lines, entry, line_of, None)
    return lines


def _add(lines: list[Line], entry: Entry, line_of: LineOf, parent: Line | None) -> Line:
    line = line_of(entry, len(lines) + 1)
    if parent is not None:
        line["parent_id"] = parent["id"]
    lines.append(line)
    children = [_add(lines, child, line_of, line) for child in entry.children]
    if children:
        line["children_ids"] = [child["id"] for child in children]
    labels = [_add(lines, label, line_of, None) for label in entry.labels]
    if labels:
        line["selected_labels"] = [label["id"] for label in labels]
    return line
