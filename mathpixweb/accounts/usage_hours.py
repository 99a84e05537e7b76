"""The sums by the hour against the ledger they come from: whether they are equal, and made anew if not."""

from __future__ import annotations

from django.db import connection, transaction

HOUR = {
    "sqlite": "substr(created_at, 1, 13) || ':00:00'",  # as Django writes whole seconds
    "postgresql": "date_trunc('hour', created_at, 'UTC')",
}
COLUMNS = "team_id, hour, usage_type, key_number, user_number, count, events"
OF_LEDGER = """SELECT team_id, {hour}, usage_type, COALESCE(api_key_id, 0), COALESCE(user_id, 0),
    SUM(count), COUNT(*){more} FROM accounts_usageevent GROUP BY 1, 2, 3, 4, 5"""


def equal() -> bool:
    """Whether every sum is what the ledger says, to the unit. Reads all of both."""
    kept = f"SELECT {COLUMNS} FROM accounts_usagehour"  # noqa: S608 - all of these are our own words
    with connection.cursor() as cursor:
        for one, other in ((kept, _of_ledger()), (_of_ledger(), kept)):
            cursor.execute(f"SELECT 1 FROM ({one} EXCEPT {other}) AS differing LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return False
    return True


def rebuild() -> None:
    """Sums up the whole ledger again; whoever writes into it meanwhile waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE accounts_usageevent IN SHARE MODE")
        cursor.execute("DELETE FROM accounts_usagehour")
        summed = _of_ledger(", SUM(duration)")
        cursor.execute(f"INSERT INTO accounts_usagehour ({COLUMNS}, duration) {summed}")


def _of_ledger(more: str = "") -> str:
    return OF_LEDGER.format(hour=HOUR[connection.vendor], more=more)
