"""Webhooks of a team: what they hear of, signed with their own secret, and when they hear of nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from mpxpy.webhooks import verify_signature

from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents.images import snips
from mathpixweb.documents.models import Batch, Delivery, Status, Webhook
from mathpixweb.documents.telling import callbacks, events, webhooks
from mathpixweb.providers.base import ProviderError
from tests.turns import work

FILES = ("file.completed", "file.error")
HOOK = "https://example.org/hook"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    monkeypatch.setattr("mathpixweb.documents.work.queues.deliver", lambda pk: None)


@pytest.fixture
def add(team, owner):
    def make(url=HOOK, told_of=FILES, of=None):
        return webhooks.add(of or team, url, told_of, created_by=owner)

    return make


def told():
    return list(Delivery.objects.order_by("pk").values_list("event", flat=True))


def test_a_document_of_the_team_is_told_once_and_signed_with_the_webhook_s_secret(add, receiver, a_document):
    hook, secret = add(receiver.url)
    document = work(a_document())
    events.settled(document.pk)  # as when one more format is made
    (delivery,) = Delivery.objects.filter(webhook=hook)
    callbacks.deliver(delivery.pk)
    (post,) = receiver.posts
    assert (json.loads(post.body)["pdf_id"], json.loads(post.body)["status"]) == (
        document.public_id,
        "completed",
    )
    assert verify_signature(post.headers["Mathpix-Signature"], post.body, secret)
    assert secret not in hook.secret


def test_a_message_that_is_sent_again_is_signed_with_the_webhook_s_secret_too(add, receiver, a_document):
    _, secret = add(receiver.url)
    work(a_document())
    first = Delivery.objects.get()
    callbacks.deliver(first.pk)
    first.refresh_from_db()
    callbacks.deliver(callbacks.replay(first).pk)
    assert [post.body for post in receiver.posts] == [first.body.encode()] * 2
    assert verify_signature(receiver.posts[1].headers["Mathpix-Signature"], receiver.posts[1].body, secret)


def test_for_a_day_after_a_renewal_both_secrets_sign(add, receiver, a_document):
    hook, before = add(receiver.url)
    own = webhooks.renew_secret(hook)
    work(a_document())
    told_first = Delivery.objects.get()
    callbacks.deliver(told_first.pk)
    told_first.refresh_from_db()
    Webhook.objects.update(secret_before_until=timezone.now() - timedelta(seconds=1))
    callbacks.deliver(callbacks.replay(told_first).pk)
    while_both, after = receiver.posts
    signed = [
        verify_signature(post.headers["Mathpix-Signature"], post.body, secret)
        for post in (while_both, after)
        for secret in (before, own)
    ]
    assert signed == [True, True, False, True]


def test_of_another_team_s_documents_nothing_is_told(add, a_document, owner):
    add(of=Team.objects.create(name="Topology"))
    work(a_document())
    assert told() == []


def test_only_events_that_were_chosen_are_told(add, a_document, scripted):
    add(told_of=["file.error"])
    work(a_document())
    assert told() == []
    scripted.page_count = 10**6
    work(a_document())
    assert told() == ["file.error"]


def test_an_image_is_told_with_what_was_read(add, team, owner, scripted, settings):
    settings.PROVIDER = scripted.name
    add(told_of=["image"])
    document = snips.read_drawing(team, [([1, 2], [1, 2])], user=owner)
    (delivery,) = Delivery.objects.all()
    assert json.loads(delivery.body)["result"]["request_id"] == document.public_id


def test_a_job_is_told_once(add, team):
    add(told_of=["job.completed"])
    batch = Batch.objects.create(team=team, job_id="j")
    for _ in range(2):
        events.finalize(batch)
    assert told() == ["job.completed"]


def test_what_ended_before_the_webhook_was_there_is_not_told(add, a_document):
    document = work(a_document())
    add()
    events.settled(document.pk)
    assert told() == []


def test_a_paused_webhook_hears_nothing_and_of_what_ended_meanwhile_never(add, receiver, a_document):
    hook, _ = add(receiver.url)
    before = work(a_document())
    webhooks.pause(hook)
    meanwhile = work(a_document())
    webhooks.resume(hook)
    events.settled(meanwhile.pk)
    delivery = Delivery.objects.get()
    assert (delivery.document, delivery.status, delivery.detail) == (before, "failed", callbacks.CLOSED)
    work(a_document())
    assert Delivery.objects.filter(status="waiting").count() == 1


def test_nothing_is_sent_to_a_webhook_that_was_deleted(add, receiver, a_document):
    hook, _ = add(receiver.url)
    work(a_document())
    webhooks.remove(hook)
    again = callbacks.replay(Delivery.objects.get()) or Delivery.objects.get()
    Delivery.objects.update(status="waiting", due_at=timezone.now())
    callbacks.deliver(again.pk)
    again.refresh_from_db()
    assert (receiver.posts, again.detail) == ([], callbacks.CLOSED)
    hook.refresh_from_db()
    assert (hook.url, hook.secret) == ("", "")
    long_ago = timezone.now() - 3 * callbacks.KEPT
    Webhook.objects.update(deleted_at=long_ago)
    callbacks.sweep()
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "url", ["http://example.org/hook", "https://10.0.0.1/", "https://169.254.169.254/", "hook"]
)
def test_an_address_inside_is_not_stored(add, url):
    with pytest.raises(ProviderError) as refused:
        add(url)
    assert refused.value.error_id == "opts_bad_callback"


def test_an_address_is_looked_at_again_at_each_try(add, receiver, a_document, settings):
    add(receiver.url)
    work(a_document())
    settings.ALLOW_PRIVATE_CALLBACKS = []
    delivery = Delivery.objects.get()
    callbacks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (receiver.posts, delivery.detail) == ([], callbacks.NO_ANSWER)


@pytest.mark.parametrize("who", ["operator", "team"])
def test_where_nothing_may_leave_no_webhook_is_told(add, receiver, a_document, settings, team, who):
    add(receiver.url)
    work(a_document())
    if who == "operator":
        settings.EGRESS = False
    else:
        RemoteAccount.objects.create(team=team, nothing_leaves=True)
    work(a_document())
    delivery = Delivery.objects.get()
    callbacks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (receiver.posts, delivery.detail) == ([], callbacks.NOTHING_LEAVES)


def test_a_document_older_than_the_log_is_not_told_again(add, a_document):
    add()
    Webhook.objects.update(active_since=timezone.now() - timedelta(days=100))
    document = a_document(status=Status.COMPLETED, completed_at=timezone.now() - callbacks.KEPT * 2)
    events.settled(document.pk)
    assert told() == []


def test_a_team_has_so_many_and_no_more(add):
    for _ in range(webhooks.MOST):
        add()
    with pytest.raises(webhooks.TooMany):
        add()
