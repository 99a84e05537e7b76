"""Who does the work: the promise that every provider keeps, and the one way in which it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from mathpixweb.providers.results import ImageResult, PageResult, SurveyResult

# one movement of the pen: its points as (x, y), y growing downwards
Stroke = Sequence[tuple[float, float]]


class ProviderError(Exception):
    """A failure in the contract's words: an error id, a sentence for the person, and details."""

    def __init__(self, error_id: str, message: str, **detail: object) -> None:
        super().__init__(message)
        self.error_id = error_id
        self.message = message
        self.detail = detail

    def as_detail(self) -> dict[str, object]:
        """The form in which documents and pages keep the error."""
        return {"message": self.message, **self.detail}


class Scanned(Exception):
    """A page that has to be read from its picture, where that was not wanted."""


class Provider(Protocol):
    """Reads documents. The caller cannot tell one provider from another."""

    name: str
    version: str
    isolated: bool  # strangers' pictures can stop it and swell it: it reads them in processes of their own

    def survey(self, source: Path, options: Mapping[str, object]) -> SurveyResult:
        """Opens the file once. Raises ProviderError when it cannot be read at all."""
        ...

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
        """Yields the result of each (index, number) once it is known; a bad page raises ProviderError.

        Without `scans` a page that has to be read from its picture raises Scanned.
        """
        ...

    def page_image(self, source: Path, number: int, width: int) -> bytes:
        """The page as a WebP picture of `width` pixels."""
        ...

    def read_image(self, image: bytes, options: Mapping[str, object]) -> ImageResult:
        """Reads one picture with the options of /v3/text. Raises ProviderError for what is no picture."""
        ...

    def read_strokes(self, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
        """Reads one drawing with the options of /v3/text. Raises ProviderError."""
        ...
