"""Pages as people see them: rendered and sanitised once, then kept with the page."""

from __future__ import annotations

import logging

from django.core.cache import caches

from mathpixweb.documents.models import Page
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.web import html

logger = logging.getLogger(__name__)

LONGEST_SHOWN = 200_000  # characters: about two seconds, in which the renderer serves nobody else
FAILED_SECONDS = 3600  # before it is tried again, since everybody waits for it

KEPT = "local"  # pages are shown while Redis is gone, too

renderer = Renderer()


def rendered(mmd: str, number: int) -> str:
    """Safe HTML of the page with that number. Raises RenderFailed."""
    return html.fragment(mmd, renderer, prefix=f"p{number}-")


def page_html(page: Page) -> str:
    """Safe HTML of the page's Mathpix Markdown; empty when it cannot be rendered: then show the source."""
    failed = f"not-rendered-{page.pk}-{page.edition}"
    if page.html or not page.mmd.strip() or len(page.mmd) > LONGEST_SHOWN or caches[KEPT].get(failed):
        return page.html
    try:
        page.html = rendered(page.mmd, page.number)
    except RenderFailed as error:
        logger.warning("page %s of document %s: %s", page.number, page.document_id, error)
        caches[KEPT].set(failed, True, FAILED_SECONDS)
        return ""
    Page.objects.filter(pk=page.pk, edition=page.edition).update(html=page.html)
    return page.html
