"""A database that can only be read, and one with which no server can start (gone: test_scarcity.py)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from mathpixweb.accounts import keys
from mathpixweb.web import checkup
from mathpixweb.web.management.commands import serve

READING = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
}


@contextmanager
def for_reading_only() -> Iterator[None]:
    begin, end = READING[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(end)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_can_only_be_read_refuses_in_the_words_of_the_contract_and_on_a_page(
    client, team, owner, browser_of
):
    key, secret = keys.issue(team, "Key of the team")
    browser = browser_of(owner)
    browser.raise_request_exception = client.raise_request_exception = False
    headers = {"app_id": key.app_id, "app_key": secret}
    with for_reading_only():
        told = client.post("/v3/latex", {"mmd": "x"}, "application/json", headers=headers)
        page = browser.post("/folders", {"path": "Lectures"})
    assert told.json()["error_info"]["id"] == "sys_exception"
    assert page.status_code == 503, page.content.decode()
    assert page["Retry-After"] == "10"
    assert "cannot use its database" in page.content.decode()
    assert not team.folders.exists()


def test_a_disk_for_reading_is_noticed_by_whoever_is_root_too(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "db.sqlite3"
    file.touch()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a disk, and only where mounting is allowed")
    try:
        file.touch()
        monkeypatch.setattr(connection, "vendor", "sqlite")
        monkeypatch.setitem(connection.settings_dict, "NAME", file)
        assert checkup.operation.database_can_be_written()
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
        assert not checkup.operation.database_can_be_written()
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_no_server_starts_with_a_database_that_cannot_be_used(monkeypatch):
    found = checkup.Finding("database", "wrong", "it can only be read", "mend it")
    monkeypatch.setattr(checkup, "database", lambda: found)
    with pytest.raises(CommandError, match=r"cannot be used\. it can only be read\. To do: mend it\."):
        serve.Command().prepare()


def test_a_database_that_is_missing_is_begun_anew_only_where_no_files_of_an_old_one_are(
    monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "db.sqlite3")
    new = checkup.database()
    assert (new.state, new.remedy) == ("look", "python3 manage.py serve makes it")
    (settings.MEDIA_ROOT / "2026").mkdir(parents=True)
    lost = checkup.database()
    assert lost.state == "wrong"
    assert "put it back" in lost.remedy
    with pytest.raises(CommandError, match="put it back"):
        serve.Command().migrate()
    assert not (tmp_path / "db.sqlite3").exists()
