"""Tables as an older version had them, for the rows that it has written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO

from django.core.management.color import no_style
from django.core.serializers import jsonl
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

Migrations = Mapping[str, list[str]]  # names by application


class NotMade(Exception):
    """Why not, and what to do."""


def make(version: Migrations) -> StateApps:
    """Makes the tables that these migrations make, and the models of then. Raises NotMade."""
    executor = MigrationExecutor(connection)
    last = [(app, max(names)) for app, names in version.items()]
    if unknown := [name for name in last if name not in executor.loader.graph.nodes]:
        raise NotMade(
            f"A newer version wrote this backup: nothing is known here of {'.'.join(unknown[0])}. "
            "Restore it with that version, or a later one."
        )
    if any(app in version and name not in version[app] for app, name in executor.loader.applied_migrations):
        raise NotMade(
            "An older version wrote this backup, and the tables here are of this one. "
            "Restore it into a database without tables; they are brought up to date afterwards."
        )
    executor.migrate(last)
    return executor.loader.project_state(last).apps


def fill(then: StateApps, rows: Path) -> None:
    """All rows or none, each as a line of JSON."""
    with transaction.atomic(), connection.constraint_checks_disabled(), rows.open(encoding="utf-8") as lines:
        for row in _Rows(lines, then):
            row.save()
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), then.get_models()):
                cursor.execute(statement)


class _Rows(jsonl.Deserializer):
    def __init__(self, lines: IO[str], then: StateApps) -> None:
        super().__init__(lines)
        self._then = then

    def _get_model_from_node(self, name: str) -> type[models.Model]:
        return self._then.get_model(name)
