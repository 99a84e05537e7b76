"""Two engines, one page: what the other one read is kept, and the difference shown."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from django.utils import timezone

from mathpixweb.documents.models import Page
from mathpixweb.documents.models.remote import Reading


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that stand beside each other; `same` when both engines read them alike."""

    before: str
    now: str
    same: bool


def keep(page: Page, provider: str, mmd: str, confidence: float) -> None:
    """Remembers what one engine read of the page; its earlier readings of the page are forgotten."""
    Reading.objects.update_or_create(
        page=page,
        provider=provider,
        defaults={"mmd": mmd, "confidence": confidence, "created_at": timezone.now()},
    )


def differences(before: str, now: str) -> list[Row]:
    """Both texts line by line, side by side."""
    left, right = before.strip().splitlines(), now.strip().splitlines()
    rows: list[Row] = []
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        height = max(end - start, other_end - other_start)
        both = (_filled(left[start:end], height), _filled(right[other_start:other_end], height))
        rows += [Row(one, other, kind == "equal") for one, other in zip(*both, strict=True)]
    return rows


def _filled(lines: list[str], height: int) -> list[str]:
    return lines + [""] * (height - len(lines))
