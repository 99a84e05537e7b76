"""`/v3/converter`: a text becomes a document whose formats are made like those of a PDF."""

from __future__ import annotations

import io
import json
import time
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents import storage
from mathpixweb.documents.ids import new_public_id
from mathpixweb.documents.models import Document, Page, Rendition
from mathpixweb.documents.output import renditions, results
from mathpixweb.documents.work import conversion
from tests.wire.routes import routes

MMD = "# On small numbers\n\nEvery number is small: \\( x^{2} \\) é √.\n"
FIGURE = "/cropped/%s-01.jpg?height=10&width=20&top_left_y=30&top_left_x=40"
METHODS = ("GET", "HEAD", "POST", "DELETE")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def post(http, owner):
    async def send(mmd: Any = MMD, formats: Any = None, **more: Any) -> dict[str, Any]:
        body = {"mmd": mmd, "formats": {"md": True} if formats is None else formats, **more}
        response = await http.post("/v3/converter", headers=owner.headers, json=body)
        assert response.status_code == 200
        return response.json()

    return send


@pytest.fixture
def get(http, owner):
    async def ask(address: str):
        return await http.get(f"/v3/converter{address}", headers=owner.headers)

    return ask


async def made(public_id: str) -> None:
    """What workers do with the queue."""
    async for rendition in Rendition.objects.filter(document__public_id=public_id):
        await sync_to_async(renditions.make)(rendition.pk)


async def test_a_text_is_a_document_of_one_page_complete_at_once(post, owner):
    answer = await post()
    assert answer.keys() == {"conversion_id"}
    document = await Document.objects.aget(public_id=answer["conversion_id"])
    assert (document.kind, document.status, document.num_pages) == ("converter", "completed", 1)
    assert (document.team_id, document.api_key_id) == (owner.team.pk, owner.key.pk)
    assert document.name == "On small numbers.mmd"
    assert document.completed_at is not None
    page = await document.pages.aget()
    assert (page.mmd, page.status) == (MMD, "completed")


async def test_formats_are_processing_and_then_completed(post, get):
    answer = await post(formats={"md": True, "html": True, "docx": False})
    address = f"/{answer['conversion_id']}"
    processing = {"status": "processing"}
    assert (await get(address)).json() == {
        "status": "completed",
        "conversion_status": {"md": processing, "html": processing},
    }
    await made(answer["conversion_id"])
    states = (await get(address)).json()["conversion_status"]
    assert states == {"md": {"status": "completed"}, "html": {"status": "completed"}}
    response = await get(f"{address}.md")
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "$x^{2}$ é √" in response.text


async def test_a_format_that_cannot_be_made_fails_alone(post, get):
    answer = await post(formats={"md": True, "xlsx": True})
    await made(answer["conversion_id"])
    states = (await get(f"/{answer['conversion_id']}")).json()["conversion_status"]
    assert states["md"] == {"status": "completed"}
    assert states["xlsx"]["status"] == "error"
    assert states["xlsx"]["error_info"].keys() == {"id", "error", "message"}


async def test_a_format_is_not_waited_for_right_after_the_post(post, get):
    answer = await post(formats={"docx": True})
    started = time.monotonic()
    response = await get(f"/{answer['conversion_id']}.docx")
    assert (response.status_code, response.headers["retry-after"]) == (404, "2")
    assert response.json()["error_info"]["id"] == "format_not_ready"
    assert time.monotonic() - started < 2


async def test_the_text_itself_can_be_fetched_at_once(post, get):
    answer = await post(formats={"mmd": True})
    assert (await get(f"/{answer['conversion_id']}.mmd")).text == MMD
    status = await get(f"/{answer['conversion_id']}")
    assert status.json() == {"status": "completed", "conversion_status": {"mmd": {"status": "completed"}}}


async def test_a_text_has_no_lines(post, get):
    answer = await post()
    for extension in ("lines.json", "lines.mmd.json", "pptx"):
        response = await get(f"/{answer['conversion_id']}.{extension}")
        assert response.status_code == 404
        assert response.json()["error_info"]["id"] == "format_not_requested"


async def test_options_of_a_format_are_taken_as_text_too(post, get):
    options = {"md": {"math_inline_delimiters": ["\\(", "\\)"]}, "docx": {"fontSize": "28"}}
    answer = await post(conversion_options=options)
    await made(answer["conversion_id"])
    assert "\\(x^{2}\\)" in (await get(f"/{answer['conversion_id']}.md")).text
    document = await Document.objects.aget(public_id=answer["conversion_id"])
    assert document.options["conversion_options"]["docx"] == {"fontSize": 28}


