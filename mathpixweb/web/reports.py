"""What a browser reports of itself when it connects: the pages or rows that it already shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import BaseModel, ValidationError

MOST_ENTRIES = 20_000
INDEX = re.compile(r"[0-9]{1,9}")


class _Report(BaseModel):
    have: dict[str, int] = {}
    since: datetime | None = None
    folder: int | None = None


@dataclass(slots=True)
class Known:
    """`have`: what is shown (page index or document id) → its edition; `since`: when it was last told.

    `folder`: the only one whose documents are shown.
    """

    have: dict[str, int] = field(default_factory=dict)
    since: datetime | None = None
    folder: int | None = None

    @classmethod
    def parse(cls, report: str | bytes) -> Known:
        """Nothing is known of a browser whose report makes no sense: it will be sent everything."""
        try:
            read = _Report.model_validate_json(report)
        except ValidationError:
            return cls()
        have = read.have if len(read.have) <= MOST_ENTRIES else {}
        return cls(have, _in_utc(read.since), read.folder)

    def editions(self) -> dict[int, int]:
        return {int(key): edition for key, edition in self.have.items() if INDEX.fullmatch(key)}


def _in_utc(moment: datetime | None) -> datetime | None:
    """None for one without a time zone, or at the ends of the calendar."""
    try:
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except OverflowError:
        return None
