"""What a corpus has to be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the corpus's index.jsonl."""

    id: str
    kind: str
    group: str
    path: Path


def items(corpus: Path, kinds: Sequence[str], every: int = 1) -> list[Item]:
    """Every so many-th item of each of these kinds, as the index has them."""
    rows = [json.loads(line) for line in (corpus / "index.jsonl").read_text().splitlines()]
    of_kinds = ([row for row in rows if row["kind"] == kind] for kind in kinds)
    return [
        Item(row["id"], row["kind"], row.get("group") or "", corpus / row["input"])
        for found in of_kinds
        for row in found[::every]
    ]
