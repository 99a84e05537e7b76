"""Images and drawings: read at once while the caller waits, or stored and read by a worker."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mathpixweb.accounts import usage
from mathpixweb.accounts.models import Team, User
from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents import provider, storage
from mathpixweb.documents.ids import new_public_id
from mathpixweb.documents.images import image_callbacks, image_sources, private_images, readers
from mathpixweb.documents.images.image_answers import Answered, error_body, page_lines
from mathpixweb.documents.images.image_orders import Options, Order, compose, options_of
from mathpixweb.documents.intake import naming
from mathpixweb.documents.models import Document, ImageAnswer, Kind, Page, PageStatus, Status, Tag
from mathpixweb.documents.remote import mirrored_rows, remote_images
from mathpixweb.documents.search import contents, search
from mathpixweb.documents.telling import webhooks
from mathpixweb.documents.work import claims, fetch_slots, patience, queues, writing
from mathpixweb.providers.base import ProviderError, Stroke
from mathpixweb.providers.image_options import as_said, for_reading
from mathpixweb.providers.results import ImageResult

logger = logging.getLogger(__name__)

POISON = ProviderError("sys_exception", "Reading this image stopped the reader three times.")
OUR_FAULT = ProviderError("sys_exception", "Something went wrong on this server while the image was read.")
TOO_BIG = ProviderError("image_max_size", "Reading this image needs more memory than this server gives.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the caller gets: the whole body, and what failed if something did."""

    request_id: str
    body: dict[str, Any]


def answer(order: Order, public_id: str = "") -> Reply:
    """Reads the image now. A failure is a reply too, and is kept like one if it came of reading."""
    public_id = public_id or new_public_id()
    started = time.monotonic()
    try:
        image = order.image or (image_sources.downloaded(order.url) if order.url else b"")
    except ProviderError as error:
        return Reply(public_id, {"request_id": public_id, **error_body(error)})
    try:
        result = _read_now(order, image)
        answered = compose(order.options, result, provider.version(provider.chosen(order.team)))
    except ProviderError as error:
        failed = Answered(error_body(error), "", {}, error)
        return _settled(order, public_id, image, None, failed, time.monotonic() - started)
    return _settled(order, public_id, image, result, answered, time.monotonic() - started)


def _read_now(order: Order, image: bytes) -> ImageResult:
    reader = provider.chosen(order.team)
    if reader == MATHPIX:
        return _read_there(order.kind, order.team, order.options, image, order.strokes, order.user)
    worker = provider.named(reader)
    if order.kind == Kind.STROKES:
        return readers.read_strokes(worker, order.strokes, for_reading(order.options))
    return readers.read_image(worker, image, for_reading(order.options))


def _read_there(
    kind: str, team: Team, options: Options, image: bytes, strokes: Sequence[Stroke], user: User | None
) -> ImageResult:
    told = as_said(options)
    if kind == Kind.STROKES:
        return remote_images.read_strokes(team, strokes, told)
    return remote_images.read_image(team, kind, image, remote_images.for_a_person(told) if user else told)


def _settled(
    order: Order,
    public_id: str,
    image: bytes,
    result: ImageResult | None,
    answered: Answered,
    seconds: float,
) -> Reply:
    """Counts what was read, keeps it unless it is private, and tells the callback."""
    body = {"request_id": public_id, **answered.body}
    if order.private:
        if result is not None:
            _count(order, seconds)
        private_images.tell(order, body)
        return Reply(public_id, body)
    document = _row(order, public_id)
    document.duration = seconds
    with storage.arriving(document):
        _store_source(document, order, image)
        with writing.in_turn():
            _store(document, order, result, answered, body)
            if result is not None:
                _count(order, seconds)
    return Reply(public_id, body)


