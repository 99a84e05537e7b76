"""One server of ours behind another: what the second one reads arrives at the first one's door."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator

import httpx
import pytest
from mpxpy.mathpix_client import MathpixClient

from tests import pdfs
from tests.asking import HTTP
from tests.engine import drawn, ink_drawings
from tests.server import Server

PAGES = 6
TEXT = "Every sum is small."
ENOUGH_SECONDS = 90


@pytest.fixture(scope="module")
def client(front: Server) -> Iterator[httpx.Client]:
    headers = {"app_id": front.app_id, "app_key": front.app_key}
    with httpx.Client(base_url=front.url, headers=headers, timeout=30) as client:
        yield client


def submit(client: httpx.Client, **options: object) -> str:
    files = {"file": ("numbered.pdf", pdfs.with_numbered_pages(PAGES))}
    form = {"options_json": json.dumps({"streaming": True, **options})}
    return str(client.post("/v3/pdf", files=files, data=form).json()["pdf_id"])


def wait(client: httpx.Client, pdf_id: str) -> dict[str, object]:
    deadline = time.monotonic() + ENOUGH_SECONDS
    while time.monotonic() < deadline:
        status = client.get(f"/v3/pdf/{pdf_id}").json()
        if status["status"] in ("completed", "error"):
            return dict(status)
        time.sleep(0.1)
    raise AssertionError(status)


@pytest.fixture(scope="module")
def streamed(client: httpx.Client) -> tuple[str, list[dict[str, object]]]:
    pdf_id = submit(client, conversion_formats={"md": True})
    with client.stream("GET", f"/v3/pdf/{pdf_id}/stream") as stream:
        messages = [json.loads(line) for line in stream.iter_lines() if line.strip()]
    return pdf_id, messages


def test_the_stream_brings_every_page_under_this_servers_id(
    streamed: tuple[str, list[dict[str, object]]],
) -> None:
    pdf_id, messages = streamed
    assert [message["page_idx"] for message in messages] == list(range(1, PAGES + 1))
    assert {message["pdf_id"] for message in messages} == {pdf_id}


def test_text_lines_and_formats_are_there_when_it_is_completed(
    client: httpx.Client, streamed: tuple[str, list[dict[str, object]]]
) -> None:
    pdf_id, messages = streamed
    assert wait(client, pdf_id)["status"] == "completed"
    mmd = client.get(f"/v3/pdf/{pdf_id}.mmd").text
    assert mmd == "".join(str(message["text"]) for message in messages)
    assert "This is page 6." in mmd
    pages = client.get(f"/v3/pdf/{pdf_id}.lines.json").json()["pages"]
    assert [page["page"] for page in pages] == list(range(1, PAGES + 1))
    deadline = time.monotonic() + ENOUGH_SECONDS
    while (made := client.get(f"/v3/pdf/{pdf_id}.md")).status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "This is page 1." in made.text


def test_errors_come_through_with_their_ids(client: httpx.Client) -> None:
    files = {"file": ("secret.pdf", pdfs.encrypted())}
    status = wait(client, client.post("/v3/pdf", files=files).json()["pdf_id"])
    assert status["status"] == "error"
    assert status["error_info"]["id"] == "pdf_encrypted"  # type: ignore[index]


def test_the_keys_of_one_server_do_not_open_the_other(front: Server, live_server_process: Server) -> None:
    for url, key in ((front.url, live_server_process.app_key), (live_server_process.url, front.app_key)):
        assert HTTP.get(f"{url}/v3/pdf-results", headers={"app_key": key}).status_code == 401
    assert live_server_process.app_key not in front.log.read_text()


def test_a_document_is_listed_there_with_the_mark_by_which_it_would_be_found_again(
    live_server_process: Server, streamed: tuple[str, list[dict[str, object]]]
) -> None:
    behind = live_server_process
    rows = HTTP.get(f"{behind.url}/v3/pdf-results", headers={"app_key": behind.app_key}).json()["pdfs"]
    marks = [row["request_args"].get("metadata", {}).get("mathpixweb") for row in rows]
    assert marks.count(streamed[0]) == 1


def test_what_is_deleted_here_is_deleted_there(
    client: httpx.Client, live_server_process: Server, streamed: tuple[str, list[dict[str, object]]]
) -> None:
    pdf_id, behind = streamed[0], live_server_process
    with httpx.Client(base_url=behind.url, headers={"app_key": behind.app_key}) as there:
        rows = there.get("/v3/pdf-results").json()["pdfs"]
        marked = [row for row in rows if row["request_args"].get("metadata", {}).get("mathpixweb") == pdf_id]
        assert client.delete(f"/v3/pdf/{pdf_id}").json()["deleted_at"]
        deadline = time.monotonic() + ENOUGH_SECONDS
        while not there.get(f"/v3/pdf/{marked[0]['id']}").json().get("deleted_at"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert client.get(f"/v3/pdf/{pdf_id}.mmd").status_code == 404


def test_the_official_sdk_sees_no_difference(front: Server, live_server_process: Server) -> None:
    sdk = MathpixClient(app_id=front.app_id, app_key=front.app_key, api_url=front.url)
    picture = drawn.encoded(drawn.page([TEXT, "Nothing else is said."], size=40))
    src = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    batch = sdk.batch_new(urls={"a": src}, ocr_behavior="text", formats=["text"])
    later = sdk.image_new(url=src, is_async=True, tags=["through the front"])
    strokes = ink_drawings.write("3x")
    drawing = {name: [[point[axis] for point in one] for one in strokes] for axis, name in enumerate("xy")}
    assert sdk.strokes_new(strokes=drawing)["is_handwritten"] is True
    assert batch.wait_until_complete(timeout=ENOUGH_SECONDS)
    assert TEXT in batch.results()["a"]["text"]
    assert later.wait_until_complete(timeout=ENOUGH_SECONDS)
    assert listed(front, front.app_key, tags="through the front") == [True]
    assert any(listed(live_server_process, live_server_process.app_key)), "it was read there"


def listed(at: Server, key: str, **query: str) -> list[bool]:
    """Of each image that the server has read whether it is ours."""
    answer = HTTP.get(f"{at.url}/v3/ocr-results", params=query, headers={"app_key": key}).json()
    return [TEXT in each["result"].get("text", "") for each in answer["ocr_results"]]
