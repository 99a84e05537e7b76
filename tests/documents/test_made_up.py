"""The invented team is what the product itself would have written, only invented."""

from __future__ import annotations

import pytest
from django.db.models import Q

from mathpixweb.accounts import usage_hours
from mathpixweb.accounts.models import Team, UsageEvent, User
from mathpixweb.documents.made_up import team as made_up
from mathpixweb.documents.made_up.texts import Writer
from mathpixweb.documents.models import Document, Page, Status
from mathpixweb.documents.search import contents, search, search_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    return User.objects.create_user("owner@example.org", "a long password")


@pytest.fixture
def team(owner):
    return made_up.make(owner, made_up.Wanted(documents=40, pages=200, days=60))


def test_pages_are_searched_by_what_the_product_would_have_stored():
    writer = Writer()
    for number in range(200):
        text = writer.page(number)
        assert text.search == search.stored(text.plain, text.mmd)
        assert text.chemistry == contents.of(text.mmd, [])["chemistry"]


def test_there_are_as_many_documents_and_pages_as_wanted(team):
    documents = Document.objects.of_team(team)
    assert documents.count() == 40
    assert Page.objects.filter(document__team=team).count() == sum(
        documents.filter(status=Status.COMPLETED).values_list("num_pages", flat=True)
    )
    newest = documents.order_by("-created_at").values_list("pk", flat=True)
    assert list(newest) == sorted(newest, reverse=True), (
        "as documents come in, so that search finds the newest"
    )
    assert search_index.intact()
    assert len(search.find(documents, '"This is sheet 7 of"')) == 1
    assert not Page.objects.filter(Q(chemistry=None) | Q(handwriting=None)).exists(), "or has: finds nothing"


def test_charts_equal_the_invented_ledger(team):
    assert usage_hours.equal()
    assert UsageEvent.objects.filter(team=team).count() >= 40


def test_nobody_can_sign_in_as_an_invented_person(team):
    invented = User.objects.filter(email__endswith="@made-up.invalid")
    assert invented and not any(person.has_usable_password() for person in invented)


def test_all_of_it_can_be_taken_away(team, owner):
    assert made_up.remove()
    assert not made_up.remove()
    assert list(User.objects.all()) == [owner]
    assert not any(model.objects.exists() for model in (Team, Document, Page, UsageEvent))
