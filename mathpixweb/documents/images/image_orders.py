"""One image, or one drawing, that somebody wants read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mathpixweb.accounts.models import ApiKey, Team, User
from mathpixweb.documents.images import image_answers, latex_answers
from mathpixweb.documents.images.image_answers import Answered
from mathpixweb.documents.models import Batch, Kind
from mathpixweb.providers import image_options
from mathpixweb.providers.base import Stroke
from mathpixweb.providers.image_options import LatexOptions, TextOptions
from mathpixweb.providers.results import ImageResult

Options = TextOptions | LatexOptions


@dataclass(frozen=True, slots=True)
class Order:
    """What is read, how, and for whom; the image is here or at an address."""

    kind: Kind
    endpoint: str
    team: Team
    options: Options
    api_key: ApiKey | None = None
    user: User | None = None
    name: str = ""
    image: bytes = b""
    url: str = ""
    strokes: tuple[Stroke, ...] = ()
    batch: Batch | None = None
    key_in_batch: str | None = None
    usage_type: str = "image"
    drawn_privately: bool = False

    @property
    def private(self) -> bool:
        """Neither the image nor what comes of it may reach a disk or a list.

        People have to see theirs somewhere: in a team that keeps nothing it is a private document.
        """
        unkept = self.team.keeps_nothing and self.user is None
        return unkept or self.drawn_privately or not self.options.metadata.improve_mathpix

    def of_image(self, image: bytes, name: str = "") -> Order:
        return replace(self, image=image, name=name)

    def of_url(self, url: str) -> Order:
        return replace(self, url=url)

    def of_session(self, strokes: tuple[Stroke, ...], usage_type: str, *, private: bool) -> Order:
        return replace(self, strokes=strokes, usage_type=usage_type, drawn_privately=private)

    def counted_as(self, usage_type: str) -> Order:
        return replace(self, usage_type=usage_type)


def options_of(kind: str, args: dict[str, object]) -> Options:
    """The options of a stored image, as they were checked when it came."""
    return image_options.latex_options(args) if kind == Kind.LATEX else image_options.text_options(args)


def compose(options: Options, result: ImageResult, version: str) -> Answered:
    """What the caller is told; another server's answer as it is. Raises ProviderError."""
    if result.answer:
        return image_answers.relayed(result)
    if isinstance(options, LatexOptions):
        return latex_answers.latex(result, options, version)
    return image_answers.text(result, options, version)
