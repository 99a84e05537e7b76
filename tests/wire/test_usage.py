"""`/v3/ocr-usage` sums up the ledger, and the ledger alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import keys, usage
from mathpixweb.accounts.models import UsageEvent

A, B = {"rm_spaces": True}, {"rm_spaces": False}
HASHES = [usage.args_hash(A), usage.args_hash(B)]


@pytest.fixture
def used(owner):
    """Writes into the ledger of the owner's team, or of another's."""

    @sync_to_async
    def write(when: str, usage_type: str = "image", options=A, count: int = 1, by=None, **fields) -> None:
        by = by or owner
        fields = {"api_key": by.key} | fields
        event = usage.record(by.team, usage_type, options, count=count, **fields)
        moment = datetime.fromisoformat(when).replace(tzinfo=UTC)
        UsageEvent.objects.filter(pk=event.pk).update(created_at=moment)

    return write


@pytest.fixture
def ask(http, owner):
    async def get(by=owner, **query):
        response = await http.get("/v3/ocr-usage", params=query, headers=by.headers)
        assert response.status_code == 200
        return response.json()

    return get


@pytest.fixture
def rows(ask):
    async def get(*fields: str, **query):
        answer = (await ask(**query))["ocr_usage"]
        return [tuple(row[field] for field in fields) for row in answer]

    return get


async def test_what_is_grouped_by_is_a_value_and_all_else_a_list(ask, used, owner):
    await used("2022-01-03", "image", A, 20)
    await used("2022-01-31 23:59:59.999", "image", A)
    await used("2022-01-05", "image-async", A, 4)
    await used("2022-01-06", "image-async", B, 3)
    january = {"from_date": "2022-01-01T00:00:00.000Z", "app_id": [owner.key.app_id]}
    assert await ask(group_by="usage_type", timespan="month") == {
        "ocr_usage": [
            january | {"usage_type": "image", "request_args_hash": [HASHES[0]], "count": 21},
            january | {"usage_type": "image-async", "request_args_hash": sorted(HASHES), "count": 7},
        ]
    }


async def test_without_any_grouping_there_is_one_row(ask, used, owner):
    await used("2022-01-03 10:00", "image", A, 2)
    await used("2022-03-04 11:00", "pdf-page", B, 5)
    row = {"app_id": [owner.key.app_id], "usage_type": ["image", "pdf-page"], "count": 7}
    row |= {"request_args_hash": sorted(HASHES)}
    assert await ask() == {"ocr_usage": [{"from_date": "2022-01-03T10:00:00.000Z", **row}]}
    since = {"from_date": "2021-12-01T00:00:00.000Z"}
    assert await ask(**since) == {"ocr_usage": [{**since, **row}]}


@pytest.mark.parametrize("query", [{}, {"timespan": "day"}, {"group_by": "app_id"}])
async def test_where_nothing_was_used_there_is_no_row(ask, query):
    assert await ask(**query) == {"ocr_usage": []}


async def test_by_all_three_every_field_is_a_value(ask, used, owner):
    await used("2022-01-03", "image", B)
    answer = await ask(group_by=["usage_type", "request_args_hash", "app_id"], timespan="year")
    assert answer["ocr_usage"] == [
        {
            "from_date": "2022-01-01T00:00:00.000Z",
            "app_id": owner.key.app_id,
            "usage_type": "image",
            "request_args_hash": HASHES[1],
            "count": 1,
        }
    ]


@pytest.mark.parametrize(
    ("timespan", "starts"),
    [
        ("hour", ["2021-12-31T23:00", "2022-01-01T00:00", "2022-03-27T01:00", "2022-03-27T02:00"]),
        ("day", ["2021-12-31T00:00", "2022-01-01T00:00", "2022-03-27T00:00"]),
        ("month", ["2021-12-01T00:00", "2022-01-01T00:00", "2022-03-01T00:00"]),
        ("year", ["2021-01-01T00:00", "2022-01-01T00:00"]),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Kiritimati"])
async def test_timespans_begin_in_utc_wherever_the_server_stands(
    rows, used, settings, timespan, starts, zone
):
    settings.TIME_ZONE = zone
    for when in ("2021-12-31 23:59:59.999", "2022-01-01", "2022-03-27 01:30", "2022-03-27 02:30"):
        await used(when)
    assert [start for (start,) in await rows("from_date", timespan=timespan)] == [
        f"{start}:00.000Z" for start in starts
    ]


async def test_dates_include_the_first_and_exclude_the_last(rows, used):
    for day in range(1, 6):
        await used(f"2022-01-0{day}", count=10**day)
    between = {"from_date": "2022-01-02T00:00:00.000Z", "to_date": "2022-01-04T00:00:00.000Z"}
    assert await rows("count", **between) == [(1_100,)]


async def test_kinds_options_and_keys_can_be_asked_for(rows, used, owner):
    second, _ = await sync_to_async(keys.issue)(owner.team, "second key")
    await used("2022-01-01", "image", A, 1)
    await used("2022-01-01", "pdf-page", B, 10)
    await used("2022-01-01", "image", A, 100, api_key=second)
    await used("2022-01-01", "pdf-page", A, 1000, api_key=None)
    assert await rows("count", usage_type="image") == [(101,)]
    assert await rows("count", request_args_hash=HASHES[1]) == [(10,)]
    assert await rows("count", app_id=second.app_id) == [(100,)]
    assert await rows("count", app_id="unknown") == []
    by_key = dict(await rows("app_id", "count", group_by="app_id"))
    assert by_key == {owner.key.app_id: 11, second.app_id: 100, "": 1000}
    assert await rows("app_id") == [(sorted([owner.key.app_id, second.app_id]),)]


async def test_rows_come_in_pages_the_oldest_first(rows, used):
    for day in range(1, 6):
        await used(f"2022-01-0{day}", count=day)
    assert await rows("count", timespan="day", per_page=2) == [(1,), (2,)]
    assert await rows("count", timespan="day", per_page=2, page=3) == [(5,)]
    assert await rows("count", timespan="day", page=100) == []


async def test_another_team_is_not_counted(ask, used, owner, outsider):
    await used("2022-01-01", count=3)
    await used("2022-01-01", count=40, by=outsider)
    for by, count in ((owner, 3), (outsider, 40)):
        (row,) = (await ask(by, group_by="app_id"))["ocr_usage"]
        assert (row["app_id"], row["count"]) == (by.key.app_id, count)
    assert await ask(outsider, app_id=owner.key.app_id) == {"ocr_usage": []}


async def test_a_deleted_document_stays_counted(rows, http, owner, converted):
    document = await sync_to_async(converted)()
    await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    assert await rows("usage_type", "count", group_by="usage_type") == [("pdf-page", 3)]


@pytest.mark.parametrize(
    ("name", "value", "error_id"),
    [
        ("group_by", "team", "opts_value_out_of_range"),
        ("group_by", "usage_type,app_id", "opts_value_out_of_range"),
        ("timespan", "week", "opts_value_out_of_range"),
        ("from_date", "yesterday", "opts_value_out_of_range"),
        ("to_date", "2022-13-01", "opts_value_out_of_range"),
        ("page", "101", "opts_value_out_of_range"),
        ("per_page", "1001", "opts_value_out_of_range"),
        ("per_page", "many", "opts_number_required"),
    ],
)
async def test_senseless_queries_are_refused(ask, name, value, error_id):
    error = (await ask(**{name: value}))["error_info"]
    assert (error["id"], error["name"], error["value"]) == (error_id, name, value)


async def test_one_senseless_group_among_others_is_refused(ask):
    error = (await ask(group_by=["usage_type", "colour"]))["error_info"]
    assert error["value"] == "colour"


def test_many_events_take_few_queries(owner, client, django_assert_max_num_queries):
    for _ in range(30):
        usage.record(owner.team, "image", A, api_key=owner.key)
    with django_assert_max_num_queries(4):
        answer = client.get("/v3/ocr-usage?timespan=hour", headers={"app-key": owner.headers["app_key"]})
    assert answer.json()["ocr_usage"][0]["count"] == 30
