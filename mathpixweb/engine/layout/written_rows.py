"""The rows of a display that brought its LaTeX along, each with the number that is printed beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mathpixweb.engine.layout.draft import Written
from mathpixweb.engine.model import Formula, Line
from mathpixweb.engine.writers.mmd.mmd_source import find_command
from mathpixweb.engine.writers.structure.formulas import split_rows

ENVIRONMENT: Final = re.compile(
    r"\\begin\{(?P<name>[a-z]+)(?P<star>\*?)\}(?P<body>.*)\\end\{(?P=name)(?P=star)\}", re.DOTALL
)
INNER: Final = {"gather": "gathered", "multline": "gathered", "equation": ""}
ONE_NUMBER: Final = ("equation", "multline")
UNNUMBERED: Final = re.compile(r"\s*\\(?:notag|nonumber)(?![A-Za-z])")
LABEL: Final = re.compile(r"\s*\\label\s*\{[^{}]*\}")
CELL: Final = re.compile(r"\\(?:begin|end)\{|\\.|[{}&]", re.DOTALL)
DEPTHS: Final = {"\\begin{": 2, "{": 1, "}": -1}  # the brace after a name closes again


def told(formula: Written) -> str:
    """The LaTeX without delimiters, for a place within other text."""
    name, body = _parts(formula)
    body, _ = _without_tag(UNNUMBERED.sub("", body))
    inner = INNER.get(name, "aligned") if name else ""
    return f"\\begin{{{inner}}}\n{body}\n\\end{{{inner}}}" if inner else body


def lines_of(formula: Written, line: Line) -> Iterator[Line]:
    """One line a row of the display; its cells are formulas."""
    name, body = _parts(formula)
    single = not name or name == "equation"
    rows = [body] if single else [row for row in split_rows(body) if row.strip()]
    tags = _tags(rows, name, [number for number, _ in formula.numbers])
    for row, tag in zip(rows, tags, strict=True):
        text = UNNUMBERED.sub("", _without_tag(row)[0]).strip()
        cells = [text] if single else _cells(text)
        last = len(cells) - 1
        spans = (
            Formula(cell, line.box, True, tag if place == last else None) for place, cell in enumerate(cells)
        )
        yield Line(tuple(spans), line.box, line.size)


def _parts(formula: Written) -> tuple[str, str]:
    """The name of the environment, empty for delimiters, and what is inside of it, labels left out."""
    found = ENVIRONMENT.fullmatch(formula.latex)
    name, body = (found["name"], found["body"]) if found else ("", formula.latex[2:-2])
    return name, LABEL.sub("", body).strip()


def _without_tag(row: str) -> tuple[str, str | None]:
    tag = find_command(row, "tag")
    return (row[: tag.start].rstrip() + row[tag.end :], tag.argument) if tag else (row, None)


def _tags(rows: Sequence[str], name: str, numbers: Sequence[str]) -> list[str | None]:
    """What is printed beside each row, as far as the rows that have numbers are as many as the numbers."""
    tags = [_without_tag(row)[1] for row in rows]
    if name in ONE_NUMBER or not name:
        alone = next((tag for tag in tags if tag), None) or (numbers[-1] if numbers else None)
        return [*([None] * (len(rows) - 1)), alone]
    numbered = [place for place, row in enumerate(rows) if tags[place] or not UNNUMBERED.search(row)]
    if len(numbered) == len(numbers):
        for place, number in zip(numbered, numbers, strict=True):
            tags[place] = tags[place] or number
    return tags


def _cells(row: str) -> list[str]:
    """The row cut at the `&` that stand in no group and no inner environment."""
    cells, start, depth = [], 0, 0
    for mark in CELL.finditer(row):
        if mark[0] == "&" and not depth:
            cells.append(row[start : mark.start()].strip())
            start = mark.end()
        depth += DEPTHS.get(mark[0], 0)
    return [*cells, row[start:].strip()]
