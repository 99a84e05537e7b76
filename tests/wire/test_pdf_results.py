from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from mathpixweb.accounts import keys
from mathpixweb.documents.models import Document

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def results(http, owner):
    async def ask(**query):
        response = await http.get("/v3/pdf-results", params=query, headers=owner.headers)
        assert response.status_code == 200
        return response.json()

    return ask


async def names(results, **query) -> list[str]:
    return [row["input_file"] for row in (await results(**query))["pdfs"]]


async def some(received, count: int) -> list[Document]:
    """Documents `0`, `1` … sent one hour after the other."""
    return [
        await sync_to_async(received)(name=str(number), created_at=NOON + timedelta(hours=number))
        for number in range(count)
    ]


async def test_a_result_says_what_the_contract_says(results, converted):
    document = await sync_to_async(converted)(options={"rm_spaces": True}, created_at=NOON)
    row = (await results())["pdfs"][0]
    assert row.pop("modified_at").endswith("Z")
    assert row == {
        "id": document.public_id,
        "input_file": "notes.pdf",
        "status": "completed",
        "created_at": "2026-05-01T12:00:00.000Z",
        "num_pages": 3,
        "num_pages_completed": 3,
        "request_args": {"rm_spaces": True},
    }


async def test_a_fetched_document_is_named_by_its_address(results, received):
    await sync_to_async(received)(source_url="https://example.org/a.pdf")
    assert await names(results) == ["https://example.org/a.pdf"]


async def test_the_newest_come_first_in_pages(results, received):
    await some(received, 5)
    assert await names(results) == ["4", "3", "2", "1", "0"]
    assert await names(results, per_page=2) == ["4", "3"]
    assert await names(results, per_page=2, page=3) == ["0"]
    assert await names(results, page=1000) == []


async def test_dates_include_the_first_and_exclude_the_last(results, received):
    await some(received, 4)
    assert await names(results, from_date="2026-05-01T13:00:00Z", to_date="2026-05-01T15:00:00.000Z") == [
        "2",
        "1",
    ]
    assert await names(results, from_date="2026-05-02") == []


async def test_one_document_can_be_asked_for(results, received):
    documents = await some(received, 3)
    assert await names(results, pdf_id=documents[1].public_id) == ["1"]
    assert await names(results, pdf_id="nothing") == []


async def test_the_documents_of_one_key_can_be_asked_for(results, owner, received):
    other, _ = await sync_to_async(keys.issue)(owner.team, "second key")
    await sync_to_async(received)(name="mine")
    await sync_to_async(received)(name="theirs", api_key=other)
    await sync_to_async(received)(name="from the browser", api_key=None)
    assert await names(results, app_id=other.app_id) == ["theirs"]
    assert len(await names(results)) == 3


async def test_what_was_sent_in_private_is_not_listed(results, http, owner):
    for metadata in ({"improve_mathpix": "false"}, {"improve_mathpix": True}, {"other": 1}, {}, None):
        body = {"url": f"https://example.org/{len(str(metadata))}.pdf", "metadata": metadata}
        assert "pdf_id" in (await http.post("/v3/pdf", headers=owner.headers, json=body)).json()
    rows = (await results())["pdfs"]
    said = [row["request_args"].get("metadata") for row in reversed(rows)]
    assert said == [{"improve_mathpix": True}, {"other": 1}, {}, None]
    private = await Document.objects.filter(private=True).aget()
    assert not await Document.objects.shown().filter(pk=private.pk).aexists(), "nor in the browser"


async def test_a_deleted_document_keeps_its_row(results, http, owner, converted):
    document = await sync_to_async(converted)()
    await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    row = (await results())["pdfs"][0]
    assert (row["id"], row["num_pages"], row["num_pages_completed"]) == (document.public_id, 3, 3)


@pytest.mark.parametrize(
    ("query", "error_id"),
    [
        ({"page": "x"}, "opts_number_required"),
        ({"page": "0"}, "opts_value_out_of_range"),
        ({"page": "1001"}, "opts_value_out_of_range"),
        ({"per_page": "101"}, "opts_value_out_of_range"),
        ({"from_date": "yesterday"}, "opts_value_out_of_range"),
    ],
)
async def test_senseless_queries_are_refused(results, query, error_id):
    error = (await results(**query))["error_info"]
    assert (error["id"], {error["name"]: error["value"]}) == (error_id, query)


def test_a_long_list_takes_few_queries(owner, received, django_assert_max_num_queries):
    for _ in range(12):
        received()
    with django_assert_max_num_queries(4):
        answer = Client().get("/v3/pdf-results", headers={"app-key": owner.headers["app_key"]})
    assert len(answer.json()["pdfs"]) == 12
