"""What is read while somebody waits: a pasted picture, a drawing under the pen, a pasted text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from mathpixweb.accounts.models import Team, User
from mathpixweb.documents.images import images, ink
from mathpixweb.documents.images.image_orders import Order
from mathpixweb.documents.intake import image_intake, intake
from mathpixweb.documents.models import Document, Kind
from mathpixweb.documents.output import previews
from mathpixweb.providers import image_options
from mathpixweb.providers.base import ProviderError, Stroke

STROKES, CONVERTER = "/v3/strokes", "/v3/converter"  # what the API would have been asked
LONGEST_TEXT = 1_000_000  # characters
DELIMITED = re.compile(r"\\\(|\\\[|\$|\\begin\{|^#{1,6} |^\|.*\||!\[", re.MULTILINE)
FORMULA = re.compile(r"\\[A-Za-z]+|[\^_]\{?\w")


def read_image(
    team: Team, upload: UploadedFile[Any], *, options: Mapping[str, object], user: User
) -> Document:
    """The document of the picture, read; a picture without content is one too. Raises ProviderError."""
    order = image_intake.ordered(team, upload, options=options, user=user)
    return _read(order)


def read_drawing(team: Team, strokes: Sequence[Stroke], *, user: User, public_id: str = "") -> Document:
    """The drawing as it is now, read; `public_id` is that of its earlier state, which it replaces.

    Like a session of v3/strokes it is one document and counted once, however often it is read.
    """
    earlier = Document.objects.of_team(team).shown_to(user)
    earlier = earlier.filter(kind=Kind.STROKES, user=user, endpoint=STROKES)
    known = bool(public_id) and earlier.filter(public_id=public_id).exists()
    options = image_options.text_options({"confidence_rate_threshold": 0})
    counted_as = "" if known else "strokes-session"
    order = Order(
        Kind.STROKES, STROKES, team, options, user=user, strokes=tuple(strokes), usage_type=counted_as
    )
    document = _read(order, public_id if known else "")
    previews.forget(document)
    return document


def parsed(value: object, size: int) -> tuple[Stroke, ...]:
    """The strokes of a request of `size` bytes. Raises ProviderError."""
    if size > ink.MOST_BYTES:
        raise ProviderError("sys_request_too_large", "A drawing may hold 512 kB of strokes.")
    return ink.parsed(value)


def take_text(team: Team, text: str, *, user: User) -> Document:
    """A document of the pasted Mathpix Markdown or LaTeX. Raises ProviderError."""
    if not text.strip():
        raise intake.Refused("mmd_missing", "There is no text.")
    if len(text) > LONGEST_TEXT:
        raise intake.Refused("sys_request_too_large", f"A text may have {LONGEST_TEXT} characters.")
    return intake.submit_mmd(team, as_mmd(text), endpoint=CONVERTER, options={}, user=user)


def as_mmd(text: str) -> str:
    """The text; a bare formula, as people copy it from an editor, is set off as one."""
    bare = text.strip()
    if "\n\n" in bare or DELIMITED.search(bare) or not FORMULA.search(bare):
        return text
    return f"\\[\n{bare}\n\\]"


def _read(order: Order, public_id: str = "") -> Document:
    reply = images.answer(order, public_id)
    return Document.objects.of_team(order.team).get(public_id=reply.request_id)
