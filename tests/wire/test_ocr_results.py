"""`/v3/ocr-results`: every filter, paging, and the pages of a PDF; async images appear there."""

from __future__ import annotations

import base64

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents.models import Document
from mathpixweb.providers.base import ProviderError
from tests.documents.scripted import image_line, image_result
from tests.turns import work

SRC = base64.b64encode(b"a picture").decode()


@pytest.fixture
def post(http, owner):
    async def send(address="/v3/text", by=owner, **body):
        response = await http.post(address, headers=by.headers, json={"src": SRC, **body})
        return response.json()

    return send


@pytest.fixture
def find(http, owner):
    async def get(by=owner, **query):
        response = await http.get("/v3/ocr-results", headers=by.headers, params=query)
        assert response.status_code == 200
        return response.json()["ocr_results"]

    return get


async def test_an_entry_is_what_the_reference_shows(post, find):
    answer = await post(tags=["a"], formats=["text"])
    (entry,) = await find()
    assert entry["result"] == answer
    assert entry["image_id"] == answer["request_id"]
    assert entry["endpoint"] == "/v3/text"
    assert entry["request_args"] == {"tags": ["a"], "formats": ["text"]}
    assert entry["duration"] >= 0
    assert entry["timestamp"].endswith("Z")
    assert entry["detections"] == {
        "contains_chemistry": False,
        "contains_diagram": False,
        "is_handwritten": False,
        "is_printed": True,
        "contains_table": False,
        "contains_triangle": False,
    }


async def test_an_async_image_is_listed_once_it_is_read(post, find):
    answer = await post(**{"async": True, "callback": None})
    assert set(answer) == {"request_id"}
    assert await find(request_id=answer["request_id"]) == []
    document = await Document.objects.select_related("batch").aget(public_id=answer["request_id"])
    await sync_to_async(work)(document)
    (entry,) = await find(request_id=answer["request_id"])
    assert entry["image_id"] == answer["request_id"]
    assert entry["result"]["text"] == "\\( x^{2}+y^{2}=9 \\)"
    assert (await UsageEvent.objects.aget()).usage_type == "image-async"


async def test_a_failed_async_image_is_an_entry_with_its_error(post, find, scripted):
    def refuse():
        raise ProviderError("image_decode_error", "Cannot decode the image data")

    scripted.before_image = refuse
    request_id = (await post(**{"async": True}))["request_id"]
    await sync_to_async(work)(await Document.objects.aget(public_id=request_id))
    assert await find() == []
    for query in ({"request_id": request_id}, {"include_null_results": "True"}):
        (entry,) = await find(**query)
        assert entry["result"]["error_info"]["id"] == "image_decode_error"
        assert entry["result"]["request_id"] == request_id


async def test_results_are_found_by_tags_text_and_what_was_seen(post, find, scripted):
    plain = (await post(tags=["a", "b"]))["request_id"]
    scripted.image = image_result(
        image_line("a table", "table"),
        image_line("\nCaffeine", "diagram", subtype="chemistry"),
        printed=False,
        handwritten=True,
    )
    other = (await post(tags=["b"]))["request_id"]

    async def ids(**query):
        return [entry["image_id"] for entry in await find(**query)]

    assert await ids() == [other, plain]
    assert await ids(tags="b") == [other, plain]
    assert await ids(tags=["a", "b"]) == [plain]
    assert await ids(text="Caffeine") == [other]
    assert await ids(latex_styled="y^{2}") == [plain]
    assert await ids(is_handwritten="True") == [other]
    assert await ids(is_printed="true", contains_table="0") == [plain]
    assert await ids(contains_table="1", contains_chemistry="1", contains_diagram="1") == [other]
    assert await ids(contains_triangle="true") == []
    assert await ids(contains_algorithm="true") == []
    assert await ids(app_id="none_of_ours") == []
    assert await ids(from_date="2020-01-01", to_date="2021-01-01") == []
    assert await ids(per_page=1) == [other]
    assert await ids(per_page=1, page=2) == [plain]


async def test_text_display_is_searched_where_it_was_asked_for(post, find):
    await post()
    shown = await post("/v3/latex", formats=["text_display"])
    found = await find(text_display="x^{2}")
    assert [entry["image_id"] for entry in found] == [shown["request_id"]]
    assert found[0]["endpoint"] == "/v3/latex"


@pytest.mark.parametrize(
    ("query", "error_id"),
    [
        ({"page": 101}, "opts_value_out_of_range"),
        ({"per_page": 1001}, "opts_value_out_of_range"),
        ({"per_page": "x"}, "opts_number_required"),
        ({"is_printed": "maybe"}, "opts_value_out_of_range"),
        ({"from_date": "yesterday"}, "opts_value_out_of_range"),
    ],
)
async def test_wrong_filters_are_refused(http, owner, query, error_id):
    response = await http.get("/v3/ocr-results", headers=owner.headers, params=query)
    assert response.json()["error_info"]["id"] == error_id


async def test_another_team_sees_nothing(post, find, outsider):
    request_id = (await post(tags=["a"]))["request_id"]
    for query in ({}, {"request_id": request_id}, {"tags": "a"}):
        assert await find(by=outsider, **query) == []


async def test_the_pages_of_a_pdf_are_listed_by_its_id(find, converted, outsider):
    document = await sync_to_async(converted)()
    entries = await find(pdf_id=document.public_id)
    assert [entry["image_id"][-3:] for entry in entries] == ["-01", "-02", "-03"]
    assert entries[0]["result"]["text"].startswith("Page 1")
    assert entries[0]["detections"]["is_printed"] is True
    assert len(await find(pdf_id=document.public_id, per_page=2, page=2)) == 1
    assert len(await find(pdf_id=document.public_id, text="Page 2")) == 1
    assert await find(pdf_id=document.public_id, is_handwritten="true") == []
    for none in ({"app_id": "another"}, {"tags": "a"}, {"text_display": "Page"}, {"latex_styled": "Page"}):
        assert await find(pdf_id=document.public_id, **none) == []
    [second] = await find(pdf_id=document.public_id, request_id=entries[1]["image_id"])
    assert second == entries[1]
    assert await find(pdf_id=document.public_id, by=outsider) == []
    assert await find() == []
