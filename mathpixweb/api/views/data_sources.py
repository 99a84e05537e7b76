"""`/files/v1/data-sources`: the team's own buckets, as origins of files and destinations of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.accounts.models import Team
from mathpixweb.api.answers import timestamp
from mathpixweb.api.endpoint import ApiRequest
from mathpixweb.api.errors import ApiError, NotFoundError
from mathpixweb.api.views.files import files_endpoint
from mathpixweb.documents.fetching import data_sources, stores
from mathpixweb.documents.fetching.data_sources import Grant
from mathpixweb.documents.models.stores import DataSource

TEXTS = ("provider", "bucket", "auth_method")
OPTIONAL_TEXTS = ("name", "region", "secret")
NO_IDENTITIES = (
    "This server has no identities in the clouds to which access could be granted. Register buckets with a "
    "key of their own: auth_method access_key (aws), account_key or sas_token (azure), or "
    "service_account_key (gcp)."
)


@files_endpoint("GET", "POST")
def register_or_list(request: ApiRequest) -> dict[str, Any]:
    if request.http.method == "POST":
        source = data_sources.register(request.team, _grant(request.args))
        return {"data_source_id": str(source.data_source_id)}
    return {"data_sources": [_entry(source) for source in data_sources.of_team(request.team)]}


def _grant(asked: Mapping[str, Any]) -> Grant:
    """Raises ApiError."""
    details = asked.get("provider_specific_details")
    if not isinstance(details, dict):
        raise ApiError("bad_request", "Option provider_specific_details must be an object")
    texts = {name: asked.get(name) or "" for name in TEXTS + OPTIONAL_TEXTS}
    for name, value in texts.items():
        if not isinstance(value, str) or (name in TEXTS and not value):
            raise ApiError("bad_request", f"Option {name} must be a text", name=name)
    kept = {str(name): str(value) for name, value in details.items()}
    return Grant(details=kept, **texts)


def _entry(source: DataSource) -> dict[str, Any]:
    return {
        "data_source_id": str(source.data_source_id),
        "name": source.name or None,
        "provider": source.provider,
        "bucket": source.bucket,
        "region": source.region or None,
        "auth_method": source.auth_method,
        "created_at": timestamp(source.created_at),
    }


@files_endpoint("GET", "DELETE")
def show_or_delete(request: ApiRequest, data_source_id: str) -> dict[str, Any]:
    source = _found(request.team, data_source_id)
    if request.http.method != "DELETE":
        return _entry(source)
    source.delete()
    return {"data_source_id": str(source.data_source_id), "status": "deleted"}


@files_endpoint("POST")
def test(request: ApiRequest, data_source_id: str) -> dict[str, Any]:
    """Writes an object, reads it and deletes it; a failure is an answer, not an error."""
    read, write, message = stores.probe(_found(request.team, data_source_id))
    return {
        "result": "ok" if read and write else "failed",
        "checks": {"read": read, "write": write},
        "message": message,
    }


def _found(team: Team, data_source_id: str) -> DataSource:
    """Raises NotFoundError."""
    source = data_sources.find(team, data_source_id)
    if source is None:
        raise NotFoundError("not_found", "There is no such data source")
    return source


@files_endpoint("GET")
def identities(request: ApiRequest) -> dict[str, Any]:
    """The hosted service tells here to whom access is granted; this server has nobody to name."""
    return {
        "aws": {"trust_account_id": None, "external_id": str(request.team.group_id)},
        "azure": {"app_id": None, "tenant_id": None},
        "message": NO_IDENTITIES,
    }
