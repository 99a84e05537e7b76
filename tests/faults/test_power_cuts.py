"""A server that dies between two steps of taking something in: all of it is there, or nothing is."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connections

from mathpixweb.accounts import rows
from mathpixweb.accounts.models import Team
from mathpixweb.documents import storage
from mathpixweb.documents.intake import intake, leftovers
from mathpixweb.documents.models import Document
from mathpixweb.documents.output import previews
from mathpixweb.documents.work import conversion, queues
from tests import pdfs
from tests.turns import work

pytestmark = pytest.mark.django_db(transaction=True)
DIED = 9
LONGEST = 60  # seconds of a child; it takes one


@pytest.fixture(autouse=True)
def files_on_this_machine(settings: Any) -> None:
    """The client of a bucket has threads of its own, which a forked child has not."""
    settings.FILES_URL = ""


def dies(act: Callable[[], object]) -> bool:
    """Whether a process that does this dies on the way, without an exception or a handler."""
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads are not used in the child
        child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(LONGEST)
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DIED


def death(*_: object, **__: object) -> None:
    os._exit(DIED)


def submit(team: Team) -> Document:
    upload = SimpleUploadedFile("notes.pdf", pdfs.with_numbered_pages(1))
    return intake.submit_file(team, upload, endpoint="/v3/pdf", options={})


def an_hour_later() -> None:
    """For whatever was being written when the server died."""
    past = time.time() - leftovers.UNTOUCHED - 10
    for path in storage.arrivals().glob("*"):
        os.utime(path, (past, past))
    leftovers.sweep()


def files(folder: Any) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]


STEPS = [  # before it is stored
    (storage, "_keep"),
    (storage, "_to_disk"),
    (rows, "add"),
    (conversion, "queue"),
]


@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _, step in STEPS])
def test_what_was_not_accepted_leaves_neither_row_nor_file(
    team, scripted, settings, monkeypatch, where, step
):
    with monkeypatch.context() as patch:
        patch.setattr(where, step, death)
        assert dies(lambda: submit(team))
    assert not Document.objects.exists()
    an_hour_later()
    assert files(settings.MEDIA_ROOT) == []


def test_what_was_accepted_is_whole_and_read_although_nobody_was_told(team, scripted, settings, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(queues, "_send", death)
        assert dies(lambda: submit(team))
    document = Document.objects.get()
    an_hour_later()
    assert storage.source_path(document).read_bytes() == pdfs.with_numbered_pages(1)
    assert files(storage.arrivals()) == []
    assert work(document).finished


def test_what_the_database_refused_is_no_document_and_leaves_no_file(team, scripted, settings, monkeypatch):
    """It was locked for longer than anybody waits, or went away in the middle."""

    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "add", locked)
        with pytest.raises(OperationalError):
            submit(team)
    an_hour_later()
    assert files(settings.MEDIA_ROOT) == []
    assert work(submit(team)).finished, "the same file can be sent again"


def test_an_arrival_that_is_under_way_is_left_alone(team, scripted):
    document = Document(team=team)
    with storage.arriving(document):
        storage.write(storage.source_path(document), b"half")
        assert leftovers.sweep() == 0
        assert storage.source_path(document).exists()


def test_half_a_file_never_has_the_name_of_a_whole_one(tmp_path, monkeypatch):
    target = tmp_path / "page.webp"
    storage.write(target, b"the whole of the old one")

    def half(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        os._exit(DIED)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half)
        assert dies(lambda: storage.write(target, b"something new", lasting=True))
    assert target.read_bytes() == b"the whole of the old one"


def test_files_are_on_the_disk_before_their_names_and_their_rows(team, scripted, monkeypatch, tmp_path):
    """What an operating system holds in memory only is gone with the power."""
    steps: list[str] = []

    def noting(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            steps.append(name)
            return original(*arguments, **named)

        return step

    def fsync(descriptor: int) -> None:
        steps.append(f"on disk: {Path(f'/proc/self/fd/{descriptor}').readlink().name}")

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(rows, "add", noting("row", rows.add))
    monkeypatch.setattr(Path, "replace", noting("name", Path.replace))
    document = submit(team)
    assert (
        steps.index("on disk: source.pdf")
        < steps.index(f"on disk: {document.public_id}")
        < steps.index("row")
    )
    steps.clear()
    storage.write(tmp_path / "lasting", b"x", lasting=True)
    assert steps[0].startswith("on disk: .lasting.")
    assert steps[1:] == ["name", f"on disk: {tmp_path.name}"]
    steps.clear()
    storage.save("made/docx", b"x")
    assert steps[0].startswith("on disk: .docx-")
    assert steps[1:] == ["name", "on disk: made"]


def test_a_picture_that_the_power_cut_left_empty_is_made_again(team, received):
    document = work(received())
    storage.write(storage.page_image(document, 1), b"")
    assert previews.page_image(document, 1).stat().st_size > 0
