"""Measures the subjects that are asked for, one after the other, and shows what came of them."""

from __future__ import annotations

import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench import history, servers
from bench.figures import Figure, LeftOut, Row, table
from bench.subjects import (
    charts,
    engine,
    fan_out,
    first_page,
    formats,
    hostile,
    images,
    jobs,
    latency,
    memory,
    mirror,
    pages,
    paint,
    pictures,
    readers,
    search,
    soak,
    submissions,
    uploads,
    writers,
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """`quick`: less of the same; `corpus`: a folder with an index.jsonl; `database`: an empty one.

    `scorer` is the program that compares what was read with the truths of the corpus, `kinds` are those of
    its pictures that are read, all if none are named; `alone` leaves out the rivals, who take longest; in the
    folder `shared`, which is this run's, one subject finds what another has made.
    """

    quick: bool = False
    corpus: Path | None = None
    scorer: Path = Path("score.py")
    database: str = ""
    minutes: float = 3.0
    kinds: tuple[str, ...] = ()
    alone: bool = False
    shared: Path | None = None


Measure = Callable[[Conditions], Iterator[Figure]]
SUBJECTS: dict[str, Measure] = {
    "engine": engine.measure,
    "first-page": first_page.measure,
    "fan-out": fan_out.measure,
    "readers": readers.measure,
    "images": images.measure,
    "pictures": pictures.measure,
    "latency": latency.measure,
    "submissions": submissions.measure,
    "uploads": uploads.measure,
    "jobs": jobs.measure,
    "writers": writers.measure,
    "search": search.measure,
    "pages": pages.measure,
    "paint": paint.measure,
    "charts": charts.measure,
    "memory": memory.measure,
    "formats": formats.measure,
    "mirror": mirror.measure,
}
# asked for by name: a soak lasts as long as one wants, and what is hostile is in a folder of its own
ALL = {**SUBJECTS, "soak": soak.measure, "hostile": hostile.measure}

WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def run(names: Sequence[str], conditions: Conditions, *, keep: bool = True) -> int:
    """How many subjects could not be measured."""
    load, missing = os.getloadavg()[0], 0
    rows: list[Row] = []
    with servers.folder() as shared:
        conditions = replace(conditions, shared=shared)
        for name in names or SUBJECTS:
            began, spent, before = time.monotonic(), _cpu_seconds(), len(rows)
            try:
                # one by one: what was found stays, whatever becomes of the next
                rows.extend(Row(name, figure) for figure in ALL[name](conditions))
            except LeftOut as left:
                _say(f"{name}: left out. {left}")
                missing += 1
                continue
            except (KeyboardInterrupt, SystemExit):
                _say(f"{name}: stopped; what was measured before is kept.")
                missing += 1
                break
            except Exception:  # noqa: BLE001 - one that fails must not take the others' figures along
                traceback.print_exc()
                missing += 1
                continue
            wall, cpu = time.monotonic() - began, _cpu_seconds() - spent
            _say(f"{name}: {len(rows) - before} figures in {wall:.0f} s, {cpu:.0f} CPU s")
    if rows:
        _say(f"\n{table(rows)}")
    if rows and keep:
        history.append(rows, load, conditions.quick)
        _say(f"\nAdded to {history.PAGE.relative_to(history.ROOT)}.")
    return missing


def _cpu_seconds() -> float:
    """Of this process and of all that it has waited for."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHOSE))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