@pytest.mark.parametrize("mmd", [None, "", " \n", 7, ["text"]])
async def test_without_a_text_there_is_nothing_to_convert(post, mmd):
    error = (await post(mmd=mmd))["error_info"]
    assert (error["id"], error["name"]) == ("opts_value_out_of_range", "mmd")
    assert not await Document.objects.aexists()


@pytest.mark.parametrize("formats", [{}, {"docx": False}, [], "docx"])
async def test_at_least_one_format_is_needed(post, formats):
    error = (await post(formats=formats))["error_info"]
    assert (error["id"], error["name"]) == ("opts_value_out_of_range", "formats")
    assert not await Document.objects.aexists()


async def test_an_empty_body_names_what_is_missing_first(http, owner):
    response = await http.post("/v3/converter", headers=owner.headers)
    assert response.json()["error_info"]["name"] == "mmd"


async def test_unknown_formats_are_named(post):
    error = (await post(formats={"docx": True, "odt": True}))["error_info"]
    assert (error["id"], error["formats"]) == ("opts_unknown_format", ["odt"])


async def test_options_out_of_range_are_named(post):
    error = (await post(conversion_options={"docx": {"fontSize": "big"}}))["error_info"]
    assert (error["id"], error["name"]) == ("opts_number_required", "conversion_options.docx.fontSize")


async def test_a_format_must_be_named(http, owner):
    for body in ({"mmd": "x"}, {"mmd": "x", "formats": {"docx": False}}):
        error = (await http.post("/v3/converter", headers=owner.headers, json=body)).json()["error_info"]
        assert (error["id"], error["name"]) == ("opts_value_out_of_range", "formats")


async def test_ten_megabytes_are_taken_and_not_more(http, owner):
    body = json.dumps({"mmd": "x", "formats": {"md": True}}).encode()
    padded = body + b" " * (10 * 1024 * 1024 - len(body))
    said = [
        (await http.post("/v3/converter", headers=owner.headers, content=content)).json()
        for content in (padded, padded + b" ")
    ]
    assert "conversion_id" in said[0]
    error = said[1]["error_info"]
    assert (error["id"], error["limit_value"]) == ("sys_request_too_large", 10 * 1024 * 1024)


async def test_a_conversion_is_counted_once_and_never_as_pages(post, owner):
    answer = await post(formats={"md": True, "html": True})
    await made(answer["conversion_id"])
    event = await UsageEvent.objects.aget()
    assert (event.usage_type, event.count) == ("converter", 1)
    assert (event.team_id, event.api_key_id) == (owner.team.pk, owner.key.pk)


async def test_a_deleted_conversion_is_gone(http, owner, post, get):
    public_id = (await post(formats={"md": True}))["conversion_id"]
    await made(public_id)
    deleted = (await http.delete(f"/v3/converter/{public_id}", headers=owner.headers)).json()
    assert deleted.pop("deleted_at").endswith("Z")
    assert deleted == {
        "conversion_id": public_id,
        "status": "completed",
        "conversion_status": {"md": {"status": "completed"}},
    }
    for extension in ("md", "mmd"):
        assert (await get(f"/{public_id}.{extension}")).status_code == 404
    assert (await get(f"/{public_id}")).json()["error_info"]["id"] == "cnv_unknown_id"
    again = await http.delete(f"/v3/converter/{public_id}", headers=owner.headers)
    assert (again.status_code, again.json()["error_info"]["id"]) == (404, "cnv_unknown_id")
    document = await Document.objects.aget(public_id=public_id)
    assert not await sync_to_async(storage.folder(document).exists)()
    assert await UsageEvent.objects.acount() == 1


async def test_a_pdf_is_not_deleted_at_the_converters_address(http, owner, converted):
    document = await sync_to_async(converted)(options={"conversion_formats": {"md": True}})
    response = await http.delete(f"/v3/converter/{document.public_id}", headers=owner.headers)
    assert (response.status_code, response.json()["error_info"]["id"]) == (404, "cnv_unknown_id")
    assert await Document.objects.alive().filter(pk=document.pk).aexists()


async def test_the_addresses_of_pdfs_do_not_know_conversions(http, owner, post):
    public_id = (await post())["conversion_id"]
    status = await http.get(f"/v3/pdf/{public_id}", headers=owner.headers)
    assert status.json()["error_info"]["id"] == "pdf_unknown_id"
    for method, rest in (("GET", ".mmd"), ("GET", "/stream"), ("DELETE", "")):
        response = await http.request(method, f"/v3/pdf/{public_id}{rest}", headers=owner.headers)
        assert (response.status_code, response.json()["error_info"]["id"]) == (404, "pdf_unknown_id")


