"""What comes back from a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What the first look at a file tells: how many pages, and what reading them will need (plain JSON)."""

    page_count: int
    detail: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that came inside of the file, as JPEG; its address names this region of the page."""

    x: int
    y: int
    width: int
    height: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page, read. `lines` are those of lines.json, `width` and `height` its pixel space.

    Both are 0 for a page that was never on paper; its lines have no regions.
    """

    index: int
    number: int
    mmd: str
    plain: str
    lines: list[dict[str, object]]
    width: int
    height: int
    confidence: float
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageResult:
    """One picture, or one drawing of pen strokes, read.

    `width` and `height` are those of the picture as it was sent, in pixels; every contour (`cnt`, a
    list of [x, y]) lies in that space. `lines` are the contract's `line_data` in reading order: the
    texts of those with `conversion_output` follow each other to the whole text, so the second and later
    ones begin with a newline. `words` are its `word_data`. `equation` is LaTeX without delimiters when
    the whole picture is one equation, with `candidates` as other readings of it, best first.
    `alphabets` are the contract's two-letter codes that were seen. Nothing recognised is an empty
    `lines`, not an error. `answer` is the API's own answer, without the request's id, where another server
    that speaks it has read the picture.
    """

    width: int
    height: int
    lines: list[dict[str, object]] = field(default_factory=list)
    words: list[dict[str, object]] = field(default_factory=list)
    equation: str | None = None
    candidates: list[dict[str, object]] = field(default_factory=list)
    alphabets: tuple[str, ...] = ()
    printed: bool = True
    handwritten: bool = False
    rotate_degrees: int = 0
    rotate_confidence: float = 0.0
    confidence: float = 0.0
    confidence_rate: float = 0.0
    detections: dict[str, object] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole as Mathpix Markdown."""
        return "".join(str(line.get("text", "")) for line in self.lines if line.get("conversion_output"))
