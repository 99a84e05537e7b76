"""What people type into the search box: words, "phrases", LaTeX, AND OR -, fields such as `tag:` or `from:`.

Pieces stand for documents that have all of them; `OR` parts alternatives; a minus before a word, a phrase or
a field leaves out what has it. Fields hold for the whole question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from mathpixweb.documents.models import DocumentQuerySet, Page, PageStatus, Tag
from mathpixweb.documents.models.library import Folder
from mathpixweb.documents.search import search

FIELDS = ("tag", "folder", "kind", "format", "status", "key", "from", "to", "by", "has", "confidence")
TOKEN = re.compile(
    rf'(?P<minus>-?)(?:(?P<field>{"|".join(FIELDS)}):(?P<value>"[^"]*"|\S+)|(?P<phrase>"[^"]*"))|\S+'
)
LEFT_OUT = re.compile(r"-([^\W\d_]{2}\w*)")  # "-x" and "-1" belong to formulas
LOW, MIDDLE = 0.8, 0.95  # confidence of a page
CONTENTS: Mapping[str, str] = {
    "table": r"{0}(mmd, '\begin{{tabular}}') > 0",
    "diagram": "({0}(mmd, 'includegraphics') > 0 OR {0}(mmd, '![](') > 0)",
}
# what a file's name ends in, for those formats that go by several
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "jpg": ("jpg", "jpeg"),
    "tiff": ("tif", "tiff"),
    "html": ("html", "htm", "xhtml"),
    "djvu": ("djvu", "djv"),
    "mobi": ("mobi", "azw", "azw3", "prc"),
}
SEEN = ("chemistry", "handwriting")  # noted with each page by `contents`


@dataclass(frozen=True, slots=True)
class Question:
    """`alternatives` are questions of the search by substring; `without` too, each on its own."""

    alternatives: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    fields: list[tuple[str, str, bool]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What is to be shown as found."""
        return " ".join(self.alternatives)


def parse(text: str) -> Question:
    alternatives: list[list[str]] = [[]]
    question = Question()
    for found in TOKEN.finditer(text[: search.LONGEST_QUESTION]):
        if found["field"]:
            _add_field(question, found["field"], found["value"].strip('"'), bool(found["minus"]))
        elif found["phrase"] and found["minus"]:
            question.without.append(found["phrase"])
        elif found[0] == "OR":
            alternatives.append([])
        elif left_out := LEFT_OUT.fullmatch(found[0]):
            question.without.append(left_out[1])
        elif found[0] != "AND":
            alternatives[-1].append(found[0])
    question.alternatives.extend(joined for words in alternatives if (joined := " ".join(words)))
    return question


def _add_field(question: Question, name: str, value: str, left_out: bool) -> None:
    if _condition(name, value) is None:
        question.strange.append(f"{name}:{value}")
    else:
        question.fields.append((name, value, left_out))


def answer(documents: DocumentQuerySet, question: Question) -> DocumentQuerySet:
    """The documents that the question means, in no order."""
    for name, value, left_out in question.fields:
        condition = _condition(name, value) or Q()
        documents = documents.exclude(condition) if left_out else documents.filter(condition)
    if question.strange:
        return documents.none()
    found = Q()
    for words in question.alternatives:
        found |= search.matching(documents, words)
    for words in question.without:
        documents = documents.exclude(search.matching(documents, words))
    return documents.filter(found)


def _condition(name: str, value: str) -> Q | None:
    """None for a value that the field cannot have."""
    return CONDITIONS[name](value)


def _tag(value: str) -> Q:
    return Q(pk__in=Tag.objects.filter(name__iexact=value).values("document"))


def _folder(value: str) -> Q:
    """In the folder of that path or name, or in one within it; "none" is in no folder."""
    if value.casefold() == "none":
        return Q(folder=None)
    path = value.strip("/")
    called = Q(path__iexact=path) | Q(path__iendswith=f"/{path}")
    within = Q(path__istartswith=f"{path}/") | Q(path__icontains=f"/{path}/")
    return Q(folder__in=Folder.objects.filter(called | within))


def _format(value: str) -> Q:
    """By the name of the file, which keeps its ending when it is read as another kind."""
    name = value.casefold().lstrip(".")
    found = Q()
    for ending in ENDINGS.get(name, (name,)):
        found |= Q(name__iendswith=f".{ending}")
    return found


def _since(value: str) -> Q | None:
    start = _moment(value)
    return Q(created_at__gte=start) if start else None


def _until(value: str) -> Q | None:
    start = _moment(value)
    return Q(created_at__lt=start + timedelta(days=1)) if start else None


def _moment(value: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(value), time()))
    except (ValueError, OverflowError):
        return None


def _person(value: str) -> Q:
    return Q(user__name__icontains=value) | Q(user__email__iexact=value)


def _contents(value: str) -> Q | None:
    pages = Page.objects.filter(document=OuterRef("pk"))
    if value == "edits":
        return Q(Exists(pages.filter(status=PageStatus.COMPLETED, versions__isnull=False)))
    if value in SEEN:
        return Q(Exists(pages.filter(**{value: True})))
    if value not in CONTENTS:
        return None
    # in the very words of the indexes “pages_with_…”, without parameters: else no database would use them
    written = CONTENTS[value].format("strpos" if connection.vendor == "postgresql" else "instr")
    return Q(Exists(pages.filter(RawSQL(written, (), output_field=BooleanField()))))  # noqa: S611


def _confidence(value: str) -> Q | None:
    """The least sure page of the document decides."""
    pages = Page.objects.filter(document=OuterRef("pk"), status=PageStatus.COMPLETED)
    low, middle = pages.filter(confidence__lt=LOW), pages.filter(confidence__lt=MIDDLE)
    return {"low": Q(Exists(low)), "middle": Q(Exists(middle)), "high": ~Q(Exists(middle))}.get(value)


def _one_of(name: str) -> Callable[[str], Q]:
    return lambda value: Q(**{f"{name}__iexact": value})


CONDITIONS: Mapping[str, Callable[[str], Q | None]] = {
    "tag": _tag,
    "folder": _folder,
    "kind": _one_of("kind"),
    "format": _format,
    "status": _one_of("status"),
    "key": _one_of("api_key__name"),
    "from": _since,
    "to": _until,
    "by": _person,
    "has": _contents,
    "confidence": _confidence,
}


def with_field(text: str, name: str, value: str) -> str:
    """The question with one more field, or without it where it is there."""
    written = f'{name}:"{value}"' if re.search(r"\s", value) else f"{name}:{value}"
    if has_field(text, name, value):
        kept = [each[0] for each in TOKEN.finditer(text) if (each["field"], _bare(each)) != (name, value)]
        return " ".join(kept)
    return f"{text} {written}".strip()


def fields_of(text: str) -> list[tuple[str, str]]:
    """Names and values of the fields, as they are written; those with a minus are words of their own."""
    found = (each for each in TOKEN.finditer(text) if each["field"] and not each["minus"])
    return list(dict.fromkeys((each["field"], _bare(each)) for each in found))


def has_field(text: str, name: str, value: str) -> bool:
    return any((each["field"], _bare(each)) == (name, value) for each in TOKEN.finditer(text))


def _bare(found: re.Match[str]) -> str:
    return (found["value"] or "").strip('"')
