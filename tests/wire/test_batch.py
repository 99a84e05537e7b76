"""`/v3/batch` in both behaviours, with options of its own for each image, and callbacks."""

from __future__ import annotations

import base64
import json

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents.images import private_images
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.callbacks import Callback, Delivery
from tests.turns import work

SRC = f"data:image/png;base64,{base64.b64encode(b'a picture').decode()}"
HOOK = {
    "post": "https://hooks.example.org/a",
    "reply": {"mine": 1},
    "body": {"job": 7},
    "headers": {"K": "secret"},
}


@pytest.fixture
def send(http, owner):
    async def post(**body):
        return (await http.post("/v3/batch", headers=owner.headers, json=body)).json()

    return post


@pytest.fixture
def status(http, owner):
    async def get(batch_id, by=owner):
        return (await http.get(f"/v3/batch/{batch_id}", headers=by.headers)).json()

    return get


@sync_to_async
def work_on_all() -> None:
    for document in Document.objects.order_by("pk"):
        work(document)


async def test_a_batch_is_read_like_v3_latex_unless_told_otherwise(send, status):
    answer = await send(urls={"b": SRC, "a": {"url": SRC, "ocr_behavior": "text", "formats": ["text"]}})
    assert list(answer) == ["batch_id"]
    assert isinstance(answer["batch_id"], int)
    waiting = await status(answer["batch_id"])
    assert waiting == {"keys": ["b", "a"], "results": {}}
    await work_on_all()
    done = await status(str(answer["batch_id"]))
    assert done["keys"] == ["b", "a"]
    assert done["results"]["b"]["latex"] == "x ^ { 2 } + y ^ { 2 } = 9"
    assert done["results"]["a"]["text"] == "\\( x^{2}+y^{2}=9 \\)"
    kinds = [event.usage_type async for event in UsageEvent.objects.order_by("pk")]
    assert kinds == ["latex", "image-async"]


async def test_options_of_the_batch_hold_for_images_that_say_nothing_else(send, status):
    answer = await send(
        urls={"one": SRC, "two": {"url": SRC, "formats": ["html"]}},
        ocr_behavior="text",
        formats=["data"],
        data_options={"include_asciimath": True},
    )
    await work_on_all()
    results = (await status(answer["batch_id"]))["results"]
    assert results["one"]["data"] == [{"type": "asciimath", "value": "x^(2)+y^(2)=9"}]
    assert "data" not in results["two"]
    assert "<asciimath" in results["two"]["html"]


async def test_what_is_wrong_with_one_image_is_its_own_result(send, status):
    answer = await send(
        urls={
            "good": SRC,
            "closed": "http://127.0.0.1/a.png",
            "odd": {"url": SRC, "formats": ["no"]},
            "no": 3,
        }
    )
    await work_on_all()
    results = (await status(answer["batch_id"]))["results"]
    assert "latex" in results["good"]
    assert results["closed"]["error_info"]["id"] == "image_download_error"
    assert results["odd"]["error_info"]["id"] == "opts_unknown_format"
    assert results["no"]["error_info"]["id"] == "image_missing"


@pytest.mark.parametrize(
    ("body", "error_id"),
    [
        ({}, "image_missing"),
        ({"urls": []}, "image_missing"),
        ({"urls": {"a": SRC}, "ocr_behavior": "magic"}, "opts_value_out_of_range"),
        ({"urls": {"a": SRC}, "formats": ["no"]}, "opts_unknown_format"),
        ({"urls": {"a": SRC}, "callback": {"post": "mailto:a@b"}}, "opts_bad_callback"),
    ],
)
async def test_what_is_wrong_for_all_is_refused(send, body, error_id):
    assert (await send(**body))["error_info"]["id"] == error_id


async def test_another_teams_batch_is_unknown(send, status, outsider):
    answer = await send(urls={"a": SRC})
    for batch_id, by in ((answer["batch_id"], {"by": outsider}), (999_999, {}), ("made_up", {})):
        refused = await status(batch_id, **by)
        assert refused["error_info"]["id"] == "batch_unknown_id"
        assert refused["error_info"]["batch_id"] == str(batch_id)


async def test_an_image_batch_is_no_job_of_the_files_api(http, owner, send):
    await send(urls={"a": SRC})
    assert (await http.get("/files/v1/jobs", headers=owner.headers)).json()["jobs"] == []


async def test_the_callback_hears_once_when_all_is_done(send, status):
    answer = await send(urls={"a": SRC, "b": SRC}, callback=HOOK)
    assert answer["mine"] == 1
    noted = await Callback.objects.aget()
    assert "secret" not in noted.headers
    assert json.loads(sealing.unseal(noted.headers)) == {"K": "secret"}
    documents = [document async for document in Document.objects.order_by("pk")]
    await sync_to_async(work)(documents[0])
    assert not await Delivery.objects.aexists()
    await sync_to_async(work)(documents[1])
    delivery = await Delivery.objects.aget()
    told = json.loads(delivery.body)
    assert (told["keys"], told["body"], told["reply"]) == (["a", "b"], {"job": 7}, {"mine": 1})
    assert set(told["results"]) == {"a", "b"}
    assert delivery.url == HOOK["post"]
    assert "headers" not in (await status(answer["batch_id"]))["callback"]


async def test_the_callback_of_an_image_gets_its_result(http, owner):
    body = {"src": SRC, "callback": HOOK}
    now = (await http.post("/v3/text", headers=owner.headers, json=body)).json()
    assert now["mine"] == 1
    assert now["text"]
    delivery = await Delivery.objects.aget()
    result = {name: value for name, value in now.items() if name != "mine"}
    assert json.loads(delivery.body) == {"reply": {"mine": 1}, "body": {"job": 7}, "result": result}
    listed = (await http.get("/v3/ocr-results", headers=owner.headers)).json()["ocr_results"]
    assert "secret" not in json.dumps(listed)


async def test_the_callback_of_an_async_image_is_told_by_the_worker(http, owner):
    body = {"src": SRC, "callback": HOOK, "async": True}
    answer = (await http.post("/v3/text", headers=owner.headers, json=body)).json()
    assert set(answer) == {"mine", "request_id"}
    assert not await Delivery.objects.aexists()
    await work_on_all()
    delivery = await Delivery.objects.aget()
    assert json.loads(delivery.body)["result"]["request_id"] == answer["request_id"]
    assert not await Callback.objects.aexists()


async def test_a_private_batch_is_held_in_memory_only(http, owner, send, status):
    answer = await send(urls={"a": SRC}, metadata={"improve_mathpix": False})
    await sync_to_async(private_images.wait)(30)
    done = await status(answer["batch_id"])
    assert done["results"]["a"]["latex"] == "x ^ { 2 } + y ^ { 2 } = 9"
    assert not await Document.objects.aexists()
    assert await UsageEvent.objects.acount() == 1


async def test_a_private_async_image_is_read_and_counted_but_kept_nowhere(http, owner):
    body = {"src": SRC, "async": True, "metadata": {"improve_mathpix": False}}
    answer = (await http.post("/v3/text", headers=owner.headers, json=body)).json()
    assert set(answer) == {"request_id"}
    await sync_to_async(private_images.wait)(30)
    assert (await UsageEvent.objects.aget()).usage_type == "image-async"
    assert not await Document.objects.aexists()
