"""Everything that is said to people is said in four languages."""

from __future__ import annotations

import gettext
import re

import pytest
from django.conf import settings
from django.utils.translation import to_locale

from tests.server import ROOT
from tests.web import sentences

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
TO_RENEW = "python3 manage.py makemessages and compilemessages (CONTRIBUTING.md) bring it up to date"


def folder(language):
    return ROOT / "locale" / to_locale(language) / "LC_MESSAGES"


@pytest.fixture(scope="module")
def said():
    return sentences.said()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_its_translation_and_none_is_left_over(language, said):
    there = sentences.catalogue(folder(language) / "django.po")
    assert said - there.keys() == set(), TO_RENEW
    assert there.keys() - said == set(), TO_RENEW
    assert [sentence for sentence, entry in there.items() if not all(entry.translations)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language):
    for sentence, entry in sentences.catalogue(folder(language) / "django.po").items():
        wanted = set(PLACEHOLDER.findall(entry.of_many or sentence))
        assert wanted == set(PLACEHOLDER.findall(entry.translations[-1])), sentence
        assert wanted >= set(PLACEHOLDER.findall(entry.translations[0])), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_is_compiled_from_what_is_written(language):
    with (folder(language) / "django.mo").open("rb") as opened:
        compiled = gettext.GNUTranslations(opened)
    written = sentences.catalogue(folder(language) / "django.po")
    for sentence, entry in written.items():
        many = compiled.ngettext(sentence, "", 99) if entry.of_many else ""
        shown = many or compiled.gettext(sentence)
        assert shown == entry.translations[-1], TO_RENEW


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Ziehen Sie ein Dokument"), ("fr", "Déposez un document"), ("zh-hans", "拖放")],
)
def test_the_library_speaks_the_browsers_language(browser_of, owner, language, words):
    page = browser_of(owner).get("/", headers={"accept-language": language}).text
    assert words in page
    assert f'lang="{language}"' in page
    assert "Choose files" not in page
