from __future__ import annotations

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.utils import timezone

from mathpixweb.accounts.models import Membership
from mathpixweb.asgi import application
from mathpixweb.documents.library import retention
from mathpixweb.documents.telling.live import Update
from mathpixweb.documents.work import conversion
from mathpixweb.web import fragments, live
from mathpixweb.web.reports import Known
from tests.turns import work

pytestmark = pytest.mark.django_db(transaction=True)


class Line(ApplicationCommunicator):
    """A WebSocket as a browser holds it. (That of channels.testing needs Daphne.)"""

    def __init__(self, path, headers):
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def connect(self):
        """Whether it was opened, and the code with which it was refused."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(timeout=10)
        return answer["type"] == "websocket.accept", answer.get("code")

    async def say(self, report):
        await self.send_input({"type": "websocket.receive", "text": json.dumps(report)})

    async def hear(self):
        """The next message; None when the server hangs up, whose code is then in `code`."""
        message = await self.receive_output(timeout=10)
        self.code = message.get("code")
        return message.get("text")

    async def hang_up(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=10)


@pytest.fixture
def line():
    """Opens a WebSocket with the cookie of a signed-in browser's session."""

    async def connect(browser, path, origin=b"http://localhost"):
        cookie = f"sessionid={browser.cookies['sessionid'].value}" if browser else ""
        opened = Line(path, [(b"host", b"localhost"), (b"origin", origin), (b"cookie", cookie.encode())])
        return opened, *await opened.connect()

    return connect


async def told(opened, have=()):
    """What the browser is told after its report, without signs of life, until the server hangs up."""
    await opened.say({"have": dict.fromkeys(map(str, have), 1)})
    messages = []
    while (text := await opened.hear()) is not None:
        if text != live.SIGN_OF_LIFE:
            messages.append(text)
    return messages, opened.code


async def news(opened):
    while (text := await opened.hear()) == live.SIGN_OF_LIFE:
        pass
    return text


@pytest.fixture
async def browser(browser_of, owner):
    return await sync_to_async(browser_of)(owner)


async def test_pages_arrive_as_they_are_read_and_the_line_is_closed_at_the_end(line, browser, received):
    document = await sync_to_async(received)()
    opened, connected, _ = await line(browser, f"/ws/documents/{document.public_id}")
    assert connected
    telling = asyncio.create_task(told(opened))
    await asyncio.sleep(0.2)
    await sync_to_async(work)(document)
    messages, code = await telling
    everything = "".join(messages)
    assert code == live.NORMAL
    for number in (1, 2, 3):
        assert f"Page {number} says" in everything
    assert "data-finished" in messages[-1]
    assert 'id="actions"' in messages[-1]


async def test_what_many_browsers_are_sent_at_once_is_rendered_once(line, browser, received, monkeypatch):
    document, rendered, render = await sync_to_async(received)(), [], fragments.pieces_of

    def noting(update, *more):
        rendered.append(update.document.changes)
        return render(update, *more)

    monkeypatch.setattr(fragments, "pieces_of", noting)
    opened = [(await line(browser, f"/ws/documents/{document.public_id}"))[0] for _ in range(20)]
    telling = [asyncio.create_task(told(each)) for each in opened]
    await asyncio.sleep(0.5)
    rendered.clear()
    await sync_to_async(work)(document)
    for messages, code in await asyncio.gather(*telling):
        assert code == live.NORMAL
        assert all(f"Page {number} says" in "".join(messages) for number in (1, 2, 3))
    assert len(rendered) < 2 * 20, "of each change once or twice, and not for each browser"


async def test_a_browser_that_comes_back_is_not_sent_what_it_has(line, browser, converted):
    document = await sync_to_async(converted)()
    opened, *_ = await line(browser, f"/ws/documents/{document.public_id}")
    messages, _ = await told(opened, have=[1, 2])
    everything = "".join(messages)
    assert 'id="page-3"' in everything
    assert 'id="page-1"' not in everything


