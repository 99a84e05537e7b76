"""Equation numbers where LaTeX would count: written out as tags, and references to them as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mathpixweb.engine.writers.mmd_source import Formula, find_command, rewrite_formulas, rewrite_words

WHOLE = frozenset({"", "equation", "multline"})  # one number for all rows
UNNUMBERED = re.compile(r"\\(?:notag|nonumber)(?![A-Za-z])")
LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
REFERENCE = re.compile(r"\\(eq)?ref\s*\{([^{}]*)\}")
MARK = re.compile(r"\\begin\{|\\end\{|\\\\|\\[{}]|[{}]")
DEPTHS = {r"\begin{": 2, "{": 1, "}": -1}  # the brace after a name closes again


def number_equations(mmd: str) -> str:
    """`mmd` with a `\\tag` on each row that LaTeX would number, and `\\ref` and `\\eqref` resolved."""
    numbering = _Numbering()
    numbered = rewrite_formulas(mmd, numbering.number)
    return rewrite_words(numbered, lambda words: REFERENCE.sub(numbering.refer, words))


@dataclass(slots=True)
class _Numbering:
    count: int = 0
    places: dict[str, str] = field(default_factory=dict)

    def number(self, formula: Formula) -> str:
        name = formula.environment
        rows = [formula.latex] if name.rstrip("*") in WHOLE else list(_rows(formula.latex))
        counted = bool(name) and not name.endswith("*")
        return _delimited(formula, r"\\".join(self._row(row, counted=counted) for row in rows))

    def refer(self, found: re.Match[str]) -> str:
        place = self.places.get(found[2])
        if place is None:
            return found[0]
        return f"({place})" if found[1] else place

    def _row(self, row: str, *, counted: bool) -> str:
        tag = find_command(row, "tag")
        if tag is None and counted and row.strip() and not UNNUMBERED.search(row):
            self.count += 1
            self._place(row, str(self.count))
            return rf"{row.rstrip()} \tag{{{self.count}}}"
        if tag:
            self._place(row, tag.argument)
        return row

    def _place(self, row: str, number: str) -> None:
        self.places.update(dict.fromkeys(LABEL.findall(row), number))


def _delimited(formula: Formula, latex: str) -> str:
    if formula.environment:
        return f"\\begin{{{formula.environment}}}{latex}\\end{{{formula.environment}}}"
    return f"\\[{latex}\\]" if formula.display else f"\\({latex}\\)"


def _rows(latex: str) -> Iterator[str]:
    """The rows between the `\\\\` that stand in no group and no inner environment."""
    depth = start = 0
    for mark in MARK.finditer(latex):
        if mark[0] == r"\\" and depth == 0:
            yield latex[start : mark.start()]
            start = mark.end()
        depth += DEPTHS.get(mark[0], 0)
    yield latex[start:]
