"""The supply of formulas: one JSON object a line, `latex` as tokens parted by spaces, `display`, `source`.

Tokens are split into three parts by a hash of the formula, so that no formula is trained on in one font and
measured in another.
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HELD_OUT = 50  # one formula of so many is for measuring only
LONGEST = 110  # tokens
# Nearly six of ten formulas come from one book; this many of ten of them are enough of its style.
DOMINANT = "stacks/stacks-project"
DOMINANT_SHARE = 0.45
_BROKEN = "a m p ;"  # markup left over from a web page


@dataclass(frozen=True, slots=True)
class Formula:
    tokens: tuple[str, ...]
    display: bool

    @property
    def held_out(self) -> bool:
        return zlib.crc32(" ".join(self.tokens).encode()) % HELD_OUT == 0


def read(path: Path) -> Iterator[Formula]:
    """All formulas that are short enough."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            tokens = tuple(row["latex"].split())
            broken = _BROKEN in row["latex"]
            if len(tokens) <= LONGEST and not broken and not _thinned_out(row["source"], row["latex"]):
                yield Formula(tokens, bool(row["display"]))


def is_structured(formula: Formula) -> bool:
    """Whether there is more to it than a row with scripts."""
    return any(token in _STRUCTURE or token.startswith(r"\begin") for token in formula.tokens)


def _thinned_out(source: str, latex: str) -> bool:
    if source != DOMINANT:
        return False
    return zlib.crc32(latex.encode()) % 1000 / 1000 > DOMINANT_SHARE


def latex_of(formula: Formula, rng: random.Random) -> str:
    """LaTeX to typeset; tall delimiters grow in most formulas."""
    growing = _growing_pairs(formula.tokens) if rng.random() < 0.85 else {}
    pieces = (
        growing.get(position, "") + (r"\ " if token == r"\sp" else token)
        for position, token in enumerate(formula.tokens)
    )
    return "".join(piece + " " if _needs_space(piece) else piece for piece in pieces)


def _needs_space(piece: str) -> bool:
    return piece[-1].isalpha() and "\\" in piece


_TALL = {
    r"\frac",
    r"\sum",
    r"\prod",
    r"\int",
    r"\binom",
    r"\sqrt",
    r"\bigcup",
    r"\bigcap",
    r"\bigoplus",
    r"\oint",
}
_STRUCTURE = _TALL | {
    r"\overline",
    r"\underline",
    r"\partial",
    r"\nabla",
    r"\hat",
    r"\tilde",
    r"\bar",
    r"\dot",
    r"\vec",
}
_CLOSING = {
    ")": "(",
    "]": "[",
    r"\}": r"\{",
    r"\rangle": r"\langle",
    r"\rfloor": r"\lfloor",
    r"\rceil": r"\lceil",
}
_OPENING = set(_CLOSING.values())


def _growing_pairs(tokens: Sequence[str]) -> dict[int, str]:
    """`\\left` and `\\right` for pairs with something tall between, in one group and one cell."""
    found: dict[int, str] = {}
    stack: list[tuple[str, int]] = []
    for position, token in enumerate(tokens):
        if token == "{" or token.startswith(r"\begin"):
            stack.append(("group", position))
        elif token in _OPENING and not (token == "[" and position and tokens[position - 1] == r"\sqrt"):
            stack.append((token, position))
        elif token == "}" or token.startswith(r"\end"):
            while stack and stack.pop()[0] != "group":
                pass
        elif token in ("&", r"\\"):
            while stack and stack[-1][0] != "group":
                stack.pop()
        elif token in _CLOSING and stack and stack[-1][0] == _CLOSING[token]:
            _, start = stack.pop()
            inside = tokens[start + 1 : position]
            if any(inner in _TALL or inner.startswith(r"\begin") for inner in inside):
                found |= {start: r"\left", position: r"\right"}
    return found
