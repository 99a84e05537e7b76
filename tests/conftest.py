from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from mathpixweb.documents.models import Document
from tests import server
from tests.turns import work


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; PostgreSQL drops none that threads of finished tests are still connected to."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def converted(received: Callable[..., Document]) -> Callable[..., Document]:
    """Makes a document, as the folder's `received` does, whose pages have been read."""

    def make(**fields: Any) -> Document:
        return work(received(**fields))

    return make


@pytest.fixture(scope="session")
def live_server_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """The real server, web and worker, shared by all tests that need one."""
    with server.running(tmp_path_factory.mktemp("server")) as running:
        yield running
