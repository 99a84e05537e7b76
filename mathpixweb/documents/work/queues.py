"""Messages to the workers. They only wake: what is to do is in the database, and the sweep repeats them."""

from __future__ import annotations

import logging
from uuid import uuid4

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
        _publish(f"{TASKS}.{task}", row_id)
    except (OperationalError, OSError) as error:
        logger.warning("no message about %s %s reached the broker: %s", task, row_id, error)


def _publish(name: str, row_id: int) -> None:
    """As Celery's `send_task`, without a result that nobody asks for and routes that there are not."""
    message = app.amqp.as_task_v2(
        str(uuid4()), name, args=[row_id], argsrepr=f"[{row_id}]", kwargsrepr="{}", ignore_result=True
    )
    with app.producer_or_acquire() as producer:
        # brokers know a queue by its messages; those who read it say that there is one
        app.amqp.send_task_message(producer, name, message, retry_policy=RETRY, declare=[])
