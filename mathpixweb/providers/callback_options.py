"""Callbacks as they are asked for: `callback_url`, `callback_headers` and `callback_events`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mathpixweb.providers.base import ProviderError

NAMES = ("callback_url", "callback_headers", "callback_events")
FILE_COMPLETED, FILE_ERROR, JOB_COMPLETED = "file.completed", "file.error", "job.completed"
OF_A_FILE = (FILE_COMPLETED, FILE_ERROR)
OF_A_JOB = (JOB_COMPLETED,)
EVENTS = OF_A_FILE + OF_A_JOB
MOST_HEADERS = 10
MOST_BYTES = 4096
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")
HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?|")  # no line breaks, no outer spaces
OURS = """
    connection content-encoding content-length content-type expect host keep-alive proxy-authorization te
    trailer transfer-encoding upgrade user-agent
""".split()  # noqa: SIM905 - a table reads better than a dozen commas


@dataclass(frozen=True, slots=True)
class CallbackOrder:
    """Where to post what becomes of a file or job, and which events are wanted."""

    url: str
    headers: dict[str, str]
    events: tuple[str, ...]


def parse(raw: Mapping[str, object], default: Sequence[str]) -> CallbackOrder | None:
    """The callback that was asked for, with `default` events. Raises ProviderError("opts_bad_callback")."""
    url, wanted_headers, wanted_events = (raw.get(name) for name in NAMES)
    if url is None or url == "":
        if wanted_headers is not None or wanted_events is not None:
            raise refused("callback_url", "is missing: the other callback options mean nothing without it")
        return None
    if not isinstance(url, str):
        raise refused("callback_url", "must be an https address")
    events = tuple(default) if wanted_events is None else _events(wanted_events)
    return CallbackOrder(url, headers(wanted_headers), events)


def _events(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(event in EVENTS for event in value):
        return tuple(dict.fromkeys(value))
    raise refused("callback_events", f"must be a list of {', '.join(EVENTS)}")


def headers(value: object) -> dict[str, str]:
    """Headers that may be sent to others. Raises ProviderError("opts_bad_callback")."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or len(value) > MOST_HEADERS:
        raise refused("callback_headers", f"must be an object of at most {MOST_HEADERS} headers")
    for name, text in value.items():
        _check_header(str(name), text)
    if sum(len(name) + len(text) for name, text in value.items()) > MOST_BYTES:
        raise refused("callback_headers", f"are longer than {MOST_BYTES} characters together")
    return {str(name): str(text) for name, text in value.items()}


def _check_header(name: str, text: object) -> None:
    if not HEADER_NAME.fullmatch(name):
        raise refused("callback_headers", "holds something that is not a header's name")
    if name.lower() in OURS or name.lower().startswith("mathpix-"):
        raise refused("callback_headers", f"must not set {name}, which is set by this server")
    if not isinstance(text, str) or not HEADER_VALUE.fullmatch(text):
        raise refused("callback_headers", f"must give {name} a text of visible ASCII characters")


def refused(name: str, what: str) -> ProviderError:
    return ProviderError("opts_bad_callback", f"Option {name} {what}.", name=name)
