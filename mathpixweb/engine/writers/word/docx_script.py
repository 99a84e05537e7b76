"""Paragraphs of a Word document that are written from right to left."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

LEFTWARDS: Final = frozenset({"R", "AL"})
LETTER: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def turn_leftwards(document: Document) -> None:
    """Tells Word which paragraphs and words run to the left; it does not see that from their letters."""
    for part in (document.element.body, *_notes(document)):
        for paragraph in part.iter(qn("w:p")):
            _turn(paragraph)


def _notes(document: Document) -> list[Any]:
    related = document.part.rels.values()
    return [
        each.target_part.element
        for each in related
        if each.reltype.endswith("/footnotes") and hasattr(each.target_part, "element")
    ]


def _turn(paragraph: Any) -> None:
    runs = list(paragraph.iter(qn("w:r")))
    text = "".join(_text(run) for run in runs)
    if not LETTER.search(text):
        return
    if begins_leftwards(text):
        paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in runs:
        if LETTER.search(_text(run)):
            run.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _text(run: Any) -> str:
    return "".join(each.text or "" for each in run.iter(qn("w:t")))


def begins_leftwards(text: str) -> bool:
    """Whether the first letter that has a direction runs to the left."""
    strong = next(
        (kind for char in text if (kind := unicodedata.bidirectional(char)) in {"L", *LEFTWARDS}), "L"
    )
    return strong in LEFTWARDS
