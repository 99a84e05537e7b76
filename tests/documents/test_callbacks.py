"""Telling other people's servers: signed, tried again, and never inside this server's network."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from mpxpy.webhooks import verify_signature

from mathpixweb.accounts import signing_secrets
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Delivery
from mathpixweb.documents.telling import callbacks
from mathpixweb.documents.work import claims, sweeping
from mathpixweb.providers.base import ProviderError
from tests.receiving import receiving

BODY = {"file_id": "1", "name": "é \U0001f600"}


@pytest.fixture
def open_network(settings):
    settings.ALLOW_PRIVATE_CALLBACKS = ["127.0.0.1"]


@pytest.fixture
def receiver(open_network):
    with receiving() as running:
        yield running


@pytest.fixture
def enqueue(team, receiver, monkeypatch):
    monkeypatch.setattr("mathpixweb.documents.work.queues.deliver", lambda pk: None)

    def put(**fields):
        return callbacks.enqueue(team, fields.pop("url", receiver.url), fields.pop("body", BODY), **fields)

    return put


def tried(delivery):
    """The delivery after one more try, its pause over."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
    callbacks.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def test_a_message_is_posted_with_its_headers_and_signed(enqueue, receiver, team):
    delivery = tried(enqueue(headers={"Authorization": "Bearer x"}))
    assert (delivery.status, delivery.response_code, delivery.detail) == ("delivered", 200, "")
    (post,) = receiver.posts
    assert json.loads(post.body) == BODY
    assert post.headers["Content-Type"] == "application/json"
    assert post.headers["Authorization"] == "Bearer x"
    secret = signing_secrets.of_team(team)
    assert verify_signature(post.headers["Mathpix-Signature"], post.body, secret)
    assert not verify_signature(post.headers["Mathpix-Signature"], post.body + b" ", secret)


def test_what_is_not_taken_is_sent_again_with_the_same_bytes_until_it_is(enqueue, receiver):
    receiver.answers = [500, 302, 404]
    delivery = enqueue()
    codes = []
    for _ in range(3):
        tried(delivery)
        codes.append(delivery.response_code)
        assert delivery.status == "waiting"
        assert delivery.due_at > timezone.now()
    assert codes == [500, 302, 404]
    assert "404" in delivery.detail
    assert tried(delivery).status == "delivered"
    assert len({post.body for post in receiver.posts}) == 1
    assert {post.path for post in receiver.posts} == {"/hook"}, "redirects are not followed"


def test_before_its_pause_is_over_nothing_is_sent(enqueue, receiver):
    receiver.answers = [500]
    delivery = tried(enqueue())
    callbacks.deliver(delivery.pk)
    assert len(receiver.posts) == 1


def test_pauses_grow_and_then_it_is_given_up(enqueue, receiver):
    receiver.answers = [500] * 20
    delivery = enqueue()
    pauses = [tried(delivery).due_at - timezone.now() for _ in callbacks.PAUSES]
    assert pauses == sorted(pauses)
    assert tried(delivery).status == "failed"
    assert delivery.completed_at


def test_a_message_survives_the_death_of_its_worker(enqueue, receiver, monkeypatch):
    delivery = enqueue()
    claims.take(Delivery.objects.filter(pk=delivery.pk))  # by a worker that is then killed
    callbacks.deliver(delivery.pk)
    assert not receiver.posts, "another worker has it in its hands"
    sent = []
    monkeypatch.setattr("mathpixweb.documents.work.queues.deliver", sent.append)
    monkeypatch.setattr("mathpixweb.documents.work.queues.length", lambda: 0)
    long_ago = timezone.now() - timedelta(minutes=5)
    Delivery.objects.update(lease_until=long_ago, queued_at=long_ago)
    sweeping.sweep()
    assert sent == [delivery.pk]
    callbacks.deliver(delivery.pk)
    assert len(receiver.posts) == 1


def test_the_same_event_is_told_once(enqueue):
    assert enqueue(once="file.completed:1") == enqueue(once="file.completed:1")
    assert enqueue() != enqueue()


def test_a_host_that_does_not_answer_keeps_its_other_messages_waiting(enqueue, receiver):
    closed = "http://127.0.0.1:9/hook"
    silent = receiver.url.replace("127.0.0.1", "127.0.0.2")
    first, second, elsewhere = enqueue(url=silent), enqueue(url=silent), enqueue(url=receiver.url)
    assert tried(first).detail == callbacks.NO_ANSWER
    second.refresh_from_db()
    elsewhere.refresh_from_db()
    assert second.due_at == first.due_at
    assert elsewhere.due_at < timezone.now()
    assert tried(enqueue(url=closed)).response_code is None


def test_a_private_body_is_unreadable_on_disk_and_erased_at_the_end(enqueue, receiver):
    delivery = enqueue(body={"text": "secret"}, private=True, headers={"X-Key": "hush"})
    assert "secret" not in delivery.body
    assert "hush" not in delivery.headers
    assert tried(delivery).body == delivery.headers == ""
    assert receiver.posts[0].body == b'{"text": "secret"}'


def test_a_deleted_document_is_not_told_about(enqueue, a_document):
    document = a_document()
    delivery = enqueue(document=document)
    told = tried(enqueue(document=document))
    retention.delete(document)
    assert not Delivery.objects.filter(pk=delivery.pk).exists()
    told.refresh_from_db()
    assert (told.status, told.body) == ("delivered", "")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://127.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://10.0.0.1/hook",
        "https://localhost/hook",
        "https://user:password@example.org/",
        "https://example.org:22/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "http://93.184.215.14/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "hook",
        "",
    ],
)
def test_callbacks_go_to_public_https_addresses_only(url):
    with pytest.raises(ProviderError) as refused:
        callbacks.check_url(url)
    assert refused.value.error_id == "opts_bad_callback"


def test_public_https_addresses_are_taken():
    callbacks.check_url("https://example.org/hook?x=1")
    callbacks.check_url("http://example.org/hook", https_only=False)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_inside_is_not_reached(team, receiver, settings, found):
    settings.ALLOW_PRIVATE_CALLBACKS = []
    outcome = callbacks.send(team, "https://example.org/", "{}", resolve=lambda host, port: found)
    assert (outcome.response_code, outcome.detail) == (None, callbacks.NO_ANSWER)


def test_networks_open_to_fetching_are_not_open_to_callbacks(settings):
    settings.ALLOW_PRIVATE_FETCH = ["127.0.0.1"]
    with pytest.raises(ProviderError):
        callbacks.check_url("https://127.0.0.1/")
