"""The official SDK sends images, drawings and batches to the real server, whose own engine reads them."""

from __future__ import annotations

import base64

import pytest
from mpxpy.mathpix_client import MathpixClient

from tests.asking import HTTP
from tests.engine import drawn, ink_drawings

SECONDS = 60
TEXT = "Every sum is small."
PICTURE = drawn.encoded(drawn.page([TEXT, "Nothing else is said."], size=40))
SRC = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"


@pytest.fixture(scope="module")
def client(live_server_process) -> MathpixClient:
    server = live_server_process
    return MathpixClient(app_id=server.app_id, app_key=server.app_key, api_url=server.url)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("images") / "sums.png"
    path.write_bytes(PICTURE)
    return str(path)


def as_sent(strokes):
    return {
        "x": [[x for x, _ in stroke] for stroke in strokes],
        "y": [[y for _, y in stroke] for stroke in strokes],
    }


def test_an_image_is_read_while_the_sdk_waits(client, path):
    image = client.image_new(file_path=path, include_line_data=True, formats=["text", "html"])
    assert TEXT in image.mmd()
    assert image.html().startswith("<div>")
    lines = image.lines_json()
    assert "".join(line["text"] for line in lines if line["included"]) == image.mmd()
    assert all({"id", "type", "cnt", "conversion_output"} <= line.keys() for line in lines)
    assert {"request_id", "confidence", "confidence_rate", "version"} <= image.results().keys()


def test_an_image_is_read_later_and_found_by_its_tag(client, path):
    image = client.image_new(file_path=path, is_async=True, tags=["of the sdk"])
    assert not {"text", "html", "latex_styled", "lines"} & image.result.keys()
    assert image.wait_until_complete(timeout=SECONDS)
    assert image.results()["image_id"] == image.request_id
    assert TEXT in image.mmd()
    listed = client.query_ocr_results(tags=["of the sdk"])["ocr_results"]
    assert [entry["image_id"] for entry in listed] == [image.request_id]
    expected = {"timestamp", "duration", "endpoint", "request_args", "result", "detections"}
    assert expected <= listed[0].keys()


def test_a_private_image_is_in_no_list(client, path):
    image = client.image_new(file_path=path, improve_mathpix=False, tags=["kept nowhere"])
    assert TEXT in image.mmd()
    assert client.query_ocr_results(tags=["kept nowhere"])["ocr_results"] == []


def test_a_batch_reads_all_of_its_images(client):
    batch = client.batch_new(urls={"a": SRC, "b": {"url": SRC}}, ocr_behavior="text", formats=["text"])
    assert batch.wait_until_complete(timeout=SECONDS), batch.status()
    assert sorted(batch.keys()) == ["a", "b"]
    assert all(TEXT in result["text"] for result in batch.results().values())


def test_a_batch_is_about_equations_unless_told_otherwise(client):
    batch = client.batch_new(urls={"words": SRC, "broken": "data:image/png;base64,AAAA"})
    assert batch.wait_until_complete(timeout=SECONDS), batch.status()
    ids = {key: result["error_info"]["id"] for key, result in batch.results().items()}
    assert ids == {"words": "image_no_content", "broken": "image_decode_error"}


def test_a_drawing_is_read(client):
    answer = client.strokes_new(strokes=as_sent(ink_drawings.write("3x")))
    assert answer["request_id"]
    assert (answer["is_handwritten"], answer["is_printed"]) == (True, False)
    assert "3" in answer["text"]


def test_a_live_drawing_grows_with_each_call_of_a_token(client, live_server_process):
    token = client.app_token_new(expires=60, include_strokes_session_id=True)
    strokes = ink_drawings.write("3x")
    answers = []
    for part in (strokes[:1], strokes[1:]):
        body = {
            "strokes": {"strokes": as_sent(part)},
            "strokes_session_id": token["strokes_session_id"],
            "confidence_rate_threshold": 0,  # of one stroke nobody is sure
        }
        response = HTTP.post(
            f"{live_server_process.url}/v3/strokes",
            headers={"app_token": token["app_token"]},
            json=body,
            timeout=SECONDS,
        )
        answers.append(response.json())
    assert answers[0]["request_id"] == answers[1]["request_id"]
    whole = client.strokes_new(strokes=as_sent(strokes))
    assert answers[1]["text"] == whole["text"] != answers[0]["text"]
