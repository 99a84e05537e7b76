"""What is asked every few seconds, or while somebody waits, reads no large table from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from mathpixweb.documents.intake import duplicates
from mathpixweb.documents.library import folders
from mathpixweb.documents.models import Document
from mathpixweb.documents.work import sweeping

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what the tables hold"),
]

LARGE = re.compile(r"\b(SCAN|SEARCH) (documents_document|documents_page)\b(?: .*INDEX (\w+))?")
# of few rows: what waits, is held, lies in the trash, or is kept from the library
SMALL = {"documents_unfinished", "documents_in_the_trash", "documents_private", "pages_held"}


def plans(of: Callable[[], object]) -> list[tuple[str, str, str, str]]:
    """How SQLite goes through a large table, which, by which index, and for what."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        of()
    found = []
    with connection.cursor() as cursor:
        for sql, params in asked:
            if sql.startswith(("SELECT", "UPDATE", "DELETE")):
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                steps = "\n".join(step for *_, step in cursor.fetchall())
                found += [(*step, sql) for step in LARGE.findall(steps)]
    return found


def test_a_round_of_the_sweep_scans_only_what_is_small():
    went = plans(sweeping.sweep)
    assert {index for _, _, index, _ in went} >= SMALL
    scanned = [step for step in went if step[0] == "SCAN" and step[2] not in SMALL]
    # whether the index of search is there is seen in the first and the last page
    assert [step for step in scanned if "search_text" not in step[3]] == []


def test_whether_a_file_was_here_before_is_found_by_its_hash(team):
    went = plans(lambda: duplicates.find(team, SimpleUploadedFile("a.pdf", b"%PDF-1.4"), {}))
    assert [step[:3] for step in went] == [("SEARCH", "documents_document", "documents_by_source")]


def test_a_folder_is_listed_from_its_own_index(team):
    folder = folders.make(team, "Letters")
    went = plans(lambda: list(folders.inside(Document.objects.of_team(team).shown(), folder, deep=False)))
    assert [step[:3] for step in went] == [("SEARCH", "documents_document", "documents_of_a_folder")]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (lambda of: of.filter(user=1), "documents_of_a_person"),
        (lambda of: of.alive().filter(team=1, idempotency_key="key"), "a_document_an_idempotency_key"),
        (lambda of: of.filter(trashed_at__isnull=False), "documents_in_the_trash"),
    ],
)
def test_an_index_with_a_condition_is_used_where_the_condition_holds(asked, index):
    assert [step[2] for step in plans(lambda: list(asked(Document.objects)))] == [index]
