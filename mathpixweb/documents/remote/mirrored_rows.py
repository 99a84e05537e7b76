"""Rows of another server's lists as documents of this one: many at a time, each once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mathpixweb.accounts import usage
from mathpixweb.accounts.models import Team, UsageEvent
from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents import ids
from mathpixweb.documents.intake import naming
from mathpixweb.documents.models import FINISHED, Document, ImageAnswer, Kind, Page, PageStatus, Status, Tag
from mathpixweb.documents.models.mirror import Mirrored
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.search import contents, search
from mathpixweb.providers.mathpix.answers import number
from mathpixweb.providers.mathpix.reading import MathpixProvider

Row = Mapping[str, Any]
KINDS = {"/v3/strokes": Kind.STROKES, "/v3/latex": Kind.LATEX}
EARLIEST, LATEST = 2000, 2200  # years; one row beyond would keep all later ones from being seen
LATER = {"message": "Mathpix could not read this."}


@dataclass(frozen=True, slots=True)
class Copy:
    """One row: the document, and what belongs to it."""

    remote_id: str
    document: Document
    usage_type: str
    count: int
    page: Page | None = None
    answer: ImageAnswer | None = None
    tags: list[str] = field(default_factory=list)


def moment(value: object) -> datetime | None:
    """A moment as the contract writes it; None for what is none."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if not EARLIEST <= found.year <= LATEST:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def remote_id(name: str, row: Row) -> str:
    """Empty for a row that has none."""
    own = row.get("id") or row.get("image_id") or _object(row.get("result")).get("request_id")
    return str(own or "")[:80]


def final(name: str, row: Row) -> bool:
    """Whether the row will not change any more."""
    return name == "ocr-results" or str(row.get("status")) in FINISHED


def store(team: Team, name: str, rows: Iterable[Row], seen_in: int) -> int:
    """Copies rows that are final and new; the number of those. `seen_in`: the round, 0 if it is not full."""
    by_id = {remote_id(name, row): row for row in rows if final(name, row)}
    by_id.pop("", None)
    copied = Mirrored.objects.filter(team=team, name=name, remote_id__in=by_id)
    known = set(copied.values_list("remote_id", flat=True))
    if seen_in:
        copied.exclude(round=seen_in).update(round=seen_in)
    new = {own: row for own, row in by_id.items() if own not in known}
    sent_from_here = _sent_from_here(team, new)
    copies = [_copy(team, name, own, row) for own, row in new.items() if own not in sent_from_here]
    _insert(team, name, copies, seen_in)
    Mirrored.objects.bulk_create(
        [Mirrored(team=team, name=name, remote_id=own, round=seen_in) for own in sent_from_here]
    )
    return len(copies)


def note_own(team: Team, name: str, own: str, part_of: Document | None = None) -> None:
    """Notes what was sent from here, so that it is never copied."""
    if own:
        Mirrored.objects.update_or_create(
            team=team, name=name, remote_id=own[:80], defaults={"part_of": part_of}
        )


def _sent_from_here(team: Team, candidates: Iterable[str]) -> set[str]:
    return set(Relay.objects.filter(team=team, remote_id__in=candidates).values_list("remote_id", flat=True))


def _insert(team: Team, name: str, copies: list[Copy], seen_in: int) -> None:
    Document.objects.bulk_create([copy.document for copy in copies])
    Page.objects.bulk_create([_of(copy, copy.page) for copy in copies if copy.page])
    ImageAnswer.objects.bulk_create([_of(copy, copy.answer) for copy in copies if copy.answer])
    Tag.objects.bulk_create([Tag(document=copy.document, name=tag) for copy in copies for tag in copy.tags])
    Mirrored.objects.bulk_create(
        [
            Mirrored(team=team, name=name, remote_id=copy.remote_id, document=copy.document, round=seen_in)
            for copy in copies
        ]
    )
    UsageEvent.objects.bulk_create([_used(team, copy) for copy in copies if copy.count])


def _of(copy: Copy, part: Any) -> Any:
    part.document = copy.document
    return part


