"""Owners and admins hear once a month when the month has taken most of the budget, and all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from mathpixweb.accounts import budgets
from mathpixweb.accounts.models import Role, Team, UsageEvent
from mathpixweb.documents.telling import budget_notices
from mathpixweb.documents.work import queues
from tests.web.conftest import person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    """A time that tests set, a server for mail, and messages that workers get at once."""
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.org", "pages@example.org"
    times = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: times[0])
    monkeypatch.setattr(queues, "warn_of_budget", budget_notices.tell)
    return times


@pytest.fixture
def use(team, clock):
    """Reads so many dollars' worth of pages, and lets the sweep look a while later."""

    def spend(dollars):
        count = int(Decimal(dollars) / Decimal("0.005"))
        UsageEvent.objects.create(team=team, usage_type="pdf-page", count=count, created_at=clock[0])
        clock[0] += timedelta(minutes=2)
        budget_notices.sweep()

    return spend


def told():
    """How far the budget was used in the mails that were sent, and to how many people each time."""
    return [(sent.subject.split("used ")[1], *sent.to) for sent in mail.outbox]


def test_owners_and_admins_hear_of_80_and_of_100_percent_once_each(team, owner, viewer, use):
    admin = person("admin@example.org", team, Role.ADMIN)
    person("member@example.org", team, Role.MEMBER)
    budgets.change(team, Decimal(100))
    for dollars in (79, 1, 19, 1, 500):
        use(dollars)
    by_percent = [(f"{n}% of its budget", who.email) for n in (80, 100) for who in (owner, admin)]
    assert told() == by_percent
    assert "budget of $100.00" in mail.outbox[0].body
    assert "/usage?period=month" in mail.outbox[0].body


def test_whoever_passes_all_at_once_is_told_of_that_alone(team, owner, use):
    budgets.change(team, Decimal(10))
    use(25)
    assert told() == [("100% of its budget", owner.email)]


def test_the_next_month_begins_anew(team, owner, use, clock):
    budgets.change(team, Decimal(10))
    use(9)
    clock[0] += timedelta(days=20)
    team.refresh_from_db()
    assert team.budget_alert == 0
    use(8)
    assert len(told()) == 2


def test_another_budget_is_held_against_the_month_at_once_and_the_same_one_is_no_news(
    browser_of, owner, team, use
):
    browser = browser_of(owner)
    use(9)
    browser.post("/usage/budget", {"budget": "10"})
    browser.post("/usage/budget", {"budget": "10.00"})
    browser.post("/usage/budget", {"budget": "20"})
    assert told() == [("80% of its budget", owner.email)]
    assert Team.objects.get(pk=team.pk).budget_alert == 0
    browser.post("/usage/budget", {"budget": "9"})
    assert told()[1:] == [("100% of its budget", owner.email)]
    browser.post("/usage/budget", {"budget": ""})
    assert Team.objects.get(pk=team.pk).budget_alert == 0


def test_a_team_is_looked_at_once_a_minute_however_often_the_sweep_comes(
    team, use, clock, django_assert_num_queries
):
    budgets.change(team, Decimal(10))
    use(1)
    with django_assert_num_queries(1):
        budget_notices.sweep()
    clock[0] += timedelta(seconds=61)
    assert [due.pk for due in budgets.due()] == [team.pk]
    assert list(budgets.due()) == []


def test_of_two_that_look_at_once_one_tells(team, monkeypatch):
    budgets.change(team, Decimal(10))
    UsageEvent.objects.create(team=team, usage_type="pdf-page", count=1700, created_at=NOW)
    summed_up, found = budgets.spent, []

    def while_another_looks(team):
        monkeypatch.setattr(budgets, "spent", summed_up)
        found.append(budgets.look(Team.objects.get(pk=team.pk)))
        return summed_up(team)

    monkeypatch.setattr(budgets, "spent", while_another_looks)
    assert [budgets.look(team), *found] == [0, 80]


def test_each_reads_it_in_their_own_language(team, owner, use):
    type(owner).objects.update(language="de")
    budgets.change(team, Decimal(10))
    use(8)
    assert mail.outbox[0].subject == "„Analysis“ hat 80 % seines Budgets verbraucht"


@pytest.mark.parametrize(("dollars", "mark", "words"), [
    (7, "", ""), (8, "80%+", "at least 80% of the budget"), (10, "100%+", "used up the budget of $10.00"),
])  # fmt: skip
def test_the_browser_shows_it_to_those_who_see_the_usage(
    browser_of, owner, viewer, team, use, dollars, mark, words
):
    budgets.change(team, Decimal(10))
    use(dollars)
    anywhere, usage = browser_of(owner).get("/trash").text, browser_of(owner).get("/usage").text
    assert ("%+</span>" in anywhere, 'class="budget-alert' in usage) == (bool(mark), bool(mark))
    assert mark in anywhere
    assert words in usage
    assert "%+</span>" not in browser_of(viewer).get("/trash").text


def test_without_a_mail_server_only_the_browser_tells(team, owner, use, settings):
    settings.EMAIL_HOST = ""
    budgets.change(team, Decimal(10))
    use(9)
    assert mail.outbox == []
    assert Team.objects.get(pk=team.pk).budget_alert == 80
