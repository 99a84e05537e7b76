"""Whether this installation is set up well: what was looked at, what is wrong with it, and what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from mathpixweb.accounts.models import User
from mathpixweb.documents import bucket
from mathpixweb.documents.work import operation

GOOD, LOOK, WRONG = "good", "look", "wrong"
LEAST_FREE = 2 * 1024**3  # bytes
SHORTEST_KEY = 32  # letters
CONNECT_SECONDS = 3
UNUSABLE = {
    "sqlite": "choose another DATA_DIR and restore a backup there: python3 manage.py restore …",
    "postgresql": "start it, or correct DATABASE_URL",
}
READ_ONLY = {
    "sqlite": "mount the disk for writing, or chown the file and its folder to the user of the server",
    "postgresql": "DATABASE_URL must name the primary, not a standby",
}
GONE = (
    "files of documents are here without it: put it back where it was, correct DATA_DIR or DATABASE_URL, or "
    "restore a backup into an empty DATA_DIR; to begin anew, move them away"
)
AT_HOME = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is empty where nothing is to be done."""

    subject: str
    state: str
    said: str
    remedy: str = ""


def findings() -> Iterator[Finding]:
    """Everything, the most important first."""
    found = database()
    yield found
    if found.state == GOOD:
        yield _tables()
    for look in (_folder, _room, _files, _messages, _key, _address, _proxy, _debugging):
        yield look()
    if found.state == GOOD:
        yield from _with_rows(_owner, _workers)


def database() -> Finding:
    where = (
        "PostgreSQL" if connection.vendor == "postgresql" else f"SQLite, {connection.settings_dict['NAME']}"
    )
    if is_missing():
        state, remedy = (WRONG, GONE) if _has_files() else (LOOK, "python3 manage.py serve makes it")
        return Finding("database", state, f"{where}: there is none", remedy)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        return Finding("database", WRONG, f"{where}: {reason}", UNUSABLE[connection.vendor])
    if not operation.database_can_be_written():
        return Finding("database", WRONG, f"{where}: it can only be read", READ_ONLY[connection.vendor])
    return Finding("database", GOOD, where)


def is_missing() -> bool:
    """Whether there is no file of a database; a server of databases has to be asked."""
    return connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists()


def _has_files() -> bool:
    folder = Path(settings.MEDIA_ROOT)
    return folder.is_dir() and any(folder.iterdir())


def _tables() -> Finding:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        remedy = "python3 manage.py serve brings them up to date, or: python3 manage.py migrate"
        return Finding("tables", WRONG, f"{missing} changes are not made yet", remedy)
    return Finding("tables", GOOD, "up to date")


def _folder() -> Finding:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK):
        return Finding("DATA_DIR", WRONG, f"{folder} cannot be written", f"chown it to user {os.geteuid()}")
    if folder.stat().st_mode & 0o077:
        return Finding("DATA_DIR", LOOK, f"{folder} can be read by others", f"chmod 700 {folder}")
    return Finding("DATA_DIR", GOOD, str(folder))


def _room() -> Finding:
    usage = shutil.disk_usage(settings.DATA_DIR)
    said = f"{usage.free / 1024**3:.1f} of {usage.total / 1024**3:.1f} GB are free"
    if usage.free < LEAST_FREE:
        return Finding("disk", LOOK, said, "make room before uploads are refused")
    return Finding("disk", GOOD, said)


def _files() -> Finding:
    if not bucket.is_home():
        return Finding("files", GOOD, str(settings.MEDIA_ROOT))
    try:
        bucket.has(Path(settings.MEDIA_ROOT) / "nothing")
    except bucket.Away:
        remedy = "compare FILES_URL, FILES_ENDPOINT, FILES_REGION and the keys with what the log says"
        return Finding("files", WRONG, f"{settings.FILES_URL} cannot be reached", remedy)
    return Finding("files", GOOD, f"{settings.FILES_URL}, copies in {settings.MEDIA_ROOT}")


def _messages() -> Finding:
    if not settings.REDIS_URL:
        return Finding("messages", GOOD, "files, for one machine")
    where = settings.REDIS_URL.rpartition("@")[2]
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=CONNECT_SECONDS) as server:
            server.ping()
    except redis.RedisError as error:
        remedy = "start it, or correct REDIS_URL; until then files are taken in, and not read"
        return Finding("messages", WRONG, f"{where}: {error}", remedy)
    return Finding("messages", GOOD, f"Redis, {where}")


def _key() -> Finding:
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        return Finding("SECRET_KEY", WRONG, "it can be guessed", "leave it out, or choose 50 random letters")
    return Finding("SECRET_KEY", GOOD, "long enough")


def _address() -> Finding:
    if settings.HTTPS or urlsplit(settings.PUBLIC_URL).hostname in AT_HOME:
        return Finding("PUBLIC_URL", GOOD, settings.PUBLIC_URL)
    said = f"{settings.PUBLIC_URL}: passwords and keys travel where others can read them"
    return Finding("PUBLIC_URL", LOOK, said, "a proxy with TLS in front, and PUBLIC_URL=https://…")


def _proxy() -> Finding:
    trusted = settings.SECURE_PROXY_SSL_HEADER is not None
    if settings.HTTPS and not trusted:
        said = "everybody behind the proxy is one address"
        return Finding("TRUST_PROXY", LOOK, said, "TRUST_PROXY=true and FORWARDED_ALLOW_IPS=its address")
    return Finding("TRUST_PROXY", GOOD, "a proxy is believed" if trusted else "no proxy is believed")


def _debugging() -> Finding:
    if settings.DEBUG:
        return Finding("DEBUG", WRONG, "strangers are shown the inside of every mistake", "leave DEBUG out")
    return Finding("DEBUG", GOOD, "off")


def _with_rows(*looks: Callable[[], Finding]) -> Iterator[Finding]:
    """Those that need tables, as far as there are any."""
    for look in looks:
        try:
            yield look()
        except DatabaseError:
            return


def _owner() -> Finding:
    if User.objects.filter(is_active=True).exists():
        return Finding("people", GOOD, "there is somebody who can sign in")
    return Finding("people", LOOK, "nobody can sign in yet", "the first start shows a link to sign in with")


def _workers() -> Finding:
    working = [machine.name for machine, works in operation.machines() if works]
    if not working:
        remedy = "python3 manage.py serve, or serve --worker-only beside serve --web-only"
        return Finding("workers", LOOK, "nobody reads documents at the moment", remedy)
    if len(working) > 1 and not settings.REDIS_URL:
        said = f"on {len(working)} machines, which do not hear of each other"
        return Finding("workers", WRONG, said, "set REDIS_URL, the same on all of them")
    return Finding("workers", GOOD, "on " + ", ".join(working))