def _store(
    document: Document, order: Order, result: ImageResult | None, answered: Answered, body: dict[str, Any]
) -> None:
    """The drawing of a live session is one document, however often it is answered."""
    before = Document.objects.of_team(order.team).filter(public_id=document.public_id).first()
    if before is not None:
        document.pk, document.created_at = before.pk, before.created_at
    document.save()
    _keep(document, result, answered, body)
    _tag(document, order.options.tags)
    image_callbacks.tell(document, order.options.callback, body)
    if before is None:
        webhooks.tell_of_image(document, image_callbacks.EVENT, {"result": body})


def _row(order: Order, public_id: str) -> Document:
    now = timezone.now()
    return Document(
        created_at=now,
        queued_at=now,
        public_id=public_id,
        team=order.team,
        user=order.user,
        api_key=order.api_key,
        kind=order.kind,
        endpoint=order.endpoint,
        name=_name(order),
        source_url=order.url,
        options=_kept_options(order),
        private=order.team.keeps_nothing,
        provider=provider.chosen(order.team),
        version=provider.version(provider.chosen(order.team)),
        batch=order.batch,
        key_in_batch=order.key_in_batch,
    )


def _kept_options(order: Order) -> dict[str, Any]:
    """Without the callback's headers, which may hold the receiver's secrets."""
    said = as_said(order.options)
    if isinstance(callback := said.get("callback"), dict):
        said["callback"] = {name: value for name, value in callback.items() if name != "headers"}
    return said


def _name(order: Order) -> str:
    given = naming.clean(order.name or PurePath(order.url.split("?")[0]).name)
    return given or ("drawing" if order.kind == Kind.STROKES else "image")


def _store_source(document: Document, order: Order, image: bytes, *, lasting: bool = False) -> None:
    content = json.dumps(order.strokes).encode() if order.kind == Kind.STROKES else image
    if content:
        storage.write(storage.source_path(document), content, lasting=lasting)
        document.source.name = storage.source_name(document)
        document.source_size = len(content)
        document.source_hash = storage.fingerprint([content])


def _keep(document: Document, result: ImageResult | None, answered: Answered, body: dict[str, Any]) -> None:
    """Writes the outcome into the document, which is finished with it, and what was read into its page."""
    now = timezone.now()
    error = answered.error
    Document.objects.filter(pk=document.pk).change(
        status=Status.ERROR if error else Status.COMPLETED,
        error_id=error.error_id if error else "",
        error_detail=error.as_detail() if error else {},
        num_pages=1,
        counted_pages=0 if error else 1,
        completed_at=now,
        duration=document.duration,
        version=document.version,
        claim="",
        lease_until=None,
    )
    ImageAnswer.objects.update_or_create(
        document=document, defaults={"result": body, "detections": answered.detections}
    )
    if result is not None and document.provider == MATHPIX:
        mirrored_rows.note_own(document.team, "ocr-results", str(result.detections.get("request_id", "")))
    if result is None or error:
        Page.objects.filter(document=document).delete()
        return
    plain = _plain(result)
    page, _ = Page.objects.update_or_create(
        document=document,
        index=1,
        defaults={
            "number": 1,
            "status": PageStatus.COMPLETED,
            "mmd": answered.mmd,
            "plain": plain,
            "search_text": search.stored(plain, answered.mmd),
            "html": "",
            "lines": page_lines(result.lines),
            **contents.of(answered.mmd, result.lines, handwritten=result.handwritten),
            "width": result.width,
            "height": result.height,
            "confidence": result.confidence,
            "duration": document.duration,
            "completed_at": now,
        },
    )
    Page.objects.filter(pk=page.pk).update(edition=page.edition + 1)


def _plain(result: ImageResult) -> str:
    return "\n".join(str(line.get("text", "")).strip() for line in result.lines if line.get("text"))


def _tag(document: Document, names: list[str]) -> None:
    Tag.objects.bulk_create([Tag(document=document, name=name) for name in names], ignore_conflicts=True)


def _count(order: Order, seconds: float) -> None:
    if order.usage_type:
        said = {name: value for name, value in as_said(order.options).items() if name != "callback"}
        usage.record(
            order.team, order.usage_type, said, duration=seconds, api_key=order.api_key, user=order.user
        )


