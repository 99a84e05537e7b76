"""A word to the person who sent a document when it is done, for those who want one."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from mathpixweb.documents.models import Document
from mathpixweb.documents.work import queues

PATIENCE = timedelta(minutes=1)  # whoever waited no longer than this saw it themselves


def wanted(document: Document) -> bool:
    """Whether its sender is a person who asked for it, still belongs to the team, and had to wait."""
    person = document.user
    if person is None or not person.mail_when_done or not person.is_active or document.deleted_at:
        return False
    waited = (document.completed_at or timezone.now()) - document.created_at
    return waited >= PATIENCE and person.memberships.filter(team=document.team_id).exists()


def note(document: Document) -> None:
    """Has a worker tell the person, once the end of the document is stored."""
    if wanted(document):
        queues.notify(document.pk)


def tell(document_id: int) -> None:
    document = Document.objects.alive().filter(pk=document_id).select_related("user", "team").first()
    if document is not None and document.finished and wanted(document):
        import_string(settings.NOTICE)(document)
