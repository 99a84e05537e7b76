"""Images and drawings that Mathpix reads: the caller's options as they came, paid from the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mathpixweb.accounts.models import Team
from mathpixweb.documents import provider
from mathpixweb.documents.models import Kind
from mathpixweb.providers.base import Stroke
from mathpixweb.providers.results import ImageResult

SEGMENTED = ("include_line_data", "include_word_data")


def read_image(team: Team, kind: str, image: bytes, options: Mapping[str, object]) -> ImageResult:
    """Raises ProviderError."""
    worker = provider.mathpix(team)
    asked = provider.asked_there(team, options)
    with provider.paid(team, 1):
        return worker.read_formula(image, asked) if kind == Kind.LATEX else worker.read_image(image, asked)


def read_strokes(team: Team, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
    """Raises ProviderError."""
    worker = provider.mathpix(team)
    asked = provider.asked_there(team, options)
    with provider.paid(team, 1):
        return worker.read_strokes(strokes, asked)


def for_a_person(options: Mapping[str, object]) -> dict[str, object]:
    """What the browser asks, which shows every line in its place."""
    segmented = any(name in options for name in SEGMENTED)
    return dict(options) if segmented else {**options, "include_line_data": True}
