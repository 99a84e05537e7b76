"""How large a picture may be that is decoded, which is judged by its header."""

from __future__ import annotations

from typing import Final

from mathpixweb.engine.errors import ImageTooLarge, UnreadableImage

MOST_PIXELS: Final = 64_000_000
LONGEST_SIDE: Final = 40_000  # pixels
MOST: Final = f"at most {MOST_PIXELS // 1_000_000} million are read"


def check(width: int, height: int) -> None:
    """Raises UnreadableImage for a picture without an extent, ImageTooLarge for one with too many pixels."""
    if width < 1 or height < 1:
        raise UnreadableImage("The picture has no extent.")
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise ImageTooLarge(f"The picture has {width} x {height} pixels; {MOST}.")


def far_too_large() -> ImageTooLarge:
    """What is said of a picture whose decoder stops by itself."""
    return ImageTooLarge(f"The picture has too many pixels; {MOST}.")
