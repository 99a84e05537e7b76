"""The glyphs of a font at one size, so that placing one takes additions only."""

from __future__ import annotations

from typing import Protocol

MOST_SCALES = 64  # of one font; a document sets a font in a few sizes
_NO_INK = (0.0, 0.0, 0.0, 0.0)

# Whether it shows, the pen's step in text space and its way on the page; the ink's left, lower, right and
# upper edge from the origin; how far a leaning font moves the left and the right one; name and character.
ScaledGlyph = tuple[bool, float, float, float, float, float, float, float, float, str, str]


class _Drawn(Protocol):
    """What of a glyph's measures in em is asked for."""

    @property
    def name(self) -> str: ...
    @property
    def char(self) -> str: ...
    @property
    def advance(self) -> float: ...
    @property
    def box(self) -> tuple[float, float, float, float] | None: ...
    @property
    def shows(self) -> bool: ...


class _Font(Protocol):
    @property
    def scales(self) -> dict[Scale, ScaledGlyphs]: ...
    def drawn(self, code: int) -> _Drawn: ...


# Across in text space; across, up and aside on the page, for each em; whether the y axis points down.
Scale = tuple[float, float, float, float, bool]


class ScaledGlyphs(dict[int, ScaledGlyph]):
    """The glyphs of `font`, by their codes, as they have been asked for."""

    __slots__ = ("_font", "_scale")

    def __init__(self, font: _Font, scale: Scale) -> None:
        super().__init__()
        self._font, self._scale = font, scale

    def __missing__(self, code: int) -> ScaledGlyph:
        drawn = self._font.drawn(code)
        across, wide, high, lean, hanging = self._scale
        x0, y0, x1, y1 = drawn.box or _NO_INK
        if hanging:
            y0, y1 = -y1, -y0
        leaning = lean * y1
        glyph = self[code] = (
            drawn.shows,
            drawn.advance * across,
            drawn.advance * wide,
            x0 * wide,
            y0 * high,
            x1 * wide,
            y1 * high,
            min(0.0, leaning),
            max(0.0, leaning),
            drawn.name,
            drawn.char,
        )
        return glyph


def scaled(font: _Font, scale: Scale) -> ScaledGlyphs:
    """The glyphs of the font at this scale, which the font keeps."""
    found = font.scales.get(scale)
    if found is None:
        if len(font.scales) >= MOST_SCALES:
            font.scales.clear()
        found = font.scales[scale] = ScaledGlyphs(font, scale)
    return found
