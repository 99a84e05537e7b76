"""The transforms that v3/latex names, on tokens, and those that its formats imply."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mathpixweb.engine.writers.formulas.latex_tokens import group, group_end, is_text

FONTS = frozenset(
    re.findall(
        r"\S+",
        r"\mathbb \mathbf \mathcal \mathrm \mathscr \mathfrak \mathsf \mathit \mathtt \boldsymbol \bm",
    )
)
UNSTYLED = {
    r"\bigoplus": r"\oplus",
    r"\bigotimes": r"\otimes",
    r"\bigodot": r"\odot",
    r"\biguplus": r"\uplus",
    r"\bigsqcup": r"\sqcup",
    r"\bigvee": r"\vee",
    r"\bigwedge": r"\wedge",
    r"\bigcap": r"\cap",
    r"\bigcup": r"\cup",
    r"\bigcirc": r"\circ",
    r"\bigstar": r"\star",
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
    r"\dbinom": r"\binom",
    r"\tbinom": r"\binom",
}
STYLES = frozenset((r"\displaystyle", r"\textstyle", r"\scriptstyle", r"\limits", r"\nolimits"))
FUNCTIONS = frozenset(
    re.findall(
        r"\w+",
        "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup "
        "ln log max min Pr sec sin sinh sup tan tanh",
    )
)


def rm_fonts(found: Sequence[str]) -> list[str]:
    """Without font commands; the braces of their argument go too, unless a script needs them."""
    out: list[str] = []
    index = 0
    while index < len(found):
        if found[index] not in FONTS:
            out.append(found[index])
            index += 1
            continue
        end = group_end(found, index + 1)
        inner = rm_fonts(group(found, index + 1)) if end > index + 1 else []
        in_script = bool(out) and out[-1] in ("^", "_")
        out += ["{", *inner, "}"] if in_script and len(inner) != 1 else inner
        index = end
    return out


def rm_style_syms(found: Sequence[str]) -> list[str]:
    return [UNSTYLED.get(piece, piece) for piece in found if piece not in STYLES]


def rm_text(found: Sequence[str]) -> list[str]:
    """Without the words to the left and right of the mathematics."""
    start, end = 0, len(found)
    while start < end and _is_wordy(found[start]):
        start += 1
    while end > start and _is_wordy(found[end - 1]):
        end -= 1
    return list(found[start:end]) or list(found)


def _is_wordy(piece: str) -> bool:
    return is_text(piece) or piece in ("~", r"\ ", r"\,", r"\quad", r"\qquad")


def long_frac(found: Sequence[str]) -> list[str]:
    r"""`8 \longdiv { 7200 }` is the fraction of 7200 and 8."""
    out: list[str] = []
    index = 0
    while index < len(found):
        if found[index] != r"\longdiv":
            out.append(found[index])
            index += 1
            continue
        end = group_end(found, index + 1)
        dividend = long_frac(group(found, index + 1))
        divisor: list[str] = []
        while out and out[-1][0].isalnum():
            divisor.insert(0, out.pop())
        out += [r"\frac", "{", *dividend, "}", "{", *divisor, "}"] if divisor else dividend
        index = end
    return out


def without_fences(found: Sequence[str]) -> list[str]:
    r"""`\left( … \right)` as `( … )`; a pair with an invisible side stays as it is."""
    out = list(found)
    opened: list[int] = []
    for index, piece in enumerate(out):
        if piece.startswith("\\left") and _delimiter(piece):
            opened.append(index)
        elif piece.startswith("\\right") and _delimiter(piece) and opened:
            start = opened.pop()
            pair = _delimiter(out[start]), _delimiter(piece)
            if "." not in pair:
                out[start], out[index] = pair
    return out


def _delimiter(piece: str) -> str:
    r"""The delimiter of `\left(`; nothing for `\leftarrow`."""
    rest = piece.removeprefix("\\left").removeprefix("\\right")
    return "" if rest[:1].isalpha() else rest


def long_names(found: Sequence[str]) -> list[str]:
    r"""`\lim` as `\operatorname { lim }`."""
    out: list[str] = []
    for piece in found:
        name = piece[1:]
        out += [r"\operatorname", "{", name, "}"] if piece[:1] == "\\" and name in FUNCTIONS else [piece]
    return out


def short_names(found: Sequence[str]) -> list[str]:
    r"""`\operatorname { lim }` as `\lim`, where LaTeX has the command."""
    out: list[str] = []
    index = 0
    while index < len(found):
        end = group_end(found, index + 1)
        name = "".join(group(found, index + 1)) if found[index].startswith(r"\operatorname") else ""
        if name in FUNCTIONS:
            out.append(f"\\{name}")
            index = end
        else:
            out.append(found[index])
            index += 1
    return out


ENVIRONMENTS = ("array", "aligned", "align", "align*", "gathered", "gather", "gather*", "cases", "split")
OPERATORS = ("+", "-", r"\times", r"\cdot", r"\div", r"\pm")


def rows(found: Sequence[str]) -> list[list[str]]:
    """The rows, without column marks, of a list of formulas that is the whole; none if it is no such list."""
    inner = list(found)
    if len(inner) > 2 and inner[0] == "\\left\\{" and inner[-1] == "\\right.":
        inner = inner[1:-1]
    if len(inner) < 3 or not inner[0].startswith("\\begin{") or inner[-1] != inner[0].replace("begin", "end"):
        return []
    name = inner[0][len("\\begin{") : -1]
    if name not in ENVIRONMENTS or inner.count(inner[-1]) > 1:
        return []
    start = group_end(inner, 1) if name == "array" else 1
    split: list[list[str]] = [[]]
    depth = 0
    for piece in inner[start:-1]:
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if piece == "\\\\" and depth == 0:
            split.append([])
        elif piece != "&":
            split[-1].append(piece)
    return [row for row in split if row]


def column_as_formula(found: Sequence[str]) -> list[str]:
    """Numbers under each other with an operator and a line, as people add them up, in one line."""
    lines = rows(found)
    if len(lines) < 2 or not found[0].startswith("\\begin{array}"):
        return list(found)
    ruled = next((i for i, row in enumerate(lines) if row[0] == r"\hline"), len(lines))
    operands = lines[:ruled]
    if not operands or operands[-1][0] not in OPERATORS:
        return list(found)
    sign = operands[-1][0]
    out = list(operands[0])
    for row in operands[1:]:
        out += row if row[0] in OPERATORS else [sign, *row]
    result = [piece for row in lines[ruled:] for piece in row if piece != r"\hline"]
    return [*out, "=", *result] if result else out


TRANSFORMS = {
    "rm_fonts": rm_fonts,
    "rm_style_syms": rm_style_syms,
    "rm_text": rm_text,
    "long_frac": long_frac,
}
