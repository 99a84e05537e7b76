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

from mathpixweb.accounts import app_tokens, keys
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import ApiKey
from mathpixweb.accounts.permissions import Action, Scope
from mathpixweb.web import auditing, calls
from mathpixweb.web.access import TeamRequest, requires, team_page
from mathpixweb.web.views import limits

TOKENS_SHOWN = 100


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("What will use it"), "autocomplete": "off"}),
    )


class EditForm(KeyForm, limits.LimitsForm):
    field_order = ("name", "scopes")
    scopes = forms.MultipleChoiceField(
        label=_("Good for"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )


@never_cache
@require_http_methods(["GET", "POST"])
@team_page
@requires(Action.MANAGE_KEYS)
@sensitive_variables("secret")
def api_keys(request: TeamRequest) -> HttpResponse:
    """The list; a new key's secret is in the answer to the form and nowhere else."""
    form = KeyForm(request.POST or None, label_suffix="")
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        made, secret = keys.issue(request.team, form.cleaned_data["name"], created_by=request.user)
        auditing.note(request, Deed.KEY, _t("made: %(name)s") % {"name": made.name})
        form = KeyForm(label_suffix="")
    living = request.team.api_keys.filter(revoked_at=None).select_related("created_by").order_by("-pk")
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "python": calls.first_in_python(made.app_id, secret) if made else "",
        "keys": living,
        "tokens": app_tokens.living_of(request.team)[:TOKENS_SHOWN],
    }
    return render(request, "accounts/keys.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@team_page
@requires(Action.MANAGE_KEYS)
def edit_key(request: TeamRequest, number: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=number, team=request.team, revoked_at=None)
    initial = {"name": key.name, "scopes": key.scopes or Scope.values, **limits.of(key)}
    form = EditForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        keys.change(key, form.cleaned_data["name"], form.cleaned_data["scopes"], form.limits())
        said = ", ".join([*form.cleaned_data["scopes"], limits.said(form.limits())])
        auditing.note(request, Deed.KEY, f"{form.cleaned_data['name']}: {said}")
        messages.success(request, _t("The key was changed; it holds from the next call on."))
        return redirect("web:api-keys")
    return render(request, "accounts/key.html", {"form": form, "key": key, **limits.general("KEY")})


@require_POST
@team_page
@requires(Action.MANAGE_KEYS)
def revoke_key(request: TeamRequest, number: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=number, team=request.team)
    keys.revoke(key)
    auditing.note(request, Deed.KEY, _t("revoked: %(name)s") % {"name": key.name})
    messages.success(request, _t("The key “%(name)s” was revoked.") % {"name": key.name})
    return redirect("web:api-keys")


@require_POST
@team_page
@requires(Action.MANAGE_KEYS)
def revoke_token(request: TeamRequest, number: int) -> HttpResponse:
    token = get_object_or_404(app_tokens.living_of(request.team), pk=number)
    app_tokens.revoke(token)
    auditing.note(request, Deed.KEY, _t("token revoked, of %(name)s") % {"name": token.api_key.name})
    messages.success(request, _t("The token was revoked."))
    return redirect("web:api-keys")
