from __future__ import annotations

from urllib.parse import urlsplit

import pyotp
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from mathpixweb.accounts import login_links, second_factor
from mathpixweb.accounts.models import Membership, Role, Team, User
from mathpixweb.web import throttle
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_sign_in_and_back_to_where_they_were_going(client, owner, converted):
    address = reverse("web:document", args=[converted().public_id])
    answer = client.get(address)
    assert answer.url == f"/sign-in?next={address}"
    answer = client.post(answer.url, {"username": "OWNER@example.org", "password": PASSWORD, "next": address})
    assert answer.url == address


@pytest.mark.parametrize(
    ("referer", "back"),
    [("/trash?page=2", "/trash%3Fpage%3D2"), ("", "/"), ("https://example.org/trash", "/")],
)
def test_a_form_sent_after_the_session_has_ended_leads_back_to_its_page(client, referer, back):
    referer = f"http://testserver{referer}" if referer.startswith("/") else referer
    sent = client.post("/upload", headers={"referer": referer})
    assert sent.url == f"/sign-in?next={back}", "the form's own address answers no GET"


def test_a_wrong_password_is_told_in_plain_language(client, owner):
    answer = client.post("/sign-in", {"username": owner.email, "password": "wrong"})
    assert "do not belong together" in answer.text
    assert "_auth_user_id" not in client.session


def test_signing_out_ends_the_session(browser_of, owner):
    browser = browser_of(owner)
    browser.post("/sign-out")
    assert browser.get("/").status_code == 302


def test_a_login_link_is_not_used_up_by_looking_at_it(owner):
    address = reverse("web:login-link", args=[login_links.make(owner)])
    assert Client().get(address).status_code == 200
    browser = Client()
    assert browser.post(address).url == "/"
    assert browser.get("/").context["user"] == owner


def test_a_login_link_works_once(owner):
    address = reverse("web:login-link", args=[login_links.make(owner)])
    Client().post(address)
    second = Client()
    answer = second.post(address)
    assert answer.status_code == 410
    assert "no longer valid" in answer.text
    assert "_auth_user_id" not in second.session


def test_who_is_in_no_team_is_told_so(browser_of, client):
    client.force_login(User.objects.create_user("alone@example.org", PASSWORD))
    answer = client.get("/")
    assert answer.status_code == 403
    assert "not in a team yet" in answer.text


def test_a_fragment_for_a_stranger_reloads_the_page_instead_of_nesting_the_sign_in_form(client):
    answer = client.get("/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"


def test_a_person_of_two_teams_works_in_one_at_a_time(browser_of, owner, converted):
    document = converted()
    other = Team.objects.create(name="Topology")
    Membership.objects.create(team=other, user=owner, role=Role.VIEWER)
    browser = browser_of(owner)
    assert document.name in browser.get("/").text
    browser.post("/team", {"team": other.pk})
    assert document.name not in browser.get("/").text
    assert browser.get(reverse("web:document", args=[document.public_id])).status_code == 404


def test_nobody_can_choose_a_team_of_others(browser_of, owner, outsider):
    foreign = Team.objects.get(name="Topology")
    assert browser_of(owner).post("/team", {"team": foreign.pk}).status_code == 404


@pytest.mark.parametrize("wanted", ["", "x", "-1", "9" * 400])
def test_a_team_that_is_no_number_is_no_team(browser_of, owner, wanted):
    assert browser_of(owner).post("/team", {"team": wanted}).status_code == 404


@pytest.fixture
def attempts():
    cache.clear()
    yield
    cache.clear()


def sign_in(client, email, password, address="192.0.2.1"):
    return client.post("/sign-in", {"username": email, "password": password}, REMOTE_ADDR=address)


def test_too_many_wrong_passwords_for_one_person_close_the_door_for_a_while(client, owner, attempts):
    for place in range(throttle.MOST_FOR_EMAIL):
        answer = sign_in(client, owner.email, "wrong", f"192.0.2.{place}")
        assert (answer.status_code, "do not belong together" in answer.text) == (200, True)
    answer = sign_in(client, owner.email.upper(), PASSWORD, "192.0.2.99")
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(throttle.WINDOW)
    assert "too many attempts" in answer.text
    assert "_auth_user_id" not in client.session


def test_too_many_wrong_passwords_from_one_place_close_the_door_for_it_alone(client, owner, attempts):
    for person in range(throttle.MOST_FROM_ADDRESS):
        sign_in(client, f"{person}@example.org", "wrong")
    assert sign_in(client, owner.email, PASSWORD).status_code == 429
    assert sign_in(client, owner.email, PASSWORD, "192.0.2.2").url == "/"


def test_the_right_password_forgives_the_slips_before_it(client, owner, attempts):
    for _ in range(3):
        for _ in range(throttle.MOST_FOR_EMAIL - 1):
            sign_in(client, owner.email, "wrong")
        assert sign_in(client, owner.email, PASSWORD).status_code == 302
        client.logout()


def test_a_login_link_works_while_the_door_is_closed(client, owner, attempts):
    for _ in range(throttle.MOST_FOR_EMAIL):
        sign_in(client, owner.email, "wrong")
    assert client.post(reverse("web:login-link", args=[login_links.make(owner)])).url == "/"


@pytest.mark.parametrize("begun", [True, False], ids=["beside a team", "on an empty server"])
def test_createsuperuser_makes_an_operator_who_works_in_the_first_team(client, team, monkeypatch, begun):
    if not begun:
        team.delete()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Root@example.org", interactive=False, verbosity=0)
    sent = client.post("/sign-in", {"username": "root@example.org", "password": PASSWORD})
    assert sent.url == "/"
    assert client.get("/").context["team"] == Team.objects.get()
    assert client.get("/operator").status_code == 200
    assert Membership.objects.get(user__email="root@example.org").role == Role.OWNER


def test_the_operator_gives_a_link_to_somebody_who_has_lost_the_way_in(owner, capsys):
    second_factor.switch_on(owner, secret := second_factor.new_secret(), pyotp.TOTP(secret).now())
    browser = Client()
    assert browser.post(offered(capsys, owner.email.upper())).url == reverse("web:second-factor")
    assert browser.post(offered(capsys, owner.email, "--without-second-factor")).url == "/"


def offered(capsys, *arguments):
    call_command("login_link", *arguments)
    return urlsplit(capsys.readouterr().out.split()[-1]).path


def test_a_link_for_nobody_names_who_is_there(owner):
    with pytest.raises(CommandError, match=owner.email):
        call_command("login_link", "nobody@example.org")
