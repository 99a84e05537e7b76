"""Documents that are neither PDF nor picture, read by the engine of this repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mathpixweb.engine import drawings, kinds, unfolded
from mathpixweb.engine.errors import (
    EmptyDocument,
    EncryptedDocument,
    EngineError,
    MissingProgram,
    UnsupportedDocument,
)
from mathpixweb.engine.flow import lines as flow_lines
from mathpixweb.engine.kinds import Kind
from mathpixweb.engine.model import Options
from mathpixweb.engine.unfolded import Contents
from mathpixweb.engine.writers.mmd import lines as line_writer
from mathpixweb.engine.writers.mmd import mmd as mmd_writer
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.results import Figure, PageResult, SurveyResult

BESIDE_THE_PAGE = 50_000  # pixels: no page reaches so far, so a picture's address there is nothing else's
KINDS = {kind.name: kind for kind in kinds.KINDS}


def kind_of(source: Path) -> Kind | None:
    """The kind of the file; None for a PDF, and for what is taken for one. Raises ProviderError."""
    try:
        found = kinds.of_path(source)
    except EngineError as error:
        raise document_error(error, None) from error
    return None if found in (None, kinds.PDF) else found


def survey(source: Path, kind: Kind) -> SurveyResult:
    """Unfolds the file. Raises ProviderError."""
    known = _contents(source, kind)
    return SurveyResult(known.page_count, {"kind": kind.name, "is_drawn": known.is_drawn})


def drawing(source: Path, kind: Kind) -> Path | None:
    """The PDF that stands for the file where its pages are nothing but pixels. Raises ProviderError."""
    if kind != kinds.DJVU:
        return None
    _contents(source, kind)
    return drawings.drawing(source)


def read(source: Path, public_id: str, index: int, number: int, kind: Kind, options: Options) -> PageResult:
    """Raises ProviderError."""
    known = _contents(source, kind)
    figures = _Figures(source, known, f"{public_id}-{number:02d}")
    try:
        leaf = unfolded.leaf(source, number)
        lines = flow_lines.write(leaf, options, figures.image_id, index == 1, figures.url)
        shown = figures.taken()
    except EngineError as error:
        raise ProviderError("page_failed", f"This page could not be read. {error}".strip()) from error
    width, height = flow_lines.size(leaf)
    return PageResult(
        index=index,
        number=number,
        mmd=mmd_writer.of(lines),
        plain=line_writer.plain(lines),
        lines=lines,
        width=width,
        height=height,
        confidence=1.0,
        figures=shown,
    )


class _Figures:
    """The pictures of one page, one under the other beside it, so that each has an address of its own."""

    def __init__(self, source: Path, known: Contents, image_id: str) -> None:
        self.image_id = image_id
        self._source, self._known = source, known
        self._tops: dict[int, int] = {}
        self._next = 0

    def url(self, name: str) -> str | None:
        """The address as it is stored: without host and signature."""
        number = self._known.names.get(name)
        if number is None:
            return None
        width, height = self._known.sizes[number]
        if number not in self._tops:
            if self._next + height > BESIDE_THE_PAGE:
                return None
            self._tops[number] = self._next
            self._next += height
        place = f"height={height}&width={width}&top_left_y={self._tops[number]}&top_left_x={BESIDE_THE_PAGE}"
        return f"/cropped/{self.image_id}.jpg?{place}"

    def taken(self) -> tuple[Figure, ...]:
        return tuple(
            Figure(BESIDE_THE_PAGE, top, *self._known.sizes[number], unfolded.picture(self._source, number))
            for number, top in self._tops.items()
        )


def _contents(source: Path, kind: Kind) -> Contents:
    try:
        return unfolded.contents(source, kind)
    except EngineError as error:
        raise document_error(error, kind) from error


def known_kind(survey: Mapping[str, Any]) -> Kind | None:
    """The kind that a survey noted; None for a PDF."""
    return KINDS.get(str(survey.get("kind", "")))


def document_error(error: EngineError, kind: Kind | None) -> ProviderError:
    title = kind.title if kind else "a document"
    if isinstance(error, EncryptedDocument):
        return ProviderError("pdf_encrypted", str(error))
    if isinstance(error, MissingProgram):
        return ProviderError(
            "pdf_missing", f"The file looks like {title}. To read it, {error}", reason="engine"
        )
    if isinstance(error, UnsupportedDocument):
        return ProviderError("pdf_missing", str(error))
    if isinstance(error, EmptyDocument):
        return ProviderError("pdf_missing", f"The file looks like {title}. {error}")
    return ProviderError("pdf_missing", f"The file looks like {title} but cannot be read. {error}")
