"""What is backed up is there again in an empty installation, secrets, search and sums included."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests import server
from tests.asking import HTTP
from tests.faults import victims
from tests.server import Server, manage


@pytest.fixture(scope="module")
def backup(live_server_process: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    pdf_id = victims.submit(live_server_process, 2, conversion_formats={"md": True})
    assert victims.ended(live_server_process, pdf_id)["status"] == "completed"
    archive = tmp_path_factory.mktemp("backup") / "backup.tar.gz"
    written = manage(live_server_process.data_dir, "backup", str(archive))
    assert written.returncode == 0, written.stderr
    return archive, pdf_id


def test_an_empty_installation_becomes_the_one_that_was_backed_up(
    backup: tuple[Path, str], tmp_path: Path, live_server_process: Server
) -> None:
    archive, pdf_id = backup
    restored = manage(tmp_path / "data", "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert manage(tmp_path / "data", "rebuild_search", "--check").returncode == 0
    assert manage(tmp_path / "data", "check_usage").returncode == 0
    with server.running(tmp_path, "--web-only", BOOTSTRAP_APP_KEY="another") as running:
        assert_both_tell_the_same(pdf_id, running, live_server_process)
        again = manage(tmp_path / "data", "restore", str(archive))
    assert "people here already" in again.stderr


OLDER = {"accounts": "0012_how_much_of_the_budget_is_passed", "documents": "0018_private_documents"}


def test_the_backup_of_an_older_version_is_restored_and_brought_up_to_date(
    backup: tuple[Path, str], tmp_path: Path, live_server_process: Server
) -> None:
    archive, pdf_id = backup
    older = as_written_by(OLDER, archive, tmp_path / "older.tar.gz")
    restored = manage(tmp_path / "data", "restore", str(older))
    assert restored.returncode == 0, restored.stderr
    assert manage(tmp_path / "data", "migrate", "--check").returncode == 0
    assert manage(tmp_path / "data", "rebuild_search", "--check").returncode == 0
    assert manage(tmp_path / "data", "check_usage").returncode == 0
    with server.running(tmp_path, "--web-only", BOOTSTRAP_APP_KEY="another") as running:
        assert_both_tell_the_same(pdf_id, running, live_server_process)


def assert_both_tell_the_same(pdf_id: str, restored: Server, original: Server) -> None:
    keys = victims.credentials(original)
    told, before = (
        HTTP.get(f"{one.url}/v3/pdf/{pdf_id}.mmd", headers=keys, timeout=60) for one in (restored, original)
    )
    assert (told.status_code, told.text) == (200, before.text)


def as_written_by(last: dict[str, str], archive: Path, older: Path) -> Path:
    """The archive without the rows and fields that came after these migrations."""
    state = MigrationLoader(None).project_state(list(last.items()))

    def version(content: bytes) -> bytes:
        names = json.loads(content)
        return json.dumps({app: [name for name in names[app] if name <= last[app]] for app in names}).encode()

    def rows(content: bytes) -> bytes:
        return b"".join(kept(json.loads(line), state) for line in content.splitlines())

    return rewritten(archive, older, {"version.json": version, "rows.jsonl": rows})


def rewritten(archive: Path, target: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    with tarfile.open(archive, "r:gz") as whole, tarfile.open(target, "w:gz") as written:
        for member in whole:
            opened = whole.extractfile(member)
            assert opened
            content = changes.get(member.name, bytes)(opened.read())
            member.size = len(content)
            written.addfile(member, BytesIO(content))
    return target


def kept(row: dict[str, Any], state: ProjectState) -> bytes:
    app, name = row["model"].split(".")
    model = state.models.get((app, name))
    if model is None:
        return b""
    fields = {name: value for name, value in row["fields"].items() if name in model.fields}
    return json.dumps({**row, "fields": fields}).encode() + b"\n"


def test_a_backup_is_nobody_elses_to_read_and_leaves_no_draft(backup: tuple[Path, str]) -> None:
    archive, _ = backup
    assert archive.stat().st_mode & 0o077 == 0
    assert list(archive.parent.iterdir()) == [archive]


@pytest.fixture
def refusal(db: None, settings: Any, tmp_path: Path) -> Callable[[Path], str]:
    """Restores an archive into an empty installation; why that was refused."""
    settings.DATA_DIR = tmp_path

    def restore(archive: Path) -> str:
        with pytest.raises(CommandError) as refused:
            call_command("restore", archive)
        return str(refused.value)

    return restore


def test_the_backup_of_a_newer_version_is_refused(
    backup: tuple[Path, str], tmp_path: Path, refusal: Callable[[Path], str]
) -> None:
    def version(content: bytes) -> bytes:
        return json.dumps({**json.loads(content), "documents": ["9999_what_is_not_known"]}).encode()

    newer = rewritten(backup[0], tmp_path / "newer.tar.gz", {"version.json": version})
    assert "A newer version wrote this backup" in refusal(newer)
    assert "documents.9999_what_is_not_known" in refusal(newer)


def test_the_backup_of_an_older_version_is_not_loaded_into_tables_of_this_one(
    backup: tuple[Path, str], tmp_path: Path, refusal: Callable[[Path], str]
) -> None:
    older = as_written_by(OLDER, backup[0], tmp_path / "older.tar.gz")
    assert "into a database without tables" in refusal(older)


def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, refusal: Callable[[Path], str]) -> None:
    (tmp_path / "text.tar.gz").write_text("no archive")
    assert "cannot be read as a backup" in refusal(tmp_path / "text.tar.gz")
    with tarfile.open(tmp_path / "empty.tar.gz", "w:gz"):
        pass
    assert "no backup of MathpixWeb" in refusal(tmp_path / "empty.tar.gz")


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "files/link"])
def test_an_archive_that_leads_out_of_its_place_is_refused(
    name: str, tmp_path: Path, refusal: Callable[[Path], str]
) -> None:
    archive = tmp_path / "archive.tar.gz"
    with tarfile.open(archive, "w:gz") as written:
        member = tarfile.TarInfo(name)
        member.type = tarfile.SYMTYPE if name.endswith("link") else tarfile.REGTYPE
        member.linkname = "/etc/passwd"
        written.addfile(member)
    assert "no file of its own" in refusal(archive)
    assert not (tmp_path / "outside").exists()
