"""Five callers: the owner, a member and a viewer of the team, an outsider in another team, and a dead key."""

import pytest

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import Membership, Role, Team, User
from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.search import search


@pytest.fixture
def people(owner, team):
    """Everybody by what they are to the team `team`."""
    other = Team.objects.create(name="Other")
    known = {"owner": owner}
    for name, home, role in [
        ("member", team, Role.MEMBER),
        ("viewer", team, Role.VIEWER),
        ("outsider", other, Role.OWNER),
    ]:
        known[name] = User.objects.create(email=f"{name}@example.org")
        Membership.objects.create(team=home, user=known[name], role=role)
    known["nobody"] = User.objects.create(email="nobody@example.org")
    return known


@pytest.fixture
def ours(a_document):
    document = a_document(name="ours.pdf", status="completed")
    text = "the secret theorem"
    Page.objects.create(
        document=document,
        index=1,
        number=1,
        status="completed",
        plain=text,
        mmd=text,
        search_text=search.stored(text, text),
    )
    return document


@pytest.fixture
def theirs(people):
    return Document.objects.create(team=Team.objects.get(name="Other"), kind="pdf", name="theirs.pdf")


INSIDERS = ["owner", "member", "viewer"]
STRANGERS = ["outsider", "nobody"]


@pytest.mark.parametrize("name", INSIDERS)
def test_who_is_in_the_team_sees_its_documents_and_no_others(name, people, ours, theirs):
    assert list(Document.objects.visible_to(people[name])) == [ours]


@pytest.mark.parametrize("name", STRANGERS)
def test_who_is_not_in_the_team_sees_none_of_its_documents(name, people, ours):
    documents = Document.objects.visible_to(people[name])
    assert not documents.exists()
    assert not documents.filter(public_id=ours.public_id).exists()
    assert not documents.of_team(ours.team).exists(), "naming the team opens nothing"


@pytest.mark.parametrize("question", ["secret", '"secret theorem"', "se", "s", "ours"])
def test_a_search_tells_strangers_nothing(question, people, ours):
    for name, sees in [(name, True) for name in INSIDERS] + [(name, False) for name in STRANGERS]:
        documents = Document.objects.visible_to(people[name])
        assert search.find_documents(documents, question).exists() is sees
        assert search.find(documents, question).exists() is (sees and question != "ours")


def test_somebody_in_two_teams_sees_each_document_once(people, ours, theirs):
    Membership.objects.create(team=ours.team, user=people["outsider"], role=Role.MEMBER)
    documents = Document.objects.visible_to(people["outsider"])
    assert sorted(documents.values_list("name", flat=True)) == ["ours.pdf", "theirs.pdf"]
    assert list(documents.of_team(ours.team)) == [ours]


def test_who_leaves_the_team_sees_nothing_any_more(people, ours):
    Membership.objects.filter(user=people["member"]).delete()
    assert not Document.objects.visible_to(people["member"]).exists()


def test_who_made_a_document_does_not_see_it_after_leaving(people, ours):
    assert ours.user == people["owner"]
    Membership.objects.filter(user=people["owner"]).delete()
    assert not Document.objects.visible_to(people["owner"]).exists()


def test_a_key_sees_the_documents_of_its_team(people, ours, theirs):
    _, secret = keys.issue(ours.team, "key")
    _, foreign = keys.issue(theirs.team, "key")
    assert list(Document.objects.of_team(keys.find(secret).team)) == [ours]
    assert list(Document.objects.of_team(keys.find(foreign).team)) == [theirs]


def test_a_revoked_key_leads_to_no_team(ours):
    key, secret = keys.issue(ours.team, "key")
    keys.revoke(key)
    assert keys.find(secret) is None


def test_a_deleted_document_is_no_longer_among_the_living(people, ours):
    Document.objects.alive().filter(pk=ours.pk).change(deleted_at=ours.created_at)
    assert not Document.objects.visible_to(people["owner"]).alive().exists()
    assert Document.objects.visible_to(people["owner"]).exists(), "its metadata can still be asked for"
    assert not Document.objects.visible_to(people["outsider"]).exists()


def test_ids_cannot_be_guessed():
    ids = {Document().public_id for _ in range(1000)}
    assert len({value[11:] for value in ids}) == 1000
    assert all(len(value) == 32 for value in ids)
