"""Pictures of pages: after the first page's words, and made at the first look where there are none."""

from __future__ import annotations

import contextlib
import errno
import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from mathpixweb.documents import bucket, storage
from mathpixweb.documents.models import Page, PageStatus, Status
from mathpixweb.documents.output import previews
from mathpixweb.documents.work import conversion
from tests import pdfs
from tests.documents.scripted import PICTURE

pytestmark = pytest.mark.django_db(transaction=True)


def work(document):
    while not document.finished:
        conversion.take_turn(document.pk)
        document.refresh_from_db()
    return document


def test_the_words_of_the_first_page_do_not_wait_for_its_picture(a_document, scripted, monkeypatch):
    document = a_document()
    known_at = {}

    def drawn(source, number, width):
        known_at[number] = Page.objects.get(document=document, number=number).status
        return PICTURE

    monkeypatch.setattr(scripted, "page_image", drawn)
    work(document)
    assert known_at == {1: PageStatus.COMPLETED, 2: PageStatus.READING, 3: PageStatus.READING}


def test_a_full_disk_costs_pages_their_pictures_and_nothing_else(a_document, monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    document = a_document()
    monkeypatch.setattr(Path, "write_bytes", full)
    assert work(document).status == Status.COMPLETED
    assert document.pages.filter(status=PageStatus.COMPLETED).count() == 3
    assert not storage.page_image(document, 1).exists()
    if not bucket.is_home():  # which has room
        with pytest.raises(FileNotFoundError):
            previews.page_image(document, 1)


def test_a_picture_that_is_not_there_is_drawn_at_the_first_look_by_another_process(a_document):
    document = a_document(provider="local")
    storage.source_path(document).write_bytes(pdfs.with_numbered_pages(2))
    Page.objects.create(document=document, index=1, number=1, status=PageStatus.COMPLETED)
    Page.objects.create(document=document, index=2, number=2, status=PageStatus.ERROR)
    with Image.open(io.BytesIO(previews.page_image(document, 1).read_bytes())) as picture:
        assert picture.width == previews.WIDTH
    assert not previews.page_image(document, 2).exists(), "it may have stopped its reader"


def test_a_picture_that_two_ask_for_at_once_is_drawn_once(a_document, monkeypatch):
    document = a_document()
    drawn, second = [], threading.Barrier(2)

    def slowly(of, number):
        drawn.append(number)
        with contextlib.suppress(threading.BrokenBarrierError):
            second.wait(0.05)
        return PICTURE

    monkeypatch.setattr(previews, "_may_be_made", lambda of, number: True)
    monkeypatch.setattr(previews, "_made", slowly)
    both = [threading.Thread(target=previews.page_image, args=(document, 1)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert drawn == [1]
    assert previews.page_image(document, 1).read_bytes() == PICTURE
