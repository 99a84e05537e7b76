"""What the library can be narrowed to: every facet is a word of the question, so that counts never differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import Lower, Right
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mathpixweb.documents.models import DocumentQuerySet, Tag
from mathpixweb.documents.search import questions
from mathpixweb.web.templatetags.workspace import STATUS_NAMES

MOST = 12  # values of one facet
KIND_NAMES: dict[str, Promise] = {
    "pdf": _("PDF"),
    "image": _("Image"),
    "strokes": _("Drawing"),
    "latex": _("Equation"),
    "converter": _("Markdown"),
}
FORMATS = ("pdf", "docx", "pptx", "xlsx", "odt", "epub", "mobi", "djvu", "html", "png", "jpg", "tiff")
FORMAT_OF = {ending: name for name in FORMATS for ending in questions.ENDINGS.get(name, (name,))}
LONGEST_ENDING = 1 + max(map(len, FORMAT_OF))
CONTENTS = (
    ("has", "table", _("Tables")),
    ("has", "diagram", _("Diagrams")),
    ("has", "chemistry", _("Chemistry")),
    ("has", "handwriting", _("Handwriting")),
    ("has", "edits", _("Edited")),
    ("confidence", "low", _("Doubtful pages")),
)

_Counted = tuple[str | Promise, str, Iterable[tuple[str, int]], Mapping[str, Promise]]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet; `count` is None where counting would read every page."""

    name: str | Promise
    count: int | None
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str | Promise
    values: list[Value]


def of(documents: DocumentQuerySet, question: str, folder: int | None = None) -> list[Facet]:
    """Counted over all documents given, whatever the question has narrowed them to.

    The values' addresses stay in the folder of that number.
    """
    base = {"folder": folder} if folder else {}
    tags = Tag.objects.filter(document__in=documents.order_by().values("pk")).values_list("name")
    counted: tuple[_Counted, ...] = (
        (_("Kind"), "kind", _counted(documents, "kind"), KIND_NAMES),
        (_("Format"), "format", _of_formats(documents), {}),
        (_("State"), "status", _counted(documents, "status"), STATUS_NAMES),
        (_("Tag"), "tag", tags.annotate(count=Count("pk")).order_by("-count", "name")[:MOST], {}),
        (_("Person"), "by", _counted(documents, "user__email"), {}),
        (_("API key"), "key", _counted(documents, "api_key__name"), {}),
    )
    facets = [
        Facet(title, [_value(base, question, name, value, count, names) for value, count in rows if value])
        for title, name, rows, names in counted
    ]
    contents = [_value(base, question, name, value, None, {value: label}) for name, value, label in CONTENTS]
    return [facet for facet in [*facets, Facet(_("Contents"), contents)] if facet.values]


def chosen(question: str, folder: int | None = None) -> list[Value]:
    """The fields that the question has, each with the question without it."""
    base = {"folder": folder} if folder else {}
    fields = questions.fields_of(question)
    return [
        Value(
            f"{name}: {value}",
            None,
            True,
            urlencode({**base, "q": questions.with_field(question, name, value)}),
        )
        for name, value in fields
    ]


def _counted(documents: DocumentQuerySet, column: str) -> Iterable[tuple[str, int]]:
    return (
        documents.order_by().values_list(column).annotate(count=Count("pk")).order_by("-count", column)[:MOST]
    )


def _of_formats(documents: DocumentQuerySet) -> Iterable[tuple[str, int]]:
    """The more frequent first, counted by how names end."""
    ends = documents.order_by().annotate(end=Lower(Right("name", LONGEST_ENDING)))
    counts: Counter[str] = Counter()
    for end, count in ends.values_list("end").annotate(count=Count("pk")):
        counts[FORMAT_OF.get(end.rpartition(".")[2], "")] += count
    return [(name, count) for name, count in counts.most_common() if name]


def _value(
    base: Mapping[str, int],
    question: str,
    name: str,
    value: str,
    count: int | None,
    names: Mapping[str, Promise],
) -> Value:
    query = urlencode({**base, "q": questions.with_field(question, name, value)})
    return Value(names.get(value, value), count, questions.has_field(question, name, value), query)
