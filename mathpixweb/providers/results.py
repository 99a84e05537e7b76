"""What comes back from a provider."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What the first look at a file tells: how many pages, and what reading them will need (plain JSON)."""

    page_count: int
    detail: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page, read. `lines` are those of lines.json, `width` and `height` its pixel space."""

    index: int
    number: int
    mmd: str
    plain: str
    lines: list[dict[str, object]]
    width: int
    height: int
    confidence: float
