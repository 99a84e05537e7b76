"""Signing in and out, and choosing the team to work in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mathpixweb.accounts import audit, login_links, second_factor
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import Membership, User
from mathpixweb.web import sitting, throttle
from mathpixweb.web.access import TEAM_KEY, TeamRequest, team_page


def elsewhere() -> dict[str, str]:
    """What pages before the sign-in say of accounts elsewhere; nothing where there are none."""
    return {"oidc_name": settings.OIDC_NAME if settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID else ""}


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "This e-mail address and password do not belong together. Check both and try again."
        ),
        "throttled": _(
            "There were too many attempts with a wrong password. Wait a quarter of an hour, then try again."
        ),
        "inactive": _("This account has been switched off. Ask the person who runs this server."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})  # type: ignore[arg-type]
        self.fields["username"].label = _("E-mail address")
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})

    def clean(self) -> dict[str, Any]:
        email, address = self.cleaned_data.get("username") or "", sitting.address(self.request)
        if throttle.exhausted(email, address):
            raise ValidationError(self.error_messages["throttled"], code="throttled")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            throttle.note_failure(email, address)
            _note_refusal(email, address)
            raise
        throttle.forget(email)
        return cleaned


def _note_refusal(email: str, address: str) -> None:
    user = User.objects.filter(email=email.lower()).first()
    if user:
        audit.note_everywhere(user, Deed.REFUSED, address=address)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True, "class": "code"}
        ),
    )


@method_decorator(never_cache, name="dispatch")
class SignIn(views.LoginView):
    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **elsewhere()}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)  # noqa: S101 - the only kind there is
        return sitting.begin(self.request, user, self.get_redirect_url())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, "throttled"):
            response.status_code = 429
            response["Retry-After"] = str(throttle.WINDOW)
        return response


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "POST"])
def login_link(request: HttpRequest, token: str) -> HttpResponse:
    """Asks first: programs that look into e-mails open links too, and would use this one up."""
    if request.method == "GET":
        return render(request, "accounts/login_link.html")
    user = login_links.redeem(token)
    if user is None:
        return render(request, "accounts/login_link_used.html", status=410)
    return sitting.begin(request, user)


@never_cache
@sensitive_variables("form")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: the digits on the phone, or a recovery code."""
    found = sitting.halfway(request)
    if found is None:
        return redirect("web:sign-in")
    user, goal = found
    form = CodeForm(request.POST or None, label_suffix="")
    status = 200
    if request.method == "POST" and form.is_valid():
        address = sitting.address(request)
        tries = f"{user.email} second factor"  # not forgotten when the password is given again
        if throttle.exhausted(tries, address):
            form.add_error(None, SignInForm.error_messages["throttled"])
            status = 429
        elif second_factor.accepts(user, form.cleaned_data["code"]):
            throttle.forget(tries)
            return sitting.complete(request, user, goal)
        else:
            throttle.note_failure(tries, address)
            _note_refusal(user.email, address)
            form.add_error("code", _t("This code is not valid now. Wait for the next one and try again."))
    return render(request, "accounts/second_factor.html", {"form": form}, status=status)


@require_POST
@team_page
def choose_team(request: TeamRequest) -> HttpResponse:
    wanted = request.POST.get("team", "")
    own = Membership.objects.filter(user=request.user).select_related("team")
    membership = next((membership for membership in own if str(membership.team_id) == wanted), None)
    if membership is None:
        raise Http404
    request.session[TEAM_KEY] = membership.team_id
    messages.success(request, _t("You now work in “%(team)s”.") % {"team": membership.team.name})
    return redirect("web:library")
