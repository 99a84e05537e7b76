"""Whole numbers as browsers send them; anybody can send anything else."""

from __future__ import annotations

DIGITS = 17  # that fit into a column of any database


def sent(text: str, digits: int = DIGITS) -> int | None:
    """The number; None for any other text, signs and other scripts' digits too."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
