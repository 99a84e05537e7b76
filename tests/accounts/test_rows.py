"""Rows read and written past Django's queries are those that Django reads and writes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from mathpixweb.accounts import keys, rows
from mathpixweb.accounts.models import ApiKey, Team
from mathpixweb.documents.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team.objects.create(name="Ünï ✓", keeps_nothing=True, budget="12.50")


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_as_django_reads_it(team):
    key, _ = keys.issue(team, "a key", scopes=["read"])
    assert values(rows.one(Team, "id", team.pk)) == values(Team.objects.get())
    assert values(rows.one(ApiKey, "key_hash", key.key_hash)) == values(ApiKey.objects.get())
    assert rows.one(ApiKey, "key_hash", "unknown") is None


def test_a_row_is_stored_as_django_stores_it(team):
    document = Document(team=team, kind="pdf", endpoint="v3/pdf", name="✓", options={"a": [1, None, "ü"]})
    rows.add(document)
    assert values(Document.objects.get()) == values(document)
    document.name = "another"
    document.save()
    assert [stored.name for stored in Document.objects.all()] == ["another"]


def test_the_database_s_rules_hold_for_what_is_added(team):
    first, second = (Document(team=team, kind="pdf", idempotency_key="once") for _ in range(2))
    rows.add(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.add(second)
    assert second.pk is None


def test_rows_are_tallied_by_another_column(team):
    for status in ("completed", "error", "completed"):
        Document.objects.create(team=team, kind="pdf", status=status)
    assert rows.tally(Document, "team_id", team.pk, "status") == {"completed": 2, "error": 1}
