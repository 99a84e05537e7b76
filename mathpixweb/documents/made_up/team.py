"""The invented team: people, keys, folders, documents with their pages, and the ledger of what they used."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import ApiKey, Membership, Role, Team, UsageEvent, User
from mathpixweb.documents import ids
from mathpixweb.documents.library import folders
from mathpixweb.documents.made_up import rows
from mathpixweb.documents.made_up.texts import Writer
from mathpixweb.documents.models import Document, Kind, Page, PageStatus, Status, Tag
from mathpixweb.documents.models.library import Folder
from mathpixweb.documents.search import search_index

NAME = "Made-up data"
PEOPLE = ("Ada", "Emmy", "Sophie", "Carl", "Leonhard", "Srinivasa")
KEYS = ("Nightly import", "Notebook", "Course site", "Scanner")
FOLDERS = ("Lectures", "Lectures/Analysis", "Lectures/Algebra", "Papers", "Papers/To read", "Exams", "Theses")
TAGS = ("draft", "important", "winter term", "to check", "reviewed")
FAILURES = (
    ("pdf_encrypted", "The PDF is protected by a password. Remove it and try again."),
    ("pdf_missing", "This file cannot be read as a PDF. The PDF is damaged beyond repair."),
)
BY_HAND = 0.03  # of the documents
HOURS = (1, 1, 1, 1, 1, 2, 3, 7, 14, 20, 22, 20, 14, 17, 22, 21, 17, 12, 9, 7, 6, 5, 3, 2)  # weights of a day
WEEKDAYS = (10, 11, 11, 10, 8, 2, 3)
OTHER_WORK = (
    ("image", 4, 3),
    ("image-async", 2, 6),
    ("strokes", 1, 1),
    ("converter", 2, 1),
)  # type, lots, most


@dataclass(frozen=True, slots=True)
class Wanted:
    documents: int
    pages: int
    days: int
    seed: int = 1


_Made = tuple[int, int | None, str, datetime | None]  # a document: its number, pages, status and end


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who and what the documents belong to."""

    team: Team
    people: Sequence[User]
    keys: Sequence[ApiKey]
    folders: Sequence[Folder]


def make(owner: User, wanted: Wanted) -> Team:
    """The team, full; `owner` can switch to it."""
    chance = random.Random(wanted.seed)  # noqa: S311 - the same at every run
    cast = _cast(owner)
    moments = sorted(_moment(chance, wanted.days) for _ in range(wanted.documents))
    sizes = _sizes(chance, wanted)
    _documents(cast, chance, moments, sizes)
    found = Document.objects.of_team(cast.team).order_by("pk")
    documents = list(found.values_list("pk", "num_pages", "status", "completed_at"))
    _pages(documents, chance, wanted.seed)
    _tags([pk for pk, *_ in documents], chance)
    _ledger(cast, chance, wanted, moments)
    rows.analyze()
    return cast.team


def remove() -> bool:
    """Whether there was such a team; everything of it is gone."""
    team = Team.objects.filter(name=NAME).first()
    if team is None:
        return False
    Document.objects.of_team(team).delete()
    UsageEvent.objects.filter(team=team).delete()
    team.delete()
    User.objects.filter(email__in=[_address(name) for name in PEOPLE]).delete()
    return True


def _cast(owner: User) -> _Cast:
    team = Team.objects.create(name=NAME)
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    people = [_person(team, name) for name in PEOPLE]
    issued = [keys.issue(team, name, created_by=owner)[0] for name in KEYS]
    return _Cast(team, [owner, *people], issued, [folders.make(team, path) for path in FOLDERS])


def _person(team: Team, name: str) -> User:
    """Nobody can sign in as such a person: there is no password, and no mail reaches the address."""
    user = User.objects.create_user(_address(name), name=f"{name} (made up)")
    Membership.objects.create(team=team, user=user, role=Role.MEMBER)
    return user


def _address(name: str) -> str:
    return f"{name.lower()}@made-up.invalid"


def _moment(chance: random.Random, days: int) -> datetime:
    """Rather lately than long ago, rather at work than at night."""
    day = timezone.now() - timedelta(days=1 + days * (1 - chance.random() ** 0.6))
    while chance.random() > WEEKDAYS[day.weekday()] / max(WEEKDAYS):
        day -= timedelta(days=1)
    hour = chance.choices(range(24), HOURS)[0]
    second = chance.randrange(3600)
    return day.replace(
        hour=hour, minute=second // 60, second=second % 60, microsecond=chance.randrange(10**6)
    )


def _sizes(chance: random.Random, wanted: Wanted) -> list[int]:
    """Pages of each document: many short ones, few books, together as many as wanted."""
    drawn = [chance.lognormvariate(0, 1.1) for _ in range(wanted.documents)]
    scale = wanted.pages / sum(drawn)
    sizes = [max(1, round(size * scale)) for size in drawn]
    sizes[-1] = max(1, sizes[-1] + wanted.pages - sum(sizes))
    return sizes


