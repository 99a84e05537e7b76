from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents import storage
from mathpixweb.documents.models import CANCELLED, Document, PageStatus, Status
from mathpixweb.documents.output import results
from mathpixweb.documents.work import claims, conversion, sweeping
from mathpixweb.providers.base import ProviderError
from tests.documents.scripted import PICTURE

pytestmark = pytest.mark.django_db


def work(document: Document) -> Document:
    """Turns as a worker takes them, until nothing more happens."""
    before = -1
    while document.changes != before:
        before = document.changes
        conversion.take_turn(document.pk)
        document.refresh_from_db()
    return document


def raising(error: BaseException):
    def script() -> None:
        raise error

    return script


def test_a_document_becomes_its_pages_in_order(a_document, scripted):
    document = work(a_document())
    assert document.status == Status.COMPLETED
    assert document.num_pages == 3
    assert [page.number for page in document.pages.all()] == [1, 2, 3]
    assert results.mmd(document).startswith("Page 1 says")
    assert results.mmd(document).count("\n\nPage") == 2
    assert storage.page_image(document, 2).read_bytes() == PICTURE


def test_a_page_range_selects_and_orders_pages(a_document, scripted):
    scripted.page_count = 9
    document = work(a_document(options={"page_ranges": "7,2-3"}))
    assert [(page.index, page.number) for page in document.pages.all()] == [(1, 7), (2, 2), (3, 3)]


def test_a_page_range_outside_the_document_is_the_contracts_error(a_document, scripted):
    document = work(a_document(options={"page_ranges": "40-50"}))
    assert (document.status, document.error_id) == (Status.ERROR, "opts_value_out_of_range")


def test_too_many_pages_are_refused_before_any_is_laid_out(a_document, scripted, settings):
    settings.MAX_PAGES = 100
    scripted.page_count = 10_000
    document = work(a_document())
    assert document.error_id == "pdf_page_limit_exceeded"
    assert document.error_detail["count"] == 10_000
    assert not document.pages.exists()


def test_a_few_pages_of_a_document_with_too_many_are_taken(a_document, scripted, settings):
    settings.MAX_PAGES = 100
    scripted.page_count = 10_000
    document = work(a_document(options={"page_ranges": "9999-"}))
    assert [page.number for page in document.pages.all()] == [9999, 10_000]


def test_one_bad_page_does_not_fail_the_document(a_document, scripted):
    scripted.before_page[2] = raising(ProviderError("page_failed", "Ink spilled."))
    document = work(a_document())
    assert document.status == Status.COMPLETED
    bad = document.pages.get(number=2)
    assert (bad.status, bad.error_message()) == (PageStatus.ERROR, "Ink spilled.")
    assert "Page 3" in results.mmd(document)


def test_a_document_without_one_readable_page_fails_and_says_why(a_document, scripted):
    for number in (1, 2, 3):
        scripted.before_page[number] = raising(ProviderError("page_failed", "Ink spilled."))
    document = work(a_document())
    assert document.status == Status.ERROR
    assert document.error_message() == "Ink spilled."


def test_an_unexpected_fault_of_ours_costs_one_page_and_shows_no_internals(a_document, scripted):
    scripted.before_page[2] = raising(RuntimeError("/secret/path"))
    document = work(a_document())
    assert document.pages.get(number=2).status == PageStatus.ERROR
    assert "secret" not in document.pages.get(number=2).error_message()


def test_a_page_that_never_ends_is_stopped(a_document, scripted, settings):
    settings.PAGE_SECONDS = 1
    scripted.before_page[1] = lambda: time.sleep(30)
    started = time.monotonic()
    document = work(a_document())
    assert time.monotonic() - started < 10
    assert "longer than 1 seconds" in document.pages.get(number=1).error_message()
    assert document.status == Status.COMPLETED


def test_a_page_that_takes_all_memory_is_stopped(a_document, scripted, settings):
    settings.WORKER_MEMORY_MB = 4096
    scripted.before_page[1] = lambda: bytearray(64 << 30)
    document = work(a_document())
    assert "4096 MB of memory" in document.pages.get(number=1).error_message()


def test_a_failed_page_can_be_read_again_alone(a_document, scripted):
    scripted.before_page[2] = raising(ProviderError("page_failed", "Ink spilled."))
    document = work(a_document())
    del scripted.before_page[2]
    scripted.reads.clear()
    assert conversion.retry_page(document.pages.get(number=2))
    document.refresh_from_db()
    assert work(document).status == Status.COMPLETED
    assert scripted.reads == [2]
    assert not document.pages.exclude(status=PageStatus.COMPLETED).exists()


