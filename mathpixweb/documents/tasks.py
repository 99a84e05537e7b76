"""What workers run. Tasks take ids and tolerate absence; all decisions are made elsewhere."""

from __future__ import annotations

import gc
from typing import Any

from celery.signals import worker_init, worker_ready
from django.conf import settings
from django.db import connection

from mathpixweb.celery import app
from mathpixweb.documents import provider
from mathpixweb.documents.fetching import shipping
from mathpixweb.documents.intake import portions
from mathpixweb.documents.output import renditions
from mathpixweb.documents.remote import erasing, mirror
from mathpixweb.documents.telling import budget_notices, callbacks, notices
from mathpixweb.documents.work import conversion, drawing, fetch_slots, pausing, sweeping
from mathpixweb.engine.writers import formats


@app.task
def convert(document_id: int) -> None:
    if not pausing.paused():
        conversion.take_turn(document_id)


@app.task
def render(rendition_id: int) -> None:
    renditions.make(rendition_id)


@app.task
def deliver(delivery_id: int) -> None:
    callbacks.deliver(delivery_id)


@app.task
def draw(document_id: int) -> None:
    drawing.take_turn(document_id)


@app.task
def copy_list(list_id: int) -> None:
    mirror.take_turn(list_id)


@app.task
def erase_there(erasure_id: int) -> None:
    erasing.take_turn(erasure_id)


@app.task
def unpack(batch_id: int) -> None:
    portions.work(batch_id)


@app.task
def ship(shipment_id: int) -> None:
    shipping.ship(shipment_id)


@app.task
def notify(document_id: int) -> None:
    notices.tell(document_id)


@app.task
def warn_of_budget(team_id: int) -> None:
    budget_notices.tell(team_id)


@worker_init.connect
def load(**_: Any) -> None:
    """Once, before the processes that read are forked: they share what is loaded, and nobody waits for it."""
    fetch_slots.SLOTS.share()
    provider.ENGINE.load()
    formats.load_all()
    gc.collect()
    gc.freeze()  # the collector would write to all of it, and so make each process a copy of its own


@worker_ready.connect
def recover(**_: Any) -> None:
    """Several workers share a broker; without one there is only this worker, and it has just started."""
    if settings.REDIS_URL:
        sweeping.sweep()
    else:
        sweeping.recover()
    connection.close()
