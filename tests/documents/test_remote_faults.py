"""Whatever goes wrong on the way to Mathpix has its sentence, for documents and for images."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mathpixweb.accounts import remote_accounts, sealing
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import provider, storage
from mathpixweb.documents.images import images
from mathpixweb.documents.images.image_orders import Order
from mathpixweb.documents.models import Document, Kind
from mathpixweb.documents.models.mirror import MirroredList
from mathpixweb.documents.remote import mirror
from mathpixweb.documents.work import conversion
from mathpixweb.providers import image_options
from mathpixweb.providers.mathpix import breaker, client, retrying
from tests import mathpix_server, pdfs
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer

pytestmark = pytest.mark.django_db

HTML = b"<html><body>502 Bad Gateway</body></html>"
BAD = {"id": "opts_bad_option", "message": "This is not an option"}
SHORT = 0.1  # seconds, of the phase that is to fail; all others have time on a busy machine, too
NOT_TAKEN, PERHAPS = 0, 1  # pages that are paid for


def error(info: dict[str, Any]) -> bytes:
    return json.dumps({"error": info["message"], "error_info": info}).encode()


# what happens, the sentence, whether what was sent may have been taken, how often it is sent
ANSWERS = {
    "401": (Fault(401, error({"id": "http_unauthorized", "message": "No"})), "An owner can enter", 0, 1),
    "429": (Fault(429), "takes no more requests of this account for now (HTTP 429)", NOT_TAKEN, 4),
    "429 for an hour": (Fault(429, b"{}", {"retry-after": "3600"}), "Try again later", NOT_TAKEN, 1),
    "500": (Fault(500), "Mathpix is out of order (HTTP 500)", NOT_TAKEN, 1),
    "500 with its reason": (Fault(500, error(BAD)), "This is not an option", NOT_TAKEN, 1),
    "502 in HTML": (Fault(502, HTML), "Mathpix is out of order (HTTP 502)", NOT_TAKEN, 1),
    "503 for a moment": (Fault(503, b"", {"retry-after": "0"}), "out of order (HTTP 503)", NOT_TAKEN, 4),
    "404 in HTML": (Fault(404, HTML), "does not have this, or not yet", NOT_TAKEN, 1),
    "an error with 200": (Fault(200, error(BAD)), "This is not an option", NOT_TAKEN, 1),
    "half an answer": (Fault(200, b'{"pdf_id": "2026'), "cannot be understood", PERHAPS, 1),
    "HTML with 200": (Fault(200, HTML), "cannot be understood", PERHAPS, 1),
    "a redirect": (Fault(302, b" ", {"location": "/"}), "not expected (HTTP 302)", NOT_TAKEN, 1),
    "cut off": (Fault(drop=True), "The connection to Mathpix was lost", PERHAPS, 1),
    "silence": (Fault(wait=0.4), "Mathpix took too long to answer", PERHAPS, 1),
    "wrongly packed": (Fault(200, b"no gzip", {"content-encoding": "gzip"}), "be understood", PERHAPS, 1),
}


@pytest.fixture(autouse=True)
def seconds(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[dict[str, float]]:
    """How long each phase may take."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.001)
    phases = dict.fromkeys(("connect", "write", "read", "pool"), 10.0)
    made = client.Client.__init__

    def hurried(self: client.Client, account: Any) -> None:
        made(self, account, httpx.Timeout(**phases))

    monkeypatch.setattr(client.Client, "__init__", hurried)
    provider._mathpix.cache_clear()
    breaker.forget()
    yield phases
    provider._mathpix.cache_clear()
    breaker.forget()


@pytest.fixture
def remote(settings: Any) -> Iterator[MathpixServer]:
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        yield fake


@pytest.fixture
def account(db: None) -> RemoteAccount:
    team = Team.objects.create(name="Analysis")
    return RemoteAccount.objects.create(
        team=team, provider="mathpix", region="server", app_id=APP_ID, app_key=sealing.seal(APP_KEY)
    )


def of_a_document(account: RemoteAccount, content: bytes = b"") -> str:
    """What its sender is told."""
    document = Document(team=account.team, kind="pdf", endpoint="/v3/pdf", name="a.pdf", provider="mathpix")
    storage.write(storage.source_path(document), content or pdfs.with_numbered_pages(1))
    document.source.name = storage.source_name(document)
    document.save()
    conversion.take_turn(document.pk)
    document.refresh_from_db()
    assert document.status == "error" and document.error_id != "http_unauthorized"
    return document.error_message()


def of_an_image(account: RemoteAccount) -> str:
    order = Order(Kind.IMAGE, "/v3/text", account.team, image_options.text_options({}), image=b"picture")
    body = images.answer(order).body
    assert body["error_info"]["id"] != "http_unauthorized"
    return str(body["error"])


TELLERS = (of_a_document, of_an_image)


