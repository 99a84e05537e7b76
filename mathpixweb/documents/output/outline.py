"""The headings of a document, with the pages on which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q

from mathpixweb.documents.models import Document, PageStatus

MOST = 1_000  # headings
LONGEST = 200  # characters of one

HEADING = re.compile(
    r"\\(?P<command>title|chapter|(?:sub){0,2}section|paragraph)\*?\{(?P<text>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
    r"|^(?P<signs>#{1,6}) +(?P<line>\S.*?)[ #]*$",
    re.MULTILINE,
)
LEVELS = {"title": 0, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4}
DELIMITERS = re.compile(r"\\[()\[\]]|\$")
LOOKS = re.compile(r"\\(?:text(?:bf|it|rm|sc|tt)|emph|mathrm|label|footnote)\b|\\\\")
SPACE = re.compile(r"\s+")
HAS_HEADING = (
    Q(mmd__contains="section") | Q(mmd__contains=r"\title") | Q(mmd__contains=r"\chapter")
    | Q(mmd__startswith="#") | Q(mmd__contains="\n#")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 0 for the title, 1 for a section, and so on."""

    level: int
    text: str
    page: int


def of(document: Document) -> list[Heading]:
    """In reading order, the first MOST of them."""
    pages = document.pages.filter(HAS_HEADING, status=PageStatus.COMPLETED).order_by("index")
    read = pages.values_list("number", "mmd").iterator(chunk_size=100)
    return list(islice((heading for number, mmd in read for heading in _headings(mmd, number)), MOST))


def _headings(mmd: str, number: int) -> Iterator[Heading]:
    for found in HEADING.finditer(mmd):
        text = _readable(found["text"] or found["line"] or "")
        if text:
            level = LEVELS[found["command"]] if found["command"] else len(found["signs"])
            yield Heading(level, text, number)


def _readable(source: str) -> str:
    """Without what only changes the look; formulas stay as LaTeX."""
    bare = LOOKS.sub(" ", DELIMITERS.sub("", source))
    return SPACE.sub(" ", bare.replace("{", "").replace("}", "")).strip()[:LONGEST]
