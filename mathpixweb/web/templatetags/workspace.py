"""What templates say often: how long something takes, what a status is called."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.models.callbacks import Delivery
from mathpixweb.web import reasons

register = template.Library()

STATUS_NAMES: dict[str, Promise] = {
    "received": _("Waiting"),
    "loaded": _("Opening"),
    "split": _("Reading"),
    "completed": _("Done"),
    "error": _("Failed"),
    "cancelled": _("Cancelled"),
}


@register.filter
def duration(seconds: float | None) -> str:
    """Rounded to what a person would say: "8 s", "3 min 20 s", "2 h 5 min"."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return gettext("%(seconds)d s") % {"seconds": whole}
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return gettext("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.filter
def ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}


@register.filter
def pages(count: int) -> str:
    return ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}


@register.filter
def reason(failed: Document | Page | Delivery) -> str:
    """Why it failed."""
    return reasons.said(failed.detail if isinstance(failed, Delivery) else failed.error_message())


@register.filter
def page_name(number: int) -> str:
    return gettext("Page %(number)s") % {"number": number}


@register.filter
def status_name(status: str) -> str:
    return str(STATUS_NAMES[status])
