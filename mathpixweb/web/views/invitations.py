"""The other end of an invitation: joining with an account that is there, or with a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from mathpixweb.accounts import audit, invitations
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import Invitation, Membership, User
from mathpixweb.web import sitting
from mathpixweb.web.access import TEAM_KEY
from mathpixweb.web.views.sign_in import elsewhere


class SignUpForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invited: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.invited = invited
        if invited:
            self.initial["email"] = invited
            self.fields["email"].disabled = True

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(
                _("There is an account with this address. Sign in first, then open the link again.")
            )
        return email

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = invitations.find(token)
    if found is None:
        return render(request, "accounts/invitation_used.html", status=410)
    if isinstance(request.user, User):
        return _join(request, request.user, found)
    return _sign_up(request, found)


def _join(request: HttpRequest, user: User, found: Invitation) -> HttpResponse:
    wrong = bool(found.email) and found.email != user.email
    if request.method == "GET" or wrong:
        context = {"invitation": found, "wrong": wrong, "there": request.get_full_path()}
        return render(request, "accounts/join.html", context, status=403 if wrong else 200)
    membership = invitations.accept(found, user)
    return _welcome(request, user, membership) if membership else _used(request)


def _sign_up(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = SignUpForm(request.POST or None, invited=found.email)
    if request.method == "POST" and form.is_valid():
        user = invitations.sign_up(found, **form.cleaned_data)
        if user is None:
            return _used(request)
        sitting.complete(request, user)
        membership = Membership.objects.select_related("team").get(user=user)
        return _welcome(request, user, membership)
    context = {"invitation": found, "form": form, "there": request.get_full_path(), **elsewhere()}
    return render(request, "accounts/sign_up.html", context)


def _welcome(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    request.session[TEAM_KEY] = membership.team_id
    audit.note(membership.team, user, Deed.JOINED, membership.role, address=sitting.address(request))
    messages.success(request, _t("Welcome to “%(team)s”.") % {"team": membership.team.name})
    return redirect("web:library")


def _used(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_used.html", status=410)
