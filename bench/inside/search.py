"""Search for what is rare, what is common and what is short, in a big team and in a small one."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from django.db import connection

from bench.documents import WORDS
from bench.figures import Figure, middle, percentile
from bench.inside import seeding
from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import Document, Page, PageStatus, Status
from mathpixweb.documents.search import search, search_index

PAGES_A_DOCUMENT = 20
WORDS_A_PAGE = 25
TEAMS = 50
RUNS = 20
SHOWN, HITS = 25, 3  # documents, and places in each
QUESTIONS = {
    "a rare number": "{rare}",
    "a word": "lattice",
    "a phrase": '"kernel lattice module"',
    "a piece of a word": "ttic",
    "a formula": "x^{2}+y^{2}={rare}",
}


def measure(pages: int) -> Iterator[Figure]:
    seeding.prepare()
    where = connection.vendor
    teams = seeding.teams(TEAMS)
    started = time.process_time(), time.perf_counter()
    _fill(teams, pages)
    seeding.analyze()
    yield Figure(f"{where}: storing {pages:,} pages with their index", time.perf_counter() - started[1], "s")
    chance = random.Random(7)  # noqa: S311 - the same at every run
    for name, question in QUESTIONS.items():
        for size, team in (("big", teams[0]), ("small", teams[-1])):
            times = []
            for _ in range(RUNS):
                asked = question.replace("{rare}", str(chance.randrange(pages)))
                began = time.perf_counter()
                _look(team, asked)
                times.append(time.perf_counter() - began)
            goal = "30 ms" if name == "a word" else "150 ms"
            told = f"{where}: {name}, {size} team"
            yield Figure(f"{told}, p50", middle(times) * 1000, "ms")
            yield Figure(f"{told}, p95", percentile(times, 95) * 1000, "ms", goal=goal)
    yield Figure(f"{where}: the index says what the pages say", float(search_index.intact()), "of 1")


def _look(team: Team, question: str) -> None:
    """What the library asks: which documents, and where in the first of them."""
    documents = search.find_documents(Document.objects.of_team(team).alive(), question)
    shown = list(documents.order_by("-created_at", "-pk").values_list("pk", flat=True)[:SHOWN])
    search_index.first_pages(shown, search.terms(question), HITS)


def _fill(teams: list[Team], pages: int) -> None:
    """Half of everything is the first team's, a quarter the second's, and so on; the last has one."""
    documents = max(TEAMS, pages // PAGES_A_DOCUMENT)
    owners = [_owner(number, documents) for number in range(documents)]
    template = Document(team=teams[0], kind="pdf", endpoint="v3/pdf", status=Status.COMPLETED, num_pages=20)
    rows = ((f"bench-{n:09}", teams[owners[n]].pk, f"Paper {n}") for n in range(documents))
    seeding.insert(template, ["public_id", "team_id", "name"], rows)
    ids = list(Document.objects.order_by("pk").values_list("pk", flat=True))
    page = Page(document_id=ids[0], index=1, number=1, status=PageStatus.COMPLETED)
    chance = random.Random(1)  # noqa: S311
    texts = ((n, _text(chance, n)) for n in range(pages))
    filled = (
        (ids[n // PAGES_A_DOCUMENT % len(ids)], n, n, text, search.normalise(text)) for n, text in texts
    )
    columns = ["document_id", "index", "number", "mmd", "search_text"]
    seeding.insert(page, columns, filled, search_index.in_bulk)


def _owner(number: int, documents: int) -> int:
    if number == documents - 1:
        return TEAMS - 1
    half, owner = documents // 2, 0
    while number >= half and owner < TEAMS - 2 and half:
        number -= half
        half, owner = half // 2, owner + 1
    return owner


def _text(chance: random.Random, number: int) -> str:
    words = " ".join(chance.choices(WORDS, k=WORDS_A_PAGE))
    return f"{words} \\( x^{{2}}+y^{{2}}={number} \\)"
