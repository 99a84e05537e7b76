"""Documents, the pages that come out of them, and the renditions made from those pages.

Words and values are the contract's: statuses, error ids and format names are stored as the API says them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from mathpixweb.accounts.models import ApiKey, Team, User
from mathpixweb.documents.ids import image_id, new_public_id
from mathpixweb.documents.models.callbacks import Callback, Delivery, Webhook  # noqa: F401 - Django finds them
from mathpixweb.documents.models.edits import Draft, PageVersion  # noqa: F401
from mathpixweb.documents.models.ink import StrokesSession  # noqa: F401
from mathpixweb.documents.models.library import Folder, Receipt, SavedSearch  # noqa: F401
from mathpixweb.documents.models.mirror import Mirrored, MirroredList, RemoteUsage  # noqa: F401
from mathpixweb.documents.models.operation import Machine, Pause  # noqa: F401
from mathpixweb.documents.models.portions import Portion  # noqa: F401
from mathpixweb.documents.models.remote import Erasure, Reading, Relay  # noqa: F401
from mathpixweb.documents.models.shares import ShareLink, ShareView  # noqa: F401
from mathpixweb.documents.models.staging import Preset, Staged  # noqa: F401
from mathpixweb.documents.models.stores import DataSource, Shipment  # noqa: F401
from mathpixweb.documents.telling import nudges


class Status(models.TextChoices):
    """How far a document is."""

    RECEIVED = "received"
    LOADED = "loaded"
    SPLIT = "split"
    COMPLETED = "completed"
    ERROR = "error"


FINISHED = (Status.COMPLETED, Status.ERROR)
CANCELLED = "cancelled"  # the error id of a document that a person stopped


class Kind(models.TextChoices):
    PDF = "pdf"
    CONVERTER = "converter"
    IMAGE = "image"
    STROKES = "strokes"
    LATEX = "latex"


IMAGE_KINDS = (Kind.IMAGE, Kind.STROKES, Kind.LATEX)  # documents of one page, read in one go


class Batch(models.Model):
    """Files sent in together, a job of the Files API; `job_id` is the caller's own word for it.

    Images sent to v3/batch are one too; `keys` are then all their keys, those that are kept nowhere too.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="batches")
    job_id = models.CharField(max_length=255)
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001 - none is unlike any other
    request_hash = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finalized_at = models.DateTimeField(null=True)
    of_images = models.BooleanField(default=False)
    keys = models.JSONField(default=list)
    options = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "job_id"], name="a_job_id_a_team"),
            models.UniqueConstraint(fields=["team", "idempotency_key"], name="a_job_an_idempotency_key"),
        ]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        """What the person's teams have; every query made for a person starts here."""
        return self.filter(team__memberships__user=user)

    def of_team(self, team: Team) -> DocumentQuerySet:
        """What one team has; every query made for a key starts here."""
        return self.filter(team=team)

    def alive(self) -> DocumentQuerySet:
        return self.filter(deleted_at=None)

    def shown(self) -> DocumentQuerySet:
        """What the browser shows: neither deleted, nor in the trash, nor private."""
        return self.alive().filter(trashed_at=None, private=False)

    def shown_to(self, user: User) -> DocumentQuerySet:
        """The same, and what is private to this person: sent in the browser to a team that keeps nothing."""
        return self.alive().open_to(user).filter(trashed_at=None)

    def open_to(self, user: User) -> DocumentQuerySet:
        """Neither private nor, if so, somebody else's."""
        return self.filter(models.Q(private=False) | models.Q(user=user))

    def unfinished(self) -> DocumentQuerySet:
        """`completed_at` says the same as the status, in the words of the index."""
        return self.alive().filter(completed_at=None).exclude(status__in=FINISHED)

    def change(self, **fields: Any) -> int:
        """Update, and let those who follow the documents know; the number of documents changed."""
        changed = self.update(changes=F("changes") + 1, modified_at=timezone.now(), **fields)
        if changed:
            transaction.on_commit(nudges.nudge, robust=True)
        return changed


