"""`/v3/batch`: many images in one request, each a document of its own unless it is private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from mathpixweb.accounts.models import Team
from mathpixweb.documents.images import image_callbacks, images, private_images
from mathpixweb.documents.images.image_answers import error_body
from mathpixweb.documents.images.image_orders import Order
from mathpixweb.documents.models import Batch, Document, Status
from mathpixweb.providers.base import ProviderError

GONE = ProviderError("sys_exception", "A private result is held in memory for an hour, and is gone now.")
DELETED = ProviderError("sys_exception", "This image and its result were deleted.")
BUSY = ProviderError("sys_exception", "Too many private images are waiting already.")


def submit(
    team: Team, orders: Mapping[str, Order | ProviderError], callback: Mapping[str, Any] | None
) -> Batch:
    """Queues every image; what was wrong with one before it was read is its result."""
    kept = {name: value for name, value in (callback or {}).items() if name != "headers"}
    with transaction.atomic():
        batch = Batch.objects.create(
            team=team,
            job_id=f"images-{uuid4()}",
            of_images=True,
            keys=list(orders),
            options={
                "callback": kept,
                "private": [key for key, order in orders.items() if _is_private(order)],
                "failed": {key: error_body(e) for key, e in orders.items() if isinstance(e, ProviderError)},
            },
        )
        image_callbacks.note(batch, callback)
    for number, (key, order) in enumerate(orders.items()):
        if isinstance(order, Order):
            # the others are called one by one as these are finished
            _start(replace(order, batch=batch, key_in_batch=key), wake=number < 2 * settings.WORKERS)
    tell_if_done(batch)
    return batch


def _is_private(order: Order | ProviderError) -> bool:
    return isinstance(order, Order) and order.private


def _start(order: Order, *, wake: bool) -> None:
    if not order.private:
        images.submit(order, wake=wake)
    elif not private_images.later(partial(_read_privately, order)):
        _hold(order, error_body(BUSY))


def _read_privately(order: Order) -> None:
    _hold(order, images.answer(order).body)
    if order.batch:
        tell_if_done(order.batch)


def _hold(order: Order, body: dict[str, Any]) -> None:
    if order.batch and order.key_in_batch is not None:
        private_images.hold(order.batch.pk, order.key_in_batch, body)


def find(team: Team, batch_id: int) -> Batch | None:
    return Batch.objects.filter(team=team, of_images=True, pk=batch_id).first()


def status(batch: Batch) -> dict[str, Any]:
    """The keys in the order in which they came, and the results that are there."""
    results = {**batch.options["failed"], **_stored(batch), **_held(batch)}
    return {"keys": batch.keys, "results": {key: results[key] for key in batch.keys if key in results}}


def _stored(batch: Batch) -> dict[str, dict[str, Any]]:
    documents = Document.objects.of_team(batch.team).filter(batch=batch).select_related("answer")
    finished = [document for document in documents if document.finished]
    return {str(document.key_in_batch): _result(document) for document in finished}


def _result(document: Document) -> dict[str, Any]:
    if document.deleted_at:
        return error_body(DELETED)
    if hasattr(document, "answer"):
        return dict(document.answer.result)
    detail = document.error_detail
    return error_body(ProviderError(document.error_id or Status.ERROR, str(detail.get("message", ""))))


def _held(batch: Batch) -> dict[str, dict[str, Any]]:
    """Private results. One that is not held is on its way while its batch is young, and gone afterwards."""
    private: Sequence[str] = batch.options["private"]
    found = {key: private_images.held(batch.pk, key) for key in private}
    results = {key: result for key, result in found.items() if result is not None}
    if private_images.too_old(batch.created_at):
        return {key: results.get(key, error_body(GONE)) for key in private}
    return results


def tell_if_done(batch: Batch) -> None:
    """Tells the batch's callback, whoever comes last."""
    now = status(batch)
    if len(now["results"]) == len(now["keys"]):
        image_callbacks.tell_of_batch(batch, now)