def spent(account: RemoteAccount) -> int:
    account.refresh_from_db()
    return remote_accounts.spent(account)


@pytest.mark.parametrize("tell", TELLERS)
@pytest.mark.parametrize("case", ANSWERS.values(), ids=ANSWERS.keys())
def test_the_sentence_for(
    case: tuple[Fault, str, int, int],
    tell: Callable[[RemoteAccount], str],
    account: RemoteAccount,
    remote: MathpixServer,
    seconds: dict[str, float],
) -> None:
    fault, sentence, paid, times = case
    seconds["read"] = SHORT if fault.wait else 10
    remote.fail("POST", *[fault] * times)
    told = tell(account)
    assert sentence in told and "<" not in told and APP_KEY not in told
    assert len(remote.asked("POST")) == times
    assert spent(account) == paid


@pytest.mark.parametrize("case", ANSWERS.values(), ids=ANSWERS.keys())
def test_the_sentence_on_the_page_of_the_mirror_for(
    case: tuple[Fault, str, int, int],
    account: RemoteAccount,
    remote: MathpixServer,
    monkeypatch: pytest.MonkeyPatch,
    seconds: dict[str, float],
) -> None:
    monkeypatch.setattr(retrying, "ATTEMPTS", 1)
    seconds["read"] = SHORT if case[0].wait else 10
    remote.fail("GET /v3/pdf-results", case[0])
    mirror.request(account.team)
    row = MirroredList.objects.get(name="pdf-results")
    mirror.take_turn(row.pk)
    row.refresh_from_db()
    assert case[1] in row.error and "<" not in row.error
    assert (row.synced_at, row.page, row.claim) == (None, 1, "")


def test_a_server_that_tells_the_key_is_not_quoted(account: RemoteAccount, remote: MathpixServer) -> None:
    remote.fail("POST", Fault(400, error({"id": "x", "message": f"Who is {APP_KEY}?"})))
    assert of_an_image(account) == "Who is (app_key)?"


@contextmanager
def deaf(settings: Any, *, full: bool) -> Iterator[None]:
    """A server that lets nobody in, or lets in and then neither reads nor answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        settings.MATHPIX_API_URL = f"http://127.0.0.1:{listening.getsockname()[1]}"
        waiting = []
        try:
            for _ in range(3 if full else 0):
                waiting.append(socket.socket())
                waiting[-1].setblocking(False)
                waiting[-1].connect_ex(listening.getsockname())
            yield
        finally:
            for one in waiting:
                one.close()


@pytest.mark.parametrize("tell", TELLERS)
def test_the_sentence_for_a_connection_that_nobody_takes(
    tell: Callable[[RemoteAccount], str],
    account: RemoteAccount,
    settings: Any,
    seconds: dict[str, float],
) -> None:
    seconds["connect"] = SHORT
    with deaf(settings, full=True):
        assert "could not be reached; nothing was sent" in tell(account)
    assert spent(account) == NOT_TAKEN


@pytest.mark.parametrize("tls", [False, True], ids=["not there", "that speaks no TLS"])
@pytest.mark.parametrize("tell", TELLERS)
def test_the_sentence_for_a_server(
    tls: bool,
    tell: Callable[[RemoteAccount], str],
    account: RemoteAccount,
    settings: Any,
    remote: MathpixServer,
) -> None:
    settings.MATHPIX_API_URL = remote.url.replace("http", "https") if tls else "http://127.0.0.1:9"
    assert "could not be reached; nothing was sent" in tell(account)
    assert spent(account) == NOT_TAKEN


def test_the_sentence_for_a_server_that_does_not_read(
    account: RemoteAccount, settings: Any, seconds: dict[str, float]
) -> None:
    seconds.update(write=SHORT, connect=SHORT)
    large = pdfs.with_numbered_pages(1) + b"%" + b"x" * 12_000_000
    with deaf(settings, full=False):
        assert "took too long to answer" in of_a_document(account, large)
    assert spent(account) == PERHAPS


def test_the_sentence_when_all_connections_are_taken(
    account: RemoteAccount,
    remote: MathpixServer,
    monkeypatch: pytest.MonkeyPatch,
    seconds: dict[str, float],
) -> None:
    seconds["pool"] = SHORT
    monkeypatch.setattr(client, "LIMITS", httpx.Limits(max_connections=1))
    monkeypatch.setattr(retrying, "ATTEMPTS", 1)
    go_on = threading.Event()
    remote.fail("POST", Fault(until=go_on))
    other = threading.Thread(target=lambda: provider_call(worker))
    worker = provider.mathpix(account.team)
    other.start()
    while not remote.requests:
        time.sleep(0.001)
    said = of_an_image(account)
    go_on.set()
    other.join()
    assert "could not be reached; nothing was sent" in said
    assert spent(account) == NOT_TAKEN


def provider_call(worker: Any) -> None:
    worker.read_image(b"another", {})
