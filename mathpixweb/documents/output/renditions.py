"""Renditions: what is made of a document's pages in other formats. Made once, kept, each failing alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mathpixweb import tracing
from mathpixweb.accounts import rows
from mathpixweb.documents import ids, storage
from mathpixweb.documents.models import Document, Page, Rendition, RenditionStatus, Status
from mathpixweb.documents.output import crops, results
from mathpixweb.documents.output.rendering import renderer
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import claims, queues
from mathpixweb.documents.work.memory import bounded_memory
from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.errors import EngineError
from mathpixweb.engine.writers.formats import FORMATS, OVERLAY
from mathpixweb.providers.base import ProviderError

logger = logging.getLogger(__name__)

NOT_MADE_HERE = "This server cannot make {} yet."
OVERLAID = Deferred("mathpixweb.documents.output.overlays:made")
TOO_BIG = "It took more memory than the {} MB that one format may take on this server."


def ordered(options: Mapping[str, object]) -> list[str]:
    """The formats that a request's `conversion_formats` asks for; the MMD itself is always there."""
    wanted = options.get("conversion_formats")
    if not isinstance(wanted, Mapping):
        return []
    return [name for name, yes in wanted.items() if yes and name != "mmd"]


def request_ordered(document: Document) -> list[Rendition]:
    """Queues the formats that came with the document."""
    if document.status != Status.COMPLETED:
        return []
    return request(document, ordered(document.options), document.options.get("conversion_options") or {})


def request(document: Document, formats: Iterable[str], options: Mapping[str, Any]) -> list[Rendition]:
    """Queues each format that is not there yet; one that failed before is tried again."""
    with transaction.atomic():
        renditions = [_request_one(document, name, options.get(name) or {}) for name in formats]
        Document.objects.filter(pk=document.pk).change()
    return renditions


def _request_one(document: Document, name: str, options: Mapping[str, Any]) -> Rendition:
    rendition, new = Rendition.objects.get_or_create(
        document=document, format=name, defaults={"options": dict(options)}
    )
    if not new and rendition.status == RenditionStatus.ERROR:
        Rendition.objects.filter(pk=rendition.pk, status=RenditionStatus.ERROR).update(
            status=RenditionStatus.PROCESSING,
            error_id="",
            error_detail={},
            attempts=0,
            queued_at=timezone.now(),
        )
        rendition.refresh_from_db()
        new = True
    if new:
        queues.render(rendition.pk)
    return rendition


def forget(document: Document) -> None:
    """Drops what was made of pages that are going to change."""
    for rendition in document.renditions.exclude(file=""):
        storage.remove(storage.place(str(rendition.file.name)))
    document.renditions.all().delete()


def status(document: Document) -> dict[str, dict[str, Any]]:
    """`conversion_status` of the contract: the state of every format asked for, and why one failed."""
    made = {each.format: each for each in rows.several(Rendition, "document_id", document.pk)}
    states = {name: _state(made.get(name)) for name in ordered(document.options)}
    states.update({name: _state(rendition) for name, rendition in made.items()})
    wanted = document.options.get("conversion_formats")
    if isinstance(wanted, Mapping) and wanted.get("mmd"):
        done = document.status == Status.COMPLETED
        states["mmd"] = {"status": "completed" if done else "processing"}
    return states


def _state(rendition: Rendition | None) -> dict[str, Any]:
    if rendition is None:
        return {"status": RenditionStatus.PROCESSING.value}
    message = str(rendition.error_detail.get("message", ""))
    if rendition.status != RenditionStatus.ERROR:
        return {"status": rendition.status} | ({"warning": message} if message else {})
    info = {"id": rendition.error_id, "error": message, "message": message}
    return {"status": rendition.status, "error_info": info}


def make(rendition_id: int) -> None:
    """Makes one rendition, unless it is made, gone or in other hands."""
    waiting = Rendition.objects.filter(
        pk=rendition_id, status=RenditionStatus.PROCESSING, document__deleted_at=None
    )
    token = claims.take(waiting)
    if token is None:
        return
    rendition = Rendition.objects.select_related("document").get(pk=rendition_id)
    try:
        if rendition.attempts > claims.MAX_ATTEMPTS:
            raise ProviderError("conversion_error", "Making this format stopped the converter three times.")
        what, public_id = f"making {rendition.format}", rendition.document.public_id
        held = claims.held(Rendition, token, settings.RENDITION_SECONDS)
        with tracing.of_document(what, public_id), held, bounded_memory():
            content, lost = _content(rendition)
    except (ProviderError, EngineError) as error:
        _store_failure(rendition, token, str(error))
    except claims.Interrupted as interrupted:
        if not interrupted.lost:
            _store_failure(rendition, token, f"It took longer than {settings.RENDITION_SECONDS} seconds.")
    except MemoryError:
        _store_failure(rendition, token, TOO_BIG.format(settings.WORKER_MEMORY_MB))
    except Exception:
        logger.exception("%s of %s could not be made", rendition.format, rendition.document.public_id)
        _store_failure(rendition, token, "Something went wrong on this server while the format was made.")
    else:
        _store(rendition, token, content, lost)


def _content(rendition: Rendition) -> tuple[bytes, str]:
    """The file, and what the text has that it lacks."""
    document = rendition.document
    made = FORMATS.get(rendition.format)
    if made is None:
        raise ProviderError("conversion_error", NOT_MADE_HERE.format(rendition.format))
    if rendition.format == OVERLAY and not document.given:
        return bytes(OVERLAID(document)), ""
    text = results.absolute(results.mmd(document), document, settings.PUBLIC_URL)
    content = made.make(text, rendition.options, pictures(document), document.public_id, renderer)
    return content, made.lost(text)


def pictures(document: Document) -> Callable[[str], bytes | None]:
    """Resolves signed addresses of the team's figures; anything else stays unresolved."""
    mine = Document.objects.of_team(document.team).alive()

    def picture(address: str) -> bytes | None:
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        image_id = PurePath(parts.path).stem
        region = crops.check(image_id, query)
        parsed = ids.parse_image_id(image_id)
        if region is None or parsed is None:
            return None
        pages = Page.objects.filter(document__in=mine.filter(public_id=parsed[0]), number=parsed[1])
        page = pages.select_related("document").first()
        return crops.jpeg(page.document, page, region) if page else None

    return picture


def _store(rendition: Rendition, token: str, content: bytes, lost: str) -> None:
    """Keeps the file if the claim still holds and the document still lives."""
    document = rendition.document
    name = storage.save(storage.rendition_name(document, rendition.format), content)
    with transaction.atomic():
        mine = Rendition.objects.filter(pk=rendition.pk, claim=token, document__deleted_at=None)
        kept = mine.update(
            status=RenditionStatus.COMPLETED,
            file=name,
            error_detail={"message": lost} if lost else {},
            completed_at=timezone.now(),
            claim="",
            lease_until=None,
        )
        Document.objects.filter(pk=document.pk).change()
        events.settled(document.pk)
    if not kept:
        storage.remove(storage.place(name))


def _store_failure(rendition: Rendition, token: str, message: str) -> None:
    with transaction.atomic():
        Rendition.objects.filter(pk=rendition.pk, claim=token).update(
            status=RenditionStatus.ERROR,
            error_id="conversion_error",
            error_detail={"message": message},
            completed_at=timezone.now(),
            claim="",
            lease_until=None,
        )
        Document.objects.filter(pk=rendition.document_id).change()
        events.settled(rendition.document_id)
