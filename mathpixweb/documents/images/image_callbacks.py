"""Whoever sent an image may name an address that hears of the result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import Batch, Document
from mathpixweb.documents.models.callbacks import Callback
from mathpixweb.documents.telling import callbacks

EVENT = "image"


def check(team: Team, callback: Mapping[str, Any] | None) -> None:
    """Raises ProviderError("opts_bad_callback") for an address that is not to be called from here."""
    if callback:
        callbacks.check_order(team, str(callback["post"]), https_only=False)


def payload(callback: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """What is posted: the result, and what the caller wanted to have sent along."""
    along = {name: callback[name] for name in ("reply", "body") if name in callback}
    return {**along, "result": dict(result)}


def tell(document: Document, callback: Mapping[str, Any] | None, result: Mapping[str, Any]) -> None:
    """Has a worker post the result once the transaction is stored."""
    if callback:
        body, headers = payload(callback, result), callback.get("headers")
        callbacks.enqueue(
            document.team, str(callback["post"]), body, headers=headers, event=EVENT, document=document
        )


def note(of: Document | Batch, callback: Mapping[str, Any] | None) -> None:
    """Keeps the address until there is a result to tell; what it may hold of secrets is sealed."""
    if callback:
        headers = callback.get("headers")
        Callback.objects.create(
            team=of.team,
            document=of if isinstance(of, Document) else None,
            batch=of if isinstance(of, Batch) else None,
            url=str(callback["post"]),
            headers=sealing.seal(json.dumps(headers)) if headers else "",
            events=[EVENT],
        )


def tell_noted(document: Document, result: Mapping[str, Any]) -> None:
    """Tells the address that came with the image, if one did, what became of it."""
    callback = document.options.get("callback") or {}
    for noted in Callback.objects.filter(document=document):
        _enqueue(noted, document.team, payload(callback, result), document=document)


def tell_of_batch(batch: Batch, status: Mapping[str, Any]) -> None:
    """Tells the address that came with the batch, once, that every image has its result."""
    callback = batch.options.get("callback") or {}
    along = {name: callback[name] for name in ("reply", "body") if name in callback}
    for noted in Callback.objects.filter(batch=batch):
        _enqueue(noted, batch.team, {**along, **status}, batch=batch, once=f"image-batch-{batch.pk}")


def _enqueue(noted: Callback, team: Team, body: Mapping[str, Any], **about: Any) -> None:
    headers = json.loads(sealing.unseal(noted.headers)) if noted.headers else None
    callbacks.enqueue(team, noted.url, body, headers=headers, event=EVENT, **about)
    noted.delete()
