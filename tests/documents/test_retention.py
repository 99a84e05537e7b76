import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db.models import Sum
from django.utils import timezone

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents import storage
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document, Page, Rendition
from mathpixweb.documents.output import renditions
from mathpixweb.documents.search import search
from mathpixweb.documents.work import conversion, recognition, sweeping


@pytest.fixture
def read(a_document):
    """Makes a document and reads its three pages."""

    def make(**fields):
        document = a_document(**fields)
        conversion.take_turn(document.pk)
        document.refresh_from_db()
        assert document.status == "completed"
        return document

    return make


def test_deleting_removes_pages_renditions_and_files(read):
    document = read()
    storage.write(storage.folder(document) / "renditions" / "docx", b"made")
    Rendition.objects.create(document=document, format="docx", status="completed", file="x")
    assert retention.delete(document) is True
    assert document.deleted_at is not None
    assert not Page.objects.exists()
    assert not Rendition.objects.exists()
    assert not storage.folder(document).exists()
    assert list(search.find(Document.objects.all(), "says")) == []


def test_the_metadata_that_the_contract_tells_is_kept(read):
    document = read(name="paper.pdf")
    before = (document.public_id, document.name, document.num_pages, document.created_at, document.version)
    retention.delete(document)
    document = Document.objects.get()
    after = (document.public_id, document.name, document.num_pages, document.created_at, document.version)
    assert after == before
    assert (document.status, document.counted_pages) == ("completed", 3)


def test_what_was_learnt_of_the_content_is_not_kept(read):
    document = read()
    assert document.survey
    retention.delete(document)
    document = Document.objects.get()
    assert document.survey == {}
    assert not document.source


def test_deleting_twice_changes_nothing(read):
    document = read()
    retention.delete(document)
    first = Document.objects.values().get()
    assert retention.delete(Document.objects.get()) is False
    assert Document.objects.values().get() == first


def test_what_is_private_is_erased_once_there_was_time_to_fetch_it(read, settings):
    fresh, old, failed = read(private=True), read(private=True), read(private=True)
    public = read()
    then = timezone.now() - timedelta(hours=settings.PRIVATE_HOURS, minutes=1)
    Document.objects.exclude(pk=fresh.pk).update(completed_at=then)
    Document.objects.filter(pk=failed.pk).update(status="error", error_id="pdf_missing")
    retention.end_private()
    gone = Document.objects.exclude(deleted_at=None).values_list("pk", flat=True)
    assert sorted(gone) == sorted([old.pk, failed.pk])
    assert not storage.folder(old).exists()
    assert storage.folder(fresh).exists() and storage.folder(public).exists()
    settings.PRIVATE_HOURS = 0
    Document.objects.update(completed_at=then)
    retention.end_private()
    assert Document.objects.alive().count() == 2, "only its sender ends it"


def test_deleting_leaves_other_documents_alone(read):
    document, other = read(), read()
    retention.delete(document)
    assert other.pages.count() == 3
    assert storage.source_path(other).exists()
    assert len(search.find(Document.objects.all(), "says")) == 3


def test_deleting_leaves_the_ledger_as_it_was(read):
    document = read()
    before = list(UsageEvent.objects.values())
    assert before
    retention.delete(document)
    assert list(UsageEvent.objects.values()) == before


def test_an_unfinished_document_is_stopped_counted_and_deleted(a_document, scripted, monkeypatch):
    monkeypatch.setattr(conversion, "TURN_SECONDS", 0)
    document = a_document()
    conversion.take_turn(document.pk)
    document.refresh_from_db()
    assert not document.finished
    assert retention.delete(document) is True
    assert (document.status, document.error_id, document.counted_pages) == ("error", "cancelled", 1)
    assert UsageEvent.objects.aggregate(pages=Sum("count"))["pages"] == 1


def test_a_worker_that_was_reading_writes_nothing_afterwards(a_document, scripted):
    document = a_document()
    scripted.before_page[2] = lambda: retention.delete(Document.objects.get())
    conversion.take_turn(document.pk)
    assert Document.objects.get().deleted_at is not None
    assert not Page.objects.exists()
    assert Document.objects.get().num_pages == 3


def test_a_worker_that_was_opening_the_file_writes_nothing_afterwards(a_document, scripted):
    document = a_document()
    scripted.before_survey = lambda: retention.delete(Document.objects.get())
    conversion.take_turn(document.pk)
    assert not Page.objects.exists()
    assert Document.objects.get().survey == {}


