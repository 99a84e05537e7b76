"""Mathpix Markdown of lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def of(lines: Iterable[Mapping[str, Any]]) -> str:
    """The Mathpix Markdown of the lines of one page, or of all pages in order."""
    return "".join(line["text_display"] for line in lines if line["conversion_output"])
