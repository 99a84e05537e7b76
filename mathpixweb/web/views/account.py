"""One's own account: name, address, password, open sessions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mathpixweb.accounts import audit
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import User
from mathpixweb.web import languages, mail, sitting, throttle
from mathpixweb.web.access import TeamRequest, team_page


def own_password(password: str, user: User) -> str:
    """Raises ValidationError when it is not the person's."""
    if not user.has_usable_password():
        return password
    tries = f"{user.pk} own password"  # whoever finds a browser signed in must not guess it there
    if throttle.exhausted(tries, tries):
        raise ValidationError(_("There were too many attempts. Wait a quarter of an hour, then try again."))
    if not user.check_password(password):
        throttle.note_failure(tries, tries)
        raise ValidationError(_("This is not your password."))
    throttle.forget(tries)
    return password


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser says")), *settings.LANGUAGES],
    )
    mail_when_done = forms.BooleanField(
        label=_("E-mail me when a document is done that took longer than a minute"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if not mail.works():
            del self.fields["mail_when_done"]


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "email-%s", **kwargs})
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise ValidationError(_("Another account has this address."))
        return email

    def clean_password(self) -> str:
        return own_password(self.cleaned_data["password"], self.user)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Your password now"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters. Your other sessions are signed out."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "password-%s", **kwargs})
        self.user = user
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        return own_password(self.cleaned_data["password"], self.user)

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        validate_password(password, self.user)
        return password


@never_cache
@require_safe
@team_page
def account(request: TeamRequest) -> HttpResponse:
    return shown(request)


def shown(request: TeamRequest, **more: Any) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)  # a form that failed must not be what the page calls you
    context = {
        "profile_form": ProfileForm(initial=model_to_dict(user, ProfileForm.base_fields)),
        "email_form": EmailForm(user, initial={"email": user.email}),
        "password_form": PasswordForm(user),
        "second_factor": bool(user.totp_secret),
        "recovery_left": len(user.recovery_hashes),
        **more,
    }
    return render(request, "account/account.html", context)


@require_POST
@team_page
def change_profile(request: TeamRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return shown(request, profile_form=form)
    User.objects.filter(pk=request.user.pk).update(**form.cleaned_data)
    language = form.cleaned_data["language"]
    with translation.override(language or translation.get_language_from_request(request)):
        response = _changed(request, "name", str(_t("This is kept.")))
    languages.remember(response, language)
    return response


@require_POST
@team_page
def change_email(request: TeamRequest) -> HttpResponse:
    form = EmailForm(request.user, request.POST)
    if not form.is_valid():
        return shown(request, email_form=form)
    User.objects.filter(pk=request.user.pk).update(email=form.cleaned_data["email"])
    return _changed(request, "e-mail", _t("You sign in with the new address from now on."))


@sensitive_post_parameters()
@require_POST
@team_page
def change_password(request: TeamRequest) -> HttpResponse:
    form = PasswordForm(request.user, request.POST)
    if not form.is_valid():
        return shown(request, password_form=form)
    request.user.set_password(form.cleaned_data["new_password"])
    request.user.save(update_fields=["password"])
    update_session_auth_hash(request, request.user)
    return _changed(request, "password", _t("Your password was changed; your other sessions have ended."))


@require_http_methods(["POST"])
@team_page
def end_sessions(request: TeamRequest) -> HttpResponse:
    User.objects.filter(pk=request.user.pk).update(session_epoch=F("session_epoch") + 1)
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    return _changed(request, "sessions", _t("You are signed out everywhere else."))


def _changed(request: TeamRequest, what: str, said: str) -> HttpResponse:
    audit.note_everywhere(request.user, Deed.ACCOUNT, what, address=sitting.address(request))
    messages.success(request, said)
    return redirect("web:account")