def test_a_worker_that_was_making_a_rendition_keeps_nothing(read, monkeypatch):
    document = read()
    (rendition,) = renditions.request(document, ["md"], {})

    def content(_):
        retention.delete(Document.objects.get())
        return b"made too late"

    monkeypatch.setattr(renditions, "_content", content)
    renditions.make(rendition.pk)
    assert not Rendition.objects.exists()
    assert storage.listing(document) == []


def test_what_a_late_worker_stores_is_swept_away(read):
    document = read()
    retention.delete(document)
    storage.write(storage.page_image(document, 1), b"late")
    retention.sweep()
    assert not storage.folder(document).exists()


def test_a_deletion_that_was_cut_short_is_brought_to_its_end(read, monkeypatch):
    document = read()
    with monkeypatch.context() as patched:
        patched.setattr(storage, "erase", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            retention.delete(document)
    assert storage.source_path(document).exists()
    retention.sweep()
    assert not storage.folder(document).exists()


def test_a_deletion_that_never_happened_costs_no_files(read, monkeypatch):
    document = read()
    with monkeypatch.context() as patched:
        patched.setattr(retention, "_forget", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            retention.delete(document)
    retention.sweep()
    assert storage.source_path(document).exists()
    assert document.pages.count() == 3


def test_the_sweep_forgets_after_a_while(read):
    retention.delete(read())
    (note,) = retention.notes()
    retention.sweep()
    assert note.exists()
    long_ago = time.time() - retention.LATE_SECONDS - 1
    os.utime(note, (long_ago, long_ago))
    retention.sweep()
    assert not note.exists()


def test_the_sweep_takes_only_ids_for_notes(read, settings):
    document = read()
    notes = Path(settings.MEDIA_ROOT) / "erasing"
    notes.mkdir()
    (notes / f"{document.public_id}.txt").touch()
    (notes / "not-an-id").touch()
    assert retention.notes() == []


def test_the_workers_sweep_includes_deletions(read):
    document = read()
    retention.delete(document)
    storage.write(storage.page_image(document, 1), b"late")
    sweeping.sweep()
    assert not storage.folder(document).exists()


MARKER = "Zwyxqvbrandmarke"

DELETE_FOR_GOOD = f"""
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection
from mathpixweb.accounts.models import Team
from mathpixweb.documents.library import retention
from mathpixweb.documents.search import search
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, Page, Rendition

call_command("migrate", verbosity=0)
team = Team.objects.create(name="t")
survey = {{"running_heads": ["{MARKER}"]}}
document = Document.objects.create(team=team, kind="pdf", name="a.pdf", status="completed", survey=survey)
text = "{MARKER} " * 50
says = {{"mmd": text, "plain": text, "html": text, "lines": [{{"text": text}}]}}
says["search_text"] = search.stored(text, text)
for n in range(1, 31):
    Page.objects.create(document=document, index=n, number=n, status="completed", **says)
Rendition.objects.create(document=document, format="md", options={{"custom_css": "{MARKER}"}})
storage.write(storage.source_path(document), text.encode())
storage.write(storage.page_image(document, 1), text.encode())
checkpoint = lambda: connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
checkpoint()
print(json.dumps("there"), flush=True)
input()
retention.delete(document)
checkpoint()
print(json.dumps(bool(document.deleted_at)), flush=True)
"""


def test_no_byte_of_a_deleted_document_stays_on_disk(tmp_path):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "mathpixweb.settings"}
    environment.pop("DATABASE_URL", None)
    with subprocess.Popen(
        [sys.executable, "-c", DELETE_FOR_GOOD],
        env=environment,
        cwd=project.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert json.loads(process.stdout.readline()) == "there"
        traces = files_with(tmp_path, MARKER.encode()), files_with(tmp_path, b"zwyx")
        assert {"db.sqlite3", "source.pdf", "1.picture"} <= traces[0]
        process.stdin.write("\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) is True
        assert files_with(tmp_path, MARKER.encode()) == set()
        assert files_with(tmp_path, b"zwy") == set(), "the search index holds trigrams in lower case"
    assert process.returncode == 0


def files_with(folder, marker):
    return {path.name for path in folder.rglob("*") if path.is_file() and marker in path.read_bytes()}


def test_a_page_cannot_be_read_into_a_deleted_document(read):
    document = read()
    page = document.pages.first()
    retention.delete(document)
    recognition.read(document, page, "a token of long ago")
    assert not Page.objects.exists()
    retention.sweep()
    assert not storage.folder(document).exists()