class Document(models.Model):
    """Whatever was sent in."""

    public_id = models.CharField(max_length=40, unique=True, default=new_public_id, editable=False)
    file_id = models.UUIDField(null=True, unique=True, editable=False, help_text="its id in the Files API")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="documents", db_index=False)
    batch = models.ForeignKey(
        Batch, null=True, on_delete=models.CASCADE, related_name="documents", db_index=False
    )
    key_in_batch = models.CharField(max_length=255, null=True, help_text="the contract's custom_id")  # noqa: DJ001
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")
    folder = models.ForeignKey(
        Folder, null=True, on_delete=models.SET_NULL, related_name="documents", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    endpoint = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    source = models.FileField(max_length=200, blank=True)
    source_url = models.TextField(blank=True)
    source_size = models.PositiveBigIntegerField(default=0)
    source_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")
    options = models.JSONField(default=dict)
    private = models.BooleanField(
        default=False, help_text="sent with improve_mathpix: false; in no list, and soon erased"
    )
    provider = models.CharField(max_length=12, default="local")
    version = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECEIVED)
    error_id = models.CharField(max_length=40, blank=True)
    error_detail = models.JSONField(default=dict)
    survey = models.JSONField(default=dict)
    num_pages = models.PositiveIntegerField(null=True)
    counted_pages = models.PositiveIntegerField(default=0, help_text="pages already in the ledger of usage")
    duration = models.FloatField(default=0, help_text="seconds of work")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    trashed_at = models.DateTimeField(null=True, help_text="put into the browser's trash; can be taken out")
    changes = models.PositiveBigIntegerField(default=0, help_text="grows with every change that can be seen")
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-created_at"], name="documents_newest_first"),
            models.Index(fields=["team", "-modified_at"], name="documents_by_change"),
            # all that charts ask of how documents ended, so that the documents themselves are not read
            models.Index(
                fields=["team", "completed_at", "created_at", "error_id"],
                name="documents_by_outcome",
                condition=models.Q(completed_at__isnull=False),
            ),
            models.Index(
                fields=["user"], name="documents_of_a_person", condition=models.Q(user__isnull=False)
            ),
            models.Index(
                fields=["queued_at"],
                name="documents_unfinished",
                condition=models.Q(deleted_at=None, completed_at=None),
            ),
            models.Index(fields=["batch", "id"], name="documents_of_a_batch"),
            models.Index(
                fields=["completed_at"],
                name="documents_private",
                condition=models.Q(private=True, deleted_at=None),
            ),
            models.Index(
                fields=["folder", "-created_at"],
                name="documents_of_a_folder",
                condition=models.Q(folder__isnull=False),
            ),
            models.Index(
                fields=["trashed_at"],
                name="documents_in_the_trash",
                condition=models.Q(trashed_at__isnull=False),
            ),
            models.Index(
                fields=["team", "source_hash", "-created_at"],
                name="documents_by_source",
                condition=~models.Q(source_hash=""),
            ),
            models.Index(
                fields=["batch", "status", "modified_at"],
                name="documents_of_a_batch_by_status",
                condition=models.Q(deleted_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "key_in_batch"],
                name="a_living_document_a_key",
                condition=models.Q(deleted_at=None),
            ),
            models.UniqueConstraint(
                fields=["team", "idempotency_key"],
                name="a_document_an_idempotency_key",
                condition=models.Q(deleted_at=None, idempotency_key__isnull=False),
            ),
        ]

    @property
    def finished(self) -> bool:
        return self.status in FINISHED or self.deleted_at is not None

    @property
    def cancelled(self) -> bool:
        return self.error_id == CANCELLED

    @property
    def custom_id(self) -> str | None:
        return self.key_in_batch

    @property
    def given(self) -> bool:
        """It came as text: there is no file, no picture of a page, and nothing to read again."""
        return self.kind == Kind.CONVERTER

    @property
    def is_drawn(self) -> bool:
        """There are pictures of its pages: it was on paper once, or something here can draw it."""
        return not self.given and bool(self.survey.get("is_drawn", True))

    @property
    def is_image(self) -> bool:
        return self.kind in IMAGE_KINDS

    def error_message(self) -> str:
        return str(self.error_detail.get("message", ""))


