"""Files whose home is a bucket: several machines, each with its own folder, see the same documents."""

from __future__ import annotations

import os
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mathpixweb.documents import bucket, storage
from mathpixweb.documents.intake import intake, staging
from mathpixweb.documents.library import backups, retention, trash
from mathpixweb.documents.models import Document, Rendition
from mathpixweb.documents.output import previews, renditions
from tests import clouds, pdfs
from tests.turns import work

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with clouds.s3() as endpoint:
        yield endpoint


@pytest.fixture
def machine(s3: str, settings: Any, tmp_path: Path) -> Callable[[str], Path]:
    """Goes to the machine of that name; the folder in which it has its files."""
    settings.FILES_URL = f"s3://papers/{tmp_path.name}"
    settings.FILES_ENDPOINT = s3
    settings.FILES_ACCESS_KEY, settings.FILES_SECRET_KEY = "key", "secret"

    def go(name: str) -> Path:
        settings.MEDIA_ROOT = tmp_path / name
        return tmp_path / name

    go("one")
    return go


@pytest.fixture
def out_of_reach(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def end() -> None:
        settings.FILES_ENDPOINT = "http://127.0.0.1:9"
        monkeypatch.setattr(bucket, "PATIENCE", {"max_retries": 0})
        bucket._opened.cache_clear()

    return end


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("notes.pdf", pdfs.with_numbered_pages(2), "application/pdf")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]


def test_what_one_machine_takes_in_another_reads_and_a_third_hands_out(machine, a_document):
    document = a_document()
    machine("two")
    assert work(document).status == "completed"
    [made] = renditions.request(document, ["md"], {})
    renditions.make(made.pk)
    machine("three")
    assert storage.source(document).read_bytes() == b"%PDF-1.4 scripted"
    assert storage.rendition(Rendition.objects.get()).read_bytes().startswith(b"Page 1")
    assert previews.page_image(document, 2).stat().st_size > 0


def test_a_file_that_another_machine_has_changed_is_fetched_anew(machine, a_document):
    document = a_document()
    machine("two")
    assert storage.source(document).read_bytes() == b"%PDF-1.4 scripted"
    before = storage.source(document).stat().st_ino
    assert storage.source(document).stat().st_ino == before, "it is a copy already"
    machine("one")
    storage.write(storage.source_path(document), b"%PDF-1.4 unlocked")
    machine("two")
    assert storage.source(document).read_bytes() == b"%PDF-1.4 unlocked"


def test_half_a_copy_is_none(machine, a_document, monkeypatch):
    document = a_document()
    machine("two")

    def death(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(bucket, "note", death)
        storage.source(document)
    storage.source_path(document).write_bytes(b"half")
    assert storage.source(document).read_bytes() == b"%PDF-1.4 scripted"


def test_what_is_deleted_is_gone_from_the_bucket_and_the_receipt_says_what_it_was(machine, a_document, owner):
    document = work(a_document())
    machine("two")
    receipt = trash.end(document, owner)
    assert "source.pdf" in {file["name"] for file in receipt.erased["files"]}
    assert storage.names() == []


def test_a_file_that_waits_for_its_options_is_there_on_every_machine(machine, team, owner):
    staged = staging.take(team, owner, upload())
    machine("two")
    assert staging.picture(staged, 2, small=True).stat().st_size > 0
    document = staging.submit(staged, {})
    assert document.source
    assert not any(name.startswith("staged/") for name in storage.names())


def test_without_the_bucket_nothing_is_accepted_and_nothing_is_left(machine, team, out_of_reach):
    folder = machine("one")
    out_of_reach()
    with pytest.raises(bucket.Away, match="cannot be reached"):
        intake.submit_file(team, upload(), endpoint="/v3/pdf", options={})
    assert not Document.objects.exists()
    assert files(folder) == []


def test_without_the_bucket_people_are_told_so(machine, a_document, owner, out_of_reach, client, settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    document = work(a_document())
    client.force_login(owner)
    machine("two")
    out_of_reach()
    answer = client.get(f"/documents/{document.public_id}/source.pdf")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.content.decode()


def test_a_deletion_while_the_bucket_is_away_is_made_up_for(machine, a_document, out_of_reach, settings, s3):
    document = work(a_document())
    out_of_reach()
    assert retention.delete(document) is True
    settings.FILES_ENDPOINT = s3
    assert storage.names() != []
    retention.sweep()
    assert storage.names() == []


def test_the_copies_used_longest_ago_make_room(machine, settings, tmp_path):
    folder = machine("one")
    for name, age in (("old", 9000), ("older", 9900), ("new", 0)):
        storage.write(folder / "ab" / name, b"x" * 1000)
        os.utime(folder / "ab" / name, (time.time() - age,) * 2)
    settings.FILES_CACHE_GB = 2500 / 1024**3
    assert bucket.make_room() == 1
    assert {path.name for path in files(folder)} == {"old", "new"}
    assert bucket.make_room() == 0, "it has looked a moment ago"
    os.utime(folder / ".room", (0, 0))
    settings.FILES_CACHE_GB = 0
    assert bucket.make_room() == 1
    assert {path.name for path in files(folder)} == {"new"}, "somebody may be reading it"
    assert storage.present(folder / "ab" / "older").read_bytes() == b"x" * 1000


def test_a_backup_has_what_lies_in_the_bucket(machine, a_document, tmp_path):
    document = work(a_document())
    machine("two")
    backups.write(tmp_path / "backup.tar.gz")
    with tarfile.open(tmp_path / "backup.tar.gz") as archive:
        assert f"files/{storage.source_name(document)}" in archive.getnames()
