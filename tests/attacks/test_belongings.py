"""What a team has besides documents, by the addresses of the URL conf: others never meet it nor run it."""

from __future__ import annotations

from itertools import product

import pytest

from mathpixweb.accounts.models import Team
from mathpixweb.documents.ids import new_public_id
from mathpixweb.documents.library import sharing
from mathpixweb.documents.models import Document
from tests.attacks import belongings
from tests.attacks.routes import address, names
from tests.attacks.test_content import HOSTILE, Active
from tests.attacks.test_pages import METHODS, answer

pytestmark = pytest.mark.django_db

UNKNOWN = {"number": 987654321, "staged": new_public_id()}
SECRET = "what others must not see"
PICTURES = {"staged-page", "staged-thumbnail"}  # of a file that has no pages


@pytest.mark.parametrize("name", belongings.numbered())
def test_a_thing_of_another_team_is_answered_like_one_that_is_not(
    browser_of, owner, outsider, converted, name
):
    """With a document of one's own before it, where a document stands in the address."""
    made = belongings.make(name, converted(), owner, SECRET)
    theirs = Document.objects.create(team=outsider.teams.get(), user=outsider, kind="pdf").public_id
    [(argument, number)] = made.items()
    browser = browser_of(outsider)
    for method, headers in product(METHODS, ({}, {"HX-Request": "true"})):
        foreign, seen = answer(browser, method, address(name, theirs, **made), headers=headers)
        nowhere = address(name, theirs, **{argument: UNKNOWN[argument]})
        missing, shown = answer(browser, method, nowhere, headers=headers)
        same = shown.replace(str(UNKNOWN[argument]), str(number))
        assert (foreign.status_code, seen) == (missing.status_code, same), method
        assert SECRET not in seen


@pytest.mark.parametrize("name", [name for name in belongings.numbered() if name not in PICTURES])
def test_its_owner_is_answered_otherwise(browser_of, owner, converted, name):
    """Or the test above would prove nothing."""
    owner.is_staff = True
    owner.save()
    document = converted()
    made = belongings.make(name, document, owner)
    path = address(name, document.public_id, **made)
    browser = browser_of(owner)
    answers = browser.get(path), browser.post(path, {"role": "viewer"})
    assert {200, 302} & {response.status_code for response in answers}


@pytest.fixture
def speaking(owner, team, converted):
    """A document of a team in which everything says the same hostile words."""
    owner.name, owner.is_staff = HOSTILE, True
    owner.save()
    Team.objects.filter(pk=team.pk).update(name=HOSTILE)
    document = converted(name=HOSTILE)
    document.tags.create(name=HOSTILE)
    document.pages.update(mmd=HOSTILE, plain=HOSTILE, search_text=HOSTILE, html="", lines=[])
    belongings.furnish(document, owner, HOSTILE)
    return document


@pytest.mark.parametrize("name", names())
def test_what_people_say_runs_on_no_page(browser_of, owner, speaking, name):
    browser = browser_of(owner)
    own = belongings.make(name, speaking, owner, f"2 {HOSTILE}") if name in belongings.numbered() else {}
    link = sharing.make(speaking, owner, expires_at=None)
    own["token"] = sharing.of_document(link.document)[0].token
    for method in ("GET", "POST"):
        response, shown = answer(browser, method, address(name, speaking.public_id, **own))
        assert response.status_code < 500
        if response.get("Content-Disposition", "").startswith("attachment"):
            continue
        if response.get("Content-Type", "").startswith("text/html"):
            assert Active(shown).found == []
