"""Pages of the browser for a team with a million invented pages: times, questions to the database, bytes."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from bench import servers
from bench.figures import Figure, middle, percentile
from bench.inside import seeding
from mathpixweb.accounts.models import Team, User
from mathpixweb.documents.made_up import team as made_up
from mathpixweb.documents.models import Document, DocumentQuerySet
from mathpixweb.documents.search import questions
from mathpixweb.web import listing, static_files
from mathpixweb.web.access import TEAM_KEY

DOCUMENTS = 10_000
DAYS = 400
RUNS = 15
PAINT, SEARCH = "200 ms", {"sqlite": "300 ms", "postgresql": "100 ms"}
ADDRESSES = {
    "library": "/",
    "library, the second thirty": "/?older={older}",
    "a folder": "/?folder={folder}",
    "the longest document": "/documents/{longest}",
    "a short document": "/documents/{short}",
    "usage, 30 days": "/usage?period=30",
    "usage, 90 days": "/usage?period=90",
    "filters": "/library/narrow",
    "members": "/team/members",
    "the server": "/operator",
}
QUESTIONS = {
    "a rare number": '"sheet {rare} of"',
    "a common word": "kernel",
    "a phrase": '"follows at once"',
    "a piece of a word": "artingal",
    "a short word": "by",
    "a common formula": r"\nabla \cdot E",
    "a formula": r"\sum_{{k=1}}^{{n}} k^{{3}}",
    "nothing": "zyzzyva",
    "words, tag and folder": "kernel tag:draft folder:Lectures",
    "words without others": "lattice -kernel",
    "words or others": "martingale OR functor",
    "dates and a person": "functor by:ada from:2020-01-01",
    "a table": "has:table lattice",
    "doubtful pages": "confidence:low",
}


@dataclass(frozen=True, slots=True)
class Look:
    wall: float
    cpu: float
    queries: int
    size: int


def measure(pages: int) -> Iterator[Figure]:
    seeding.prepare()
    static_files.build()
    owner = User.objects.create_user(servers.EMAIL, servers.PASSWORD, is_staff=True)
    began = time.process_time()
    team = made_up.make(owner, made_up.Wanted(min(DOCUMENTS, pages), pages, DAYS))
    yield Figure(f"{connection.vendor}: seeding {pages:,} pages", time.process_time() - began, "CPU s")
    yield from looks(owner, team, pages)


def looks(owner: User, team: Team, pages: int) -> Iterator[Figure]:
    client = Client(headers={"host": "localhost"})  # no test environment, whose templates copy what they show
    client.force_login(owner)
    session = client.session
    session[TEAM_KEY] = team.pk
    session.save()
    where, chance = connection.vendor, random.Random(5)  # noqa: S311 - the same at every run
    documents = Document.objects.of_team(team)
    known = {
        "older": documents.order_by("-created_at")[29].public_id,
        "folder": team.folders.order_by("pk")[0].pk,
        "longest": documents.order_by("-num_pages")[0].public_id,
        "short": documents.filter(num_pages__lt=9, status="completed")[0].public_id,
    }
    for name, address in ADDRESSES.items():
        yield from _figures(where, name, [_look(client, address.format(**known)) for _ in range(RUNS)], PAINT)
    for name, question in QUESTIONS.items():
        asked = [question.format(rare=chance.randrange(1, pages)) for _ in range(RUNS)]
        found = [_look(client, f"/?{urlencode({'q': each})}") for each in asked]
        yield from _figures(where, f"search, {name}", found, SEARCH[where])
        times = [_found(documents, each) for each in asked]
        told = f"{where}: search, {name}, found without its page, p95"
        yield Figure(told, percentile(times, 95) * 1000, "ms", goal=SEARCH[where])


def _look(client: Client, address: str) -> Look:
    with CaptureQueriesContext(connection) as asked:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = client.get(address)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return Look(wall, cpu, len(asked), len(answer.content))


def _found(documents: DocumentQuerySet, question: str) -> float:
    """Seconds for the documents and their places, as a view gets them."""
    began = time.perf_counter()
    listing.find(documents, questions.parse(question))
    return time.perf_counter() - began


def _figures(where: str, name: str, found: list[Look], goal: str) -> Iterator[Figure]:
    """The first look fills caches; it counts all the same."""
    yield Figure(f"{where}: {name}, p50", middle([look.wall for look in found]) * 1000, "ms")
    yield Figure(
        f"{where}: {name}, p95", percentile([look.wall for look in found], 95) * 1000, "ms", goal=goal
    )
    yield Figure(f"{where}: {name}, CPU p50", middle([look.cpu for look in found]) * 1000, "CPU ms")
    yield Figure(f"{where}: {name}, queries", max(look.queries for look in found), "of them")
    yield Figure(f"{where}: {name}, HTML", max(look.size for look in found) / 1000, "kB")
