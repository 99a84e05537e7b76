"""What was seen in a picture: symbols with several guesses each, and rules."""

from __future__ import annotations

from dataclasses import dataclass

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Symbol


@dataclass(frozen=True, slots=True)
class Guess:
    """What a symbol may be. `symbol` is one that `math.symbols.symbol_of` could have given for a glyph.

    Its style is in it: `x` of kind LETTER is italic, `x` of kind ROMAN upright (face "rm", "bf", "sf", "tt"),
    then `\\mathbf{1}`, `\\mathbb{R}`, `\\mathcal{F}`, `\\mathfrak{g}`, `\\boldsymbol{x}`. Accents, radical
    signs and horizontal braces (`over`, `under`) are symbols as well, of kinds ACCENT, RAD and HBRACE; an
    accent over several symbols has the same guess and a wider box.
    """

    symbol: Symbol
    probability: float


@dataclass(frozen=True, slots=True)
class FoundSymbol:
    """A symbol in a picture, in pixels of that picture; y grows downwards and `box.y0` is the upper edge.

    `guesses` are best first, at least one, their probabilities sum to at most 1. `certainty` is that of
    there being a symbol at all. `baseline` is the y of the line the symbol stands on and `size` its font size
    (the em of the font, not the height of the ink), which is 0.7 of the text's for a script.
    """

    guesses: tuple[Guess, ...]
    certainty: float
    box: Box
    baseline: float
    size: float

    @property
    def best(self) -> Symbol:
        return self.guesses[0].symbol

    @property
    def probability(self) -> float:
        """That the best guess is right."""
        return self.certainty * self.guesses[0].probability


@dataclass(frozen=True, slots=True)
class FoundRule:
    """A fraction bar, a line over or under, the bar of a radical, a line of an array. As in `FoundSymbol`."""

    box: Box
    certainty: float
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """All that was seen; `size` is the font size of the largest text in pixels, 0.0 if nothing was found.

    `looks` are what was seen each time, if this is the mean of several looks.
    """

    symbols: tuple[FoundSymbol, ...]
    rules: tuple[FoundRule, ...]
    size: float
    looks: tuple[Sighting, ...] = ()
