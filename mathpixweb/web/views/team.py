"""The team: who is in it, with which role, and who is invited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mathpixweb.accounts import invitations, permissions, teams
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import Membership
from mathpixweb.accounts.permissions import Action, Role
from mathpixweb.documents.library import departures
from mathpixweb.web import auditing, mail
from mathpixweb.web.access import TEAM_KEY, TeamRequest, forbidden, requires, team_page


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Empty: whoever has the link can join, once."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "ada@example.org"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [choice for choice in Role.choices if choice[0] in roles]


@never_cache
@require_safe
@team_page
def members(request: TeamRequest) -> HttpResponse:
    return _members(request)


def _members(request: TeamRequest, **more: Any) -> HttpResponse:
    found = list(request.team.memberships.select_related("user").order_by("created_at", "pk"))
    made = departures.made_by(request.team, [membership.user for membership in found])
    roles = teams.manageable(request.membership.role)
    context = {
        "members": [_member(request, membership, *made[membership.user_id]) for membership in found],
        "invitations": invitations.open_of(request.team) if roles else [],
        "form": InvitationForm(roles=roles),
        "name_form": NameForm(initial={"name": request.team.name}, label_suffix=""),
        "role_purposes": [(Role(role).label, text) for role, text in permissions.ROLE_PURPOSES.items()],
        "mail_works": mail.works(),
        **more,
    }
    return render(request, "team/members.html", context)


def _member(request: TeamRequest, membership: Membership, keys: int, links: int) -> dict[str, Any]:
    own = request.membership
    given = [role for role in Role.values if permissions.may_change(own.role, membership.role, role)]
    return {
        "membership": membership,
        "roles": [(role, Role(role).label) for role in given],
        "removable": bool(given) and membership.pk != own.pk,
        "keys": keys,
        "links": links,
    }


@never_cache
@require_POST
@team_page
@requires(Action.MANAGE_MEMBERS)
@sensitive_variables("secret", "link")
def invite(request: TeamRequest) -> HttpResponse:
    """The answer holds the link, and nothing else ever does."""
    form = InvitationForm(request.POST, roles=teams.manageable(request.membership.role))
    if not form.is_valid():
        return _members(request, form=form)
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        invitation, secret = invitations.make(request.team, role, created_by=request.user, email=email)
    except invitations.AlreadyIn:
        form.add_error("email", _t("%(email)s is in the team already.") % {"email": email})
        return _members(request, form=form)
    link = settings.PUBLIC_URL.rstrip("/") + reverse("web:invitation", args=[secret])
    whom = email or _t("whoever has the link")
    auditing.note(request, Deed.INVITED, f"{whom} ({role})")
    sent = bool(email) and mail.invite(invitation, link)
    return _members(request, made=invitation, link=link, sent=sent)


@require_POST
@team_page
@requires(Action.MANAGE_MEMBERS)
def revoke_invitation(request: TeamRequest, number: int) -> HttpResponse:
    invitation = get_object_or_404(invitations.open_of(request.team), pk=number)
    invitations.revoke(invitation)
    auditing.note(request, Deed.INVITED, _t("taken back: %(who)s") % {"who": invitation.email or "link"})
    messages.success(request, _t("The invitation was taken back; its link no longer works."))
    return redirect("web:members")


@require_POST
@team_page
@requires(Action.MANAGE_MEMBERS)
def change_role(request: TeamRequest, number: int) -> HttpResponse:
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Http404
    try:
        changed = teams.change_role(request.membership, number, role)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    except teams.NotAllowed as error:
        raise forbidden(request, Action.MANAGE_OWNERS) from error
    except teams.LastOwner:
        return _last_owner(request)
    auditing.note(request, Deed.ROLE, f"{changed.user.email}: {role}")
    said = {"person": changed.user.get_full_name(), "role": Role(role).label}
    messages.success(request, _t("%(person)s is now %(role)s.") % said)
    return redirect("web:members")


@require_POST
@team_page
@requires(Action.MANAGE_MEMBERS)
def remove_member(request: TeamRequest, number: int) -> HttpResponse:
    try:
        left = departures.remove(request.membership, number, keep="keep" in request.POST)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    except teams.NotAllowed as error:
        raise forbidden(request, Action.MANAGE_OWNERS) from error
    except teams.LastOwner:
        return _last_owner(request)
    auditing.note(request, Deed.REMOVED, f"{left.membership.user.email}{_ended(left)}")
    said = {"person": left.membership.user.get_full_name(), "ended": _ended(left)}
    messages.success(
        request, _t("%(person)s is no longer in the team. Their documents stay%(ended)s.") % said
    )
    return redirect("web:members")


@require_POST
@team_page
@requires(Action.LEAVE)
def leave(request: TeamRequest) -> HttpResponse:
    try:
        left = departures.leave(request.membership)
    except teams.LastOwner:
        return _last_owner(request)
    auditing.note(request, Deed.LEFT, _ended(left))
    request.session.pop(TEAM_KEY, None)
    messages.success(request, _t("You have left “%(team)s”.") % {"team": request.team.name})
    return redirect("web:library")


def _ended(left: departures.Left) -> str:
    """What ended with somebody's membership, to go on a sentence; empty for nothing."""
    if not left.keys and not left.links:
        return ""
    keys = ngettext("%(n)d key", "%(n)d keys", left.keys) % {"n": left.keys}
    links = ngettext("%(n)d share link", "%(n)d share links", left.links) % {"n": left.links}
    return _t("; %(keys)s and %(links)s ended") % {"keys": keys, "links": links}


def _last_owner(request: TeamRequest) -> HttpResponse:
    messages.error(request, _t("A team needs an owner. Make somebody else an owner first, then try again."))
    return redirect("web:members")


@require_POST
@team_page
@requires(Action.RENAME)
def rename(request: TeamRequest) -> HttpResponse:
    form = NameForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _members(request, name_form=form)
    teams.rename(request.team, form.cleaned_data["name"])
    auditing.note(request, Deed.TEAM, _t("renamed: %(name)s") % {"name": form.cleaned_data["name"]})
    messages.success(request, _t("The team has its new name."))
    return redirect("web:members")


@require_http_methods(["GET", "POST"])
@team_page
def new_team(request: TeamRequest) -> HttpResponse:
    form = NameForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        membership = teams.create(form.cleaned_data["name"], request.user)
        request.session[TEAM_KEY] = membership.team_id
        messages.success(request, _t("The team is made, and you work in it now. Invite others below."))
        return redirect("web:members")
    return render(request, "team/new.html", {"form": form})
