"""Live drawings: a client sends only its new strokes, and is answered for all of its session.

Kept in the memory of the web server for as long as a session may last; a restart ends them.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from mathpixweb.accounts import app_tokens
from mathpixweb.accounts.models import Team
from mathpixweb.documents.ids import new_public_id
from mathpixweb.providers.base import ProviderError, Stroke

SESSION_SECONDS = 300.0
MOST_SESSIONS = 1000  # of all teams; the oldest go first
MOST_BYTES = 512 * 1024  # of one session's strokes


@dataclass(slots=True)
class Session:
    """`drawn` are the strokes as JSON, which takes a tenth of the memory that lists would."""

    public_id: str = field(default_factory=new_public_id)
    ends: float = field(default_factory=lambda: time.monotonic() + SESSION_SECONDS)
    drawn: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """All strokes of a session up to now; `first` if these are its first ones."""

    public_id: str
    strokes: tuple[Stroke, ...]
    first: bool


_sessions: OrderedDict[tuple[int, str], Session] = OrderedDict()
_lock = threading.Lock()


def add(team: Team, session_id: str, strokes: Sequence[Stroke]) -> Drawing:
    """Raises ProviderError for a session that the team has not been given, or that has ended."""
    if not app_tokens.has_session(team, session_id):
        message = "This strokes_session_id is unknown or has ended; ask /v3/app-tokens for another."
        name = "strokes_session_id"
        raise ProviderError("opts_value_out_of_range", message, name=name, value=session_id[:100])
    with _lock:
        session = _session((team.pk, session_id))
        added = json.dumps(strokes).encode()
        if sum(map(len, session.drawn)) + len(added) > MOST_BYTES:
            raise ProviderError("sys_request_too_large", "A session may hold 512 kB of strokes.")
        first = not session.drawn
        session.drawn.append(added)
        drawn = [stroke for part in session.drawn for stroke in json.loads(part)]
        return Drawing(session.public_id, tuple(drawn), first)


def _session(key: tuple[int, str]) -> Session:
    now = time.monotonic()
    while _sessions and next(iter(_sessions.values())).ends < now:
        _sessions.popitem(last=False)
    if key not in _sessions and len(_sessions) >= MOST_SESSIONS:
        _sessions.popitem(last=False)
    return _sessions.setdefault(key, Session())


def parsed(value: object) -> tuple[Stroke, ...]:
    """The strokes of a request: x and y of each, apart. Raises ProviderError."""
    if not value:
        raise ProviderError("strokes_missing", "Missing strokes in request body")
    if isinstance(value, dict) and isinstance(value.get("strokes"), dict):
        value = value["strokes"]
    xs, ys = (value.get("x"), value.get("y")) if isinstance(value, dict) else (None, None)
    if not (isinstance(xs, list) and isinstance(ys, list)):
        raise _syntax('Strokes are written as {"strokes": {"x": [[…], …], "y": [[…], …]}}')
    if len(xs) != len(ys):
        raise _syntax(f"x has {len(xs)} strokes and y has {len(ys)}")
    strokes = tuple(_stroke(x, y, number) for number, (x, y) in enumerate(zip(xs, ys, strict=True), 1))
    drawn = tuple(stroke for stroke in strokes if stroke)
    if not drawn:
        raise ProviderError("strokes_no_content", "No content found in strokes")
    return drawn


def _stroke(xs: object, ys: object, number: int) -> Stroke:
    if not (isinstance(xs, list) and isinstance(ys, list) and len(xs) == len(ys)):
        raise _syntax(f"Stroke {number} needs as many numbers in x as in y")
    if not all(_is_number(value) for value in (*xs, *ys)):
        raise _syntax(f"Stroke {number} holds something that is not a number")
    return [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e7


def _syntax(sentence: str) -> ProviderError:
    return ProviderError("strokes_syntax_error", sentence)
