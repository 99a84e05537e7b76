from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from mathpixweb.accounts.models import Team, User
from mathpixweb.documents.intake import duplicates, image_intake, intake, presets, staging, unlocking
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.models.staging import Staged
from mathpixweb.providers.base import ProviderError
from tests import pdfs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def team(db):
    return Team.objects.create(name="Analysis")


@pytest.fixture
def user(db):
    return User.objects.create_user("owner@example.org", "a long password")


def pdf(content=None, name="notes.pdf"):
    return SimpleUploadedFile(name, content or pdfs.with_numbered_pages(3), "application/pdf")


def picture(size=(80, 40), kind="PNG"):
    """Its left half is black, the other white."""
    drawn = Image.new("RGB", size, "white")
    drawn.paste("black", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    drawn.save(out, kind)
    return SimpleUploadedFile(f"photo.{kind.lower()}", out.getvalue(), f"image/{kind.lower()}")


def content_of(document):
    return Path(document.source.path).read_bytes()


def folder_of(staged):
    return staging.path(staged).parent


def test_a_pdf_is_laid_aside_with_the_number_of_its_pages(team, user):
    staged = staging.take(team, user, pdf())
    assert (staged.name, staged.pages, staged.locked, staged.is_image) == ("notes.pdf", 3, False, False)
    assert not Document.objects.exists()
    with Image.open(staging.picture(staged, 2, small=True)) as drawn:
        assert drawn.width == staging.SMALL
    with pytest.raises(FileNotFoundError):
        staging.picture(staged, 4, small=True)


def test_what_could_not_be_read_anyway_is_refused_at_once(team, user):
    with pytest.raises(ProviderError, match="is not a PDF"):
        staging.take(team, user, pdf(b"nothing of the kind"))
    assert not Staged.objects.exists()


def test_a_converted_file_becomes_a_document_and_waits_no_more(team, user):
    staged = staging.take(team, user, pdf())
    document = staging.submit(staged, {"page_ranges": "2"})
    assert (document.name, document.user, document.options) == ("notes.pdf", user, {"page_ranges": "2"})
    assert document.source_hash
    assert not Staged.objects.exists()
    assert not folder_of(staged).exists()


@pytest.mark.parametrize(
    ("turns", "frame", "size", "first"),
    [
        (0, (), (80, 40), 0),
        (0, (0.5, 0, 1, 1), (40, 40), 255),
        (1, (), (40, 80), 0),
        (1, (0, 0.5, 1, 1), (40, 40), 255),
        (2, (), (80, 40), 255),
    ],
)
def test_a_picture_is_turned_and_then_cut(team, user, turns, frame, size, first):
    staged = staging.take(team, user, picture())
    document = staging.submit(staged, {}, turns=turns, frame=frame)
    with document.source.open() as stored, Image.open(stored) as cut:
        assert cut.size == size
        assert cut.convert("L").getpixel((1, 1)) == first


def test_a_picture_of_which_nothing_would_be_left_waits_on(team, user):
    staged = staging.take(team, user, picture())
    with pytest.raises(ProviderError, match="too small"):
        staging.submit(staged, {}, frame=(0.5, 0.5, 0.5, 0.5))
    assert Staged.objects.exists()


def test_a_locked_file_is_opened_with_its_password_and_stored_without(team, user):
    staged = staging.take(team, user, pdf(pdfs.encrypted()))
    assert (staged.locked, staged.pages) == (True, None)
    with pytest.raises(ProviderError, match="not the password"):
        staging.unlock(staged, "guessed")
    staging.unlock(staged, "secret")
    assert (staged.locked, staged.pages) == (False, 1)
    left = {path.name for path in folder_of(staged).iterdir()} - {".source.etag"}
    assert left == {"source"}, "no copy is left over"


def test_a_locked_document_is_opened_and_read(team, user, tmp_path):
    document = intake.submit_file(team, pdf(pdfs.encrypted()), endpoint="/v3/pdf", options={}, user=user)
    assert not unlocking.is_locked(document)
    Document.objects.update(status=Status.ERROR, error_id="pdf_encrypted")
    document.refresh_from_db()
    assert unlocking.is_locked(document)
    unlocking.unlock(document, "secret")
    document.refresh_from_db()
    assert (document.status, document.error_id) == (Status.RECEIVED, "")
    assert b"/Encrypt" not in content_of(document)


def test_a_document_is_read_again_from_a_copy_of_its_file(team, user):
    document = intake.submit_file(team, pdf(), endpoint="/v3/pdf", options={"page_ranges": "1"}, user=user)
    staged = staging.again(document, user)
    assert (staged.pages, staged.options) == (3, {"page_ranges": "1"})
    other = staging.submit(staged, {})
    assert other.pk != document.pk
    assert content_of(other) == content_of(document)


def test_what_nobody_comes_back_for_is_removed_after_a_day(team, user):
    old, new = staging.take(team, user, pdf()), staging.take(team, user, pdf())
    Staged.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    staging.sweep()
    assert list(Staged.objects.all()) == [new]
    assert (folder_of(old).exists(), folder_of(new).exists()) == (False, True)


def test_the_same_bytes_with_the_same_options_are_known(team, user):
    other_team = Team.objects.create(name="Topology")
    first = intake.submit_file(team, pdf(), endpoint="/v3/pdf", options={}, user=user)
    image = image_intake.submit_image(team, picture(), options={}, user=user)
    assert duplicates.find(team, pdf(name="renamed.pdf"), {}) == first
    assert duplicates.find(team, picture(), {}) == image
    assert duplicates.find(team, pdf(), {"page_ranges": "1"}) is None
    assert duplicates.find(team, pdf(), {}, reader="mathpix") is None
    assert duplicates.find(other_team, pdf(), {}) is None


def test_what_failed_or_was_deleted_is_not_known(team, user):
    first = intake.submit_file(team, pdf(), endpoint="/v3/pdf", options={}, user=user)
    Document.objects.update(status=Status.ERROR)
    assert duplicates.find(team, pdf(), {}) is None
    Document.objects.update(status=Status.COMPLETED)
    first.refresh_from_db()
    retention.delete(first)
    assert duplicates.find(team, pdf(), {}) is None
    assert Document.objects.get().source_hash == ""


def test_one_preset_at_most_holds_for_all(team, user):
    one, other = presets.keep(team, "One", {"sections": "remove"}, user), presets.keep(team, "Two", {}, user)
    assert presets.usual(team) is None
    presets.use_for_all(one)
    presets.use_for_all(other)
    assert presets.usual(team) == other
    presets.use_for_all(other, False)
    assert presets.usual(team) is None


def test_a_preset_is_replaced_by_one_of_its_name(team, user):
    presets.keep(team, "Thesis", {"sections": "remove"}, user)
    presets.keep(team, " Thesis ", {"sections": "auto"}, user)
    assert presets.of_team(team).get().choices == {"sections": "auto"}
    assert presets.keep(team, "  ", {}, user) is None
