"""Every field of the API that names an address, with every address that leads inside: nobody is called there.

What is looked at is the moment at which a connection is made; `documents/test_fetching` has the reasons.
"""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpcore
import pytest
from asgiref.sync import sync_to_async

from mathpixweb.documents.models import Delivery, Document
from mathpixweb.documents.telling import callbacks
from tests.documents.test_fetching import HOSTILE, Peer, ok, redirect
from tests.turns import work
from tests.wire.conftest import http, media, scripted  # noqa: F401
from tests.wire.conftest import owner as caller  # noqa: F401

PICTURE = f"data:image/png;base64,{base64.b64encode(b'a picture').decode()}"
PUBLIC = "93.184.216.34"
INSIDE = "127.0.0.1"

FETCHED: dict[str, tuple[str, Callable[[list[str]], dict[str, Any]]]] = {
    "a batch's images": ("/v3/batch", lambda urls: {"urls": dict(enumerate(urls))}),
    "a job's files": ("/files/v1/jobs", lambda urls: {"files": [{"source_uri": url} for url in urls]}),
    "a text's image": ("/v3/text", lambda urls: {"src": urls[0]}),
    "a formula's image": ("/v3/latex", lambda urls: {"src": urls[0]}),
    "a pdf": ("/v3/pdf", lambda urls: {"url": urls[0]}),
    "a file": ("/files/v1/uri", lambda urls: {"source_uri": urls[0]}),
}
TOLD: dict[str, tuple[str, Callable[[list[str]], dict[str, Any]]]] = {
    "a batch's end": ("/v3/batch", lambda urls: {"urls": {"a": PICTURE}, "callback": {"post": urls[0]}}),
    "an image's end": ("/v3/text", lambda urls: {"src": PICTURE, "callback": {"post": urls[0]}}),
    "a file's end": ("/v3/pdf", lambda urls: {"callback_url": urls[0], "file": True}),
    "a trial": ("/files/v1/webhook-config/test", lambda urls: {"callback_url": urls[0]}),
}
MANY_AT_ONCE = {"a batch's images", "a job's files"}
URLS = [url for url in HOSTILE if url.lower().startswith("http")]
SHARES = 4
REDIRECTED = [*FETCHED, "a batch's end", "an image's end"]  # the others are told over https only


@dataclass
class Network:
    """Names of our own, and every connection that anybody wants to make."""

    names: dict[str, list[list[str]]]  # what they resolve to, each time; the last one for ever
    dialled: list[str] = field(default_factory=list)
    peer: Peer | None = None  # who answers at the public address

    def resolve(self, host: str) -> list[str]:
        answers = self.names.get(host, [[INSIDE]])
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    net = Network({"innocent.example": [[PUBLIC]]})
    dial, look_up = httpcore.SyncBackend.connect_tcp, socket.getaddrinfo

    def connect(backend, host, port, *args):
        net.dialled.append(host)
        if host == PUBLIC and net.peer:
            return dial(backend, *net.peer.server_address, *args)
        raise httpcore.ConnectError("nobody there")

    def addresses(host, port, *args, **named):
        if isinstance(host, str) and not host.replace(".", "").isdigit():
            return [entry for found in net.resolve(host) for entry in look_up(found, port, *args, **named)]
        return look_up(host, port, *args, **named)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    with Peer() as peer:
        net.peer = peer
        yield net
        peer.shutdown()


@pytest.fixture
def send(http, caller):  # noqa: F811
    """Sends it, and does all that comes of it."""

    async def post(field: str, urls: list[str]) -> dict[str, Any]:
        address, body = (FETCHED | TOLD)[field]
        asked = body(urls)
        if asked.pop("file", False):
            form = {"data": {"options_json": json.dumps(asked)}, "files": {"file": ("a.pdf", b"%PDF-1.4")}}
        else:
            form = {"json": asked}
        answer = await http.post(address, headers=caller.headers, **form)
        assert answer.status_code < 500
        await sync_to_async(_everything)()
        return dict(answer.json())

    return post


def _everything() -> None:
    for document in Document.objects.exclude(status__in=("completed", "error")):
        work(document)
    for delivery in Delivery.objects.filter(status="waiting"):
        callbacks.deliver(delivery.pk)


@pytest.mark.parametrize("field", FETCHED | TOLD)
async def test_an_address_inside_is_never_dialled(field, send, network):
    if field in MANY_AT_ONCE:
        await send(field, URLS)
    else:  # each address in two of the fields that take one, since all is known of the door that they share
        for url in URLS[list(FETCHED | TOLD).index(field) % SHARES :: SHARES]:
            await send(field, [url])
    assert network.dialled == []


@pytest.mark.parametrize("where", ["innocent.example", "mixed.example", "inner.example"])
async def test_a_name_is_dialled_only_if_all_its_addresses_are_public(where, send, network):
    network.names |= {"mixed.example": [[PUBLIC, "10.0.0.1"]], "inner.example": [[INSIDE]]}
    network.peer.answers["/a.pdf"] = ok(b"nothing to be read")
    for what in FETCHED | TOLD:
        network.dialled.clear()
        await send(what, [f"https://{where}/a.pdf"])
        assert set(network.dialled) == ({PUBLIC} if where == "innocent.example" else set()), what


@pytest.mark.parametrize("lead", [INSIDE, "localhost", "inner.example", "rebinding.example"])
async def test_a_redirect_and_a_second_answer_lead_nowhere_inside(lead, send, network):
    name = lead if lead == "rebinding.example" else "innocent.example"
    network.peer.answers["/a.pdf"] = redirect(f"http://{lead}/")
    for what in REDIRECTED:
        network.names["rebinding.example"] = [[PUBLIC], [INSIDE]]
        network.peer.asked.clear()
        await send(what, [f"http://{name}/a.pdf"])
        assert len(network.peer.asked) == 1, f"{what}: it was asked, and did redirect"
        assert set(network.dialled) == {PUBLIC}, what