class Tag(models.Model):
    """A word by which the sender finds results again."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "name"], name="a_tag_a_document")]
        indexes = [models.Index(fields=["name", "document"], name="tags_by_name")]


class ImageAnswer(models.Model):
    """What was answered about an image or a drawing: the whole body, and what was seen in it."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="answer")
    result = models.JSONField(default=dict)
    detections = models.JSONField(default=dict)


class PageStatus(models.TextChoices):
    WAITING = "waiting"
    READING = "reading"
    COMPLETED = "completed"
    ERROR = "error"


PAGE_DONE = (PageStatus.COMPLETED, PageStatus.ERROR)


class Page(models.Model):
    """One page: `index` counts the pages asked for from 1, `number` is its place in the source."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    index = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=PageStatus.choices, default=PageStatus.WAITING)
    error_id = models.CharField(max_length=40, blank=True)
    error_detail = models.JSONField(default=dict)
    mmd = models.TextField(blank=True)
    plain = models.TextField(blank=True)
    search_text = models.TextField(blank=True, help_text="normalised by documents.search")
    html = models.TextField(blank=True, help_text="the MMD rendered and sanitised, kept from its first view")
    lines = models.JSONField(default=list)
    width = models.PositiveIntegerField(default=0, help_text="pixels")
    height = models.PositiveIntegerField(default=0, help_text="pixels")
    confidence = models.FloatField(default=0)
    duration = models.FloatField(default=0, help_text="seconds of work")
    completed_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    edition = models.PositiveIntegerField(default=0, help_text="grows each time the page is read again")
    provider = models.CharField(max_length=12, blank=True, help_text="who reads it; empty: the document's")
    chemistry = models.BooleanField(null=True, help_text="whether it shows any; none: stored before this was")
    handwriting = models.BooleanField(
        null=True, help_text="whether it shows any; none: stored before this was"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "index"], name="a_page_an_index"),
            models.UniqueConstraint(fields=["document", "number"], name="a_page_a_number"),
        ]
        indexes = [
            models.Index(fields=["document", "status", "index"], name="pages_by_status"),
            models.Index(fields=["completed_at"], name="pages_by_end"),
            models.Index(fields=["document", "status", "confidence"], name="pages_by_confidence"),
            # of a million pages a few are being read, and they are asked for every few seconds
            models.Index(
                fields=["lease_until"], name="pages_held", condition=models.Q(lease_until__isnull=False)
            ),
            models.Index(
                fields=["document"], name="pages_with_chemistry", condition=models.Q(chemistry=True)
            ),
            models.Index(
                fields=["document"], name="pages_with_handwriting", condition=models.Q(handwriting=True)
            ),
        ]
        ordering = ["index"]

    @property
    def image_id(self) -> str:
        return image_id(self.document.public_id, self.number)

    @property
    def done(self) -> bool:
        return self.status in PAGE_DONE

    def error_message(self) -> str:
        return str(self.error_detail.get("message", ""))


class RenditionStatus(models.TextChoices):
    PROCESSING = "processing"
    COMPLETED = "completed"
    ERROR = "error"


class Rendition(models.Model):
    """What is made of a document's pages in one format; `format` is the contract's name ("tex.zip")."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="renditions")
    format = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    status = models.CharField(
        max_length=12, choices=RenditionStatus.choices, default=RenditionStatus.PROCESSING
    )
    error_id = models.CharField(max_length=40, blank=True)
    error_detail = models.JSONField(default=dict)
    file = models.FileField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    completed_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "format"], name="a_rendition_a_format")]
