"""Characters of Unicode's private area by which some OpenType fonts call their larger forms.

A document set in these fonts says "U+E321" where it means a tall parenthesis, since the glyph has no other
name. One maker numbers the glyphs of several fonts alike; Asana and Arev have numbers of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})$")
_ALIKE: Final = re.compile(r"^(Concrete|Erewhon|Euler|KpMath|XCharter)(-Math)?")
_ASANA: Final = re.compile(r"^Asana")
_KEPLER: Final = re.compile(r"^KpMath")
_AREV: Final = re.compile(r"^ArevSans-(Bold)?Oblique")

# Where a run of numbers begins, and what each in turn means.
_RUNS: Final[Mapping[int, str]] = {
    0xE123: "∫∮",
    0xE127: "∬∯∭∰",
    0xE133: "∑",
    0xE143: "∫∮",
    0xE149: "∬∯∭∰",
    0xE1D3: "∑",
    0xE1E3: "∏",
    0xE1F3: "∐",
    0xE223: "⋃",
    0xE22A: "⨅⨆",
    0xE22E: "⨃⨄",
    0xE233: "⋂",
    0xE243: "⋁",
    0xE253: "⋀",
    0xE263: "⨉",
    0xE283: "⨂",
    0xE293: "⨁",
    0xE2A3: "⨀",
    0xE321: "()" * 5,
    0xE331: "{}" * 5,
    0xE341: "[]" * 4,
    0xE351: "⟦⟧" * 4,
    0xE361: "⟨⟩" * 7,
    0xE371: "⌊⌋" * 4,
    0xE381: "⌈⌉" * 4,
    0xE391: "/\\" * 4,
    0xE3A1: "√" * 4,
    0xE3AA: "⎷" * 2,
    0xE3D1: "|" * 4,
    0xE3D9: "⏐",
    0xE3E1: "‖" * 4,
    0xE500: "\u0306" * 8,
    0xE510: "\u030c" * 8,
    0xE520: "\u0302" * 8,
    0xE530: "\u0303" * 8,
    0xE570: "⏞" * 8,
    0xE578: "⏟" * 8,
    0xE5A0: "\u20d7" * 7,
    0xE5A7: "\u20d6" * 3,
}
_SPELLED: Final = {"ll": "≪", "gg": "≫", "lll": "⋘", "ggg": "⋙"}  # names taken for ligatures
_KEPLER_RUNS: Final[Mapping[int, str]] = {0xE143: "∏", 0xE153: "∐"}
_AREV_RUNS: Final[Mapping[int, str]] = {  # the letters that differ in mathematics
    0xEB80 + ord("A"): "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    0xEB80 + ord("a"): "abcdefghijklmnopqrstuvwxyz",
}
_ASANA_RUNS: Final[Mapping[int, str]] = {
    0x10FDFD: "\u030c\u0303\u0302",
    0x10FE4A: "\u20d6" * 4 + "\u20d7" * 4,
    0x10FF64: "∮" * 3 + "∭" * 3 + "∬" * 3 + "⎷" + "√" * 4,
    0x10FF7C: "⟩" * 3 + "⨂" * 2 + "⨃" * 2 + "⨅" * 2 + "⨆" * 2 + "⨉" * 2 + "⟨" * 3 + "⋃" * 2 + "⋂" * 2,
    0x10FF90: "⨄" * 2 + "⋀" * 2 + "⋁" * 2 + "⨀" * 2 + "⨁" + "∫" * 3 + "∑" * 3 + "∏" * 3 + "∐" * 3 + "⨁",
    0x10FFA6: "\u0302" * 4 + "\u0303" * 4 + "\u030c" * 4 + "\u0306" * 4,
    0x10FFC1: "⏞" * 3 + "⏟" * 3,
    0x10FFCE: "‖" * 4,
    0x10FFD6: "|" * 4 + "⟦" * 4 + "⟧" * 4 + "⌈" * 3 + "⌉" * 3 + "⌊" * 3 + "⌋" * 3,
    0x10FFEE: "[" * 3 + "]" * 3 + "(" * 3 + ")" * 3 + "{" * 3 + "}" * 3,
}


def _spread(runs: Mapping[int, str]) -> dict[str, str]:
    return dict(chain.from_iterable(_counted(start, meant) for start, meant in runs.items()))


def _counted(start: int, meant: str) -> list[tuple[str, str]]:
    return [(chr(start + offset), char) for offset, char in enumerate(meant)]


_MEANINGS: Final = (
    (_KEPLER, _spread(_RUNS) | _spread(_KEPLER_RUNS) | _SPELLED),
    (_ALIKE, _spread(_RUNS) | _SPELLED),
    (_ASANA, _spread(_ASANA_RUNS)),
    (_AREV, _spread(_AREV_RUNS) | {"ƒ": "f"}),
)


def public(font: str, char: str) -> str:
    """The character that a private one stands for in this font; the same if nothing is known of it."""
    if char.isascii() and len(char) < 2:
        return char
    spelled = _ESCAPED.match(char)
    if spelled:  # xdvipdfmx writes the name of the glyph, where that is an escape
        char = chr(int(spelled[1], 16))
    return _meanings(font).get(char, char)


@lru_cache(maxsize=256)
def _meanings(font: str) -> Mapping[str, str]:
    return next((meanings for fonts, meanings in _MEANINGS if fonts.match(font)), {})