def _documents(cast: _Cast, chance: random.Random, moments: Sequence[datetime], sizes: Sequence[int]) -> None:
    template = Document(
        team=cast.team, kind=Kind.PDF, endpoint="/v3/pdf", version="made up", survey={"is_drawn": False}
    )
    columns = (
        "public_id", "name", "user_id", "api_key_id", "folder_id", "status", "error_id", "error_detail",
        "num_pages", "counted_pages", "duration", "created_at", "modified_at", "queued_at", "completed_at",
    )  # fmt: skip
    rows.insert(template, columns, _document_rows(cast, chance, moments, sizes))


def _document_rows(
    cast: _Cast, chance: random.Random, moments: Sequence[datetime], sizes: Sequence[int]
) -> Iterator[tuple[object, ...]]:
    writer, fresh = Writer(2), ids.new_public_ids()
    for number, (created, size) in enumerate(zip(moments, sizes, strict=True), start=1):
        by_key = chance.random() < 0.6
        folder = chance.choice(cast.folders).pk if chance.random() < 0.7 else None
        work = size * chance.lognormvariate(-2.5, 0.5)
        ended = rows.moment(created + timedelta(seconds=0.4 + work / 2 + chance.expovariate(0.7)))
        error_id, message = chance.choice(FAILURES) if chance.random() < 0.02 else ("", "")
        yield (
            next(fresh),
            f"{writer.title()} {number:05}.pdf",
            None if by_key else _one_of(chance, cast.people).pk,
            _one_of(chance, cast.keys).pk if by_key else None,
            folder,
            Status.ERROR if error_id else Status.COMPLETED,
            error_id,
            f'{{"message": "{message}"}}' if error_id else "{}",
            None if error_id else size,
            0 if error_id else size,
            0 if error_id else work,
            *[rows.moment(created)],
            ended,
            rows.moment(created),
            ended,
        )


def _one_of(chance: random.Random, some: Sequence[User] | Sequence[ApiKey]) -> User | ApiKey:
    """The first ones more often."""
    return some[min(int(chance.expovariate(0.6)), len(some) - 1)]


def _pages(documents: Sequence[_Made], chance: random.Random, seed: int) -> None:
    template = Page(
        document_id=documents[0][0], index=1, number=1, status=PageStatus.COMPLETED, width=1240, height=1754
    )
    columns = (
        "document_id", "index", "number", "mmd", "plain", "search_text", "chemistry", "handwriting",
        "confidence", "duration", "completed_at",
    )  # fmt: skip
    rows.insert(template, columns, _page_rows(documents, chance, Writer(seed)), search_index.in_bulk)


def _page_rows(
    documents: Sequence[_Made], chance: random.Random, writer: Writer
) -> Iterator[tuple[object, ...]]:
    sheet = 0
    for pk, size, status, ended in documents:
        by_hand = chance.random() < BY_HAND
        for index in range(1, (size or 0) + 1 if status == Status.COMPLETED else 1):
            sheet += 1
            text = writer.page(sheet)
            sure = 1 - min(0.6, chance.expovariate(45))
            yield (
                pk, index, index, text.mmd, text.plain, text.search, text.chemistry, by_hand,
                sure, 0.08, rows.moment(ended),
            )  # fmt: skip


def _tags(documents: Sequence[int], chance: random.Random) -> None:
    chosen = ((pk, chance.choice(TAGS)) for pk in documents if chance.random() < 0.4)
    rows.insert(Tag(document_id=documents[0], name=""), ("document_id", "name"), chosen)


def _ledger(cast: _Cast, chance: random.Random, wanted: Wanted, moments: Sequence[datetime]) -> None:
    """A line for each document, and as much other work again."""
    template = UsageEvent(team=cast.team, request_args_hash="made-up", usage_type="pdf-page")
    columns = ("user_id", "api_key_id", "usage_type", "count", "duration", "created_at")
    done = Document.objects.of_team(cast.team).filter(status=Status.COMPLETED)
    read = done.values_list("user_id", "api_key_id", "num_pages", "duration", "completed_at")
    lines: list[tuple[object, ...]] = [
        (user, key, "pdf-page", count, work, rows.moment(ended)) for user, key, count, work, ended in read
    ]
    kinds = random.Random(3).choices(OTHER_WORK, [lots for _, lots, _ in OTHER_WORK], k=len(moments))  # noqa: S311
    for kind, _, most in kinds:
        by_key = chance.random() < 0.7
        lines.append(
            (
                None if by_key else _one_of(chance, cast.people).pk,
                _one_of(chance, cast.keys).pk if by_key else None,
                kind,
                chance.randint(1, most),
                chance.lognormvariate(-0.5, 0.4),
                rows.moment(_moment(chance, wanted.days)),
            )
        )
    rows.insert(template, columns, lines)
