"""Whether this server is alive, and whether it is ready to work. No key is needed; nothing is revealed."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from mathpixweb.documents.work import operation

logger = logging.getLogger(__name__)

TO_DO = "On the server, `python3 manage.py doctor` tells what is wrong and what to do about it."


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    return _report(database=_database_answers)


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    return _report(
        database=_database_answers,
        writing=operation.database_can_be_written,
        migrations=_migrations_applied,
        files=_files_can_be_written,
    )


def _report(**checks: Callable[[], bool]) -> JsonResponse:
    """HTTP 200 when every check passes, else 503 with what failed."""
    failed = [name for name, check in checks.items() if not _passes(name, check)]
    if failed:
        return JsonResponse({"status": "error", "failed": failed, "to_do": TO_DO}, status=503)
    return JsonResponse({"status": "ok"})


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OSError) as error:
        # without a trace: it is asked every few seconds for as long as it lasts
        logger.error("the health check %s failed: %s", name, error)  # noqa: TRY400
        return False


def _database_answers() -> bool:
    """Whether it is there and has tables, as an empty file has none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _files_can_be_written() -> bool:
    return os.access(settings.DATA_DIR, os.W_OK) and os.access(settings.FILE_UPLOAD_TEMP_DIR, os.W_OK)
