"""WebSockets: who may open one, from which page, and for how long."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts.models import User
from mathpixweb.documents.ids import new_public_id
from mathpixweb.web import live
from tests.web.test_live import Line, told

pytestmark = pytest.mark.django_db(transaction=True)

WATCHED = [str(route.pattern) for route in live.websocket_urls if route.callback is live.consumer]
HOST = b"localhost:8000"


async def opened(browser, path, origin=b"http://localhost:8000", host=HOST):
    cookie = f"sessionid={browser.cookies['sessionid'].value}" if browser else ""
    headers = [(b"host", host), (b"cookie", cookie.encode()), *([(b"origin", origin)] if origin else [])]
    line = Line(path, headers)
    connected, _ = await line.connect()
    return line, connected


def path_of(pattern, public_id):
    return "/" + pattern.replace("<str:public_id>", public_id)


@pytest.fixture
async def browser(browser_of, owner):
    return await sync_to_async(browser_of)(owner)


@pytest.mark.parametrize("pattern", WATCHED)
async def test_only_the_team_may_watch(browser, browser_of, outsider, received, pattern):
    document = await sync_to_async(received)()
    path = path_of(pattern, document.public_id)
    line, connected = await opened(browser, path)
    assert connected
    await line.hang_up()
    assert not (await opened(None, path))[1]
    if "public_id" in pattern:
        assert not (await opened(await sync_to_async(browser_of)(outsider), path))[1]
        assert not (await opened(browser, path_of(pattern, new_public_id())))[1]


@pytest.mark.parametrize(
    "origin",
    [
        b"http://evil.example",
        b"http://localhost:9999",
        b"http://localhost",
        b"http://localhost.evil.example:8000",
        b"http://evil.example#localhost:8000",
        b"http://user@localhost:8000",
        b"file://",
        b"null",
        b"http://[",
        b"\xff",
        b"",
        None,
    ],
)
@pytest.mark.parametrize("pattern", WATCHED)
async def test_a_page_of_another_origin_may_not_watch(browser, received, pattern, origin):
    document = await sync_to_async(received)()
    assert not (await opened(browser, path_of(pattern, document.public_id), origin))[1]


async def test_a_host_name_that_is_not_ours_makes_no_origin_ours(browser):
    assert not (await opened(browser, "/ws/library", b"http://evil.example", b"evil.example"))[1]


@pytest.mark.parametrize(
    ("origin", "trusted"),
    [
        (b"https://docs.example.org", "https://docs.example.org"),
        (b"https://a.example.org", "https://*.example.org"),
    ],
)
async def test_behind_a_proxy_the_public_address_is_ours(browser, settings, origin, trusted):
    settings.CSRF_TRUSTED_ORIGINS = [trusted]
    line, connected = await opened(browser, "/ws/library", origin)
    assert connected
    await line.hang_up()
    assert not (await opened(browser, "/ws/library", origin.replace(b"https", b"http")))[1]


@pytest.mark.parametrize("path", ["/", "/ws/nothing", "/ws/library/", "/v3/pdf"])
async def test_where_nothing_is_to_be_watched_the_line_is_refused(browser, path):
    assert not (await opened(browser, path))[1]


async def sign_out(browser, owner):
    await sync_to_async(browser.post)("/sign-out")


async def switch_off(browser, owner):
    await User.objects.filter(pk=owner.pk).aupdate(is_active=False)


async def change_the_password(browser, owner):
    owner.set_password("another long password")
    await owner.asave()


@pytest.mark.parametrize("end", [sign_out, switch_off, change_the_password])
@pytest.mark.parametrize("pattern", WATCHED)
async def test_a_line_ends_with_its_session(browser, owner, received, monkeypatch, pattern, end):
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)
    document = await sync_to_async(received)()
    line, connected = await opened(browser, path_of(pattern, document.public_id))
    assert connected
    await end(browser, owner)
    _, code = await told(line)
    assert code == live.FORBIDDEN
