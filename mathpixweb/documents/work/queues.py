"""Messages to the workers. They only wake: what is to do is in the database, and the sweep repeats them."""

from __future__ import annotations

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from mathpixweb.celery import app

logger = logging.getLogger(__name__)

TASKS = "mathpixweb.documents.tasks"
RETRY = {"max_retries": 1, "interval_start": 0.1}  # somebody waits for what comes after the message


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


def erase_there(erasure_id: int) -> None:
    _send_on_commit("erase_there", erasure_id)


def unpack(batch_id: int) -> None:
    _send_on_commit("unpack", batch_id)


def ship(shipment_id: int) -> None:
    _send_on_commit("ship", shipment_id)


def notify(document_id: int) -> None:
    """About a message to a person; lost with the broker, as it is only a courtesy."""
    _send_on_commit("notify", document_id)


def warn_of_budget(team_id: int) -> None:
    """About messages to people, lost with the broker too; the browser shows what they say in any case."""
    _send_on_commit("warn_of_budget", team_id)


def length() -> int:
    """How many messages wait for a worker; none in a broker that has just been started and knows no queue."""
    with app.connection_for_read() as connection:
        queue = connection.default_channel.queue_declare(queue=app.conf.task_default_queue)
        return int(queue.message_count)


def _send_on_commit(task: str, row_id: int) -> None:
    # a closure, since Django tells of a failing one by its name, which a partial has not
    def send() -> None:
        _send(task, row_id)

    transaction.on_commit(send, robust=True)


def _send(task: str, row_id: int) -> None:
    """A broker that is down must not fail what is already stored: the sweep sends the message again."""
    try:
        app.send_task(f"{TASKS}.{task}", args=[row_id], retry_policy=RETRY)
    except (OperationalError, OSError) as error:
        logger.warning("no message about %s %s reached the broker: %s", task, row_id, error)