async def test_a_browser_that_reports_nothing_is_sent_everything(line, browser, converted, monkeypatch):
    monkeypatch.setattr(live, "REPORT_SECONDS", 0.05)
    document = await sync_to_async(converted)()
    opened, *_ = await line(browser, f"/ws/documents/{document.public_id}")
    text = await news(opened)
    assert all(f'id="page-{number}"' in text for number in (1, 2, 3))


async def test_a_failure_is_told_live(line, browser, received):
    document = await sync_to_async(received)()
    opened, *_ = await line(browser, f"/ws/documents/{document.public_id}")
    telling = asyncio.create_task(told(opened))
    await asyncio.sleep(0.1)
    await sync_to_async(conversion.cancel)(document)
    messages, _ = await telling
    assert "The conversion was cancelled" in messages[-1]


async def test_deleting_the_document_ends_the_watching_of_it(line, browser, received):
    document = await sync_to_async(received)()
    opened, *_ = await line(browser, f"/ws/documents/{document.public_id}")
    telling = asyncio.create_task(told(opened))
    await asyncio.sleep(0.1)
    await sync_to_async(retention.delete)(document)
    _, code = await telling
    assert code in (live.GONE, live.NORMAL)


async def test_the_library_hears_of_new_and_changed_documents(line, browser, received):
    since = timezone.now().isoformat()
    opened, *_ = await line(browser, "/ws/library")
    await opened.say({"have": {}, "since": since})
    document = await sync_to_async(received)(name="sent by curl.pdf")
    text = await news(opened)
    assert "sent by curl.pdf" in text
    assert 'hx-swap-oob="afterbegin:#documents"' in text
    await sync_to_async(conversion.take_turn)(document.pk)
    text = await news(opened)
    assert f'id="document-{document.public_id}"' in text
    assert "afterbegin" not in text, "the row that is there is replaced"
    await opened.hang_up()


async def test_an_outsider_may_not_watch(line, browser_of, outsider, received):
    document = await sync_to_async(received)()
    browser = await sync_to_async(browser_of)(outsider)
    _, connected, code = await line(browser, f"/ws/documents/{document.public_id}")
    assert (connected, code) == (False, live.FORBIDDEN)


@pytest.mark.parametrize("path", ["/ws/library", "/ws/documents/2026_01_01_0123456789abcdef0123g"])
async def test_a_stranger_may_not_watch(line, path):
    _, connected, code = await line(None, path)
    assert (connected, code) == (False, live.FORBIDDEN)


async def test_a_page_of_another_site_may_not_watch(line, browser):
    _, connected, _ = await line(browser, "/ws/library", origin=b"http://evil.example")
    assert not connected


async def test_who_leaves_the_team_is_cut_off(line, browser, owner, monkeypatch):
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)
    opened, connected, _ = await line(browser, "/ws/library")
    assert connected
    await Membership.objects.filter(user=owner).adelete()
    _, code = await told(opened)
    assert code == live.FORBIDDEN


async def test_an_idle_line_shows_signs_of_life(line, browser, monkeypatch):
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)
    opened, *_ = await line(browser, "/ws/library")
    assert [await opened.hear() for _ in range(3)] == [live.SIGN_OF_LIFE] * 3
    await opened.hang_up()


async def test_a_failure_while_telling_makes_the_browser_connect_again(line, browser, received, monkeypatch):
    document = await sync_to_async(received)()

    def broken(*_):
        raise RuntimeError("no template")

    monkeypatch.setattr(live.fragments, "pieces_of", broken)
    opened, *_ = await line(browser, f"/ws/documents/{document.public_id}")
    _, code = await told(opened)
    assert code == live.FAILED


def test_pages_that_come_before_their_number_is_known_are_told_with_it(converted):
    """The document was looked up a moment before its first pages were."""
    document, known = converted(), Known()
    pages = list(document.pages.all())
    document.status, document.num_pages = "split", None
    assert "page-1" not in fragments.document(Update(document, pages, len(pages)), known, may_write=True)
    document.refresh_from_db()
    assert 'id="page-1"' in fragments.document(Update(document, pages, len(pages)), known, may_write=True)
