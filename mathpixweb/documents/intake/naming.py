"""Names for documents that come without a file name: their title, or else how they begin."""

from __future__ import annotations

import re

LONGEST = 80  # characters
HEAD = 20_000  # characters in which a title is looked for
UNTITLED = "Untitled"

# bounded, and each with one way to match: what is looked through comes from anybody
TITLE = re.compile(r"\\title\s{0,9}\{([^{}]{1,400})\}")
HEADING = re.compile(
    r"^[ \t]*(?:\\(?:chapter|section)\*?\{([^{}]{1,400})\}|#{1,6}[ \t]+(\S.{0,400}))", re.MULTILINE
)
LINE = re.compile(r"(\S.{0,400})")
MARKUP = re.compile(r"\\[()\[\]]|\\[A-Za-z]+\*?|[\\{}$*`#|]|^[->]\s|!?\[|\]\([^)]*\)")
SPACE = re.compile(r"\s+")


def of_mmd(mmd: str) -> str:
    """A file name for the text, such as `On small numbers.mmd`."""
    head = mmd[:HEAD]
    found = (pattern.search(head) for pattern in (TITLE, HEADING, LINE))
    titles = (_readable(next(filter(None, match.groups()))) for match in found if match)
    return f"{next(filter(None, titles), UNTITLED)}.mmd"


def clean(name: str) -> str:
    """A file name fit to show: no folders, no control characters, at most 255 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in base if character.isprintable()).strip()[:255]


def _readable(markup: str) -> str:
    """The words alone, cut between two of them."""
    words = SPACE.sub(" ", MARKUP.sub(" ", markup).replace("/", "-")).strip()
    words = "".join(character for character in words if character.isprintable())
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]}…"
