"""Writers of one process take turns where the database would let them wait unfairly."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from mathpixweb.documents.work import writing

SECONDS = 30.0


@pytest.mark.django_db(transaction=True)
def test_a_second_writer_waits_for_the_first_one():
    if connection.vendor != "sqlite":
        pytest.skip("this database has a queue of its own")
    entered, seen = threading.Event(), []

    def write() -> None:
        entered.set()
        with writing.in_turn():
            seen.append("second")
        connection.close()

    with writing.in_turn():
        second = threading.Thread(target=write)
        second.start()
        assert entered.wait(SECONDS)
        second.join(0.05)
        with writing.in_turn():  # has its turn already
            seen.append("first")
    second.join(SECONDS)
    assert seen == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_who_is_in_a_transaction_waits_for_nobody():
    done = threading.Event()

    def hold() -> None:
        with writing._turn:
            held.set()
            done.wait(SECONDS)

    held = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(SECONDS)
    with transaction.atomic(), writing.in_turn():
        done.set()
    holder.join(SECONDS)
    assert done.is_set()