async def test_a_text_cannot_be_read_again(post):
    public_id = (await post())["conversion_id"]
    page = await Page.objects.select_related("document").aget(document__public_id=public_id)
    assert not await sync_to_async(conversion.retry_page)(page)
    assert not await sync_to_async(conversion.retry)(page.document)
    await page.arefresh_from_db()
    assert (page.status, page.mmd) == ("completed", MMD)


@pytest.mark.parametrize("state", ["completed", "deleted"])
async def test_a_foreign_conversion_is_answered_like_an_unknown_one(http, owner, outsider, post, state):
    public_id = (await post())["conversion_id"]
    await made(public_id)
    if state == "deleted":
        await http.delete(f"/v3/converter/{public_id}", headers=owner.headers)

    async def everything_said(conversion_id: str) -> list[Any]:
        said = []
        for route in routes():
            if "conversion_id" in route.arguments:
                for address in route.addresses({"conversion_id": conversion_id}):
                    for method in METHODS:
                        response = await http.request(method, address, headers=outsider.headers)
                        said.append((method, response.status_code, response.headers, response.content))
        return said

    assert await everything_said(public_id) == await everything_said(new_public_id())
    assert await Document.objects.aexists()


async def test_a_text_does_not_open_the_figures_it_names(http, outsider, owner, converted, get):
    """Else whoever knows the id of a foreign document could have its figures signed."""
    document = await sync_to_async(converted)()
    figure = FIGURE % document.public_id
    body = {"mmd": f"![]({figure})", "formats": {"html": True}}
    for by in (outsider, owner):
        answer = (await http.post("/v3/converter", headers=by.headers, json=body)).json()
        await made(answer["conversion_id"])
        for extension in ("mmd", "html"):
            address = f"/v3/converter/{answer['conversion_id']}.{extension}"
            response = await http.get(address, headers=by.headers)
            assert response.status_code == 200
            assert "sig=" not in response.text


async def test_signed_figures_of_the_team_come_along(http, owner, outsider, converted):
    document = await sync_to_async(converted)()
    signed = results.absolute(f"![]({FIGURE % document.public_id})", document, "http://testserver")
    kept = {}
    for by in (owner, outsider):
        body = {"mmd": signed, "formats": {"md.zip": True}}
        answer = (await http.post("/v3/converter", headers=by.headers, json=body)).json()
        await made(answer["conversion_id"])
        archive = await http.get(f"/v3/converter/{answer['conversion_id']}.md.zip", headers=by.headers)
        names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
        kept[by.team.name] = [name for name in names if name.endswith(".jpg")]
        mmd = await http.get(f"/v3/converter/{answer['conversion_id']}.mmd", headers=by.headers)
        assert mmd.text == signed
    assert len(kept["Analysis"]) == 1
    assert kept["Topology"] == []


@pytest.fixture
def listed(http, owner):
    async def ask(**query: Any) -> list[dict[str, Any]]:
        response = await http.get("/v3/converter-results", params=query, headers=owner.headers)
        assert response.status_code == 200
        return response.json()["documents"]

    return ask


async def test_a_result_says_what_was_asked(post, listed, converted):
    await sync_to_async(converted)()
    answer = await post(formats={"docx": True}, conversion_options={"docx": {"fontSize": "28"}}, tag="x")
    (row,) = await listed()
    assert row.pop("created_at").endswith("Z")
    assert row.pop("modified_at").endswith("Z")
    assert row == {
        "id": answer["conversion_id"],
        "input_file": "On small numbers.mmd",
        "status": "completed",
        "request_args": {
            "formats": {"docx": True},
            "conversion_options": {"docx": {"fontSize": 28}},
            "tag": "x",
        },
    }


async def test_pdf_results_do_not_list_conversions(http, owner, post):
    await post()
    assert (await http.get("/v3/pdf-results", headers=owner.headers)).json() == {"pdfs": []}


async def test_results_come_in_pages_and_by_date(post, listed, outsider, http):
    ids = []
    for hour in range(3):
        ids.append((await post())["conversion_id"])
        created = NOON + timedelta(hours=hour)
        await Document.objects.filter(public_id=ids[-1]).aupdate(created_at=created)
    assert [row["id"] for row in await listed()] == ids[::-1]
    assert [row["id"] for row in await listed(per_page=1, page=3)] == [ids[0]]
    between = {"from_date": "2026-05-01T13:00:00Z", "to_date": "2026-05-01T14:00:00.000Z"}
    assert [row["id"] for row in await listed(**between)] == [ids[1]]
    assert await listed(app_id="another") == []
    foreign = await http.get("/v3/converter-results", headers=outsider.headers)
    assert foreign.json() == {"documents": []}


async def test_what_was_sent_in_private_is_not_listed(post, listed):
    await post(metadata={"improve_mathpix": "False"})
    assert await listed() == []
