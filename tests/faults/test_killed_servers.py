"""SIGKILL of web, worker or both while something is under way: it is brought to its end, once."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import signal
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image

from tests import server
from tests.asking import HTTP
from tests.faults import victims
from tests.receiving import receiving
from tests.server import Server

WEB, WORKER = "mathpixweb.web.server", "mathpixweb.web.worker"
PAGES = 25


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    open_to_us = {"ALLOW_PRIVATE_CALLBACKS": "127.0.0.0/8", "ALLOW_PRIVATE_FETCH": "127.0.0.0/8"}
    with server.running(tmp_path_factory.mktemp("victim"), WORKERS="2", **open_to_us) as running:
        yield running


@pytest.mark.parametrize("killed", [(WEB,), (WEB, WORKER)], ids=["web", "both"])
def test_a_document_survives_the_death_of(victim: Server, killed: tuple[str, ...]) -> None:
    pdf_id = victims.submit(victim, PAGES)
    victims.until(lambda: victims.status(victim, pdf_id).get("num_pages_completed"), victim)
    victims.kill(victim, *killed)
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    victims.audit(victim, pdf_id, PAGES)


def test_what_was_accepted_the_moment_before_everything_died_is_read(victim: Server) -> None:
    """Accepted is stored: no worker had seen it, and no message need have survived."""
    pdf_id = victims.submit(victim, 2)
    victims.kill(victim, WORKER, WEB)
    for message in (victim.data_dir / "broker").glob("*.msg"):
        message.unlink(missing_ok=True)
    assert victims.ended(victim, pdf_id)["status"] == "completed"
    victims.audit(victim, pdf_id, 2)


def test_formats_and_callbacks_survive_the_death_of_who_makes_them(victim: Server) -> None:
    """Killed while a format is made: every format is made, and the callback tells of all of them."""
    formats = {"md": True, "html": True, "docx": True}
    with receiving() as receiver:
        pdf_id = victims.submit(victim, 2, conversion_formats=formats, callback_url=receiver.url)
        made = "SELECT count(*) FROM documents_rendition WHERE claim <> ''"
        victims.until(lambda: victims.rows(victim, made)[0][0] or _all_made(victim, pdf_id), victim)
        victims.kill(victim, WORKER)
        victims.until(lambda: _all_made(victim, pdf_id), victim)
        receiver.wait_for(1)
    for name in formats:
        assert victims.ask(victim, f"/v3/pdf/{pdf_id}.{name}").status_code == 200
    [(twice,)] = victims.rows(
        victim, "SELECT count(*) - count(DISTINCT format || document_id) FROM documents_rendition"
    )
    assert twice == 0


def _all_made(victim: Server, pdf_id: str) -> bool:
    states = victims.ask(victim, f"/v3/converter/{pdf_id}").json().get("conversion_status", {})
    return bool(states) and all(state["status"] == "completed" for state in states.values())


def test_an_image_is_answered_or_refused_and_the_next_one_read_when_its_reader_dies(victim: Server) -> None:
    headers = victims.credentials(victim)
    body = {"src": f"data:image/png;base64,{_white()}"}
    for _ in range(2):
        victims.kill(victim, "mathpixweb.providers.serving")
        answer = HTTP.post(f"{victim.url}/v3/text", headers=headers, json=body, timeout=60)
        assert answer.status_code == 200
        assert answer.json().get("error_info", {}).get("id") != "sys_exception", answer.text


def _white() -> str:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def test_half_an_upload_leaves_no_document_and_no_file(victim: Server) -> None:
    """The client goes, or the server dies, in the middle of the file."""
    before = victims.rows(victim, "SELECT count(*) FROM documents_document")
    for end in ("client", "server"):
        line = _half_sent(victim)
        if end == "server":
            victims.kill(victim, WEB)
        line.close()
        victims.ask(victim, "/healthz")
    assert victims.rows(victim, "SELECT count(*) FROM documents_document") == before
    assert not list((victim.data_dir / "files").rglob("*.part"))


def _half_sent(victim: Server) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", int(victim.url.rsplit(":", 1)[1])), timeout=30)
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="half.pdf"\r\n\r\n%PDF-1.4\n'
    head = "".join(f"{name}: {value}\r\n" for name, value in victims.credentials(victim).items())
    start = (
        f"POST /v3/pdf HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Content-Type: multipart/form-data; boundary=b\r\n"
    )
    line.sendall(f"{start}Content-Length: 400000\r\n\r\n".encode() + part + bytes(150_000))
    time.sleep(0.3)  # some of it is taken in; how much does not matter
    return line


def test_a_web_server_with_open_streams_stops_within_five_seconds_and_nothing_is_missed(
    victim: Server,
) -> None:
    pdf_id = victims.submit(victim, PAGES)
    address, headers = f"{victim.url}/v3/pdf/{pdf_id}/stream", victims.credentials(victim)
    seen: list[int] = []
    with HTTP.stream("GET", address, headers=headers, timeout=60) as stream:
        lines = (line for line in stream.iter_lines() if line.strip())
        seen.append(json.loads(next(lines))["page_idx"])
        [web] = victims.programs(victim, WEB)[:1]
        web.send_signal(signal.SIGTERM)
        web.wait(5 + 5)  # five as promised, five for a slow machine
        with contextlib.suppress(httpx.TransportError):  # the stream may be ended or cut
            seen += [json.loads(line)["page_idx"] for line in lines]
    again = victims.ask(victim, f"/v3/pdf/{pdf_id}/stream").text.splitlines()
    told = [json.loads(line)["page_idx"] for line in again if line.strip()]
    assert told == list(range(1, PAGES + 1))
    assert seen == told[: len(seen)], "in order, none twice"
