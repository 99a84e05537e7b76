"""Who reads what the team sends in: its owners and administrators choose, and enter the account's keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import MinValueValidator, RegexValidator
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mathpixweb.accounts import remote_accounts, sealing
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.accounts.remote_models import Region, RemoteAccount
from mathpixweb.documents import provider as providers
from mathpixweb.documents.models.mirror import MirroredList, RemoteUsage
from mathpixweb.documents.remote import mirror
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import reasons
from mathpixweb.web.access import TeamRequest, administrators_only, team_page

READERS = [(LOCAL, _("This server")), (MATHPIX, _("Mathpix"))]

FIELDS = (
    "provider",
    "region",
    "app_id",
    "eu_only",
    "nothing_leaves",
    "private",
    "page_budget",
    "direct_tokens",
    "mirrored",
    "fetched_days",
)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """The key is written, never shown; left empty, the one that is there stays."""

    key = forms.CharField(
        label=_("app_key"),
        required=False,
        max_length=255,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    second_reading_below = forms.IntegerField(
        label=_("Read a page again with Mathpix below this confidence, in percent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("0: never. A page that was read again says so, and keeps what was read here."),
    )

    field_order = (
        "provider",
        "region",
        "app_id",
        "key",
        "page_budget",
        "second_reading_below",
    )

    class Meta:
        model = RemoteAccount
        fields = FIELDS
        labels = {
            "provider": _("New documents and images are read by"),
            "region": _("Region"),
            "app_id": "app_id",
            "eu_only": _("Only the European Union"),
            "nothing_leaves": _("Nothing leaves this server"),
            "private": _("Always send improve_mathpix: false"),
            "page_budget": _("Pages a month, at most"),
            "direct_tokens": _("App tokens are Mathpix's own, for apps that call Mathpix directly"),
            "mirrored": _("Copy the account's results and usage here"),
            "fetched_days": _("Days for which fetched pages of copied documents are kept"),
        }
        help_texts = {
            "private": _("Otherwise it is as each request says."),
            "page_budget": _("Empty: no limit. When it is used up, nothing more is sent."),
            "nothing_leaves": _("Whatever is chosen above."),
            "direct_tokens": _("Such calls pass this server, its limits and its history by."),
            "mirrored": _("Also of calls that were made elsewhere, every few minutes."),
            "fetched_days": _("Empty: like all others. Pages that somebody has edited always stay."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.fields["provider"] = forms.ChoiceField(label=self.fields["provider"].label, choices=READERS)
        regions = [pair for pair in Region.choices if pair[0] != Region.SERVER or settings.MATHPIX_API_URL]
        self.fields["region"] = forms.ChoiceField(label=self.fields["region"].label, choices=regions)
        for name in ("app_id", "key"):
            self.fields[name].validators.append(RegexValidator(remote_accounts.SENDABLE))
        for name in ("page_budget", "fetched_days"):
            self.fields[name].required = False
        self.fields["fetched_days"].validators.append(MinValueValidator(1))
        self.initial["second_reading_below"] = round(100 * self.instance.second_reading_below)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_key = bool(cleaned.get("key") or remote_accounts.configured(self.instance))
        wants = (
            cleaned.get("provider") == MATHPIX
            or cleaned.get("mirrored")
            or cleaned.get("second_reading_below")
        )
        if cleaned.get("eu_only") and cleaned.get("region") != Region.EU:
            self.add_error("region", _t("Only the region European Union keeps everything there."))
        if wants and not has_key:
            self.add_error("key", _t("Without the account's app_key Mathpix cannot be asked."))
        if cleaned.get("provider") == MATHPIX and cleaned.get("nothing_leaves"):
            self.add_error("nothing_leaves", _t("Mathpix cannot read what does not leave this server."))
        return cleaned

    def keep(self, team: Team) -> RemoteAccount:
        account: RemoteAccount = self.save(commit=False)
        account.team = team
        account.second_reading_below = (self.cleaned_data["second_reading_below"] or 0) / 100
        if self.cleaned_data["key"]:
            account.app_key = sealing.seal(self.cleaned_data["key"])
        if account.pk:  # the pages of this month are counted by others meanwhile
            account.save(update_fields=[*FIELDS, "second_reading_below", "app_key", "modified_at"])
        else:
            account.save()
        return account


@never_cache
@require_http_methods(["GET", "POST"])
@team_page
@administrators_only
@sensitive_post_parameters("key")
@sensitive_variables("form")
def provider(request: TeamRequest) -> HttpResponse:
    account = remote_accounts.of_team(request.team)
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        account = form.keep(request.team)
        if remote_accounts.configured(account) and remote_accounts.may_leave(account):
            _tell_test(request)
        else:
            messages.success(request, _t("Saved."))
        return redirect("web:provider")
    context = {
        "form": form,
        "account": account,
        "has_key": remote_accounts.configured(account),
        "own_key": bool(account.app_key),
        "spent": remote_accounts.spent(account),
        "sealed_off": not settings.EGRESS,
        "lists": MirroredList.objects.filter(team=request.team).order_by("pk") if account.mirrored else [],
        "used_there": _used_there(request.team),
    }
    return render(request, "accounts/provider.html", context)


@require_POST
@team_page
@administrators_only
def test_provider(request: TeamRequest) -> HttpResponse:
    _tell_test(request)
    return redirect("web:provider")


@require_POST
@team_page
@administrators_only
def forget_keys(request: TeamRequest) -> HttpResponse:
    """Removes the team's keys; from then on this server reads what comes."""
    RemoteAccount.objects.filter(team=request.team).update(
        app_id="", app_key="", provider=LOCAL, mirrored=False, second_reading_below=0
    )
    messages.success(request, _t("The keys were removed. This server reads what the team sends in."))
    return redirect("web:provider")


@require_POST
@team_page
@administrators_only
def copy_now(request: TeamRequest) -> HttpResponse:
    """Reads the account's lists now; with `full` from the beginning, which also sees what was deleted."""
    if remote_accounts.of_team(request.team).mirrored:
        mirror.request(request.team, full=bool(request.POST.get("full")))
        messages.success(request, _t("The account is being copied. This page shows how far it is."))
    return redirect("web:provider")


def _used_there(team: Team) -> list[tuple[str, int]]:
    """This month's usage of each type, as the other server counts it."""
    first = timezone.now().date().replace(day=1)
    rows = RemoteUsage.objects.filter(team=team, day__gte=first).values_list("usage_type")
    return list(rows.annotate(total=Sum("count")).order_by("usage_type"))


def _tell_test(request: TeamRequest) -> None:
    """One call with the stored keys; what came of it is said."""
    try:
        providers.check(request.team)
    except ProviderError as error:
        messages.error(
            request, _t("Saved, but the test call failed. %(why)s") % {"why": reasons.said(error.message)}
        )
    else:
        messages.success(request, _t("Saved, and the test call succeeded: Mathpix takes these keys."))
