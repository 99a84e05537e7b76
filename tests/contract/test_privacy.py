"""What is sent with `improve_mathpix: false` reaches no file of the real server, nor its database's log."""

from __future__ import annotations

import base64
import io
import json
import time
from pathlib import Path

import httpx
import pytest
from PIL import Image, PngImagePlugin

from tests.engine import drawn
from tests.server import Server

WORD = "Zwillingsbruder"
SIGN = b"sign-in-the-picture-7351"
POINTS = [1234.125, 1300.25, 1420.375]
PRIVATE = {"metadata": {"improve_mathpix": False}}


@pytest.fixture(scope="module")
def http(live_server_process: Server):
    headers = {"app_key": live_server_process.app_key}
    with httpx.Client(base_url=live_server_process.url, headers=headers, timeout=60) as client:
        yield client


def picture() -> bytes:
    """A word to be read, and a sign in what is not read of the file."""
    signed = PngImagePlugin.PngInfo()
    signed.add_text("Comment", SIGN.decode())
    made = io.BytesIO()
    drawn.page([f"A {WORD} it was."], size=40).save(made, "PNG", pnginfo=signed)
    return made.getvalue()


def files_with(folder: Path, texts: list[bytes]) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in files if any(text in path.read_bytes() for text in texts)]


def test_a_private_image_or_drawing_is_in_no_file(http, live_server_process):
    image = picture()
    src = f"data:image/png;base64,{base64.b64encode(image).decode()}"
    form = {"files": {"file": (f"{WORD}.png", image)}, "data": {"options_json": json.dumps(PRIVATE)}}
    assert WORD in http.post("/v3/text", **form).json()["text"]
    told = http.post("/v3/latex", json={"src": src, "ocr": ["math", "text"], **PRIVATE}).json()
    assert WORD in told["latex"]
    strokes = {"strokes": {"x": [POINTS], "y": [[5.5, 50.25, 5.75]]}}
    assert http.post("/v3/strokes", json={"strokes": strokes, **PRIVATE}).json()["request_id"]
    batch_id = http.post("/v3/batch", json={"urls": {"a": src}, "ocr_behavior": "text", **PRIVATE}).json()
    ends = time.monotonic() + 60
    while not (done := http.get(f"/v3/batch/{batch_id['batch_id']}").json()["results"]):
        assert time.monotonic() < ends
        time.sleep(0.1)
    assert WORD in done["a"]["text"]

    wanted = [WORD.encode(), SIGN, src.encode()[60:120], str(POINTS[1]).encode()]
    assert files_with(live_server_process.data_dir, wanted) == []
    assert http.get("/v3/ocr-usage?group_by=usage_type").json()["ocr_usage"], "it is counted all the same"


def test_what_is_not_private_is_found_so(http, live_server_process):
    """Or the test above would prove nothing."""
    blank = io.BytesIO()
    signed = PngImagePlugin.PngInfo()
    signed.add_text("Comment", "sign-of-a-public-picture")
    Image.new("RGB", (60, 40), "white").save(blank, "PNG", pnginfo=signed)
    http.post("/v3/text", files={"file": ("blank.png", blank.getvalue())})
    assert files_with(live_server_process.data_dir, [b"sign-of-a-public-picture"])
