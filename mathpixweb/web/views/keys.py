"""The team's API keys: who administers the team lists, makes and revokes them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import ApiKey
from mathpixweb.web.access import TeamRequest, administrators_only, team_page


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("What will use it"), "autocomplete": "off"}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@team_page
@administrators_only
@sensitive_variables("secret")
def api_keys(request: TeamRequest) -> HttpResponse:
    """The list; a new key's secret is in the answer to the form and nowhere else."""
    form = KeyForm(request.POST or None, label_suffix="")
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        made, secret = keys.issue(request.team, form.cleaned_data["name"], created_by=request.user)
        form = KeyForm(label_suffix="")
    living = request.team.api_keys.filter(revoked_at=None).select_related("created_by").order_by("-pk")
    context = {"form": form, "made": made, "secret": secret, "keys": living}
    return render(request, "accounts/keys.html", context)


@require_POST
@team_page
@administrators_only
def revoke_key(request: TeamRequest, number: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=number, team=request.team)
    keys.revoke(key)
    messages.success(request, _t("The key “%(name)s” was revoked.") % {"name": key.name})
    return redirect("web:api-keys")
