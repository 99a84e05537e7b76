"""Formulas of the renderer's HTML: their LaTeX, with the numbers that the renderer counted as tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mathpixweb.engine.math.source import find_command, split_rows
from mathpixweb.engine.writers.mmd.mmd_source import NUMBERED

WHOLE = frozenset({"equation", "multline"})  # one number for all rows
ENVIRONMENT = re.compile(
    rf"\s*\\begin\{{(?P<name>(?:{NUMBERED})\*?)\}}(?P<rows>.*)\\end\{{(?P=name)\}}\s*", re.DOTALL
)
UNNUMBERED = re.compile(r"\\(?:notag|nonumber)(?![A-Za-z])")
LABEL = re.compile(r"\\label\s*\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A formula's LaTeX; `broken` if it is no formula at all."""

    latex: str
    broken: bool = False


def shown(element: Any) -> Shown:
    """The formula of a `math-inline` or `math-block`."""
    latex = element.find("latex")
    said = "".join(latex.itertext()).strip() if latex is not None else ""
    numbers = [number for number in (element.get("number") or "").split(",") if number]
    return Shown(
        numbered(said, iter(numbers)),
        broken=element.find("error") is not None,
    )


def numbered(latex: str, numbers: Iterator[str]) -> str:
    """`latex` without labels, each row that LaTeX would number with its number as a tag."""
    found = ENVIRONMENT.fullmatch(latex)
    if found is None:
        return LABEL.sub("", latex).strip()
    name, rows = found["name"], found["rows"]
    counted = not name.endswith("*")
    parts = [rows] if name.rstrip("*") in WHOLE else list(split_rows(rows))
    told = r"\\".join(_row(part, numbers if counted else iter(())) for part in parts)
    return f"\\begin{{{name.rstrip('*')}*}}{told}\\end{{{name.rstrip('*')}*}}"


def _row(row: str, numbers: Iterator[str]) -> str:
    labelless = LABEL.sub("", row)
    if not labelless.strip() or UNNUMBERED.search(labelless) or find_command(labelless, "tag"):
        return UNNUMBERED.sub("", labelless)
    number = next(numbers, "")
    return (
        rf"{labelless.rstrip()} \tag{{{number}}}" + ("\n" if labelless.endswith("\n") else "")
        if number
        else labelless
    )
