"""How documents ended and how long people and programs waited for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import CANCELLED

Counted = defaultdict[float, list[int]]  # by the wait: how many ended, and how many of them failed

# no less than nothing, also where the clock was set back meanwhile
WAITED = {
    "sqlite": "max(0.0, (julianday(completed_at) - julianday(created_at)) * 86400.0)",
    "postgresql": "greatest(0, extract(epoch FROM completed_at - created_at))",
}
SPAN = {
    "sqlite": "substr(completed_at, 1, %s)",
    "postgresql": "left((completed_at AT TIME ZONE 'UTC')::text, %s)",
}
# to half a percent, which is more than anybody reads: so few values that they are soon summed up
ROUNDED = """CASE
    WHEN waited < 1 THEN round(waited / 0.005) * 0.005
    WHEN waited < 10 THEN round(waited / 0.05) * 0.05
    WHEN waited < 100 THEN round(waited / 0.5) * 0.5 WHEN waited < 1000 THEN round(waited / 5) * 5
    ELSE round(waited / 50) * 50 END"""
STATEMENT = """
SELECT since, {rounded} AS value, COUNT(*), SUM(failed) FROM (
    SELECT {span} AS since, CASE WHEN error_id <> '' THEN 1 ELSE 0 END AS failed, {waited} AS waited
    FROM documents_document WHERE {whose} AND completed_at >= %s AND completed_at < %s AND error_id <> %s
) AS ended GROUP BY since, value ORDER BY since, value
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of documents that ended in some time; cancelled ones are nobody's failure. Waits in seconds."""

    ended: int = 0
    failed: int = 0
    p50: float = 0.0
    p95: float = 0.0

    @property
    def error_share(self) -> float:
        return self.failed / self.ended if self.ended else 0.0


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of some time, as a whole and by its hours, days or months."""

    whole: Outcome
    by_time: Mapping[str, Outcome]


def of_team(team: Team, since: datetime, until: datetime, width: int) -> Outcomes:
    """By the first `width` characters of their moment in UTC. Waits are exact to half a percent."""
    return _ask("team_id = %s", [team.pk], since, until, width)


def of_server(since: datetime) -> Outcome:
    """Of all teams, from then on."""
    return _ask("1 = 1", [], since, since + timedelta(days=366), 1).whole


def _ask(whose: str, values: list[int], since: datetime, until: datetime, width: int) -> Outcomes:
    vendor = connection.vendor
    statement = STATEMENT.format(span=SPAN[vendor], waited=WAITED[vendor], whose=whose, rounded=ROUNDED)
    adapt = connection.ops.adapt_datetimefield_value
    whole: Counted = defaultdict(lambda: [0, 0])
    parts: defaultdict[str, Counted] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    with connection.cursor() as cursor:
        cursor.execute(statement, [width, *values, adapt(since), adapt(until), CANCELLED])
        for span, value, count, failed in cursor:
            for counted in (whole, parts[str(span)]):
                counted[float(value)][0] += count
                counted[float(value)][1] += failed
    return Outcomes(_outcome(whole), {span: _outcome(counted) for span, counted in parts.items()})


def _outcome(counted: Counted) -> Outcome:
    ended = sum(count for count, _ in counted.values())
    failed = sum(failed for _, failed in counted.values())
    return Outcome(ended, failed, _percentile(counted, ended, 50), _percentile(counted, ended, 95))


def _percentile(counted: Counted, ended: int, percent: int) -> float:
    """The smallest wait that so many did not exceed."""
    below = 0
    for value in sorted(counted):
        below += counted[value][0]
        if 100 * below >= percent * ended:
            return value
    return 0.0
