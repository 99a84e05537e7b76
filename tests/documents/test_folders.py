from __future__ import annotations

import pytest

from mathpixweb.accounts.models import Team
from mathpixweb.documents.library import folders
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.library import Folder
from mathpixweb.documents.search import questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db):
    return Team.objects.create(name="Analysis")


def document(team, folder=None, name="notes.pdf"):
    return Document.objects.create(team=team, kind="pdf", endpoint="/v3/pdf", name=name, folder=folder)


def paths(team):
    return [folder.path for folder in folders.of_team(team)]


def test_a_path_makes_the_folders_it_stands_in(team):
    made = folders.make(team, " Lectures / Analysis  II /")
    assert made.path == "Lectures/Analysis II"
    assert paths(team) == ["Lectures", "Lectures/Analysis II"]
    assert folders.make(team, "Lectures/Analysis II") == made, "what is there is not made twice"


def test_folders_are_listed_as_a_tree_whatever_their_case_and_signs(team):
    for path in ("b", "A-z", "A/c", "A"):
        folders.make(team, path)
    assert paths(team) == ["A", "A/c", "A-z", "b"]


@pytest.mark.parametrize("path", ["", " / ", "/".join("abcdefgh"), "x" * 401])
def test_what_is_no_path_is_refused(team, path):
    with pytest.raises(folders.Refused):
        folders.make(team, path)
    assert not Folder.objects.exists()


def test_a_folder_moves_with_all_that_stand_in_it(team):
    folder = folders.make(team, "Drafts")
    folders.make(team, "Drafts/Old")
    folders.move(folder, "Papers/2026")
    assert paths(team) == ["Papers", "Papers/2026", "Papers/2026/Old"]


@pytest.mark.parametrize("path", ["Taken", "Drafts/Inside"])
def test_a_folder_moves_neither_onto_another_nor_into_itself(team, path):
    folder = folders.make(team, "Drafts")
    folders.make(team, "Taken")
    with pytest.raises(folders.Taken):
        folders.move(folder, path)
    assert paths(team) == ["Drafts", "Taken"]


def test_documents_of_a_folder_that_is_taken_away_lie_where_it_stood(team):
    inner = folders.make(team, "Papers/2026/Old")
    outer = Folder.objects.get(path="Papers")
    kept = document(team, inner)
    folders.remove(Folder.objects.get(path="Papers/2026"))
    kept.refresh_from_db()
    assert (kept.folder, paths(team)) == (outer, ["Papers"])
    folders.remove(outer)
    kept.refresh_from_db()
    assert kept.folder is None


def test_putting_counts_what_has_moved(team):
    folder = folders.make(team, "Papers")
    document(team, folder)
    document(team)
    everything = Document.objects.of_team(team)
    assert folders.put(everything, folder) == 1
    assert folders.put(everything, None) == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("folder:Papers", {"paper", "old"}),
        ("folder:papers/2026", {"old"}),
        ("folder:2026", {"old"}),
        ("folder:none", {"loose"}),
        ("-folder:Papers", {"loose"}),
        ("folder:Pap", set()),
    ],
)
def test_a_question_names_a_folder_and_means_those_within_it(team, asked, found):
    document(team, folders.make(team, "Papers"), "paper")
    document(team, folders.make(team, "Papers/2026"), "old")
    document(team, None, "loose")
    answer = questions.answer(Document.objects.of_team(team), questions.parse(asked))
    assert set(answer.values_list("name", flat=True)) == found
