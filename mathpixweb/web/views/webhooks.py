"""The addresses that hear of all the team's documents: who administers the team sets them up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mathpixweb.accounts import quotas
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.permissions import Action
from mathpixweb.documents.images import image_callbacks
from mathpixweb.documents.models.callbacks import Delivery, DeliveryStatus, Webhook
from mathpixweb.documents.telling import callbacks
from mathpixweb.documents.telling import webhooks as telling
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.callback_options import FILE_COMPLETED, FILE_ERROR, JOB_COMPLETED, OF_A_FILE
from mathpixweb.web import auditing, reasons
from mathpixweb.web.access import TeamRequest, requires, team_page

TESTS_PER_MINUTE = 10
MOST_CHARACTERS = 2000
EVENTS = (
    (FILE_COMPLETED, _("A document is completed")),
    (FILE_ERROR, _("A document has failed")),
    (JOB_COMPLETED, _("A job of the Files API is completed")),
    (image_callbacks.EVENT, _("An image was read; the message holds what was read")),
)


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=MOST_CHARACTERS,
        widget=forms.URLInput(attrs={"placeholder": "https://example.org/hook", "autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=EVENTS, initial=OF_A_FILE, widget=forms.CheckboxSelectMultiple
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            callbacks.check_url(url)
        except ProviderError as error:
            refused = _t("Webhooks go to public https addresses, such as https://example.org/hook.")
            raise forms.ValidationError(refused) from error
        return url


@never_cache
@require_http_methods(["GET", "POST"])
@team_page
@requires(Action.MANAGE_WEBHOOKS)
@sensitive_variables("secret")
def webhooks(request: TeamRequest) -> HttpResponse:
    """The list; a new one's secret is in the answer to the form and nowhere else."""
    form = WebhookForm(request.POST or None, label_suffix="")
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = telling.add(request.team, **form.cleaned_data, created_by=request.user)
        except telling.TooMany:
            form.add_error(None, _t("A team has at most %(most)s webhooks.") % {"most": telling.MOST})
        else:
            _note(request, _t("added: %(name)s"), made)
            form = WebhookForm(label_suffix="")
    return _list(request, form, made, secret)


def _renewed(hook: Webhook) -> str:
    """Tells one secret from the next."""
    return hook.secret_before_until.isoformat() if hook.secret_before_until else ""


def _list(request: TeamRequest, form: WebhookForm, made: Webhook | None, secret: str) -> HttpResponse:
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "webhooks": [(hook, _named(hook)) for hook in _with_latest(telling.of_team(request.team))],
        "sealed_off": not callbacks.may_tell(request.team),
    }
    return render(request, "team/webhooks.html", context)


def _with_latest(hooks: QuerySet[Webhook]) -> QuerySet[Webhook, Any]:
    """Each with how its latest message went."""
    latest = Delivery.objects.filter(webhook=OuterRef("pk")).order_by("-pk")
    told = {name: Subquery(latest.values(name)[:1]) for name in ("status", "created_at", "response_code")}
    return (
        hooks.select_related("created_by")
        .annotate(**{f"latest_{name}": value for name, value in told.items()})
        .order_by("pk")
    )


def _named(hook: Webhook) -> list[Any]:
    return [name for event, name in EVENTS if event in hook.events]


@never_cache
@require_http_methods(["GET", "POST"])
@team_page
@requires(Action.MANAGE_WEBHOOKS)
def edit(request: TeamRequest, number: int) -> HttpResponse:
    hook = _found(request, number)
    initial = {"url": hook.url, "events": hook.events}
    form = WebhookForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        telling.change(hook, **form.cleaned_data)
        _note(request, _t("changed: %(name)s"), hook)
        messages.success(request, _t("The webhook was changed; it holds for what ends from now on."))
        return redirect("web:webhooks")
    return render(
        request,
        "team/webhook.html",
        {"form": form, "webhook": hook, "both_sign": callbacks.both_sign(hook), "renewed": _renewed(hook)},
    )


@never_cache
@require_POST
@team_page
@requires(Action.MANAGE_WEBHOOKS)
@sensitive_variables("secret")
def renew(request: TeamRequest, number: int) -> HttpResponse:
    """Answers with the list, in which the new secret is shown this once.

    The form says of which secret it is: sent again, as by a reload, it would end one that is in use.
    """
    hook = _found(request, number)
    if request.POST.get("renewed", "") != _renewed(hook):
        return redirect("web:edit-webhook", hook.pk)
    secret = telling.renew_secret(hook)
    _note(request, _t("secret renewed: %(name)s"), hook)
    hook.refresh_from_db()
    return _list(request, WebhookForm(label_suffix=""), hook, secret)


@require_POST
@team_page
@requires(Action.MANAGE_WEBHOOKS)
def test(request: TeamRequest, number: int) -> HttpResponse:
    """One message that tells of nothing, sent while the person waits; the log shows it as any other."""
    hook = _found(request, number)
    try:
        quotas.admit_team_to("webhook-tests", request.team, TESTS_PER_MINUTE)
    except quotas.Exceeded as error:
        messages.error(
            request, _t("Too many tests; try again in %(seconds)s seconds.") % {"seconds": error.wait}
        )
        return redirect("web:webhooks")
    told = telling.test(hook)
    _note(request, _t("tested: %(name)s"), hook)
    if told.status == DeliveryStatus.DELIVERED:
        messages.success(request, _t("%(name)s took the test message.") % {"name": hook.host})
    else:
        why = {"name": hook.host, "why": reasons.said(told.detail)}
        messages.error(request, _t("%(name)s did not take the test message. %(why)s") % why)
    return redirect("web:delivery", told.pk)


@require_POST
@team_page
@requires(Action.MANAGE_WEBHOOKS)
def switch(request: TeamRequest, number: int) -> HttpResponse:
    """Pauses it, or with `on` lets it go on."""
    hook = _found(request, number)
    if request.POST.get("on"):
        telling.resume(hook)
        _note(request, _t("resumed: %(name)s"), hook)
        messages.success(request, _t("%(name)s is told of what ends from now on.") % {"name": hook.host})
    else:
        telling.pause(hook)
        _note(request, _t("paused: %(name)s"), hook)
        messages.success(request, _t("%(name)s is paused: nothing is sent to it.") % {"name": hook.host})
    return redirect("web:webhooks")


@require_POST
@team_page
@requires(Action.MANAGE_WEBHOOKS)
def remove(request: TeamRequest, number: int) -> HttpResponse:
    hook = _found(request, number)
    telling.remove(hook)
    _note(request, _t("deleted: %(name)s"), hook)
    messages.success(request, _t("The webhook to %(name)s was deleted.") % {"name": hook.host})
    return redirect("web:webhooks")


def _found(request: TeamRequest, number: int) -> Webhook:
    return get_object_or_404(telling.of_team(request.team).select_related("team"), pk=number)


def _note(request: TeamRequest, deed: str, hook: Webhook) -> None:
    """The rest of an address may be a secret, so only the host stands in the log."""
    auditing.note(request, Deed.WEBHOOK, deed % {"name": hook.host})
