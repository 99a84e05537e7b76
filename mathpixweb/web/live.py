"""The one WebSocket consumer: pages and rows are sent to open browsers as they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path
from django.utils import translation

from mathpixweb.accounts import callers
from mathpixweb.accounts.models import Membership, User
from mathpixweb.accounts.permissions import Action, may
from mathpixweb.documents.models import Document
from mathpixweb.documents.telling import live
from mathpixweb.web import fragments, languages, together
from mathpixweb.web.access import TEAM_KEY, current_membership
from mathpixweb.web.reports import Known

logger = logging.getLogger(__name__)

NORMAL = 1000
FAILED = 1011
FORBIDDEN = 4403
GONE = 4404
REPORT_SECONDS = 2.0  # how long a browser may take to report what it shows before it is sent everything
BEAT_SECONDS = 5.0  # the page's watchdog takes 10 seconds without a message for a dead connection
SIGN_OF_LIFE = "<!-- -->"


class LiveConsumer(AsyncWebsocketConsumer):
    """Watches one document when the address names one, else the library of the current team."""

    membership: Membership
    document: Document | None = None

    async def connect(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        self.reported: asyncio.Future[Known] = asyncio.get_running_loop().create_future()
        if not await sync_to_async(self.admit)():
            await self.close(FORBIDDEN)
            return
        await self.accept()
        self.tasks = [asyncio.create_task(self.tell()), asyncio.create_task(self.beat())]

    def admit(self) -> bool:
        """Finds what may be watched; whether there is anything."""
        user = self.scope["user"]
        if not isinstance(user, User):
            return False
        membership = current_membership(user, self.scope["session"].get(TEAM_KEY))
        if membership is None or not may(membership.role, Action.READ):
            return False
        self.membership = membership
        public_id = self.scope["url_route"]["kwargs"].get("public_id")
        if public_id is None:
            return True
        visible = Document.objects.visible_to(user).of_team(membership.team).shown_to(user)
        self.document = visible.filter(public_id=public_id).first()
        return self.document is not None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data and not self.reported.done():
            self.reported.set_result(Known.parse(text_data))

    async def disconnect(self, code: int) -> None:
        for task in self.tasks:
            task.cancel()

    async def tell(self) -> None:
        translation.activate(languages.of_connection(self.scope))  # for this task alone
        try:
            known = await self.report()
            news = self.pages(self.document, known) if self.document else self.rows(known)
            async for html in news:
                await self.send(text_data=html)
            await self.close(NORMAL)
        except Exception:
            logger.exception("a browser could not be told what has changed")
            await self.close(FAILED)  # it connects again

    async def report(self) -> Known:
        try:
            async with asyncio.timeout(REPORT_SECONDS):
                return await self.reported
        except TimeoutError:
            return Known()

    async def pages(self, document: Document, known: Known) -> AsyncIterator[str]:
        async for update in live.follow(document.pk, known.editions()):
            if update.document.deleted_at or update.document.trashed_at:
                await self.close(GONE)
                return
            pieces = await together.pieces(update, bool(known.have), self.membership.may_write)
            known.have.update(pieces.shown)
            yield pieces.html

    async def rows(self, known: Known) -> AsyncIterator[str]:
        render = sync_to_async(fragments.library)
        async for documents in live.watch(self.membership.team_id, known.since):
            if documents:
                yield await render(self.membership, documents, known)

    async def beat(self) -> None:
        """A sign of life for the page's watchdog, as long as the person may watch."""
        while await sync_to_async(self.still_welcome)():
            await self.send(text_data=SIGN_OF_LIFE)
            await asyncio.sleep(BEAT_SECONDS)
        await self.close(FORBIDDEN)

    def still_welcome(self) -> bool:
        """Whether the person is still signed in with the session that opened this line, and a member."""
        user = callers.person(self.scope["session"].session_key)
        found = Membership.objects.select_related("team").filter(pk=self.membership.pk, user=user)
        membership = found.first() if user else None
        if membership is None or not may(membership.role, Action.READ):
            return False
        self.membership = membership  # the role may have changed meanwhile
        return True


consumer: Any = LiveConsumer.as_asgi()  # Django's types know views only
nobody: Any = WebsocketDenier.as_asgi()

websocket_urls = [
    path("ws/library", consumer),
    path("ws/documents/<str:public_id>", consumer),
    re_path(r"", nobody),  # without it, an unknown address would be an error of ours
]
