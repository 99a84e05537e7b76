"""Limits of requests a minute and pages a month: for keys and teams, before any work."""

from __future__ import annotations

import multiprocessing
import socket
from pathlib import Path

import pytest
import redis
from asgiref.sync import sync_to_async
from django.utils import timezone

from mathpixweb.accounts import months, quotas, rates, usage
from mathpixweb.accounts.models import ApiKey, Team, UsageEvent
from mathpixweb.documents.models import Document
from mathpixweb.documents.work import surveying
from tests.services import REDIS, start_redis
from tests.turns import work

MMD = {"mmd": "x", "formats": {"md": True}}


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path, monkeypatch):
    """Counters of this test's own, all in one minute, and sums of pages that are not remembered."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(rates.time, "time", lambda: 6_000_000.0)
    quotas._pages.cache_clear()


@pytest.fixture
def convert(http, owner):
    async def post(by=owner, address="/v3/converter", **body):
        return await http.post(address, headers=by.headers, json=body or MMD)

    return post


async def test_requests_beyond_the_limit_are_answered_429_and_make_nothing(convert, settings, http, owner):
    settings.KEY_REQUESTS_PER_MINUTE = 2
    assert [(await convert()).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert await Document.objects.acount() == 2
    answer = await convert()
    info = answer.json()["error_info"]
    assert answer.json()["error"] == "Too many requests"
    assert info["id"] == "http_max_requests"
    expected = {"limit_name": "requests_per_minute", "limit_value": 2, "count": 5}
    assert expected.items() <= info.items()
    assert expected.items() <= info["detail"].items()
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    results = await http.get("/v3/converter-results", headers=owner.headers)
    assert results.status_code == 200, "asking for results is free"


async def test_the_files_api_says_it_in_its_own_way(convert, settings):
    settings.KEY_REQUESTS_PER_MINUTE = 1
    await convert()
    answer = await convert(address="/files/v1/uri", source_uri="https://example.org/a.pdf")
    assert (answer.status_code, answer.json()["error"]) == (429, "http_max_requests")
    assert int(answer.headers["retry-after"]) >= 1


async def test_a_key_s_own_limit_goes_before_the_general_one(convert, settings, owner, outsider):
    settings.KEY_REQUESTS_PER_MINUTE = 1
    await ApiKey.objects.filter(pk=owner.key.pk).aupdate(requests_per_minute=3)
    assert [(await convert()).status_code for _ in range(4)] == [200, 200, 200, 429]
    await ApiKey.objects.filter(pk=owner.key.pk).aupdate(requests_per_minute=0)
    assert (await convert()).status_code == 200
    assert [(await convert(by=outsider)).status_code for _ in range(2)] == [200, 429]


async def test_all_keys_of_a_team_share_its_limit(convert, owner):
    await Team.objects.filter(pk=owner.team.pk).aupdate(requests_per_minute=2)
    assert [(await convert()).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("whose", ["key", "team"])
async def test_pages_beyond_the_month_s_limit_are_not_read(convert, owner, whose):
    model, number = (ApiKey, owner.key.pk) if whose == "key" else (Team, owner.team.pk)
    await model.objects.filter(pk=number).aupdate(pages_per_month=10)
    await sync_to_async(usage.record)(owner.team, "pdf-page", {}, count=9, api_key=owner.key)
    assert (await convert()).status_code == 200
    await sync_to_async(usage.record)(owner.team, "pdf-page", {}, count=1, api_key=owner.key)
    quotas._pages.cache_clear()
    answer = await convert()
    info = answer.json()["error_info"]
    assert (answer.status_code, info["limit_name"], info["limit_value"]) == (429, "page_monthly_limit", 10)
    assert info["count"] == 10


@pytest.mark.parametrize("whose", ["key", "team"])
def test_a_document_that_would_go_beyond_the_month_is_not_begun(owner, received, scripted, whose):
    model, number = (ApiKey, owner.key.pk) if whose == "key" else (Team, owner.team.pk)
    model.objects.filter(pk=number).update(pages_per_month=10)
    usage.record(owner.team, "pdf-page", {}, count=4, api_key=owner.key)
    scripted.page_count = 3
    under_way = received()
    surveying.prepare(under_way)
    scripted.page_count = 4
    refused = work(received())
    assert (refused.status, refused.error_id, scripted.reads) == ("error", "pdf_page_limit_exceeded", [])
    detail = refused.error_detail
    assert (detail["limit_name"], detail["limit_value"], detail["count"]) == ("page_monthly_limit", 10, 11)
    assert "4 pages, and 3 are left of the 10" in detail["message"]
    fitting = work(received(options={"page_ranges": "1-3"}))
    assert (fitting.status, work(under_way).status) == ("completed", "completed")
    assert quotas._pages_since(owner.team.pk, months.began(timezone.now())) == 10


def test_pages_of_other_kinds_keys_and_months_are_not_counted(owner, outsider):
    usage.record(owner.team, "pdf-page", {}, count=5, api_key=owner.key)
    usage.record(owner.team, "pdf-page", {}, count=2)
    usage.record(owner.team, "image", {}, count=9, api_key=owner.key)
    usage.record(outsider.team, "pdf-page", {}, count=9, api_key=outsider.key)
    event = usage.record(owner.team, "pdf-page", {}, count=9, api_key=owner.key)
    UsageEvent.objects.filter(pk=event.pk).delete()
    month = months.began(timezone.now())
    for whose, counted in ({}, 7), ({"key_number": owner.key.pk}, 5):
        events = UsageEvent.objects.filter(team=owner.team, usage_type="pdf-page", created_at__gte=month)
        events = events.filter(api_key=owner.key) if whose else events
        assert quotas._pages_since(owner.team.pk, month, **whose) == counted == sum(e.count for e in events)


async def test_strangers_are_not_counted(http, settings, owner, convert):
    settings.KEY_REQUESTS_PER_MINUTE = 1
    for _ in range(3):
        refused = await http.post("/v3/converter", headers={"app_key": "wrong"}, json=MMD)
        assert refused.status_code == 401
    assert (await convert()).status_code == 200


async def test_test_deliveries_have_a_limit_of_their_own(convert):
    asked = {"callback_url": "https://10.255.255.1.invalid/"}
    codes = [(await convert(address="/files/v1/webhook-config/test", **asked)).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


async def test_a_counter_that_fails_lets_requests_in(convert, settings, tmp_path):
    settings.KEY_REQUESTS_PER_MINUTE = 1
    settings.REDIS_URL = ""
    settings.DATA_DIR = tmp_path / "nothing" / "here"
    assert [(await convert()).status_code for _ in range(2)] == [200, 200]


def test_the_minute_before_counts_for_as_long_as_it_is_not_over(settings, monkeypatch, tmp_path):
    start = 6_000_000.0  # the first second of a minute
    seen = []
    for second in (0, 59, 60, 75, 90, 119, 180):
        monkeypatch.setattr(rates.time, "time", lambda second=second: start + second)
        seen.append(rates.of_last_minute("keys", 1)[0])
    assert seen == [1, 2, 3, 2 + 1.5, 3 + 1, pytest.approx(4 + 2 / 60), 1]


@pytest.mark.skipif(REDIS is None, reason="redis-server is missing: apt-get install redis-server")
def test_redis_counts_for_all_machines_and_forgets(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = start_redis(tmp_path, port)
    try:
        address = f"redis://127.0.0.1:{port}/0"
        one, other = rates.RedisCounter(address), rates.RedisCounter(address)
        assert [one.count("keys", 3, 7), other.count("keys", 3, 7), one.count("keys", 4, 7)] == [
            (1, 0),
            (2, 0),
            (1, 0),
        ]
        assert (other.count("keys", 3, 8), one.count("keys", 3, 10)) == ((1, 2), (1, 0))
        left = redis.Redis.from_url(address)
        assert all(0 < left.ttl(name) <= 3 * rates.MINUTE for name in left.keys("mathpixweb:rate:*"))
        left.close()
    finally:
        process.terminate()
        process.wait(10)


def _count(folder: str) -> None:
    counter = rates.FileCounter(Path(folder))
    for _ in range(500):
        counter.count("keys", 3, 7)


def test_processes_count_together(tmp_path):
    spawned = multiprocessing.get_context("fork")
    processes = [spawned.Process(target=_count, args=(str(tmp_path / "rates"),)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert rates.FileCounter(tmp_path / "rates").count("keys", 3, 7) == (2001, 0)
