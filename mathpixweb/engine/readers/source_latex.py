"""The LaTeX of which a formula was made, where a file brings it along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.source import find_command, replace_commands, split_cells, split_rows
from mathpixweb.engine.math.words import NAMES
from mathpixweb.engine.model import Source, SourceRow

_INLINE: Final = re.compile(
    r"\$(?P<a>[^$]+)\$|\\\((?P<b>.*)\\\)|\\begin\s*\{math\}(?P<c>.*)\\end\s*\{math\}", re.DOTALL
)
_DISPLAY: Final = re.compile(
    r"\$\$(?P<a>[^$]+)\$\$|\\\[(?P<b>.*)\\\]"
    r"|\\begin\s*\{(?P<name>equation|displaymath)\*?\}(?P<c>.*)\\end\s*\{(?P=name)\*?\}",
    re.DOTALL,
)
_ROWS: Final = re.compile(
    r"\\begin\s*\{(?P<name>align|gather|eqnarray|multline|flalign|alignat)(?P<star>\*?)\}"
    r"(?P<a>.*)\\end\s*\{(?P=name)(?P=star)\}",
    re.DOTALL,
)
_COLUMNS: Final = re.compile(r"\s*\{\s*\d+\s*\}")  # after `alignat`
_INNER: Final = {"gather": "gathered", "multline": "gathered"}
_LABEL: Final = re.compile(r"\s*\\label\s*\{[^{}]*\}")
_UNNUMBERED: Final = re.compile(r"\s*\\(?:notag|nonumber)(?![A-Za-z])")
_COMMAND: Final = re.compile(r"\\(?:([A-Za-z]+)\*?|.)", re.DOTALL)
_ENVIRONMENT: Final = re.compile(r"\\(?:begin|end)\s*\{([A-Za-z]+)\*?\}(?:\{[lcr|@ ]*\})?")
_DELIMITER: Final = re.compile(r"\\[()\[\]]")
_AFTER_NAME: Final = re.compile(r"(\\[A-Za-z]+) (?![A-Za-z0-9 ])")  # where TeX writes a blank of its own
_STRUCTURE_TEXT: Final = """
    frac dfrac tfrac cfrac sqrt binom dbinom tbinom left right middle big Big bigg Bigg bigl bigr Bigl
    Bigr biggl biggr Biggl Biggr overline underline overbrace underbrace overset underset stackrel text
    textrm textbf textit mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol
    bm operatorname quad qquad hat widehat tilde widetilde bar vec dot ddot dddot acute grave breve
    check mathring overrightarrow overleftarrow substack limits nolimits displaystyle textstyle
    scriptstyle mathop mathbin mathrel boxed cancel xrightarrow xleftarrow lvert rvert lVert rVert
"""
_STRUCTURE: Final = frozenset(_STRUCTURE_TEXT.split())
_WORDS: Final = NAMES | {"mod", "bmod", "pmod"}
_ENVIRONMENTS_TEXT: Final = """
    matrix pmatrix bmatrix vmatrix Vmatrix Bmatrix smallmatrix cases array aligned gathered split
"""
_ENVIRONMENTS: Final = frozenset(_ENVIRONMENTS_TEXT.split())


@dataclass(frozen=True, slots=True)
class _Said:
    """LaTeX without its delimiters; `rows` is the environment of rows that it had."""

    body: str
    display: bool | None
    rows: str = ""


def is_latex(said: str) -> bool:
    """Whether words are LaTeX, and no description of a formula."""
    return bool(_taken(said).display is not None or _COMMAND.search(said) or re.search(r"[_^]", said))


def source(said: str) -> Source | None:
    """The formula, None where it has commands or environments that not everybody has."""
    taken = _taken(said)
    body = " ".join(taken.body.split())
    plain = replace_commands(_UNNUMBERED.sub("", _LABEL.sub("", body)), "tag", lambda _: "")
    if not plain.strip() or not _is_known(plain) or not _is_balanced(plain):
        return None
    return _source(_Said(body, taken.display, taken.rows))


def written(said: str) -> Source | None:
    """The formula as it was written for a file that was made here; None if it is no single formula."""
    taken = _taken(_AFTER_NAME.sub(r"\1", said).replace("##", "#"))
    if taken.display is None or r"\intertext" in taken.body:
        return None
    return None if _DELIMITER.search(taken.body.replace("\\\\", "")) else _source(taken)


def text_of(said: str) -> str:
    """The letters and digits that the formula shows."""
    body = _UNNUMBERED.sub("", _LABEL.sub("", _taken(said).body))
    body = replace_commands(body, "tag", lambda _: "")
    return _COMMAND.sub(_shown, _ENVIRONMENT.sub(" ", body))


def _taken(said: str) -> _Said:
    said = said.strip()
    rows = _ROWS.fullmatch(said)
    if rows:
        body = _COLUMNS.sub("", rows["a"], count=1) if rows["name"] == "alignat" else rows["a"]
        return _Said(body, True, rows["name"])
    for pattern, display in ((_DISPLAY, True), (_INLINE, False)):
        found = pattern.fullmatch(said)
        if found:
            return _Said(found["a"] or found["b"] or found["c"] or "", display)
    return _Said(said, None)


def _source(said: _Said) -> Source:
    body = _LABEL.sub("", said.body).strip()
    parts = [part for part in split_rows(body) if part.strip()] if said.rows else [body]
    rows = [_row(part, cut=bool(said.rows)) for part in parts]
    if said.rows == "multline":
        rows = _with_one_number(rows)
    inner = _INNER.get(said.rows, "aligned")
    whole = replace_commands(_UNNUMBERED.sub("", body), "tag", lambda _: "").strip()
    latex = f"\\begin{{{inner}}}\n{whole}\n\\end{{{inner}}}" if said.rows else whole
    return Source(latex, tuple(rows), said.display)


def _row(row: str, *, cut: bool) -> SourceRow:
    tag = find_command(row, "tag")
    rest = _UNNUMBERED.sub("", row[: tag.start].rstrip() + row[tag.end :] if tag else row).strip()
    number = tag.argument if tag else None if _UNNUMBERED.search(row) else ""
    return SourceRow(tuple(cell.strip() for cell in split_cells(rest)) if cut else (rest,), number)


def _with_one_number(rows: Sequence[SourceRow]) -> list[SourceRow]:
    said = next((row.number for row in rows if row.number), "")
    last = len(rows) - 1
    return [SourceRow(row.cells, said if place == last else None) for place, row in enumerate(rows)]


def _shown(found: re.Match[str]) -> str:
    name = found[1] or ""
    return f" {name} " if name in _WORDS else symbols.character_of(f"\\{name}") or " "


def _is_known(body: str) -> bool:
    if any(found[1] not in _ENVIRONMENTS for found in _ENVIRONMENT.finditer(body)):
        return False
    names = (found[1] for found in _COMMAND.finditer(_ENVIRONMENT.sub(" ", body)) if found[1])
    return all(name in _STRUCTURE or name in _WORDS or symbols.is_command(name) for name in names)


def _is_balanced(body: str) -> bool:
    depth = 0
    for char in _COMMAND.sub(" ", body):
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0
