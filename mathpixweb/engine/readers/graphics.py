"""What a content stream works with: the graphics state, paths, and the canvas it draws on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mathpixweb.engine.readers.fonts import Face
from mathpixweb.engine.readers.pagebox import Matrix

Point = tuple[float, float]


@dataclass(slots=True)
class Subpath:
    """Corners of one continued line; `curved` if a Bézier curve is in it, `closed` if it returns."""

    points: list[Point]
    curved: bool = False
    closed: bool = False


@dataclass(slots=True)
class State:
    """The graphics state, as far as it bears on where things are."""

    ctm: Matrix
    face: Face | None = None
    size: float = 1.0
    char_space: float = 0.0
    word_space: float = 0.0
    scaling: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    unseen: bool = False  # text is placed, but not drawn
    line_width: float = 1.0
    white_fill: bool = False
    white_stroke: bool = False
    inks_fill: bool = False  # colours are amounts of ink, so that nothing is white
    inks_stroke: bool = False
    text_matrix: Matrix = (1, 0, 0, 1, 0, 0)

    def copy(self) -> State:
        """The state as it is now; several times as fast as `dataclasses.replace`."""
        return State(
            self.ctm,
            self.face,
            self.size,
            self.char_space,
            self.word_space,
            self.scaling,
            self.leading,
            self.rise,
            self.unseen,
            self.line_width,
            self.white_fill,
            self.white_stroke,
            self.inks_fill,
            self.inks_stroke,
            self.text_matrix,
        )


class Canvas(Protocol):
    """Where marks go, in upright page coordinates."""

    def text(self, face: Face, pieces: Sequence[Any], state: State) -> float:
        """Draw the strings, between them numbers by which the pen goes back, in thousandths of the size.

        Returns how far the pen moved, in text space. What is neither a string nor a number is left out.
        """
        ...

    def path(self, subpaths: list[Subpath], state: State, fill: bool, stroke: bool) -> None: ...

    def image(self, matrix: Matrix) -> None:
        """An image in the unit square under `matrix`."""
        ...

    def shading(self, corners: Sequence[Point]) -> None:
        """A blend of colours between the corners."""
        ...

    def begin_content(self, properties: Mapping[str, Any]) -> None:
        """What is drawn now, up to `end_content`, is content with these properties."""
        ...

    def end_content(self) -> None: ...

    def point(self, tag: str, properties: Mapping[str, Any], matrix: Matrix) -> None:
        """A marked point of the content, at the origin of `matrix`."""
        ...


def multiply(m: Matrix, n: Matrix) -> Matrix:
    """First `m`, then `n`."""
    a, b, c, d, e, f = m
    p, q, r, s, t, u = n
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def moved(matrix: Matrix, x: float, y: float) -> Matrix:
    """First a shift by `x` and `y`, then `matrix`."""
    a, b, c, d, e, f = matrix
    return (a, b, c, d, x * a + y * c + e, x * b + y * d + f)


def matrix_of(values: list[Any]) -> Matrix | None:
    """Six numbers as a matrix, None for anything else."""
    if len(values) != 6:
        return None
    for value in values:
        if not isinstance(value, (int, float)):
            return None
    a, b, c, d, e, f = values
    return (a, b, c, d, e, f)
