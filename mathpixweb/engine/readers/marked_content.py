"""Marked content: which marks of a page the file's structure speaks of, and by which number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

DEEPEST: Final = 512
MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Marked:
    """What is drawn after mark `start` up to `end`; `number` is its MCID, `said` what it is to be read as."""

    number: int | None
    said: str
    start: int
    end: int


@dataclass(slots=True)
class MarkedContent:
    """Collects the marked content of one page while it is drawn."""

    found: list[Marked] = field(default_factory=list)
    _open: list[tuple[int | None, str, int]] = field(default_factory=list)

    def begin(self, properties: Mapping[str, Any], drawn: int) -> None:
        number = properties.get("MCID")
        said = properties.get("ActualText") or properties.get("Alt")
        if len(self._open) < DEEPEST:
            numbered = int(number) if isinstance(number, int | float) and 0 <= number < MOST else None
            self._open.append((numbered, text(said) if isinstance(said, bytes) else "", drawn))

    def end(self, drawn: int) -> None:
        if not self._open:
            return
        number, said, start = self._open.pop()
        if (number is not None or said) and drawn > start and len(self.found) < MOST:
            self.found.append(Marked(number, said, start, drawn))


def text(string: bytes) -> str:
    """A text string of a PDF."""
    if string.startswith(b"\xfe\xff"):
        return string[2:].decode("utf-16-be", errors="replace")
    if string.startswith(b"\xef\xbb\xbf"):
        return string[3:].decode("utf-8", errors="replace")
    return string.decode("latin-1")
