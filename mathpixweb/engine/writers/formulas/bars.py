"""Bars that stand around something: `|x|` as `\\left|x\\right|`, so that programs know them to be a pair.

What is not plainly a pair stays: the bar of `P(A|B)`, of `\\{x | x>0\\}`, and bars across cells and rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"\\(?:left|right|middle|[bB]igg?[lrm]?)\s*(?:\\[A-Za-z]+|\\.|.)"
    r"|\\(?:text[a-z]*|mbox|operatorname\*?|mathrm|label|tag|begin|end|hspace|color)\s*\{[^{}]*\}(?:\{[^{}]*\})?"
    r"|\\[A-Za-z]+\*?|\\.|\s+|.",
    re.DOTALL,
)
BARS = {
    "|": "|",
    r"\|": r"\|",
    r"\vert": "|",
    r"\Vert": r"\|",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\lVert": r"\|",
    r"\rVert": r"\|",
}
LEFT_ONLY, RIGHT_ONLY = {r"\lvert", r"\lVert"}, {r"\rvert", r"\rVert"}
OPENING = {"{", "(", "[", r"\{", r"\langle", r"\lfloor", r"\lceil"}
CLOSING = {"}", ")", "]", r"\}", r"\rangle", r"\rfloor", r"\rceil"}
BETWEEN = {"+", "-", "=", "<", ">", ",", ";", ":", "/", "*", "&", r"\\"}
BETWEEN |= {
    f"\\{name}"
    for name in re.findall(
        r"\S+",
        """leq le geq ge neq ne equiv sim simeq approx cong in notin subset subseteq to rightarrow : !
        Longrightarrow Leftrightarrow iff mapsto cdot times pm mp div ll gg leqslant geqslant quad qquad , ;
        Rightarrow mid propto cup cap wedge vee land lor sum prod int log ln exp max min sup inf lim det sin
        cos tan limits nolimits forall exists displaystyle textstyle colon lesssim gtrsim
        coloneqq triangleq asymp prec succ otimes oplus circ""",
    )
}
SCRIPTS = {"^", "_", "'", r"\prime"}


@dataclass(slots=True)
class _Level:
    """What is open between one pair of brackets: the places of bars that wait for their other half."""

    bracket: str
    open: list[int] = field(default_factory=list)


def paired(latex: str) -> str:
    """`latex` with each pair of bars as `\\left` and `\\right`."""
    if not any(bar in latex for bar in ("|", "vert", "Vert")):
        return latex
    tokens = TOKEN.findall(latex)
    pairs = _pairs(tokens)
    for start, end in pairs:
        tokens[start] = rf"\left{BARS[tokens[start]]} "
        tokens[end] = rf"\right{BARS[tokens[end]]} "
    return "".join(tokens)


def _pairs(tokens: list[str]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    levels = [_Level("")]
    for place, token in enumerate(tokens):
        if token in OPENING:
            levels.append(_Level(token))
        elif token in CLOSING:
            if len(levels) > 1:
                levels.pop()
        elif token in ("&", r"\\") or token.startswith((r"\begin", r"\end", r"\middle")):
            levels[-1].open.clear()
        elif token in BARS:
            _take(tokens, place, levels[-1], pairs)
    return pairs


def _take(tokens: list[str], place: int, level: _Level, pairs: list[tuple[int, int]]) -> None:
    token = tokens[place]
    waiting = level.open and BARS[tokens[level.open[-1]]] == BARS[token] and level.open[-1] != place - 1
    if token in LEFT_ONLY or (not waiting and token not in RIGHT_ONLY and _can_open(tokens, place)):
        level.open.append(place)
    elif waiting and _can_close(tokens, place):
        pairs.append((level.open.pop(), place))
    elif token not in RIGHT_ONLY and _can_open(tokens, place) and not _can_close(tokens, place):
        level.open.append(place)


def _before(tokens: list[str], place: int) -> str:
    return next((token for token in reversed(tokens[:place]) if not token.isspace()), "")


def _base(tokens: list[str], place: int) -> str:
    """What stands before, without its scripts: the sum of `\\sum_{k}`."""
    while place > 0:
        place -= 1
        if tokens[place].isspace():
            continue
        start = _group_start(tokens, place) if tokens[place] == "}" else place
        if start and tokens[start - 1] in ("_", "^"):
            place = start - 1
            continue
        return tokens[place]
    return ""


def _group_start(tokens: list[str], place: int) -> int:
    depth = 0
    for index in range(place, -1, -1):
        depth += {"}": 1, "{": -1}.get(tokens[index], 0)
        if depth == 0:
            return index
    return place


def _after(tokens: list[str], place: int) -> str:
    return next((token for token in tokens[place + 1 :] if not token.isspace()), "")


def _can_open(tokens: list[str], place: int) -> bool:
    """Something stands after it, and nothing before it that it could close."""
    before, after = _base(tokens, place), _after(tokens, place)
    if not after or after in CLOSING or after in SCRIPTS or after in ("&", r"\\"):
        return False
    begins = before == "" or before in OPENING or before in BETWEEN or before in BARS
    return (
        begins
        or before.startswith((r"\begin", r"\left", r"\big", r"\Big"))
        or before[:1].isdigit()
        or before in SCRIPTS
    )


def _can_close(tokens: list[str], place: int) -> bool:
    before = _before(tokens, place)
    return before not in BETWEEN and before not in OPENING and before not in SCRIPTS
