"""Live drawings: a client sends only its new strokes, and is answered for all of its session.

Sessions are rows, so that any web server can take the next strokes. One with private strokes is from then on
in the memory of this web server alone, as they may reach no disk.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mathpixweb.accounts import app_tokens
from mathpixweb.accounts.models import Team
from mathpixweb.documents.ids import new_public_id
from mathpixweb.documents.models.ink import StrokesSession
from mathpixweb.providers.base import ProviderError, Stroke

SESSION_SECONDS = 300.0
MOST_SESSIONS = 1000  # private ones, of all teams; the oldest go first
MOST_BYTES = 512 * 1024  # of one session's strokes


@dataclass(slots=True)
class PrivateSession:
    """`drawn` is a list of strokes as JSON, which takes a tenth of the memory that lists would."""

    public_id: str = field(default_factory=new_public_id)
    ends: float = field(default_factory=lambda: time.monotonic() + SESSION_SECONDS)
    drawn: str = "[]"


@dataclass(frozen=True, slots=True)
class Drawing:
    """All strokes of a session up to now: whether these are its first ones, and whether any are private."""

    public_id: str
    strokes: tuple[Stroke, ...]
    first: bool
    private: bool


_private: OrderedDict[tuple[int, str], PrivateSession] = OrderedDict()
_lock = threading.Lock()


def add(team: Team, session_id: str, strokes: Sequence[Stroke], *, private: bool = False) -> Drawing:
    """Raises ProviderError for a session that the team has not been given, or that has ended."""
    if not app_tokens.has_session(team, session_id):
        message = "This strokes_session_id is unknown or has ended; ask /v3/app-tokens for another."
        name = "strokes_session_id"
        raise ProviderError("opts_value_out_of_range", message, name=name, value=session_id[:100])
    if private or _is_private(team, session_id):
        return _add_in_memory(team, session_id, strokes)
    return _add_to_row(team, session_id, strokes)


def forget_ended() -> None:
    StrokesSession.objects.filter(ends_at__lt=timezone.now()).delete()


def _add_to_row(team: Team, session_id: str, strokes: Sequence[Stroke]) -> Drawing:
    forget_ended()
    with transaction.atomic():
        ends_at = timezone.now() + timedelta(seconds=SESSION_SECONDS)
        StrokesSession.objects.get_or_create(
            session_id=session_id, defaults={"team": team, "ends_at": ends_at}
        )
        session = StrokesSession.objects.select_for_update().get(team=team, session_id=session_id)
        drawing, session.strokes = _grown(session.public_id, session.strokes, strokes)
        session.save(update_fields=["strokes"])
    return drawing


def _add_in_memory(team: Team, session_id: str, strokes: Sequence[Stroke]) -> Drawing:
    """What was drawn before is moved here from its row."""
    with _lock:
        session = _session((team.pk, session_id))
        row = StrokesSession.objects.filter(team=team, session_id=session_id).first()
        if row is not None:
            session.public_id, session.drawn = row.public_id, row.strokes
            row.delete()
        drawing, session.drawn = _grown(session.public_id, session.drawn, strokes)
        return replace(drawing, private=True)


def _grown(public_id: str, drawn: str, strokes: Sequence[Stroke]) -> tuple[Drawing, str]:
    """The drawing with the new strokes, and its JSON. Raises ProviderError."""
    before = json.loads(drawn)
    everything = (*before, *strokes)
    text = json.dumps(everything, separators=(",", ":"))
    if len(text) > MOST_BYTES:
        raise ProviderError("sys_request_too_large", "A session may hold 512 kB of strokes.")
    return Drawing(public_id, everything, first=not before, private=False), text


def _is_private(team: Team, session_id: str) -> bool:
    with _lock:
        return (team.pk, session_id) in _private


def _session(key: tuple[int, str]) -> PrivateSession:
    now = time.monotonic()
    while _private and next(iter(_private.values())).ends < now:
        _private.popitem(last=False)
    if key not in _private and len(_private) >= MOST_SESSIONS:
        _private.popitem(last=False)
    return _private.setdefault(key, PrivateSession())


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