def test_retry_takes_up_only_what_failed(a_document, scripted):
    scripted.before_page[3] = raising(ProviderError("page_failed", "Ink spilled."))
    document = work(a_document())
    scripted.before_page.clear()
    scripted.reads.clear()
    assert conversion.retry(document)
    document.refresh_from_db()
    work(document)
    assert scripted.reads == [3]
    assert not conversion.retry(document)


def test_cancelling_keeps_what_was_read_and_stops_the_rest(a_document, scripted):
    document = a_document()
    scripted.before_page[2] = lambda: conversion.cancel(document)
    work(document)
    assert (document.status, document.error_id) == (Status.ERROR, CANCELLED)
    assert document.pages.get(number=1).status == PageStatus.COMPLETED
    assert document.pages.get(number=2).status == PageStatus.WAITING
    assert scripted.reads == [1, 2]
    assert not conversion.cancel(document)


def test_a_late_worker_overwrites_nothing(a_document, scripted):
    """Its lease ran out, another took the page, and then the first one comes back with its result."""
    document = a_document()

    def lose_the_claim() -> None:
        document.pages.filter(number=1).update(claim="another's", mmd="the other's text")

    scripted.before_page[1] = lose_the_claim
    conversion.take_turn(document.pk)
    first = document.pages.get(number=1)
    assert (first.status, first.mmd, first.claim) == (PageStatus.READING, "the other's text", "another's")


def test_two_turns_at_once_read_every_page_once(a_document, scripted):
    document = a_document()
    scripted.before_page[1] = lambda: conversion.take_turn(document.pk)
    work(document)
    assert sorted(scripted.reads) == [1, 2, 3]
    assert UsageEvent.objects.count() == 1


def test_the_ledger_counts_pages_once_also_after_a_retry(a_document, scripted):
    scripted.before_page[3] = raising(ProviderError("page_failed", "Ink spilled."))
    document = work(a_document())
    assert [event.count for event in UsageEvent.objects.all()] == [2]
    scripted.before_page.clear()
    conversion.retry(document)
    document.refresh_from_db()
    work(document)
    assert [event.count for event in UsageEvent.objects.order_by("pk")] == [2, 1]
    assert {event.usage_type for event in UsageEvent.objects.all()} == {"pdf-page"}


def test_the_sweep_gives_a_dead_workers_page_to_the_next(a_document, scripted):
    document = a_document()
    scripted.before_page[2] = raising(SystemExit())  # the worker dies with the page in its hands
    with pytest.raises(SystemExit):
        conversion.take_turn(document.pk)
    assert document.pages.get(number=2).status == PageStatus.READING
    sweeping.sweep()
    assert document.pages.get(number=2).status == PageStatus.READING, "its lease still runs"
    document.pages.filter(number=2).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweeping.sweep()
    scripted.before_page.clear()
    document.refresh_from_db()
    assert work(document).status == Status.COMPLETED
    assert scripted.reads == [1, 2, 2, 3]


def test_a_restarted_worker_does_not_wait_for_its_predecessors_leases(a_document, scripted):
    document = a_document()
    scripted.before_page[2] = raising(SystemExit())
    with pytest.raises(SystemExit):
        conversion.take_turn(document.pk)
    sweeping.recover()
    assert document.pages.get(number=2).status == PageStatus.WAITING


def test_a_page_that_kills_three_workers_is_given_up(a_document, scripted):
    document = a_document()
    scripted.before_page[2] = raising(SystemExit())
    for _ in range(claims.MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            conversion.take_turn(document.pk)
        document.pages.filter(number=2).update(lease_until=timezone.now() - timedelta(seconds=1))
        sweeping.sweep()
    document.refresh_from_db()
    assert work(document).status == Status.COMPLETED
    assert "three times" in document.pages.get(number=2).error_message()


def test_the_sweep_wakes_a_document_whose_message_was_lost(
    a_document, scripted, django_capture_on_commit_callbacks
):
    document = a_document()
    with django_capture_on_commit_callbacks() as messages:
        sweeping.sweep()
    assert messages == [], "a fresh message is given time"
    Document.objects.update(queued_at=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks() as messages:
        sweeping.sweep()
        sweeping.sweep()
    assert len(messages) == 1
    assert document.status == Status.RECEIVED


def test_a_deleted_document_is_left_alone(a_document, scripted):
    document = a_document()
    Document.objects.filter(pk=document.pk).update(deleted_at=timezone.now())
    conversion.take_turn(document.pk)
    assert scripted.reads == []
