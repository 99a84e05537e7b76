"""What a finished document says, put together from its pages in the contract's forms."""

from __future__ import annotations

import re
from typing import Any

from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents.models import Document, Page, PageStatus
from mathpixweb.documents.output import crops
from mathpixweb.engine.writers import joining
from mathpixweb.engine.writers.mmd import lines as line_writer

CROP = re.compile(
    r"/cropped/(?P<image_id>[\w-]+)\.jpg\?height=(?P<height>\d+)(?P<and>&(?:amp;)?)width=(?P<width>\d+)"
    r"&(?:amp;)?top_left_y=(?P<y>\d+)&(?:amp;)?top_left_x=(?P<x>\d+)"
)


def completed_pages(document: Document) -> list[Page]:
    return list(document.pages.filter(status=PageStatus.COMPLETED))


def mmd(document: Document) -> str:
    """The document's Mathpix Markdown: the texts of its pages, joined; what Mathpix has read as it came."""
    pages = document.pages.filter(status=PageStatus.COMPLETED).values_list("mmd", flat=True)
    return "".join(pages) if document.provider == MATHPIX else joining.joined(pages)


def lines_json(document: Document) -> dict[str, Any]:
    return {"pages": [_page_json(document, page, page.lines) for page in completed_pages(document)]}


def lines_mmd_json(document: Document) -> dict[str, Any]:
    """The deprecated form with only what the Mathpix Markdown shows."""
    pages = completed_pages(document)
    return {"pages": [_page_json(document, page, line_writer.mmd_lines(page.lines)) for page in pages]}


def page_json(document: Document, page: Page) -> dict[str, Any]:
    """The page as lines.json has it."""
    return _page_json(document, page, page.lines)


def _page_json(document: Document, page: Page, lines: list[dict[str, Any]]) -> dict[str, Any]:
    page.document = document
    return {
        "image_id": page.image_id,
        "page": page.number,
        "page_height": page.height,
        "page_width": page.width,
        "lines": lines,
    }


def absolute(text: str, document: Document, base_url: str) -> str:
    """Makes the addresses of the document's figures whole and signs them: who holds the text can fetch them.

    The text may be HTML too, where addresses are escaped.
    """
    own = f"{document.public_id}-"

    def whole(found: re.Match[str]) -> str:
        if not found["image_id"].startswith(own):
            return found[0]  # a text may name any figure; a signature would open it to whoever wrote it
        region = (int(found[name]) for name in ("x", "y", "width", "height"))
        return base_url.rstrip("/") + crops.url(found["image_id"], *region).replace("&", found["and"])

    return CROP.sub(whole, text)
