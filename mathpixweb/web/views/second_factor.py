"""Switching the second factor of one's own account on and off."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mathpixweb.accounts import audit, second_factor
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import User
from mathpixweb.web import sitting
from mathpixweb.web.access import TeamRequest, team_page
from mathpixweb.web.views.account import own_password
from mathpixweb.web.views.sign_in import CodeForm

OFFERED = "second factor offered"  # the secret that waits for its first code, in the session


class PasswordOnlyForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.user = user

    def clean_password(self) -> str:
        return own_password(self.cleaned_data["password"], self.user)


@never_cache
@sensitive_post_parameters()
@sensitive_variables("secret", "codes")
@require_http_methods(["GET", "POST"])
@team_page
def switch_on(request: TeamRequest) -> HttpResponse:
    """The square picture to scan, then the first code, then the recovery codes."""
    if request.user.totp_secret:
        return redirect("web:account")
    secret = request.session.setdefault(OFFERED, second_factor.new_secret())
    form = CodeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        codes = second_factor.switch_on(
            request.user, secret, form.cleaned_data["code"].strip().replace(" ", "")
        )
        if codes:
            del request.session[OFFERED]
            audit.note_everywhere(
                request.user, Deed.ACCOUNT, "second factor on", address=sitting.address(request)
            )
            return render(request, "account/recovery_codes.html", {"codes": codes})
        form.add_error(
            "code", _t("This is not the code of now. Check the clock of the phone, and try the next.")
        )
    picture = segno.make(second_factor.address(request.user, secret), error="m")
    context = {"form": form, "secret": secret, "picture": picture.svg_data_uri(scale=5, border=2)}
    return render(request, "account/second_factor.html", context)


@sensitive_post_parameters()
@require_POST
@team_page
def switch_off(request: TeamRequest) -> HttpResponse:
    form = PasswordOnlyForm(request.user, request.POST)
    if form.is_valid():
        second_factor.switch_off(request.user)
        audit.note_everywhere(
            request.user, Deed.ACCOUNT, "second factor off", address=sitting.address(request)
        )
        messages.success(request, _t("Your password alone is enough again."))
    else:
        messages.error(request, _t("This is not your password. The second factor is still on."))
    return redirect("web:account")
