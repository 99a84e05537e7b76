"""The usage page: what it shows is what the ledger holds and what /v3/ocr-usage answers."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone, translation

from mathpixweb.accounts import keys, usage
from mathpixweb.accounts.models import Team, UsageEvent
from mathpixweb.documents.models import Document
from mathpixweb.documents.work import outcomes
from mathpixweb.web import charts, cockpit, periods
from mathpixweb.web.charts import Curve, Point, Words

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
TYPES = ("pdf-page", "image", "image-async", "converter")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def key(team):
    return keys.issue(team, "Notebook", secret="notebook")[0]


@pytest.fixture
def ledger(team, owner, key):
    """Two months of chance usage, some of it at the very edges of days."""
    chance = random.Random(5)  # noqa: S311
    for _ in range(400):
        moment = NOW - timedelta(seconds=chance.randrange(60 * 86400))
        if chance.random() < 0.2:
            moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
        by_key = chance.random() < 0.5
        UsageEvent.objects.create(
            team=team,
            usage_type=chance.choice(TYPES),
            count=chance.randrange(1, 9),
            duration=1,
            created_at=moment,
            api_key=key if by_key else None,
            user=None if by_key else owner,
        )


def told_by_api(client, **query):
    answer = client.get("/v3/ocr-usage", query, headers={"app-key": "notebook"}).json()
    return answer["ocr_usage"]


@pytest.mark.parametrize(
    "query", ["period=7", "period=30", "period=month", "period=last-month", "from=2026-02-01&to=2026-02-28"]
)
def test_the_chart_is_equal_to_the_api_to_the_unit(browser_of, owner, ledger, client, query):
    period = browser_of(owner).get(f"/usage?{query}").context["period"]
    chart = browser_of(owner).get(f"/usage?{query}").context["cockpit"].usage
    shown = {
        (when, name): int(value.replace(",", ""))
        for (when, *values) in chart.rows
        for name, value in zip(chart.series, values, strict=False)
        if value != "0"
    }
    rows = told_by_api(
        client,
        group_by="usage_type",
        timespan="day",
        from_date=f"{period.since:%Y-%m-%dT%H:%M:%SZ}",
        to_date=f"{period.until:%Y-%m-%dT%H:%M:%SZ}",
        per_page=1000,
    )
    told = {}
    for row in rows:
        day = date.fromisoformat(row["from_date"][:10])
        told[f"{day.day} {day:%b}", cockpit.type_name(row["usage_type"])] = row["count"]
    assert shown == told
    assert shown


def test_parts_make_the_whole(browser_of, owner, ledger):
    shown = browser_of(owner).get("/usage?period=90").context["cockpit"]
    whole = UsageEvent.objects.aggregate(n=Sum("count"))["n"]
    assert sum(bar.total for bar in shown.people) == whole
    assert sum(bar.total for bar in shown.keys) == whole
    assert sum(sum(counts) for _, counts in shown.heat.table) == whole


def test_a_team_sees_its_own_usage_only(browser_of, outsider, ledger):
    answer = browser_of(outsider).get("/usage?period=90")
    assert answer.context["cockpit"].usage.empty
    assert "Nothing in this period." in answer.text
    assert "Notebook" not in answer.text


def test_a_download_holds_the_same_sums(browser_of, owner, ledger, key):
    browser = browser_of(owner)
    rows = list(csv.DictReader(io.StringIO(browser.get("/usage/download.csv?period=90").text)))
    assert sum(int(row["count"]) for row in rows) == UsageEvent.objects.aggregate(n=Sum("count"))["n"]
    assert {row["app_id"] for row in rows} == {"", key.app_id}
    assert browser.get("/usage/download.json?period=90").json()["usage"] == [
        {**row, "count": int(row["count"]), "requests": int(row["requests"])} for row in rows
    ]
    pages = sum(int(row["count"]) for row in rows if row["usage_type"] == "pdf-page")
    price = sum(Decimal(row["list_price_usd"]) for row in rows if row["usage_type"] == "pdf-page")
    assert price == pages * Decimal("0.005")


def test_a_name_in_a_download_is_no_formula(browser_of, owner, team):
    owner.email = "=cmd@example.org"
    owner.save()
    usage.record(team, "image", {}, user=owner)
    UsageEvent.objects.update(created_at=NOW)
    assert ",'=cmd@example.org," in browser_of(owner).get("/usage/download.csv").text


def test_a_bar_leads_to_its_documents(browser_of, owner, team, key):
    for name, when, by in (
        ("in.pdf", NOW, key),
        ("hand.pdf", NOW, None),
        ("old.pdf", NOW - timedelta(days=3), key),
    ):
        Document.objects.create(
            team=team,
            name=name,
            kind="pdf",
            status="completed",
            completed_at=when,
            api_key=by,
            user=None if by else owner,
        )
        UsageEvent.objects.create(team=team, usage_type="pdf-page", count=4, created_at=when, api_key=by)
    browser = browser_of(owner)
    chart = browser.get("/usage?period=7").context["cockpit"].usage
    bar = next(column for column in chart.columns if column.title.startswith("Wednesday 18 March"))
    page = browser.get(bar.href)
    assert {document.name for document in page.context["page"]} == {"in.pdf", "hand.pdf"}
    assert page.context["totals"].total == 8
    of_key = browser.get("/usage").context["cockpit"].keys[0]
    assert of_key.name == "Notebook"
    assert {document.name for document in browser.get(of_key.href).context["page"]} == {"in.pdf", "old.pdf"}


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-03-18T00:00", "2026-03-19T00:00", "18 March 2026"),
        ("2026-03-01T00:00", "2026-04-01T00:00", "1 Mar 2026 – 31 Mar 2026"),
        ("2026-03-18T23:00", "2026-03-19T00:00", "18 March 2026, 23:00 – 00:00"),
        ("2026-03-18T12:00", "2026-03-19T06:00", "18 Mar 2026, 12:00 – 19 Mar 2026, 06:00"),
    ],
)
def test_the_time_behind_a_bar_is_named_as_people_do(browser_of, owner, since, until, said):
    page = browser_of(owner).get("/usage/documents", {"since": since, "until": until})
    assert f"<h1>{said}</h1>" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "since=x&until=y",
        "since=2026-01-01T00:00",
        "key=9999999999999999999",
        "person=-1",
        "page=x",
        "type=%00",
    ],
)
def test_an_address_that_makes_no_sense_is_answered_all_the_same(browser_of, owner, query):
    assert browser_of(owner).get(f"/usage/documents?{query}").status_code == 200
    assert browser_of(owner).get("/usage?from=2026-02-31&to=0000").context["period"].name == "30"


def test_the_page_works_without_a_script_and_every_chart_has_a_table(browser_of, owner, ledger):
    text = browser_of(owner).get("/usage?period=30").text
    assert len(re.findall(r'<figure class="chart"', text)) == 8
    assert text.count("<svg width=") >= 6
    assert text.count("As a table") >= 4
    assert not re.search(r"style=|onclick=", text)
    assert "<script" not in text.partition("</head>")[2]


def test_months_are_compared_with_the_month_before_and_the_budget_is_a_line(browser_of, owner, team):
    for when, pages in ((NOW - timedelta(days=1), 2000), (NOW - timedelta(days=30), 1000)):
        UsageEvent.objects.create(team=team, usage_type="pdf-page", count=pages, created_at=when)
    browser = browser_of(owner)
    browser.post("/usage/budget", {"budget": "49.50"})
    shown = browser.get("/usage?period=month").context["cockpit"]
    pages = shown.figures[0]
    assert (pages.value, pages.change) == ("2,000", 100)
    assert [line.name for line in shown.cost.lines] == ["So far", "Forecast", "Budget"]
    assert shown.cost.summary == "$10.00 at the list price. $28.57 by its end, as fast as in the last week."
    assert Team.objects.get(pk=team.pk).budget == Decimal("49.50")


def test_how_documents_ended_is_told_by_those_that_did(team):
    day = NOW.replace(hour=0, minute=0)
    for seconds in range(1, 101):
        Document.objects.create(
            team=team,
            kind="pdf",
            status="completed",
            created_at=day,
            completed_at=day + timedelta(seconds=seconds),
        )
    for error in ("pdf_encrypted", "cancelled"):
        Document.objects.create(
            team=team, kind="pdf", status="error", error_id=error, created_at=day, completed_at=day
        )
    found = outcomes.of_team(team, day, day + timedelta(days=1), len("2026-03-18"))
    told = found.by_time["2026-03-18"]
    assert told == found.whole
    assert (told.ended, told.failed) == (101, 1)
    assert told.p50 == pytest.approx(50, rel=0.01)
    assert told.p95 == pytest.approx(95, rel=0.01)


def test_a_year_is_divided_into_months_and_a_day_into_hours():
    year = periods.chosen({"from": "2025-01-01", "to": "2025-12-31"})
    assert [start.month for start in year.starts()] == list(range(1, 13))
    assert len(periods.chosen({"from": "2026-03-01", "to": "2026-03-01"}).starts()) == 24
    assert periods.chosen({"period": "month"}).before().since == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("highest", "top"), [(0.7, 0.8), (7, 8), (61, 80), (100, 100), (101, 150), (9999, 10000)]
)
def test_an_axis_ends_at_a_round_number(highest, top):
    assert charts.scale(highest, str)[0] == pytest.approx(top)


def test_columns_are_as_high_as_their_values():
    points = [Point("a", "a", [30, 20], "/"), Point("b", "b", [0, 0], "/")]
    chart = charts.columns(Words("n", "t", "s", ["x", "y"]), points, str, [Curve("c", "look", [None, 100])])
    lower, upper = chart.columns[0].segments
    assert (lower.height, upper.height) == (60, 40)
    assert upper.y + upper.height == lower.y
    assert chart.columns[1].href == "", "nothing leads nowhere"
    assert chart.lines[0].dots == [(75, 0)]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_drawings_have_their_numbers_as_svg_wants_them_in_every_language(browser_of, owner, ledger, language):
    page = browser_of(owner).get("/usage?period=30", headers={"accept-language": language}).text
    drawings = "".join(re.findall(r"<svg width=.*?</svg>", page, re.DOTALL))
    places = re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]*)"', drawings)
    assert len(places) > 500
    assert [place for place in places if not re.fullmatch(r"-?[\d.]+%?", place)] == []


@pytest.mark.parametrize("highest", [0.005, 0.02, 0.31, 7.5])
def test_no_two_lines_of_the_cost_have_one_name(highest):
    _, ticks = charts.scale(highest, cockpit.money, cockpit.CENTS)
    names = [tick.text for tick in ticks]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "since", "until", "before"),
    [
        ("month", "2026-03-01", "2026-04-01", "2026-02-01"),
        ("last-month", "2026-02-01", "2026-03-01", "2026-01-01"),
    ],
)
def test_months_are_compared_with_the_month_before(monkeypatch, name, since, until, before):
    monkeypatch.setattr(periods.timezone, "now", lambda: datetime(2026, 3, 31, 23, 30, tzinfo=UTC))
    month = periods.chosen({"period": name})
    earlier = month.before()
    assert [f"{day:%Y-%m-%d}" for day in (month.since, month.until, earlier.since)] == [since, until, before]
    assert earlier.until == month.since


@pytest.mark.parametrize(
    ("language", "money", "much", "percent"),
    [("en", "$35.23", "$12,346", "2.2%"), ("de", "$35,23", "$12.346", "2,2%")],
)
def test_figures_are_rounded_and_written_in_the_reader_s_way(language, money, much, percent):
    with translation.override(language):
        figures = (cockpit.money(Decimal("35.228")), cockpit.money(12345.6), cockpit._percent(24 / 1111))
    assert figures == (money, much, percent)
