"""Two engines, one page: what the other one read is kept, and the difference shown."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from django.utils import timezone

from mathpixweb.documents.models import Page
from mathpixweb.documents.models.remote import Reading

WORD = re.compile(r"\\[A-Za-z]+|\s+|\w+|.", re.DOTALL)
MOST_LETTERS = 10_000  # of two lines that are compared word by word
ALIKE = 0.4  # where lines have less in common than this, no word of them is set off


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; not `same` where just this is different on the other side."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that stand beside each other; `same` when both engines read them alike."""

    before: tuple[Piece, ...]
    now: tuple[Piece, ...]
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
        rows += [_row(one, other, kind == "equal") for one, other in zip(*both, strict=True)]
    return rows


def _row(before: str, now: str, same: bool) -> Row:
    whole = Row((Piece(before, same=True),), (Piece(now, same=True),), same)
    if same or not before or not now or len(before) + len(now) > MOST_LETTERS:
        return whole
    words = WORD.findall(before), WORD.findall(now)
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    if matcher.ratio() < ALIKE:
        return whole
    left, right = [], []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        left.append(Piece("".join(words[0][start:end]), kind == "equal"))
        right.append(Piece("".join(words[1][other_start:other_end]), kind == "equal"))
    return Row(_said(left), _said(right), same)


def _said(pieces: list[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.text)


def _filled(lines: list[str], height: int) -> list[str]:
    return lines + [""] * (height - len(lines))
