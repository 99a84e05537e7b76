"""E-mails to people, where a server for them is set."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from mathpixweb.accounts.models import Invitation

logger = logging.getLogger(__name__)


def works() -> bool:
    return bool(settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL)


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
    try:
        send_mail(subject, text % said, None, [invitation.email])
    except (SMTPException, OSError):
        logger.exception("an invitation could not be sent by e-mail")
        return False
    return True
