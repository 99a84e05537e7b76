"""What many browsers are sent at once is rendered once."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.utils import translation

from mathpixweb.documents.telling import under_way
from mathpixweb.documents.telling.live import Update
from mathpixweb.web import fragments
from mathpixweb.web.fragments import Pieces


async def pieces(update: Update, has_pages: bool, may_write: bool) -> Pieces:
    """As `fragments.pieces_of` makes them, in the language of who asks."""
    pages = tuple((page.pk, page.edition) for page in update.pages)
    document = update.document
    key = (document.pk, document.changes, pages, has_pages, may_write, translation.get_language())
    render = sync_to_async(fragments.pieces_of)
    return await under_way.shared((Pieces, *key), lambda: render(update, has_pages, may_write))
