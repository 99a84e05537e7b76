"""Results on their way to the destination that came with a document: written, and tried again for a day."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mathpixweb.documents import storage
from mathpixweb.documents.fetching import data_sources, stores
from mathpixweb.documents.fetching.stores import StoreFailed
from mathpixweb.documents.models import Document, RenditionStatus
from mathpixweb.documents.models.stores import Shipment, ShipmentStatus
from mathpixweb.documents.output import renditions, results
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import claims
from mathpixweb.engine.writers.pictures import Album, Reference, replace_pictures
from mathpixweb.providers.base import ProviderError

logger = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0.2, 1, 5, 30, 120, 720))
SECONDS = 300.0  # for one try
IN_VAIN = "Writing to the destination failed {} times. {}"


def ship(shipment_id: int) -> None:
    """One try, unless it is not due, done or in other hands."""
    waiting = Shipment.objects.filter(
        pk=shipment_id,
        status=ShipmentStatus.PROCESSING,
        due_at__lte=timezone.now(),
        document__deleted_at=None,
    )
    token = claims.take(waiting)
    if token is None:
        return
    shipment = Shipment.objects.select_related("document__team").get(pk=shipment_id)
    try:
        with claims.held(Shipment, token, SECONDS):
            _write_all(shipment.document)
    except claims.Interrupted as interrupted:
        if not interrupted.lost:
            _note(shipment, token, "It took too long.")
    except (StoreFailed, ProviderError) as error:
        _note(shipment, token, str(error))
    except Exception:
        logger.exception("the results of %s could not be written", shipment.document.public_id)
        _note(shipment, token, "Something went wrong on this server.")
    else:
        _note(shipment, token, "")


def _note(shipment: Shipment, token: str, failure: str) -> None:
    mine = Shipment.objects.filter(pk=shipment.pk, claim=token)
    noted: dict[str, Any] = {"claim": "", "lease_until": None, "error_detail": {"message": failure}}
    tries = shipment.attempts
    if failure and tries <= len(PAUSES):
        mine.update(**noted, due_at=timezone.now() + PAUSES[tries - 1])
        return
    if failure:
        noted |= {"error_detail": {"message": IN_VAIN.format(tries, failure)}}
    noted |= {"status": ShipmentStatus.ERROR if failure else ShipmentStatus.COMPLETED}
    with transaction.atomic():
        Document.objects.filter(pk=shipment.document_id).change()
        mine.update(**noted)
        events.settled(shipment.document_id)


def _write_all(document: Document) -> None:
    uri = str(document.options["destination_uri"])
    buckets = data_sources.buckets(document.team_id)
    buckets.check_way_out()
    found = buckets.find(uri)
    if found is None:
        raise StoreFailed("The destination is no place that results can be written to.")
    source, place = found
    prefix = f"{place.key.strip('/')}/" if place.key.strip("/") else ""
    region = str(document.options.get("s3_region") or "")
    for name, content in _files(document):
        stores.write(source, prefix + name, content, region)


def _files(document: Document) -> Iterator[tuple[str, bytes | Path]]:
    """Names within the destination, and what they hold."""
    stem = str(document.options.get("destination_basename") or document.file_id or document.public_id)
    text = results.absolute(results.mmd(document), document, settings.PUBLIC_URL)
    if document.options.get("image_output_mode") == "local":
        text, album = _with_pictures(text, renditions.pictures(document))
        yield from (album.files())
    yield f"{stem}.mmd", text.encode()
    lines: Mapping[str, Any] = results.lines_json(document)
    whole = results.absolute(json.dumps(lines, ensure_ascii=False), document, settings.PUBLIC_URL)
    yield f"{stem}.lines.json", whole.encode()
    for rendition in document.renditions.filter(status=RenditionStatus.COMPLETED).order_by("pk"):
        yield f"{stem}.{rendition.format}", storage.rendition(rendition)


def _with_pictures(text: str, pictures: Callable[[str], bytes | None]) -> tuple[str, Album]:
    """The text with pictures beside it in `images/`; one that is not to be had keeps its address."""
    album = Album("images", pictures)

    def point(reference: Reference) -> str:
        return reference.pointing_to(album.place(reference.url) or reference.url)

    return replace_pictures(text, point), album
