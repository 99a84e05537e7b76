"""A backup is one archive: the rows of the database, every file, and the key that seals what is secret.

Rows travel as the models write them, so what was backed up from SQLite can be restored into PostgreSQL and
the other way round. They are loaded into tables as they were then, which are brought up to date afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from mathpixweb.accounts.models import User
from mathpixweb.documents import storage
from mathpixweb.documents.library import tables_of_then

APPS = ("accounts", "documents")
SUMS = "accounts.usagehour"  # made by the database itself, from the ledger
ROWS, VERSION, KEY, FILES = "rows.jsonl", "version.json", "secret_key", "files"


class NotRestored(Exception):
    """Why not, and what to do."""


def write(target: Path) -> None:
    """All or nothing, readable by nobody else. Documents may come in meanwhile; those of then are in it."""
    draft = target.with_name(f".{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as place:
        folder = Path(place)
        with transaction.atomic():
            (folder / VERSION).write_text(json.dumps(_version()))
            rows = str(folder / ROWS)
            call_command("dumpdata", *APPS, exclude=[SUMS], format="jsonl", output=rows, verbosity=0)
        (folder / KEY).write_text(settings.SECRET_KEY)
        draft.touch(mode=0o600)
        try:
            with tarfile.open(draft, "w:gz") as archive:
                for name in (VERSION, KEY, ROWS):
                    archive.add(folder / name, name)
                for name in storage.names():  # after the rows: every row in it has its files
                    with suppress(FileNotFoundError):  # deleted meanwhile
                        archive.add(storage.present(storage.place(name)), f"{FILES}/{name}")
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def restore(source: Path) -> None:
    """Fills an empty installation with what the archive holds. Raises NotRestored."""
    connection.prepare_database()
    if _is_inhabited():
        raise NotRestored("There are people here already. Restore into an empty DATA_DIR or database.")
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as place, tarfile.open(source, "r:gz") as archive:
        folder = Path(place)
        _unpack(archive, folder)
        _check(folder)
        try:
            models = tables_of_then.make(json.loads((folder / VERSION).read_text()))
        except tables_of_then.NotMade as reason:
            raise NotRestored(str(reason)) from reason
        tables_of_then.fill(models, folder / ROWS)
        call_command("migrate", interactive=False, verbosity=0)
        if (folder / FILES).is_dir():
            _move(folder / FILES, Path(settings.MEDIA_ROOT))
            for name in storage.names(copies=True):
                storage.share(storage.place(name))
        key = Path(settings.DATA_DIR) / KEY
        key.write_text((folder / KEY).read_text())
        key.chmod(0o600)


def _is_inhabited() -> bool:
    return User._meta.db_table in connection.introspection.table_names() and User.objects.exists()


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Files and nothing else, each below the folder; Python before 3.11.4 has no filter that sees to it."""
    for member in archive:
        target = folder / member.name
        if member.isdir():
            continue
        content = archive.extractfile(member) if member.isreg() else None
        if content is None or not target.resolve().is_relative_to(folder.resolve()):
            raise NotRestored(f"This is no backup of MathpixWeb: {member.name} in it is no file of its own.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as file:
            shutil.copyfileobj(content, file)


def _check(folder: Path) -> None:
    missing = [name for name in (VERSION, KEY, ROWS) if not (folder / name).is_file()]
    if missing:
        raise NotRestored(f"This is no backup of MathpixWeb: there is no {missing[0]} in it.")
    if "SECRET_KEY" in os.environ and os.environ["SECRET_KEY"] != (folder / KEY).read_text():
        raise NotRestored(
            "SECRET_KEY is set to another value than where the backup was made: what is sealed could not be "
            "read. Set it to that value, or not at all."
        )


def _version() -> dict[str, list[str]]:
    """The names of the applied migrations, which say what the tables look like."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {app: sorted(name for of, name in applied if of == app) for app in APPS}


def _move(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        path.rename(target / path.name)
