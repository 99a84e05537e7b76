"""Messages to the workers. They only wake: what is to do is in the database, and the sweep repeats them."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from mathpixweb.celery import app

TASKS = "mathpixweb.documents.tasks"


def convert(document_id: int) -> None:
    _send_on_commit("convert", document_id)


def render(rendition_id: int) -> None:
    _send_on_commit("render", rendition_id)


def deliver(delivery_id: int) -> None:
    _send_on_commit("deliver", delivery_id)


def draw(document_id: int) -> None:
    _send_on_commit("draw", document_id)


def mirror(list_id: int) -> None:
    _send_on_commit("copy_list", list_id)


def unpack(batch_id: int) -> None:
    _send_on_commit("unpack", batch_id)


def ship(shipment_id: int) -> None:
    _send_on_commit("ship", shipment_id)


def length() -> int:
    """How many messages wait for a worker."""
    with app.connection_for_read() as connection:
        queue = connection.default_channel.queue_declare(queue=app.conf.task_default_queue, passive=True)
        return int(queue.message_count)


def _send_on_commit(task: str, row_id: int) -> None:
    # robust: a broker that is down must not fail what is already stored
    transaction.on_commit(partial(app.send_task, f"{TASKS}.{task}", args=[row_id]), robust=True)
