"""The way into the operator's pages: for those who run the server, whatever team they work in."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from mathpixweb.accounts import teams
from mathpixweb.web.access import TeamRequest, View, noted

OPERATE = "operate"


def operators_only(view: View) -> View:
    """Stands below `team_page`."""

    @wraps(view)
    def page(request: TeamRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not teams.may_operate(request.user):
            raise PermissionDenied(_("Only those who run this server can see and do this."))
        return view(request, *args, **kwargs)

    return noted(page, OPERATE)
