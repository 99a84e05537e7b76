"""What every page shows around its subject: the person, the team, what may be uploaded."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mathpixweb.accounts import quotas, teams
from mathpixweb.accounts.models import Membership, User
from mathpixweb.accounts.permissions import Action, may
from mathpixweb.documents.intake import presets
from mathpixweb.documents.library import folders
from mathpixweb.documents.models.library import SavedSearch
from mathpixweb.engine.kinds import EXTENSIONS
from mathpixweb.web import egress
from mathpixweb.web.access import TEAM_KEY, current_membership

ACCEPTED_FILES = ",".join((*(f".{extension}" for extension in EXTENSIONS), "image/*", ".zip"))


def workspace(request: HttpRequest) -> dict[str, Any]:
    membership = getattr(request, "membership", None) or _membership(request)
    if membership is None:
        return {}
    others = Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk)
    return {
        "membership": membership,
        "team": membership.team,
        "other_memberships": others.select_related("team").order_by("created_at", "pk"),
        "may_write": membership.may_write,
        "folders": SimpleLazyObject(lambda: folders.of_team(membership.team)),
        "saved_searches": SavedSearch.objects.filter(team=membership.team_id),
        "presets": presets.of_team(membership.team),
        "egress": SimpleLazyObject(lambda: egress.of_team(membership.team)),
        "may": {action.name.lower(): may(membership.role, action) for action in Action},
        "pages_left": lambda: quotas.pages_left(membership),
        "may_operate": lambda: teams.may_operate(membership.user),
        "public_url": settings.PUBLIC_URL.rstrip("/"),
        "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
        "max_pages": settings.MAX_PAGES,
        "accepted_files": ACCEPTED_FILES,
    }


def _membership(request: HttpRequest) -> Membership | None:
    """For pages that are not a team's own, such as the one that says "not found"."""
    user = getattr(request, "user", None)
    return current_membership(user, request.session.get(TEAM_KEY)) if isinstance(user, User) else None
