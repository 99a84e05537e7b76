"""Messages to workers that come twice: they only wake, and nothing is done twice."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.models.callbacks import Delivery
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import conversion, sweeping
from mathpixweb.providers.callback_options import FILE_COMPLETED, CallbackOrder
from tests.turns import work

pytestmark = pytest.mark.django_db


def test_what_is_told_twice_is_done_once(received, scripted, team):
    """While one reads a page, the message comes again and two sweeps wake workers; and so at the end."""
    document = received()
    events.subscribe(
        CallbackOrder("https://example.org/told", {}, (FILE_COMPLETED,)), team, document=document
    )

    def woken_again():
        scripted.before_page.clear()
        sweeping.sweep()
        sweeping.sweep()
        conversion.take_turn(document.pk)

    scripted.before_page[2] = woken_again
    assert work(document).status == Status.COMPLETED
    for _ in range(2):
        conversion.take_turn(document.pk)
        conversion.finish(Document.objects.get(pk=document.pk))
        events.settled(document.pk)
    assert sorted(scripted.reads) == [1, 2, 3]
    assert set(document.pages.values_list("edition", flat=True)) == {1}
    assert UsageEvent.objects.aggregate(pages=Sum("count"))["pages"] == 3
    assert Delivery.objects.count() == 1
