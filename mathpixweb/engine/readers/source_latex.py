"""The LaTeX of which a formula was made, where a file brings it along in the place of words."""

from __future__ import annotations

import re
from typing import Final

from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.words import NAMES
from mathpixweb.engine.model import Source

_INLINE: Final = re.compile(
    r"\$(?P<a>[^$]+)\$|\\\((?P<b>.*)\\\)|\\begin\s*\{math\}(?P<c>.*)\\end\s*\{math\}", re.DOTALL
)
_DISPLAY: Final = re.compile(
    r"\$\$(?P<a>[^$]+)\$\$|\\\[(?P<b>.*)\\\]"
    r"|\\begin\s*\{(?P<name>equation|displaymath)\*?\}(?P<c>.*)\\end\s*\{(?P=name)\*?\}",
    re.DOTALL,
)
_ROWS: Final = re.compile(
    r"\\begin\s*\{(?P<name>align|gather|eqnarray|multline|flalign)\*?\}(?P<a>.*)\\end\s*\{(?P=name)\*?\}",
    re.DOTALL,
)
_COMMAND: Final = re.compile(r"\\(?:([A-Za-z]+)\*?|.)", re.DOTALL)
_ENVIRONMENT: Final = re.compile(r"\\(?:begin|end)\s*\{([A-Za-z]+)\*?\}(?:\{[lcr|@ ]*\})?")
_NUMBERING: Final = re.compile(r"\\(?:label|tag\*?)\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])")
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


def is_latex(said: str) -> bool:
    """Whether words are LaTeX, and no description of a formula."""
    return bool(_inside(said)[1] is not None or _COMMAND.search(said) or re.search(r"[_^]", said))


def source(said: str) -> Source | None:
    """The formula, None where it has commands or environments that not everybody has."""
    rows, display = _ROWS.fullmatch(said.strip()), True
    body, display_said = (rows["a"], True) if rows else _inside(said)
    body = " ".join(_NUMBERING.sub("", body).split())
    if not body or not _is_known(body) or not _is_balanced(body):
        return None
    if rows is None:
        return Source(body, (), display_said)
    if _ENVIRONMENT.search(body):
        return None
    cells = [tuple(cell.strip() for cell in line.split("&")) for line in body.split(r"\\") if line.strip()]
    whole = r" \\ ".join(" & ".join(line) for line in cells)
    return Source(rf"\begin{{aligned}} {whole} \end{{aligned}}", tuple(cells), display)


def text_of(said: str) -> str:
    """The letters and digits that the formula shows."""
    body = _ROWS.sub(lambda found: found["a"], said.strip())
    return _COMMAND.sub(_shown, _ENVIRONMENT.sub(" ", _NUMBERING.sub("", _inside(body)[0])))


def _inside(said: str) -> tuple[str, bool | None]:
    """The formula without its delimiters, and whether these are of a display."""
    for pattern, display in ((_DISPLAY, True), (_INLINE, False)):
        found = pattern.fullmatch(said.strip())
        if found:
            return found["a"] or found["b"] or found["c"] or "", display
    return said, None


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
