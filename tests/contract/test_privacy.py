"""What is sent with `improve_mathpix: false` is kept nowhere by the real server: no file, table or object."""

from __future__ import annotations

import base64
import io
import json
import time

import httpx
import pytest
from PIL import PngImagePlugin

from tests.contract import traces
from tests.engine import drawn

WORD = "Zwillingsbruder"
SIGN = b"sign-in-the-picture-7351"
PUBLIC_SIGN, PUBLIC_TAG = b"sign-in-a-public-picture", b"tag-of-a-public-picture"
POINTS = [1234.125, 1300.25, 1420.375]
PRIVATE = {"metadata": {"improve_mathpix": False}}


@pytest.fixture(scope="module")
def http(live_server_process):
    headers = {"app_key": live_server_process.app_key}
    with httpx.Client(base_url=live_server_process.url, headers=headers, timeout=60) as client:
        yield client


def picture(sign: bytes = SIGN) -> bytes:
    """A word to be read, and a sign in what is not read of the file."""
    signed = PngImagePlugin.PngInfo()
    signed.add_text("Comment", sign.decode())
    made = io.BytesIO()
    drawn.page([f"A {WORD} it was."], size=40).save(made, "PNG", pnginfo=signed)
    return made.getvalue()


def test_a_private_image_or_drawing_is_kept_nowhere(http, live_server_process):
    since = time.time()
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
    assert traces.places_with(live_server_process, wanted, since) == []
    assert http.get("/v3/ocr-usage?group_by=usage_type").json()["ocr_usage"], "it is counted all the same"


def test_what_is_not_private_is_found_so(http, live_server_process):
    """Or the test above would prove nothing."""
    since = time.time()
    options = json.dumps({"tags": [PUBLIC_TAG.decode()]})
    files = {"file": ("public.png", picture(PUBLIC_SIGN))}
    http.post("/v3/text", files=files, data={"options_json": options}).raise_for_status()
    found = traces.places_with(live_server_process, [PUBLIC_SIGN, PUBLIC_TAG], since)
    assert any("source.image" in place for place in found)
    kept_in = ("table ", "papers/", "/") if live_server_process.database else ("/",)
    assert [kind for kind in kept_in if not any(place.startswith(kind) for place in found)] == []
