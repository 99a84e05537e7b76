"""Why something failed, in the language of the person.

What reads, stores and converts says why in English, which is what the API answers. Each of its sentences is
known here, so that the browser can say it in another language; one that is not, such as the complaint of a
program, stays as it is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from mathpixweb.web.reasons import files, pages, results

NAMES = frozenset(
    {
        _("a PDF"),
        _("a Word document"),
        _("a PowerPoint presentation"),
        _("an Excel workbook"),
        _("an OpenDocument text"),
        _("an OpenDocument presentation"),
        _("an EPUB book"),
        _("an old Word document"),
        _("an old PowerPoint presentation"),
        _("a rich text document"),
        _("a WordPerfect document"),
        _("a Kindle book"),
        _("a Kindle book in the KFX format"),
        _("a DjVu document"),
        _("a web page"),
        _("a document"),
        _("a JPEG image"),
        _("a PNG image"),
        _("a GIF image"),
        _("a TIFF image"),
        _("a zip archive"),
        _("the team"),
        _("this key"),
        _("this person"),
    }
)  # that stand in the places of sentences

PLACE = re.compile(r"%\((\w+)\)s")
WIDE_STOP = "。"  # after which Chinese sets no space


def said(message: str) -> str:
    """The message in the language in use, as far as its sentences are known."""
    language = get_language() or "en"
    return message if language.startswith("en") else _said(message, language)


def unknown(message: str) -> str:
    """What of the message has no translation; empty when all of it has one."""
    while message and (found := _first(message)):
        message = message[found[1].end() :].lstrip()
    return message


@lru_cache(maxsize=1024)
def _said(message: str, language: str) -> str:
    """`language` is the one in use, by which the answers are kept apart."""
    words = ""
    while message and (found := _first(message)):
        sentence, match = found
        values = {
            name: gettext(value) if value in NAMES else value for name, value in match.groupdict().items()
        }
        words = _joined(words, gettext(sentence) % values if values else gettext(sentence))
        message = message[match.end() :].lstrip()
    return _joined(words, message)


def _joined(before: str, after: str) -> str:
    return f"{before}{after}" if not before or before.endswith(WIDE_STOP) else f"{before} {after}".rstrip()


def _first(message: str) -> tuple[str, re.Match[str]] | None:
    """The longest known sentence with which the message begins."""
    found = ((sentence, match) for sentence, pattern in _patterns() if (match := pattern.match(message)))
    return next(found, None)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The longest first, and those last that begin with anything."""
    sentences = sorted(
        (*files.SENTENCES, *pages.SENTENCES, *results.SENTENCES),
        key=lambda sentence: (sentence.startswith("%("), -len(sentence)),
    )
    return [(sentence, _pattern(sentence)) for sentence in sentences]


def _pattern(sentence: str) -> re.Pattern[str]:
    """What stands in a place may be anything, but the first place of a sentence ends no other one."""
    pieces = PLACE.split(sentence)
    words = [
        re.escape(piece) if index % 2 == 0 else _place(pieces, index) for index, piece in enumerate(pieces)
    ]
    return re.compile("".join(words) + r"(?=\s|$)", re.DOTALL)


def _place(pieces: list[str], index: int) -> str:
    if index == 1 and not pieces[0]:
        return f"(?P<{pieces[1]}>[^.!?]+?)"
    last = index == len(pieces) - 2 and not pieces[-1]
    return f"(?P<{pieces[index]}>.+{'' if last else '?'})"
