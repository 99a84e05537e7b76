"""What came of a picture or a drawing, with everything it can be copied as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mathpixweb.documents.images import forms
from mathpixweb.documents.models import Document, Page, PageStatus
from mathpixweb.documents.output.rendering import page_html
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.web import copies, explanations
from mathpixweb.web.copies import Copy
from mathpixweb.web.explanations import Explanation

SURE, DOUBTFUL = 0.95, 0.8  # as pages are coloured by their confidence
VERDICTS: Sequence[tuple[float, str, str | Promise]] = (
    (SURE, "sure", _("The reader is sure of this.")),
    (DOUBTFUL, "middling", _("The reader is fairly sure; look it over.")),
    (0.0, "unsure", _("The reader is not sure of this: check every sign.")),
)


@dataclass(frozen=True, slots=True)
class Snip:
    """`formulas` counts those that have their own menus, where there are several."""

    document: Document
    page: Page | None
    html: str
    copies: list[Copy]
    formulas: int
    percent: int
    level: str
    verdict: str | Promise
    failure: Explanation | None

    @property
    def single(self) -> bool:
        """It is one formula and nothing else."""
        return self.formulas == 0 and len(self.copies) > 1


def of_document(document: Document, *, live: bool = False) -> Snip:
    """Without the forms that take longer than a stroke may, if it is `live`; their places are kept."""
    page = document.pages.filter(status=PageStatus.COMPLETED).first()
    failure = explanations.of_document(document)
    if page is None:
        return Snip(document, None, "", [], 0, 0, "", "", failure)
    page.document = document
    html, found = page_html(page), forms.formulas(page)
    level, verdict = next((name, words) for least, name, words in VERDICTS if page.confidence >= least)
    several = len(found) if len(found) > 1 else 0
    percent = round(100 * page.confidence)
    return Snip(document, page, html, _copies(page, live=live), several, percent, level, verdict, failure)


def _copies(page: Page, *, live: bool) -> list[Copy]:
    """The whole as Markdown, and the other forms of the formula or the table if it is the only one."""
    whole = Copy("markdown", "Markdown", _("all of it, with LaTeX formulas"), page.mmd.strip())
    formulas, tables = forms.formulas(page), forms.tables(page)
    try:
        if len(formulas) == 1 and not tables and live:
            return [*copies.named(forms.written(formulas[0])), *copies.awaited(forms.MADE), whole]
        if len(formulas) == 1 and not tables:
            return [*copies.named(forms.of_formula(formulas[0])), whole]
        if len(tables) == 1:
            return [*copies.named(forms.of_table(tables[0])), whole]
    except RenderFailed:
        return [whole]
    return [whole]
