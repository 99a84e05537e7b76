"""A provider that does what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mathpixweb.providers.base import Stroke
from mathpixweb.providers.results import ImageResult, PageResult, SurveyResult

PICTURE = b"RIFF\x00\x00\x00\x00WEBP"


class ScriptedProvider:
    name = "scripted"
    version = "scripted-1"
    isolated = False

    def __init__(self, page_count: int = 3) -> None:
        self.page_count = page_count
        self.reads: list[int] = []
        self.before_page: dict[int, Callable[[], None]] = {}
        self.before_survey: Callable[[], None] = lambda: None
        self.image = image_result()
        self.images: list[tuple[bytes, dict[str, object]]] = []
        self.strokes: list[Sequence[Stroke]] = []
        self.before_image: Callable[[], None] = lambda: None

    def survey(self, source: Path, options: Mapping[str, object]) -> SurveyResult:
        self.before_survey()
        return SurveyResult(page_count=self.page_count, detail={"seen": True})

    def read(
        self,
        source: Path,
        public_id: str,
        pages: Sequence[tuple[int, int]],
        survey: Mapping[str, object],
        options: Mapping[str, object],
        *,
        scans: bool = True,
    ) -> Iterator[PageResult]:
        assert survey == {"seen": True}
        for index, number in pages:
            self.reads.append(number)
            self.before_page.get(number, lambda: None)()
            yield page_result(index, number)

    def page_image(self, source: Path, number: int, width: int) -> bytes:
        return PICTURE

    def read_image(self, image: bytes, options: Mapping[str, object]) -> ImageResult:
        self.images.append((image, dict(options)))
        self.before_image()
        return self.image

    def read_strokes(self, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
        self.strokes.append(strokes)
        return replace(self.image, printed=False, handwritten=True)


def image_line(text: str, kind: str = "math", **fields: object) -> dict[str, object]:
    line: dict[str, object] = {"id": "74d60966b4ad49a7acf63d2c7e6cbbc6", "type": kind, "text": text}
    line |= {"cnt": [[10, 40], [10, 20], [90, 20], [90, 40]], "conversion_output": True}
    line |= {"is_printed": True, "is_handwritten": False, "confidence": 0.9, "confidence_rate": 0.98}
    return line | fields


def image_result(*lines: dict[str, object], **fields: object) -> ImageResult:
    """What reading a picture of one equation gives, unless other lines are named."""
    equation = None if lines else "x^{2}+y^{2}=9"
    values: dict[str, object] = {"width": 100, "height": 60, "equation": equation, "alphabets": ("en",)}
    values |= {"confidence": 0.9, "confidence_rate": 0.98, "printed": True, "handwritten": False}
    values |= {"lines": list(lines or [image_line(f"\\( {equation} \\)")])}
    return ImageResult(**(values | fields))


def page_result(index: int, number: int) -> PageResult:
    text = f"Page {number} says \\( x^{{2}}={number} \\)"
    mmd = text if index == 1 else f"\n\n{text}"
    line = {"id": f"{number:032x}", "type": "text", "line": 1, "text": text, "text_display": mmd}
    line |= {"conversion_output": True, "confidence": 1, "confidence_rate": 1, "column": 0}
    line |= {"is_printed": True, "is_handwritten": False, "font_size": 42}
    line |= {"region": {"top_left_x": 0, "top_left_y": 0, "width": 10, "height": 10}}
    line |= {"cnt": [[0, 10], [0, 0], [10, 0], [10, 10]]}
    return PageResult(index, number, mmd, text, [line], 2125, 2750, 0.9)
