"""E-mails to people, where a server for them is set."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mathpixweb.accounts.models import Invitation, Team, User
from mathpixweb.documents.models import Document, Status
from mathpixweb.web import reasons

logger = logging.getLogger(__name__)


def works() -> bool:
    return bool(settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL)


def done(document: Document) -> None:
    """Tells the person who sent it that a document is done, or why not, in the person's language."""
    person = document.user
    if person is None or not works():
        return
    link = settings.PUBLIC_URL.rstrip("/") + reverse("web:document", args=[document.public_id])
    with translation.override(person.language or settings.LANGUAGE_CODE):
        why = reasons.said(document.error_message())
        said = {"name": " ".join(document.name.split()), "link": link, "why": why}
        if document.status == Status.ERROR:
            subject, text = _("Not read: %(name)s"), _("“%(name)s” could not be read. %(why)s\n\n%(link)s\n")
        else:
            subject, text = _("Read: %(name)s"), _("“%(name)s” is read:\n\n%(link)s\n")
        _send(subject % said, text % said, person.email)


def budget(team: Team, people: Iterable[User]) -> None:
    """Tells each in their own language how much of the team's budget the month has taken."""
    if not works():
        return
    link = settings.PUBLIC_URL.rstrip("/") + reverse("web:usage") + "?period=month"
    name = " ".join(team.name.split())
    said = {"team": name, "percent": team.budget_alert, "budget": f"${team.budget}", "link": link}
    for person in people:
        with translation.override(person.language or settings.LANGUAGE_CODE):
            subject = _("“%(team)s” has used %(percent)d%% of its budget") % said
            text = _(
                "This month's usage of the team “%(team)s” has passed %(percent)d%% of its budget of "
                "%(budget)s, counted at Mathpix's list price. Nothing is stopped by it.\n\n%(link)s\n"
            )
            _send(subject, text % said, person.email)


def invite(invitation: Invitation, link: str) -> bool:
    """Sends the link to the person it was made for; whether the server took it."""
    if not works():
        return False
    said = {"team": invitation.team.name, "link": link}
    text = _(
        "You are invited to work with the team “%(team)s”.\n\n"
        "Open this link within a week to join:\n%(link)s\n"
    )
    subject = _("Invitation to “%(team)s”") % {"team": " ".join(invitation.team.name.split())}
    return _send(subject, text % said, invitation.email)


def _send(subject: str, text: str, address: str) -> bool:
    try:
        send_mail(subject, text, None, [address])
    except (SMTPException, OSError):
        logger.exception("an e-mail could not be sent")
        return False
    return True
