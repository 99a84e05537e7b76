"""A formula in the linear notation that Wolfram Alpha reads."""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.writers.formulas.latex_tokens import group, group_end, is_text, tokens, words_of
from mathpixweb.engine.writers.formulas.latex_transforms import (
    FUNCTIONS,
    long_frac,
    rm_fonts,
    rm_style_syms,
    rows,
    short_names,
    without_fences,
)

SIGNS = {
    r"\times": "*",
    r"\cdot": "*",
    r"\div": "/",
    r"\pm": "+-",
    r"\leq": "<=",
    r"\le": "<=",
    r"\geq": ">=",
    r"\ge": ">=",
    r"\neq": "!=",
    r"\ne": "!=",
    r"\approx": "~~",
    r"\rightarrow": "->",
    r"\to": "->",
    r"\infty": "infinity",
    r"\partial": "d",
    r"\prime": "'",
    r"\%": "%",
    r"\{": "{",
    r"\}": "}",
    r"\ldots": "...",
    r"\cdots": "...",
    r"\mid": "|",
    r"\vert": "|",
    r"\|": "||",
    "~": " ",
}
SKIPPED = frozenset((r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\qquad", "&"))
BIG = {r"\sum": "sum", r"\prod": "product", r"\int": "integral", r"\lim": "limit"}


def write(latex: str) -> str:
    r"""`\frac{x^{2}}{3}` is `(x^2)/(3)`; commands that it does not know are written as words."""
    found = without_fences(short_names(long_frac(rm_fonts(rm_style_syms(tokens(latex))))))
    matrix = "\\begin{array}" in found and "&" in found
    listed = [] if matrix else rows(found)
    return ", ".join(_written(row) for row in listed) if listed else _written(found)


def _written(found: Sequence[str]) -> str:
    out: list[str] = []
    index = 0
    while index < len(found):
        text, index = _next(found, index)
        glued = out and text and out[-1][-1:].isalnum() and text[0].isalnum()
        out.append(f" {text}" if glued else text)
    return " ".join("".join(out).split())


def _next(found: Sequence[str], index: int) -> tuple[str, int]:
    """What is written for the piece at `index` with its arguments, and where the next one stands."""
    piece = found[index]
    if piece in (r"\frac", r"\binom"):
        first = group_end(found, index + 1)
        a, b = _written(group(found, index + 1)), _written(group(found, first))
        return (f"({a})/({b})" if piece == r"\frac" else f"binomial({a}, {b})"), group_end(found, first)
    if piece == r"\sqrt":
        return _root(found, index + 1)
    if piece in ("^", "_"):
        return _script(piece, group(found, index + 1)), group_end(found, index + 1)
    if piece in BIG:
        return _big(found, index)
    if piece.startswith("\\begin{"):
        return _matrix(found, index)
    if piece == "{":
        return _written(group(found, index)), group_end(found, index)
    return _plain(piece), index + 1


def _plain(piece: str) -> str:
    if is_text(piece):
        return f" {words_of(piece).strip()} "
    if piece in SKIPPED or piece in ("\\left\\{", "\\right."):
        return ""
    if piece in SIGNS:
        return SIGNS[piece]
    if piece.startswith(("\\left", "\\right")) and piece[-1] in ".()[]|":
        return piece[-1].strip(".")
    name = piece.lstrip("\\")
    return f" {name} " if piece.startswith("\\") and name not in FUNCTIONS else name


def _root(found: Sequence[str], index: int) -> tuple[str, int]:
    if found[index : index + 1] == ["["] and "]" in found[index:]:
        close = list(found).index("]", index)
        degree = _written(found[index + 1 : close])
        return f"({_written(group(found, close + 1))})^(1/({degree}))", group_end(found, close + 1)
    return f"sqrt({_written(group(found, index))})", group_end(found, index)


def _script(mark: str, inner: Sequence[str]) -> str:
    if list(inner) == [r"\prime"]:
        return "'"
    text = _written(inner)
    return f"{mark}{text}" if text.isalnum() else f"{mark}({text})"


def _matrix(found: Sequence[str], index: int) -> tuple[str, int]:
    """`{{a, b}, {c, d}}`, as Wolfram writes matrices and the cases of a function."""
    closing = found[index].replace("begin", "end")
    end = list(found).index(closing, index) if closing in found[index:] else len(found)
    start = group_end(found, index + 1) if found[index + 1 : index + 2] == ["{"] else index + 1
    written: list[list[list[str]]] = [[[]]]
    for piece in found[start:end]:
        if piece == "\\\\":
            written.append([[]])
        elif piece == "&":
            written[-1].append([])
        elif piece != r"\hline":
            written[-1][-1].append(piece)
    lines = ["{" + ", ".join(_written(cell) for cell in row) + "}" for row in written if any(row)]
    return "{" + ", ".join(lines) + "}", end + 1


def _big(found: Sequence[str], index: int) -> tuple[str, int]:
    """`sum from k=1 to n of`, `limit as x->3 of`, `integral from 0 to 1 of`."""
    word = BIG[found[index]]
    limits = {"_": "", "^": ""}
    index += 1
    while index < len(found) and found[index] in limits:
        limits[found[index]] = _written(group(found, index + 1))
        index = group_end(found, index + 1)
    from_word = "as" if word == "limit" else "from"
    parts = [word]
    parts += [f"{from_word} {limits['_']}"] if limits["_"] else []
    parts += [f"to {limits['^']}"] if limits["^"] else []
    return f" {' '.join(parts)} of ", index
