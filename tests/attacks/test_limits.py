"""Whoever is limited stays so, whatever the request says about where it comes from and who sends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.core.cache import caches
from django.db import connections

from mathpixweb.accounts import quotas, rates
from mathpixweb.web import server, throttle
from tests import services
from tests.wire.conftest import caller, http  # noqa: F401

FORGED = {
    "X-Forwarded-For": "203.0.113.{n}",
    "X-Real-IP": "203.0.113.{n}",
    "X-Client-IP": "203.0.113.{n}",
    "True-Client-IP": "203.0.113.{n}",
    "CF-Connecting-IP": "203.0.113.{n}",
    "Forwarded": "for=203.0.113.{n}",
    "X-Forwarded-Host": "a{n}.example",
    "User-Agent": "agent {n}",
    "Cookie": "sessionid={n}",
    "X-Request-ID": "r{n}",
}
MMD = {"mmd": "x", "formats": {"md": True}}


def forged(number: int) -> dict[str, str]:
    return {name: value.format(n=number) for name, value in FORGED.items()}


@pytest.fixture
def one_minute(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(rates.time, "time", lambda: 6_000_000.0)
    rates._counter.cache_clear()
    quotas._pages.cache_clear()
    throttle.cache.clear()


@pytest.mark.django_db
def test_passwords_are_not_tried_further_from_invented_addresses(client, owner, one_minute):
    for number in range(throttle.MOST_FOR_EMAIL):
        sent = {"username": owner.email, "password": f"guess {number}"}
        client.post("/sign-in", sent, headers=forged(number))
    for email in (owner.email, f"  {owner.email.upper()} "):
        sent = {"username": email, "password": "a long password"}
        assert client.post("/sign-in", sent, headers=forged(99)).status_code != 302, email


@pytest.mark.django_db
def test_one_place_that_tries_many_people_is_stopped_whatever_it_says_of_itself(client, owner, one_minute):
    for number in range(throttle.MOST_FROM_ADDRESS):
        sent = {"username": f"somebody{number}@example.org", "password": "guess"}
        client.post("/sign-in", sent, headers=forged(number))
    sent = {"username": owner.email, "password": "a long password"}
    assert client.post("/sign-in", sent, headers=forged(99)).status_code != 302


@pytest.mark.django_db(transaction=True)
async def test_every_way_of_naming_a_key_counts_as_the_same_key(http, settings, one_minute):  # noqa: F811
    """With its id or without, as a header with a hyphen, in any case, by a token that was made with it."""
    settings.KEY_REQUESTS_PER_MINUTE = 4
    sender = await sync_to_async(caller)("Analysis")
    app_key, app_id = sender.headers["app_key"], sender.headers["app_id"]
    ways = [
        {"app_key": app_key},
        {"app_key": app_key, "app_id": app_id},
        {"App-Key": app_key},
        {"APP_KEY": app_key, "App_Id": app_id},
        {"app_key": app_key, **forged(5)},
        {"app_key": app_key, "Authorization": "Bearer other"},
    ]
    statuses = [(await http.post("/v3/converter", headers=way, json=MMD)).status_code for way in ways]
    assert statuses == [200] * 4 + [429] * 2


@pytest.mark.django_db(transaction=True)
async def test_tokens_of_a_key_are_no_new_limit(http, settings, one_minute):  # noqa: F811
    settings.KEY_REQUESTS_PER_MINUTE = 2
    sender = await sync_to_async(caller)("Analysis")
    statuses = []
    for _ in range(3):
        issued = await http.post("/v3/app-tokens", headers=sender.headers, json={})
        if issued.status_code == 429:
            break
        token = {"app_token": issued.json()["app_token"]}
        statuses.append((await http.post("/v3/text", headers=token, json={"src": "data:,"})).status_code)
    assert statuses.count(200) <= 2
    assert (await http.post("/v3/converter", headers=sender.headers, json=MMD)).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_a_limit_together(settings, one_minute):
    settings.KEY_REQUESTS_PER_MINUTE = 20
    sender = caller("Analysis")

    def ask(_: int) -> bool:
        try:
            quotas.admit(sender.key)
        except quotas.Exceeded:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(ask, range(50))) == 20


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "seen"),
    [
        (False, "127.0.0.1", "203.0.113.7", "127.0.0.1"),
        (True, "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        (True, "127.0.0.1", "10.0.0.1, 203.0.113.7", "203.0.113.7"),
        (True, "198.51.100.9", "203.0.113.7", "198.51.100.9"),
    ],
    ids=["no proxy", "a proxy", "a forged beginning", "not the proxy"],
)
async def test_an_address_is_believed_of_the_proxy_only_and_of_it_the_last(
    settings, monkeypatch, trusted, peer, forwarded, seen
):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusted else None
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    addresses = []

    async def app(scope, receive, send):
        addresses.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = server.configuration()
    assert isinstance(config, uvicorn.Config)
    config.app = app
    config.load()
    transport = httpx.ASGITransport(app=config.loaded_app, client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        await client.get("/", headers={"X-Forwarded-For": forwarded})
    assert addresses == [seen]


@pytest.fixture
def shared_cache(settings, tmp_path):
    """Failed sign-ins are counted as on several machines; the counter can be stopped."""
    if services.REDIS is None:
        pytest.skip("redis-server is missing: apt-get install redis-server")
    port = services.free_port()
    process = services.start_redis(tmp_path, port)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
        }
    }
    yield process
    process.kill()
    process.wait(10)


def test_failures_at_one_web_server_count_at_all_and_a_counter_that_is_gone_shuts_nobody_out(shared_cache):
    for _ in range(throttle.MOST_FOR_EMAIL):
        caches["default"].close()  # as if another process had asked
        throttle.note_failure("owner@example.org", "203.0.113.7")
    assert throttle.exhausted("owner@example.org", "203.0.113.8")
    throttle.forget("owner@example.org")
    assert not throttle.exhausted("owner@example.org", "203.0.113.8")
    shared_cache.kill()
    shared_cache.wait(10)
    throttle.note_failure("owner@example.org", "203.0.113.7")
    assert not throttle.exhausted("owner@example.org", "203.0.113.7")
    throttle.forget("owner@example.org")
