from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from redis import Redis

from mathpixweb.documents.models import Document
from mathpixweb.documents.work import claims, queues
from tests import migrated, server
from tests.receiving import Receiver, receiving
from tests.turns import work

NOBODY = "http://127.0.0.1:9"  # nothing answers there


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether a copy of what was migrated before is there to be used."""
    return connection.vendor == "sqlite" and migrated.give(_test_database())


def _test_database() -> Path:
    return Path(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; PostgreSQL drops none that threads of finished tests are still connected to."""
    if connection.vendor == "sqlite":
        migrated.keep(_test_database())
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """Empties tables without making Django's own permissions anew, which nothing here asks for.

    They were nine tenths of the time between two tests that commit.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **options: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashing one as carefully as it should be took longer than most tests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def no_heartbeat() -> Iterator[None]:
    """A claim is not renewed: another thread does not find rows that a test has not committed.

    On a slow machine it would take the claim for lost and interrupt the work.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "BEAT_SECONDS", 1000.0)
        yield


@pytest.fixture(autouse=True)
def no_messages_of_others() -> None:
    """Where all tests share a Redis: what an earlier one has sent or counted is gone."""
    if settings.REDIS_URL:
        Redis.from_url(settings.REDIS_URL).flushdb()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A server on this machine that takes what webhooks and callbacks tell it."""
    settings.ALLOW_PRIVATE_CALLBACKS = ["127.0.0.1"]
    with receiving() as running:
        yield running


@pytest.fixture
def converted(received: Callable[..., Document]) -> Callable[..., Document]:
    """Makes a document, as the folder's `received` does, whose pages have been read."""

    def make(**fields: Any) -> Document:
        return work(received(**fields))

    return make


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The documents for which workers are called, which do not come."""
    called: list[int] = []
    monkeypatch.setattr(queues, "convert", called.append)
    return called


@pytest.fixture(scope="session")
def live_server_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """The real server, web and worker, shared by all tests that need one; for it Mathpix is out of order."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "tmp").mkdir()
    with server.running(folder, MATHPIX_API_URL=NOBODY, TMPDIR=str(folder / "tmp")) as running:
        yield running


@pytest.fixture(scope="session")
def front(
    tmp_path_factory: pytest.TempPathFactory, live_server_process: server.Server
) -> Iterator[server.Server]:
    """A server that has everything read by the shared one, whose keys its own callers never see."""
    behind, own = live_server_process, {"app_id": "front_app", "app_key": "key_of_the_front"}
    with server.running(
        tmp_path_factory.mktemp("front"),
        PROVIDER="mathpix",
        MATHPIX_API_URL=behind.url,
        MATHPIX_APP_ID=behind.app_id,
        MATHPIX_APP_KEY=behind.app_key,
        BOOTSTRAP_APP_ID=own["app_id"],
        BOOTSTRAP_APP_KEY=own["app_key"],
    ) as running:
        yield replace(running, **own)
