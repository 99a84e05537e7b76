"""Loaded before Django's settings: tests keep everything mutable in a folder of their own."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests import services

FOLDER = tempfile.mkdtemp(prefix="mathpixweb-tests-")
os.environ["DATA_DIR"] = FOLDER
(Path(FOLDER) / "static").mkdir()  # WhiteNoise warns when there is none
for name in ("REDIS_URL", "SECRET_KEY", "PUBLIC_URL", "PROVIDER", "ALLOWED_HOSTS", "EGRESS", "FILES_URL"):
    os.environ.pop(name, None)
if services.DATABASE in os.environ:  # `manage.py test --services`
    os.environ["DATABASE_URL"] = os.environ[services.DATABASE]
    if messages := os.environ.get(services.MESSAGES):
        os.environ["REDIS_URL"] = services.own_messages(messages)
    if bucket := os.environ.get(services.BUCKET):
        os.environ.update(services.new_folder(bucket))

# what a hundred servers and readers would compile again, each for itself, where that is usual
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_owner = os.getpid()


@atexit.register
def _remove() -> None:
    if os.getpid() == _owner:  # not in a child that was forked from the tests
        shutil.rmtree(FOLDER, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """A thread that ends leaves its connection to whoever collects it, and psycopg warns of that."""
    if services.DATABASE in os.environ:
        left_open = "ignore:<psycopg.Connection .*was deleted while still open:ResourceWarning"
        config.addinivalue_line("filterwarnings", left_open)
