"""An account elsewhere, copied here: each row once, whatever interrupts it; what is gone there goes here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db.models import Sum
from django.utils import timezone

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team, UsageEvent
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, Kind, Page
from mathpixweb.documents.models.edits import PageVersion
from mathpixweb.documents.models.mirror import Mirrored, MirroredList, RemoteUsage
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.remote import fetched, mirror, relaying
from mathpixweb.documents.search import search
from mathpixweb.providers.mathpix import breaker, retrying
from tests import mathpix_server
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[MathpixServer]:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.01)
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        yield fake


@pytest.fixture
def team(db: None, remote: MathpixServer) -> Team:
    team = Team.objects.create(name="Analysis")
    key = sealing.seal(APP_KEY)
    RemoteAccount.objects.create(team=team, region="server", app_id=APP_ID, app_key=key, mirrored=True)
    return team


def when(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def pdf(number: int, minutes: float, **fields: Any) -> dict[str, Any]:
    row = {"id": f"2026_11_01_{number:020x}g", "input_file": f"paper-{number}.pdf", "status": "completed"}
    row |= {"created_at": when(minutes), "modified_at": when(minutes + 1), "request_args": {"rm_fonts": True}}
    return {**row, "num_pages": 4, "num_pages_completed": 4, **fields}


def image(number: int, minutes: float, **fields: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"timestamp": when(minutes), "duration": 0.13, "endpoint": "/v3/text"}
    row |= {"request_args": {"tags": ["algebra", "algebra"], "src": "data:…"}, "image_id": f"image-{number}"}
    row |= {"result": {"text": f"\\( x^{{{number}}} \\)", "confidence": 0.99}}
    return {**row, "detections": {"contains_table": False, "is_printed": True}, **fields}


def newest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row.get("created_at") or row["timestamp"], reverse=True)


def copied(team: Team, full: bool = False) -> None:
    """All lists are read, as a worker does; turns go on until each round has ended."""
    mirror.request(team, full=full)
    for row in MirroredList.objects.filter(team=team):
        before = row.round
        for _ in range(100):
            mirror.take_turn(row.pk)
            row.refresh_from_db()
            if row.round > before or row.error or row.name == mirror.USAGE:
                break


def the_list(team: Team, name: str = "pdf-results") -> MirroredList:
    return MirroredList.objects.get(team=team, name=name)


def test_results_become_documents_of_the_same_history(team, remote):
    remote.lists["pdf-results"] = [pdf(1, 5), pdf(2, 3, status="error", num_pages_completed=0)]
    remote.lists["ocr-results"] = [image(7, 4)]
    conversion = {"id": "c1", "input_file": "", "status": "completed", "created_at": when(1)}
    remote.lists["converter-results"] = [{**conversion, "request_args": {"formats": {"docx": True}}}]
    copied(team)
    first = Document.objects.get(name="paper-1.pdf")
    assert (first.status, first.num_pages, first.provider) == ("completed", 4, "mathpix")
    assert (first.created_at, first.options) == (START + timedelta(minutes=5), {"rm_fonts": True})
    assert Document.objects.get(name="paper-2.pdf").status == "error"
    read = Document.objects.get(kind=Kind.IMAGE)
    assert (read.pages.get().mmd, read.answer.result["text"]) == ("\\( x^{7} \\)", "\\( x^{7} \\)")
    assert [tag.name for tag in read.tags.all()] == ["algebra"] and "src" not in read.options
    assert Document.objects.filter(kind=Kind.CONVERTER).count() == 1
    assert Document.objects.count() == 4
    counts = UsageEvent.objects.values_list("usage_type").annotate(total=Sum("count"))
    assert dict(counts) == {"pdf-page": 4, "image": 1, "converter": 1}


def test_what_is_copied_is_found_by_searching(team, remote):
    remote.lists["ocr-results"] = [image(7, 4)]
    copied(team)
    page = Document.objects.get().pages.get()
    assert search.stored("", "x^{7}") in page.search_text


def test_a_second_round_changes_nothing(team, remote):
    remote.lists["pdf-results"] = newest_first([pdf(number, number) for number in range(250)])
    remote.lists["ocr-results"] = [image(1, 1)]
    copied(team)
    before = list(Document.objects.order_by("pk").values_list("pk", "modified_at", "changes"))
    remote.requests.clear()
    copied(team)
    assert list(Document.objects.order_by("pk").values_list("pk", "modified_at", "changes")) == before
    assert len(before) == 251 and UsageEvent.objects.count() == 251
    assert len(remote.asked("GET /v3/pdf-results")) == 1, "only what is new is asked for"


def test_an_interrupted_round_goes_on_where_it_stopped(team, remote):
    remote.lists["pdf-results"] = newest_first([pdf(number, number) for number in range(350)])
    remote.fail("GET /v3/pdf-results", Fault(), Fault(), *[Fault(502, b"<html>")] * 4)
    mirror.request(team)
    mirror.take_turn(the_list(team).pk)
    stopped = the_list(team)
    assert Document.objects.count() == 200 and "out of order" in stopped.error and stopped.page == 3
    assert stopped.synced_at is None
    copied(team)
    assert Document.objects.count() == 350 and the_list(team).error == ""
    assert remote.requests[-1].path != "" and the_list(team).rows == 350


def test_rows_that_come_while_the_list_is_read_are_not_missed(team, remote, monkeypatch):
    rows = newest_first([pdf(number, number) for number in range(250)])
    remote.lists["pdf-results"] = rows
    monkeypatch.setattr(mirror, "TURN_SECONDS", -1)
    mirror.request(team)
    mirror.take_turn(the_list(team).pk)
    rows[:0] = [pdf(1000, 1000), pdf(999, 999)]
    copied(team)
    copied(team)
    assert Document.objects.count() == 252


def test_a_row_that_is_not_final_is_copied_once_it_is(team, remote):
    rows = [pdf(2, 600), pdf(1, 1, status="split", num_pages_completed=1)]
    remote.lists["pdf-results"] = rows
    copied(team)
    assert [document.name for document in Document.objects.all()] == ["paper-2.pdf"]
    rows[1] = pdf(1, 1)
    copied(team)
    assert Document.objects.count() == 2


@pytest.mark.parametrize("years", [-3, 3])
def test_clocks_that_differ_by_years_miss_nothing(years, team, remote):
    shift = years * 365 * 24 * 60
    remote.lists["pdf-results"] = [pdf(1, shift)]
    copied(team)
    remote.lists["pdf-results"] = [pdf(2, shift + 1), pdf(1, shift)]
    copied(team)
    assert Document.objects.count() == 2


def test_a_row_that_comes_a_little_late_is_still_seen(team, remote):
    remote.lists["pdf-results"] = [pdf(1, 20)]
    copied(team)
    remote.lists["pdf-results"] = [pdf(1, 20), pdf(2, 15)]
    copied(team)
    assert Document.objects.count() == 2


def test_what_is_deleted_there_is_deleted_here_by_a_full_round(team, remote):
    remote.lists["pdf-results"] = [pdf(2, 2), pdf(1, 1)]
    copied(team)
    remote.lists["pdf-results"] = [pdf(2, 2)]
    copied(team)
    assert Document.objects.alive().count() == 2
    copied(team, full=True)
    assert [document.name for document in Document.objects.alive()] == ["paper-2.pdf"]
    assert UsageEvent.objects.count() == 2, "what was used stays used"


def test_what_is_deleted_here_is_not_copied_again(team, remote):
    remote.lists["pdf-results"] = [pdf(1, 1)]
    copied(team)
    mirror.retention.delete(Document.objects.get())
    copied(team, full=True)
    assert not Document.objects.alive().exists()


def test_what_was_sent_from_here_is_not_copied(team, remote):
    own = Document.objects.create(
        team=team, kind="pdf", endpoint="/v3/pdf", name="own.pdf", status="completed"
    )
    Relay.objects.create(document=own, team=team, remote_id=pdf(1, 1)["id"])
    remote.lists["pdf-results"] = [pdf(1, 1)]
    copied(team)
    assert list(Document.objects.all()) == [own] and not UsageEvent.objects.exists()


def test_two_teams_with_the_same_account_have_a_copy_each(team, remote):
    other = Team.objects.create(name="Topology")
    key = sealing.seal(APP_KEY)
    RemoteAccount.objects.create(team=other, region="server", app_key=key, mirrored=True)
    remote.lists["pdf-results"] = [pdf(1, 1)]
    copied(team)
    copied(other)
    assert Document.objects.of_team(team).count() == Document.objects.of_team(other).count() == 1


def test_more_rows_than_pages_can_tell_are_read_by_moving_the_end(team, remote, monkeypatch):
    monkeypatch.setitem(mirror.LISTINGS, "pdf-results", mirror.Listing("pdfs", "created_at", 10, 3))
    remote.lists["pdf-results"] = newest_first([pdf(number, number) for number in range(75)])
    copied(team)
    assert Document.objects.count() == 75


def test_more_rows_of_one_moment_than_pages_can_tell_end_the_round(team, remote, monkeypatch):
    monkeypatch.setitem(mirror.LISTINGS, "pdf-results", mirror.Listing("pdfs", "created_at", 10, 3))
    remote.lists["pdf-results"] = [pdf(number, 1) for number in range(75)]
    copied(team)
    assert the_list(team).round == 2 and len(remote.asked("GET /v3/pdf-results")) < 9


def test_usage_is_kept_as_the_other_server_counts_it(team, remote):
    row = {
        "from_date": when(0),
        "app_id": ["a"],
        "usage_type": "image",
        "request_args_hash": ["x"],
        "count": 7,
    }
    remote.lists["ocr-usage"] = [row]
    copied(team)
    remote.lists["ocr-usage"] = [{**row, "count": 9}]
    copied(team)
    assert [(one.day, one.usage_type, one.count) for one in RemoteUsage.objects.all()] == [
        (START.date(), "image", 9)
    ]


def test_a_refusal_is_told_and_the_next_look_waits(team, remote):
    remote.fail("GET /v3/pdf-results", Fault(429, b"{}", {"retry-after": "7200"}))
    copied(team)
    row = the_list(team)
    assert "no more requests" in row.error and row.due_at > datetime.now(UTC) + timedelta(minutes=110)


def test_pages_of_a_copied_document_are_fetched_on_demand(team, remote):
    remote.lists["pdf-results"] = [pdf(1, 1, num_pages=3, num_pages_completed=3)]
    copied(team)
    document = Document.objects.get()
    assert fetched.fetch(document) and not fetched.fetch(document)
    paper = mathpix_server.Paper(pdf(1, 1)["id"], remote.page_texts, [1, 2, 3], 3)
    remote.papers[paper.pdf_id] = paper
    async_to_sync(relaying.follow)(document.relay.pk)
    document.refresh_from_db()
    assert document.status == "completed" and not fetched.fetchable(document)
    assert [page.mmd for page in document.pages.all()] == remote.page_texts
    assert UsageEvent.objects.aggregate(total=Sum("count"))["total"] == 3, "counted once"
    assert RemoteAccount.objects.get(team=team).pages_this_month == 0, "it was read for somebody else"


@pytest.mark.parametrize(
    ("days", "age", "edited", "stay"),
    [(7, 8, False, False), (7, 6, False, True), (None, 900, False, True), (7, 8, True, True)],
)
def test_fetched_pages_are_kept_as_the_team_has_said(
    days, age, edited, stay, team, remote, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    RemoteAccount.objects.update(fetched_days=days)
    remote.lists["pdf-results"] = [pdf(1, 1), pdf(2, 1)]
    copied(team)
    document, other = Document.objects.order_by("pk")
    for each in (document, other):
        Page.objects.create(document=each, index=1, number=1, status="completed", mmd="x")
        storage.write(storage.page_image(each, 1), b"picture")
    Relay.objects.create(document=document, team=team, settled_at=timezone.now() - timedelta(days=age))
    if edited:
        PageVersion.objects.create(page=document.pages.get(), number=1, mmd="mended")
    fetched.sweep()
    assert document.pages.exists() is stay and storage.exists(storage.page_image(document, 1)) is stay
    assert fetched.fetchable(document) is not stay and Document.objects.alive().count() == 2
    assert other.pages.exists(), "nobody fetched it"


def test_a_full_round_that_is_asked_for_in_the_middle_of_another_comes_after_it(team, remote):
    remote.lists["pdf-results"] = newest_first([pdf(number, number) for number in range(150)])
    copied(team)
    MirroredList.objects.update(page=2, full=False)
    del remote.lists["pdf-results"][0]
    copied(team, full=True)
    assert Document.objects.alive().count() == 150 and the_list(team).full
    copied(team)
    assert Document.objects.alive().count() == 149


def test_garbled_rows_do_no_harm(team, remote):
    remote.lists["pdf-results"] = [
        {},
        {"id": None},
        pdf(1, 1, num_pages="4", request_args="x", created_at="?"),
    ]
    remote.lists["ocr-results"] = [{"image_id": "i", "result": None, "detections": 3, "timestamp": 5}]
    copied(team)
    assert Document.objects.count() == 2 and Mirrored.objects.count() == 2


def test_the_sweep_calls_for_due_lists_of_teams_that_want_it(team, remote, monkeypatch, settings):
    called: list[int] = []
    monkeypatch.setattr(mirror.queues, "mirror", called.append)
    mirror.sweep()
    assert len(called) == 4
    mirror.sweep()
    assert len(called) == 8, "due until it was read"
    mirror.sweep()
    assert len(called) == 8, "a message is on its way"
    settings.EGRESS = False
    MirroredList.objects.update(due_at=START)
    mirror.sweep()
    assert len(called) == 8
