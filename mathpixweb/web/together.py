"""What many browsers are sent at once is rendered once: who asks while it is under way shares it."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Hashable

from asgiref.sync import sync_to_async
from django.utils import translation

from mathpixweb.documents.telling.live import Update
from mathpixweb.web import fragments
from mathpixweb.web.fragments import Pieces

Rendering = dict[Hashable, asyncio.Task[Pieces]]


async def pieces(update: Update, has_pages: bool, may_write: bool) -> Pieces:
    """As `fragments.pieces_of` makes them, in the language of who asks."""
    pages = tuple((page.pk, page.edition) for page in update.pages)
    document = update.document
    key = (document.pk, document.changes, pages, has_pages, may_write, translation.get_language())
    under_way = _under_way.setdefault(asyncio.get_running_loop(), {})
    if key not in under_way:
        render = sync_to_async(fragments.pieces_of)
        under_way[key] = asyncio.create_task(render(update, has_pages, may_write))
        under_way[key].add_done_callback(lambda _: under_way.pop(key, None))
    return await asyncio.shield(under_way[key])  # a browser that leaves must not take the others' along


_under_way: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Rendering] = weakref.WeakKeyDictionary()
