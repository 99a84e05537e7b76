"""A database of SQLite with all tables, kept from one run of tests to the next: making one takes seconds."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent


def give(path: Path) -> bool:
    """Puts a copy there, if there is one to be had."""
    if not _kept().exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_kept(), path)
    return True


def keep(path: Path) -> None:
    """Takes the database there, fresh and empty, for those who come later."""
    kept = _kept()
    if kept.exists():
        return
    kept.parent.mkdir(exist_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(path)) as fresh, closing(sqlite3.connect(draft)) as copy:
        fresh.backup(copy)
    draft.replace(kept)


@cache
def _kept() -> Path:
    """Another file for other migrations."""
    digest = hashlib.sha256(django.__version__.encode())
    for migration in sorted(ROOT.glob("mathpixweb/**/migrations/*.py")):
        digest.update(migration.read_bytes())
    return ROOT / ".pytest_cache" / f"migrated-{digest.hexdigest()[:16]}.sqlite3"
