"""Page ranges as people write them: `2,4-6`, `2 - -2` (to the last but one), `5-` (to the end), `-1`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 2000  # characters; a document's worth of single pages fits
ITEM = re.compile(r"\s*(-?\d{1,7})\s*(?:(-)\s*(-?\d{1,7})?\s*)?", re.ASCII)


class PageRangesError(ValueError):
    """The text does not name pages; its message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class PageRange:
    """From `first` to `last`, both included and counted from 1; negative numbers count from the end."""

    first: int
    last: int

    def numbers(self, page_count: int) -> range:
        first, last = (n if n > 0 else page_count + 1 + n for n in (self.first, self.last))
        return range(max(first, 1), min(last, page_count) + 1)


def parse(ranges: str) -> list[PageRange]:
    """The ranges in the order in which they are written; empty text is no range. Raises PageRangesError."""
    if len(ranges) > LONGEST:
        raise PageRangesError(f"The list of pages is longer than {LONGEST} characters.")
    return [_parse_one(item) for item in ranges.split(",")] if ranges.strip() else []


def _parse_one(item: str) -> PageRange:
    match = ITEM.fullmatch(item)
    if match is None:
        raise PageRangesError(f'"{item.strip()}" does not name pages. Write for example 2,4-6 or 3-.')
    first = int(match[1])
    last = first if match[2] is None else int(match[3] or -1)
    if first == 0 or last == 0:
        raise PageRangesError("Pages are counted from 1; there is no page 0.")
    if last < first and (first > 0) == (last > 0):
        raise PageRangesError(f'"{item.strip()}" runs backwards. Write the smaller page first.')
    return PageRange(first, last)


def select(ranges: list[PageRange], page_count: int) -> list[int]:
    """Page numbers in the order asked for, each once; those that the document has not are left out."""
    return list(dict.fromkeys(n for asked in ranges for n in asked.numbers(page_count)))


def written(numbers: Iterable[int]) -> str:
    """The pages as a person would write them: `1,3-5`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ",".join("-".join(map(str, run)) for run in runs)
