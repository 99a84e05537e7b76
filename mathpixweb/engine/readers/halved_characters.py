"""Mathematical letters of which half is lost: Ghostscript writes one byte of each half of a surrogate pair.

What is left of U+1D44F, which is D835 DC4F, is U+354F, an ideograph that no font of mathematics has. Four
alphabets share each byte that is left. Italic Latin and Greek letters are nearly always what was there; bold
capitals are told from Greek letters by how large they are.
"""

from __future__ import annotations

from typing import Final

LOW: Final = "\u3500"
HIGH: Final = "\u35ff"
_BLOCK: Final = 0x1D400
_GREEK: Final = (
    (0x00, 0x1B, 0x300),
    (0xE2, 0xFF, 0x200),
)  # first and last byte, and what has been before them
LAST_CAPITAL: Final = 0x19  # bold Z
_BOLD_CAPITAL: Final = (0.6, 0.6)  # em of width and height; Greek letters are narrower, or lower

EmBox = tuple[float, float, float, float]


def whole(char: str, box: EmBox | None) -> str:
    """The letter that the rest of a character was, drawn in `box`; any other character as it is."""
    if len(char) != 1 or not LOW <= char <= HIGH:
        return char
    byte = ord(char) & 0xFF
    if byte <= LAST_CAPITAL and box and box[2] - box[0] > _BOLD_CAPITAL[0] and box[3] > _BOLD_CAPITAL[1]:
        return chr(_BLOCK + byte)
    return chr(_BLOCK + byte + next((lost for first, last, lost in _GREEK if first <= byte <= last), 0))
