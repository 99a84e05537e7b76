"""Processes that write into one database at the same time: how many are told that it is locked?"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction

from bench.figures import Figure, percentile
from bench.inside import seeding
from mathpixweb.accounts import usage
from mathpixweb.accounts.models import Team, UsageEvent

WRITERS = 4
DJANGOS_OWN: dict[str, Any] = {}  # what Django connects to SQLite with, unless it is told otherwise


@dataclass(frozen=True, slots=True)
class Written:
    seconds: list[float]
    locked: int


def measure(rows: int) -> Iterator[Figure]:
    """`rows` transactions by each of the writers, with our way of connecting and with Django's."""
    seeding.prepare()
    where = connection.vendor
    ours = _all(rows, None)
    kept = UsageEvent.objects.count()
    yield Figure(f"{where}: {WRITERS} writers, transactions", kept, "", goal=f"{WRITERS * rows}")
    rival: tuple[str, Written] | None = None
    if where == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=DELETE")
        rival = "Django's defaults", _all(rows, DJANGOS_OWN)
    named = (rival[0], float(rival[1].locked)) if rival else ("", None)
    yield Figure(f"{where}: told that it is locked", ours.locked, "", *named, goal="0")
    for what, percent in (("p50", 50), ("p99", 99), ("at most", 100)):
        mine, theirs = _spread(ours, percent), _spread(rival[1], percent) if rival else None
        yield Figure(f"{where}: a transaction, {what}", mine, "ms", named[0], theirs)


def _spread(written: Written, percent: int) -> float:
    return 1000 * (max(written.seconds) if percent == 100 else percentile(written.seconds, percent))


def _all(count: int, options: dict[str, Any] | None) -> Written:
    teams = seeding.teams(WRITERS)
    connection.close()
    forked = multiprocessing.get_context("fork")
    with forked.Pool(WRITERS) as pool:
        parts = pool.starmap(_write, [(team.pk, count, options) for team in teams], 1)
    return Written([second for part in parts for second in part.seconds], sum(part.locked for part in parts))


def _write(team_id: int, count: int, options: dict[str, Any] | None) -> Written:
    """Looks, then writes, as nearly every transaction of the product does."""
    if options is not None:
        connection.settings_dict["OPTIONS"] = options
    seconds, locked = [], 0
    for turn in range(count):
        began = time.perf_counter()
        try:
            with transaction.atomic():
                found = Team.objects.get(pk=team_id)
                usage.record(found, "pdf-page", {"turn": turn})
                Team.objects.filter(pk=found.pk).update(name=f"Turn {turn}")
        except OperationalError:  # nothing else can be wrong with the same three statements
            locked += 1
        seconds.append(time.perf_counter() - began)
    connection.close()
    return Written(seconds, locked)
