"""How documents ended and how long people and programs waited for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import CANCELLED

WAITED = {
    "sqlite": "(julianday(completed_at) - julianday(created_at)) * 86400.0",
    "postgresql": "extract(epoch FROM completed_at - created_at)",
}
SPAN = {
    "sqlite": "substr(completed_at, 1, %s)",
    "postgresql": "left((completed_at AT TIME ZONE 'UTC')::text, %s)",
}
# the value at a rank is the percentile of what was measured, not of a model of it
STATEMENT = """
WITH ended AS (
    SELECT {span} AS since, error_id <> '' AS failed, {waited} AS waited
    FROM documents_document
    WHERE {whose} AND completed_at >= %s AND completed_at < %s AND error_id <> %s
), ranked AS (
    SELECT since, failed, waited,
        ROW_NUMBER() OVER (PARTITION BY since ORDER BY waited) AS place,
        COUNT(*) OVER (PARTITION BY since) AS ended
    FROM ended
)
SELECT since, MAX(ended), SUM(CASE WHEN failed THEN 1 ELSE 0 END),
    MAX(CASE WHEN place = (ended * 50 + 99) / 100 THEN waited END),
    MAX(CASE WHEN place = (ended * 95 + 99) / 100 THEN waited END)
FROM ranked GROUP BY since ORDER BY since
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


def by_time(team: Team, since: datetime, until: datetime, width: int) -> Mapping[str, Outcome]:
    """Outcomes by the first `width` characters of their moment in UTC."""
    return _ask("team_id = %s", [team.pk], since, until, width)


def total(team: Team, since: datetime, until: datetime) -> Outcome:
    return _ask("team_id = %s", [team.pk], since, until, 0).get("", Outcome())


def of_server(since: datetime) -> Outcome:
    """Of all teams, from then on."""
    return _ask("1 = 1", [], since, since + timedelta(days=366), 0).get("", Outcome())


def _ask(
    whose: str, values: list[int], since: datetime, until: datetime, width: int
) -> Mapping[str, Outcome]:
    vendor = connection.vendor
    statement = STATEMENT.format(span=SPAN[vendor], waited=WAITED[vendor], whose=whose)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [width, *values, adapt(since), adapt(until), CANCELLED])
        return {
            str(span): Outcome(ended, failed, float(p50 or 0), float(p95 or 0))
            for span, ended, failed, p50, p95 in cursor.fetchall()
        }