def submit(order: Order, *, wake: bool = True) -> Document:
    """Stores the image, or notes its address, for a worker, which is called. Not for private ones."""
    document = _row(order, new_public_id())
    with storage.arriving(document):
        _store_source(document, order, order.image, lasting=True)
        with transaction.atomic():
            document.save()
            _tag(document, order.options.tags)
            image_callbacks.note(document, order.options.callback)
            if wake:
                queues.convert(document.pk)
    return document


def take_turn(document: Document) -> None:
    """A worker's: reads the stored image, unless another does."""
    rows = Document.objects.unfinished().filter(pk=document.pk)
    token = claims.take(rows)
    if token is None:
        return
    document.refresh_from_db()
    started = time.monotonic()
    result, answered = None, None
    try:
        if document.attempts > claims.MAX_ATTEMPTS:
            raise POISON
        with claims.held(
            Document, token, settings.IMAGE_DOWNLOAD_SECONDS + 2 * patience.for_image(document.options)
        ):
            options = options_of(document.kind, document.options)
            result = _read_stored(document, options)
            answered = compose(options, result, document.version)
    except fetch_slots.NoneFree:
        fetch_slots.put_back(document, token)
        return
    except ProviderError as error:
        answered = Answered(error_body(error), "", {}, error)
    except claims.Interrupted as interrupted:
        if interrupted.lost:
            return
        seconds = patience.for_image(document.options)
        answered = _failed(f"Reading this image took longer than {seconds:g} seconds.")
    except MemoryError:
        answered = Answered(error_body(TOO_BIG), "", {}, TOO_BIG)
    except Exception:
        logger.exception("image %s could not be read", document.public_id)
        answered = Answered(error_body(OUR_FAULT), "", {}, OUR_FAULT)
    document.duration = time.monotonic() - started
    _settle_stored(document, token, result, answered)


def _failed(message: str) -> Answered:
    error = ProviderError("sys_exception", message)
    return Answered(error_body(error), "", {}, error)


def _read_stored(document: Document, options: Options) -> ImageResult:
    content = _source(document)
    strokes = json.loads(content) if document.kind == Kind.STROKES else ()
    if document.provider == MATHPIX:
        return _read_there(document.kind, document.team, options, content, strokes, document.user)
    worker = provider.named(document.provider)
    if document.kind == Kind.STROKES:
        return readers.read_strokes(worker, strokes, for_reading(options))
    return readers.read_image(worker, content, for_reading(options))


def _source(document: Document) -> bytes:
    """The stored image; one that came as an address is downloaded once and kept."""
    path = storage.source_path(document)
    if not document.source:
        with fetch_slots.SLOTS.one():
            storage.write(path, image_sources.downloaded(document.source_url))
        document.source.name = storage.source_name(document)
        Document.objects.filter(pk=document.pk, claim=document.claim).change(
            source=document.source.name, source_size=path.stat().st_size
        )
    return storage.present(path).read_bytes()


def _settle_stored(document: Document, token: str, result: ImageResult | None, answered: Answered) -> None:
    body = {"request_id": document.public_id, **answered.body}
    with transaction.atomic():
        if not Document.objects.unfinished().filter(pk=document.pk, claim=token).update(claim=""):
            return
        _keep(document, result, answered, body)
        image_callbacks.tell_noted(document, body)
        webhooks.tell_of_image(document, image_callbacks.EVENT, {"result": body})
        if result is not None:
            usage.record(
                document.team_id,
                _usage_type(document),
                {name: value for name, value in document.options.items() if name != "callback"},
                duration=document.duration,
                api_key=document.api_key_id,
                user=document.user_id,
            )
    document.refresh_from_db()


def _usage_type(document: Document) -> str:
    """What comes through the browser waits for its answer as well, but is one image like any other."""
    if document.kind != Kind.IMAGE:
        return str(document.kind)
    return "image-async" if document.api_key_id else "image"
