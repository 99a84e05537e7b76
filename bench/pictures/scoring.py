"""What the corpus's scorer says of what was read, item by item, beside what reading it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.figures import LeftOut, middle
from bench.pictures.items import items
from bench.servers import ROOT

PATIENCE = "600"  # seconds for a picture: what is busy beside this must not decide what can be read
BINS = 10  # of confidence, in which it is compared with what is right


@dataclass(frozen=True, slots=True)
class Scored:
    """One item: its scores by the scorer's names, CPU seconds, and what the reader said of itself."""

    id: str
    kind: str
    group: str
    scores: dict[str, float]
    cpu: float
    sure: float | None = None
    turn: int = 0
    page: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    items: Sequence[Scored] = ()
    loaded: float = 0.0  # CPU seconds until the first picture was read
    held: float = 0.0  # MB, the most of any process that took part
    failed: dict[str, str] = field(default_factory=dict)

    def of(self, *kinds: str, group: Callable[[str], bool] = lambda _: True) -> list[Scored]:
        return [item for item in self.items if item.kind in kinds and group(item.group)]


def run(reader: str, corpus: Path, scorer: Path, out: Path, kinds: Sequence[str], every: int) -> Run:
    """Reads and scores. Raises LeftOut."""
    if not scorer.is_file():
        raise LeftOut(f"There is no scorer at {scorer}; name one with --scorer.")
    out.mkdir(parents=True)
    told = _asked(
        [sys.executable, "-m", "bench.pictures.reading", reader, corpus, out, ",".join(kinds), every]
    )
    lines = {line["id"]: line for line in told if "id" in line}
    by_item = out.with_suffix(".jsonl")
    _asked([sys.executable, scorer, "run", "--index", corpus / "index.jsonl", "--pred", out,
            "--kinds", ",".join(kinds), "--out", by_item], quiet=True)  # fmt: skip
    scores = {row["id"]: row for row in map(json.loads, by_item.read_text().splitlines())}
    found = [
        Scored(
            item.id, item.kind, item.group,
            {name: value for name, value in scores[item.id].items() if isinstance(value, int | float)},
            line["cpu"], line.get("sure"), line.get("turn", 0), line.get("page", False),
            (out / f"{item.id}.md").read_text(),
        )
        for item in items(corpus, kinds, every)
        for line in [lines[item.id]]
    ]  # fmt: skip
    return Run(
        found,
        next((line["loaded"] for line in told if "loaded" in line), 0.0),
        next(line["held"] for line in told if "held" in line),
        {name: line["failed"] for name, line in lines.items() if "failed" in line},
    )


def _asked(command: Sequence[object], *, quiet: bool = False) -> list[dict[str, Any]]:
    patient = {"IMAGE_SECONDS": PATIENCE, "PAGE_SECONDS": PATIENCE}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mathpixweb.settings", **patient}
    run = subprocess.run(
        list(map(str, command)), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise LeftOut(run.stderr[-2000:])
    return [] if quiet else [json.loads(line) for line in run.stdout.splitlines()]


def mean(found: Sequence[Scored], score: str) -> float:
    values = [item.scores.get(score, 0.0) for item in found]
    return sum(values) / len(values) if values else float("nan")


def cpu(found: Sequence[Scored]) -> float:
    return middle([item.cpu for item in found]) if found else float("nan")


def calibration_error(found: Sequence[Scored], score: str) -> float:
    """The expected calibration error of `sure` over equally wide bins."""
    bins: list[list[tuple[float, float]]] = [[] for _ in range(BINS)]
    for item in found:
        if item.sure is not None:
            bins[min(BINS - 1, int(item.sure * BINS))].append((item.sure, item.scores.get(score, 0.0)))
    count = sum(map(len, bins))
    gaps = (abs(sum(sure - right for sure, right in each)) for each in bins)
    return sum(gaps) / count if count else float("nan")
