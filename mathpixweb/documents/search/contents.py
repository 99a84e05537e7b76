"""What a page shows besides words: chemistry, handwriting. Noted when it is stored, to be asked for later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from django.db.models import Q

from mathpixweb.documents.models import Kind, Page, PageStatus

CHEMISTRY_IN_TEXT = ("<smiles", r"\ce{")
CHEMISTRY = {"chemistry", "chemistry_reaction"}  # types and subtypes of lines
BATCH = 200


class Contents(TypedDict):
    """The fields of a page that keep them."""

    chemistry: bool
    handwriting: bool


def of(mmd: str, lines: Sequence[Mapping[str, object]], *, handwritten: bool = False) -> Contents:
    """Of a text and its lines; `handwritten` is what is known of the whole beside them."""
    kinds = {line.get(name) for line in lines for name in ("type", "subtype")}
    return {
        "chemistry": bool(kinds & CHEMISTRY) or any(mark in mmd for mark in CHEMISTRY_IN_TEXT),
        "handwriting": handwritten or any(line.get("is_handwritten") is True for line in lines),
    }


def note_of_old_pages() -> int:
    """Looks into the pages that were stored before this was noted; how many there were."""
    unknown = Page.objects.filter(status=PageStatus.COMPLETED).filter(Q(chemistry=None) | Q(handwriting=None))
    told = Q(document__kind=Kind.STROKES) | Q(document__answer__result__is_handwritten=True)
    by_hand = set(unknown.filter(told).values_list("pk", flat=True))
    noted = 0
    for page in unknown.only("pk", "mmd", "lines", "edition").order_by("pk").iterator(BATCH):
        seen = of(page.mmd, page.lines, handwritten=page.pk in by_hand)
        noted += Page.objects.filter(pk=page.pk, edition=page.edition).update(**seen)
    return noted
