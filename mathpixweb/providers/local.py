"""The engine of this repository as a provider: no account, no internet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Final

from mathpixweb import engine
from mathpixweb.engine import drawings, page_images
from mathpixweb.engine.deferred import Deferred, load
from mathpixweb.engine.errors import EmptyDocument, EncryptedDocument, EngineError, ScannedPage
from mathpixweb.engine.model import Options, Survey
from mathpixweb.engine.writers.mmd import lines as line_writer
from mathpixweb.engine.writers.mmd import mmd as mmd_writer
from mathpixweb.providers import local_files
from mathpixweb.providers.base import ProviderError, Scanned, Stroke
from mathpixweb.providers.results import ImageResult, PageResult, SurveyResult

# with all that recognizes, which who reads documents does without
_read_picture: Final = Deferred("mathpixweb.providers.pictures:read")
_read_strokes: Final = Deferred("mathpixweb.providers.local_strokes:read")


class LocalProvider:
    name = "local"
    version = "MathpixWeb-1"
    isolated = True

    def load(self) -> None:
        """What reading documents needs, before somebody waits for it."""
        engine.load()

    def load_networks(self) -> None:
        """What reading pictures and scans needs."""
        load((_read_picture, _read_strokes))
        engine.load_networks()

    def survey(self, source: Path, options: Mapping[str, object]) -> SurveyResult:
        kind = local_files.kind_of(source)
        if kind is None:
            return _survey(source, {})
        drawing = local_files.drawing(source, kind)
        return _survey(drawing, {"kind": kind.name}) if drawing else local_files.survey(source, kind)

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
        wanted = engine_options(options)
        kind = local_files.known_kind(survey)
        drawing = local_files.drawing(source, kind) if kind else source
        if kind is not None and drawing is None:
            for index, number in pages:
                yield local_files.read(source, public_id, index, number, kind, wanted)
            return
        known = Survey.from_json(dict(survey))
        for index, number in pages:
            yield _read_page(drawing or source, public_id, index, number, known, wanted, scans=scans)

    def page_image(self, source: Path, number: int, width: int) -> bytes:
        drawing = drawings.drawing(source)
        if drawing is None:
            raise ProviderError(
                "page_failed", "This document was never on paper, so there is nothing to show."
            )
        try:
            return page_images.render(drawing, number, width)
        except EngineError as error:
            raise _page_error(error) from error

    def read_image(self, image: bytes, options: Mapping[str, object]) -> ImageResult:
        result: ImageResult = _read_picture(image, options, engine_options(options))
        return result

    def read_strokes(self, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
        result: ImageResult = _read_strokes(strokes, engine_options(options))
        return result


def _survey(source: Path, known: dict[str, object]) -> SurveyResult:
    try:
        survey = engine.survey(source)
    except EngineError as error:
        raise _document_error(error) from error
    return SurveyResult(page_count=survey.page_count, detail={**asdict(survey), **known})


def engine_options(options: Mapping[str, object]) -> Options:
    """The request's options as the engine's, with unknown keys left aside."""
    known = {field.name for field in fields(Options)}
    chosen = {name: value for name, value in options.items() if name in known and value is not None}
    for name in ("math_inline_delimiters", "math_display_delimiters"):
        if isinstance(value := chosen.get(name), list):
            chosen[name] = tuple(value)
    return Options(**chosen)  # type: ignore[arg-type]


def _read_page(
    source: Path, public_id: str, index: int, number: int, survey: Survey, options: Options, *, scans: bool
) -> PageResult:
    image_id = f"{public_id}-{number:02d}"
    try:
        page = engine.read_page(source, number, survey, options, scans=scans)
        lines = line_writer.write(page, options, image_id, index == 1, _crop_url(image_id))
    except ScannedPage:
        raise Scanned from None
    except EngineError as error:
        raise _page_error(error) from error
    width, height = line_writer.page_size(page)
    return PageResult(
        index=index,
        number=number,
        mmd=mmd_writer.of(lines),
        plain=line_writer.plain(lines),
        lines=lines,
        width=width,
        height=height,
        confidence=_confidence(lines),
    )


def _crop_url(image_id: str) -> Callable[[int, int, int, int], str]:
    """Addresses of regions of the page as they are stored: without host and signature."""

    def url(x: int, y: int, width: int, height: int) -> str:
        return f"/cropped/{image_id}.jpg?height={height}&width={width}&top_left_y={y}&top_left_x={x}"

    return url


def _confidence(lines: Sequence[Mapping[str, object]]) -> float:
    """The mean of the lines' confidence rates, each weighted by its length; 1 for an empty page."""
    weights = [(len(str(line["text"])), line.get("confidence_rate")) for line in lines]
    rated = [(weight, float(rate)) for weight, rate in weights if weight and isinstance(rate, int | float)]
    total = sum(weight for weight, _ in rated)
    return sum(weight * rate for weight, rate in rated) / total if total else 1.0


def _document_error(error: EngineError) -> ProviderError:
    if isinstance(error, EncryptedDocument):
        return ProviderError("pdf_encrypted", "The PDF is protected by a password. Remove it and try again.")
    if isinstance(error, EmptyDocument):
        return ProviderError("pdf_missing", "There is no page in this PDF.")
    return ProviderError("pdf_missing", f"This file cannot be read as a PDF. {error}".strip())


def _page_error(error: EngineError) -> ProviderError:
    return ProviderError("page_failed", f"This page could not be read. {error}".strip())
