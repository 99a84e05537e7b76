"""Lines of the log: one event each, whatever texts of strangers it holds, with the request and the document.

LOG_FORMAT chooses between lines for people and JSON objects for programs that collect them.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

FORMATS = ("text", "json")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# what would begin another line, or make a terminal do something
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    ord("\n"): "\\n",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}

_about: ContextVar[dict[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed, always replaced


@contextmanager
def about(**names: str) -> Iterator[None]:
    """What is logged in here belongs to these: `request`, `document`."""
    token = _about.set({**_about.get(), **names})
    try:
        yield
    finally:
        _about.reset(token)


def request_id(given: str = "") -> str:
    """The one that a proxy in front has given, if it is one; else a new one."""
    return given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


class Lines(logging.Formatter):
    """For people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = record.message.translate(_CONTROLS)
        said = " ".join(f"{name}={value}" for name, value in _about.get().items())
        line = super().formatMessage(record)
        return f"{line} [{said}]" if said else line

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Each line of a trace stands under its event, so that what strangers say in it begins none."""
        trace = super().formatException(ei).split("\n")
        return "\n".join(f"  {line.translate(_CONTROLS)}" for line in trace)


class Objects(logging.Formatter):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)


def formatter(name: str) -> logging.Formatter:
    """By its name in FORMATS."""
    return Objects() if name == "json" else Lines()
