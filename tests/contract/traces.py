"""Whatever a server keeps anywhere, searched for texts: files, its log, tables, messages, the bucket."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

from tests.asking import HTTP
from tests.server import Server, services_of

Kept = tuple[str, bytes]  # where, and what
NAMES = re.compile(r"<Key>([^<]+)</Key>")


def places_with(server: Server, texts: Sequence[bytes], since: float) -> list[str]:
    """Where any of the texts is kept; `since` is when the first of them was sent."""
    wanted = [*texts, *(text.hex().encode() for text in texts)]  # PostgreSQL shows bytes so
    return [where for where, content in everything(server, since) if any(text in content for text in wanted)]


def everything(server: Server, since: float) -> Iterator[Kept]:
    """Its folder, with the log and what is temporary, and its services."""
    yield from _files(server.data_dir.parent)
    settings = services_of(server.data_dir.parent)
    if address := settings.get("DATABASE_URL"):
        yield from _rows(address)
        yield from _write_ahead_log(address, since)
    if address := settings.get("REDIS_URL"):
        yield from _messages(address)
    if home := settings.get("FILES_URL"):
        yield from _objects(settings["FILES_ENDPOINT"], home)


def _files(folder: Path) -> Iterator[Kept]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()


def _rows(address: str) -> Iterator[Kept]:
    with psycopg.connect(address) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            asked = sql.SQL("COPY (SELECT t::text FROM {} AS t) TO STDOUT").format(sql.Identifier(table))
            with database.cursor().copy(asked) as rows:
                yield f"table {table}", b"".join(bytes(row) for row in rows)


def _write_ahead_log(address: str, since: float) -> Iterator[Kept]:
    """What was rolled back or deleted stands there too."""
    with psycopg.connect(address) as database:
        [folder] = database.execute("SHOW data_directory").fetchone() or [""]
    for path in Path(folder, "pg_wal").glob("0*"):
        if path.stat().st_mtime >= since:
            yield str(path), path.read_bytes()


def _messages(address: str) -> Iterator[Kept]:
    with redis.Redis.from_url(address) as server:
        for key in server.scan_iter():
            yield f"key {key!r}", repr(_value(server, key)).encode()


def _value(server: redis.Redis, key: bytes) -> Any:
    read = {
        b"string": server.get,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"hash": server.hgetall,
        b"set": server.smembers,
        b"zset": lambda key: server.zrange(key, 0, -1),
        b"stream": server.xrange,
    }
    return read[server.type(key)](key)


def _objects(endpoint: str, home: str) -> Iterator[Kept]:
    bucket, folder = urlsplit(home).netloc, urlsplit(home).path.strip("/")
    listed = HTTP.get(f"{endpoint}/{bucket}", params={"list-type": "2", "prefix": f"{folder}/"})
    for name in NAMES.findall(listed.raise_for_status().text):
        yield f"{bucket}/{name}", HTTP.get(f"{endpoint}/{bucket}/{name}").raise_for_status().content