def _used(team: Team, copy: Copy) -> UsageEvent:
    document = copy.document
    return UsageEvent(
        team=team,
        created_at=document.created_at,
        usage_type=copy.usage_type,
        request_args_hash=usage.args_hash(document.options),
        count=copy.count,
        duration=document.duration,
    )


def _copy(team: Team, name: str, own: str, row: Row) -> Copy:
    made: Callable[[Team, str, Row], Copy] = MAKERS[name]
    return made(team, own, row)


def _document(team: Team, row: Row, kind: Kind, endpoint: str, name: str) -> Document:
    options = {key: value for key, value in _object(row.get("request_args")).items() if key != "src"}
    made = moment(row.get("created_at") or row.get("timestamp")) or datetime.now(UTC)
    failed = row.get("status") == "error"
    return Document(
        public_id=next(ids.new_public_ids()),
        team=team,
        kind=kind,
        endpoint=endpoint,
        name=naming.clean(name) or "document.pdf",
        source_url=name if name.startswith(("http://", "https://")) else "",
        options=options,
        provider=MATHPIX,
        version=MathpixProvider.version,
        status=Status.ERROR if failed else Status.COMPLETED,
        error_id="sys_exception" if failed else "",
        error_detail=LATER if failed else {},
        created_at=made,
        queued_at=made,
        modified_at=made,
        completed_at=moment(row.get("modified_at")) or made,
        duration=max(0.0, number(row.get("duration"))),
    )


def _pdf(team: Team, own: str, row: Row) -> Copy:
    document = _document(team, row, Kind.PDF, "/v3/pdf", str(row.get("input_file") or ""))
    document.num_pages = _count(row.get("num_pages"))
    document.counted_pages = _count(row.get("num_pages_completed"))
    return Copy(own, document, "pdf-page", document.counted_pages)


def _conversion(team: Team, own: str, row: Row) -> Copy:
    name = str(row.get("input_file") or "") or "document.mmd"
    return Copy(own, _document(team, row, Kind.CONVERTER, "/v3/converter", name), "converter", 1)


def _image(team: Team, own: str, row: Row) -> Copy:
    endpoint = str(row.get("endpoint") or "/v3/text")
    result: dict[str, Any] = {"request_id": own, **_object(row.get("result"))}
    kind = KINDS.get(endpoint, Kind.IMAGE)
    document = _document(team, row, kind, endpoint[:40], "image")
    document.num_pages = 1
    if "error" in result:
        info = result.get("error_info")
        known = info.get("id") if isinstance(info, dict) else None
        document.status, document.error_id = Status.ERROR, str(known or "sys_exception")[:40]
        document.error_detail = {"message": str(result["error"])}
    usage_type = {Kind.STROKES: "strokes", Kind.LATEX: "latex"}.get(kind, "image")
    tags = document.options.get("tags")
    return Copy(
        own,
        document,
        usage_type,
        1,
        page=_text_page(result, document),
        answer=ImageAnswer(result=_plain(result), detections=_object(row.get("detections"))),
        tags=list(dict.fromkeys(str(tag)[:255] for tag in tags)) if isinstance(tags, list) else [],
    )


def _text_page(result: Row, document: Document) -> Page | None:
    mmd = result.get("text") or result.get("latex_styled") or result.get("latex")
    if not isinstance(mmd, str) or document.status == Status.ERROR:
        return None
    return Page(
        index=1,
        number=1,
        status=PageStatus.COMPLETED,
        mmd=mmd,
        search_text=search.stored("", mmd),
        provider=MATHPIX,
        confidence=number(result.get("confidence")),
        completed_at=document.completed_at,
        **contents.of(mmd, (), handwritten=_by_hand(result, document)),
    )


def _by_hand(result: Row, document: Document) -> bool:
    return document.kind == Kind.STROKES or result.get("is_handwritten") is True


def _plain(value: Row) -> Any:
    """Without what JSON of the database cannot hold."""
    return json.loads(json.dumps(value, default=str).replace("\\u0000", ""))


def _count(value: object) -> int:
    return max(0, int(number(value)))


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


MAKERS: Mapping[str, Callable[[Team, str, Row], Copy]] = {
    "pdf-results": _pdf,
    "converter-results": _conversion,
    "ocr-results": _image,
}
