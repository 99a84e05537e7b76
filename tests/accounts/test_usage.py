import pytest
from django.db.models import Sum

from mathpixweb.accounts import keys, usage
from mathpixweb.accounts.models import Team, UsageEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team.objects.create(name="Analysis")


def test_a_line_tells_who_did_what_and_how_much(team):
    key, _ = keys.issue(team, "key")
    person = User.objects.create(email="a@example.org")
    usage.record(team, "pdf-page", {"rm_spaces": True}, count=9, duration=1.5, api_key=key, user=person)
    line = UsageEvent.objects.get()
    assert (line.team, line.api_key, line.user) == (team, key, person)
    assert (line.usage_type, line.count, line.duration) == ("pdf-page", 9, 1.5)


def test_lines_are_added_and_never_joined(team):
    for _ in range(3):
        usage.record(team, "pdf-page", {}, count=2)
    assert [line.count for line in UsageEvent.objects.all()] == [2, 2, 2]


def test_ids_serve_as_well_as_rows(team):
    key, _ = keys.issue(team, "key")
    usage.record(team.pk, "pdf-page", {}, api_key=key.pk)
    assert (UsageEvent.objects.get().team, UsageEvent.objects.get().api_key) == (team, key)


def test_equal_options_have_equal_hashes_whatever_their_order():
    one = {"rm_spaces": True, "conversion_formats": {"md": True, "docx": False}}
    other = {"conversion_formats": {"docx": False, "md": True}, "rm_spaces": True}
    assert usage.args_hash(one) == usage.args_hash(other)
    assert usage.args_hash(one) != usage.args_hash({"rm_spaces": False})


def test_a_hash_has_the_form_of_the_contract():
    assert len(usage.args_hash({})) == 40
    int(usage.args_hash({"ü": object}), 16)


def test_the_ledger_outlives_the_key_and_the_person(team):
    key, _ = keys.issue(team, "key")
    person = User.objects.create(email="a@example.org")
    usage.record(team, "pdf-page", {}, count=4, api_key=key, user=person)
    key.delete()
    person.delete()
    line = UsageEvent.objects.get()
    assert (line.api_key, line.user, line.count) == (None, None, 4)


def test_the_ledger_outlives_documents(team):
    team.documents.create(kind="pdf", name="a.pdf")
    usage.record(team, "pdf-page", {}, count=4)
    team.documents.all().delete()
    assert UsageEvent.objects.aggregate(pages=Sum("count"))["pages"] == 4


def test_teams_have_ledgers_of_their_own(team):
    other = Team.objects.create(name="Other")
    usage.record(team, "pdf-page", {}, count=1)
    usage.record(other, "pdf-page", {}, count=2)
    assert [line.count for line in team.usage.all()] == [1]
    assert [line.count for line in other.usage.all()] == [2]
