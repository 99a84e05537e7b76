"""Who is asking, and for which team: the way into every page behind the sign-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from mathpixweb.accounts.models import Membership, Team, User
from mathpixweb.accounts.permissions import ADMINISTRATORS, ALLOWED, Action, may
from mathpixweb.documents.models import Document, DocumentQuerySet

TEAM_KEY = "team"  # where the session keeps the chosen team


class TeamRequest(HttpRequest):
    """A request of a person who works in a team just now."""

    user: User
    team: Team
    membership: Membership
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def team_page(view: View) -> View:
    """For members: sets `request.team` and `request.membership`, or sends the visitor to sign in."""

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            # a fragment must not be replaced by the sign-in page: the whole page goes there
            return HttpResponseClientRefresh() if request.htmx else redirect_to_login(_after_sign_in(request))
        membership = current_membership(request.user, request.session.get(TEAM_KEY))
        if membership is None:
            return render(request, "accounts/no_team.html", status=403)
        request.membership, request.team = membership, membership.team
        return view(request, *args, **kwargs)

    return noted(page, getattr(view, "action", Action.READ))


def _after_sign_in(request: HttpRequest) -> str:
    """Where somebody goes on: the page that was asked for, or the one whose form was sent.

    The sign-in looks at the address itself, and follows it only on this site.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    origin, referer = f"{request.scheme}://{request.get_host()}/", request.headers.get("referer", "")
    return f"/{referer.removeprefix(origin)}" if referer.startswith(origin) else reverse("web:library")


def requires(action: Action) -> Callable[[View], View]:
    """For members whose role allows it; others are told why not. Stands below `team_page`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: TeamRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.membership.role, action):
                raise forbidden(request, action)
            return view(request, *args, **kwargs)

        return noted(page, action)

    return decorate


def noted(view: View, action: str) -> View:
    """The view with what it asks of a person, so that a test can go through all of them."""
    view.action = action  # type: ignore[attr-defined]
    return view


writers_only = requires(Action.WRITE)
administrators_only = requires(Action.MANAGE_KEYS)

REASONS: Mapping[Action, Promise] = {
    Action.WRITE: _(
        "As a viewer of the team “%(team)s” you can read its documents, but not add, change or delete any."
    ),
    Action.KEEP_NOTHING: _("Only owners of the team “%(team)s” can do this."),
    Action.MANAGE_OWNERS: _("Only owners of the team “%(team)s” can do this."),
}
ADMINISTRATORS_ONLY = _("Only owners and administrators of the team “%(team)s” can do this.")


MOST_NAMED = 3  # of those who may do what somebody may not


def forbidden(request: TeamRequest, action: Action) -> PermissionDenied:
    """Says who may do it, and whom to ask."""
    reason = str(REASONS.get(action, ADMINISTRATORS_ONLY)) % {"team": request.team.name}
    allowed = request.team.memberships.filter(role__in=ALLOWED[action] & ADMINISTRATORS)
    people = allowed.select_related("user").order_by("created_at", "pk")[:MOST_NAMED]
    named = ", ".join(_person(member.user) for member in people)
    return PermissionDenied(f"{reason} {str(_('You can ask %(people)s.')) % {'people': named}}")


def _person(user: User) -> str:
    name = user.get_full_name()
    return name if name == user.email else f"{name} ({user.email})"


def current_membership(user: User, team_id: int | None) -> Membership | None:
    """The membership in the chosen team if the person still has it, else in the first one."""
    memberships = list(
        Membership.objects.filter(user=user).select_related("team", "user").order_by("created_at", "pk")
    )
    chosen = (membership for membership in memberships if membership.team_id == team_id)
    return next(chosen, memberships[0] if memberships else None)


def documents_of(request: TeamRequest) -> DocumentQuerySet:
    """The documents that the person can see in lists of the current team."""
    return documents_for(request.user, request.team)


def documents_for(user: User, team: Team) -> DocumentQuerySet:
    documents = Document.objects.visible_to(user).of_team(team)
    # elsewhere nobody has private ones of their own, and no index need be asked for them
    return documents.shown_to(user) if team.keeps_nothing else documents.shown()


def get_document(request: TeamRequest, public_id: str) -> Document:
    """The document; a foreign one does not exist, just like an unknown one."""
    documents = Document.objects.visible_to(request.user).of_team(request.team).shown_to(request.user)
    return get_object_or_404(documents.select_related("user", "api_key"), public_id=public_id)
