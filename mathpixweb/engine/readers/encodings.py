"""Character codes to glyph names: the base encodings of PDF, and the mapping of names to Unicode."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fontTools.agl import UV2AGL, toUnicode
from fontTools.encodings.StandardEncoding import StandardEncoding

Encoding = Mapping[int, str]


_LIGATURES = {"\ufb01": "fi", "\ufb02": "fl"}  # which the list of glyph names spells out as two letters


def _from_codec(codec: str) -> dict[int, str]:
    names: dict[int, str] = {}
    for code in range(32, 256):
        char = bytes([code]).decode(codec, errors="ignore")
        name = _LIGATURES.get(char) or UV2AGL.get(ord(char)) if char else None
        if name:
            names[code] = name
    return names


STANDARD: Encoding = {code: name for code, name in enumerate(StandardEncoding) if name != ".notdef"}
WIN_ANSI: Encoding = _from_codec("cp1252")
MAC_ROMAN: Encoding = _from_codec("mac_roman")

_BY_NAME = {"StandardEncoding": STANDARD, "WinAnsiEncoding": WIN_ANSI, "MacRomanEncoding": MAC_ROMAN}

# Names a producer made up from the character code; they say nothing about the glyph.
_MEANINGLESS = re.compile(
    r"^(?:[aAcCgGgfFtT]\d{1,5}|[aG][0-9a-fA-F]{2}|glyph\d+|cid\d+|index\d+|\.notdef|\d+)$"
)


def base_encoding(name: str) -> Encoding | None:
    """One of the encodings the PDF reference names, None for any other name."""
    return _BY_NAME.get(name)


def is_meaningless(name: str) -> bool:
    """Whether a glyph name is only a number in disguise ("a65", "g12", "C0")."""
    return bool(_MEANINGLESS.match(name))


def unicode_of(name: str) -> str:
    """Unicode text of a glyph name by the Adobe glyph list, empty if the list does not know it."""
    if not name or is_meaningless(name):
        return ""
    return str(toUnicode(name))
