"""`python3 manage.py login_link EMAIL`: a way in for somebody who has lost theirs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from mathpixweb.accounts import login_links, second_factor
from mathpixweb.accounts.models import User


class Command(BaseCommand):
    help = "Print a link by which a person signs in once, without the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="of the person's account")
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="also switch their second factor off: the phone and the recovery codes are lost",
        )

    def handle(self, *args: Any, email: str, without_second_factor: bool, **options: Any) -> None:
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None:
            known = User.objects.filter(is_active=True).order_by("pk").values_list("email", flat=True)[:5]
            raise CommandError(f"Nobody here has the address {email}. There are: {', '.join(known)}.")
        if without_second_factor:
            second_factor.switch_off(user)
        self.stdout.write(offer(user))


def offer(user: User) -> str:
    """The sentence with the link."""
    path = reverse("web:login-link", args=[login_links.make(user)])
    return f"Sign in once, within {settings.LOGIN_LINK_HOURS} hours: {settings.PUBLIC_URL}{path}"
