"""The buckets of a team: registered, tried, removed, and found for the addresses that lead into them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from mathpixweb.accounts import remote_accounts, rows, sealing
from mathpixweb.accounts.models import Team
from mathpixweb.documents.fetching import places, stores
from mathpixweb.documents.fetching.places import AWS, AZURE, GCP, NoPlace, Place
from mathpixweb.documents.models.stores import DataSource
from mathpixweb.providers.base import ProviderError

METHODS = {AWS: ("access_key",), AZURE: ("account_key", "sas_token"), GCP: ("service_account_key",)}
KEYLESS = {"iam_role", "azure_ad", "service_account"}
NO_IDENTITY = (
    "This server runs on its operator's own machine and has no identity in the cloud to which a role could "
    "be granted. Register the bucket with a key of its own: auth_method {}."
)
NOTHING_LEAVES = (
    "Nothing may leave this server, so results are written to no bucket: leave destination_uri out and fetch "
    "them. EGRESS=false, or a setting of the team, says so."
)
LONGEST_SECRET = 8192
TEXT = re.compile(r"[\x21-\x7e]{1,256}")
ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
BASENAME = re.compile(r"(?!\.)[^/\\\x00-\x1f\x7f]{1,200}")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a bucket is registered with."""

    provider: str
    bucket: str
    auth_method: str
    details: Mapping[str, Any]
    name: str = ""
    region: str = ""
    secret: str = ""


def register(team: Team, grant: Grant) -> DataSource:
    """Raises ProviderError: "bad_request", or "conflict" for a bucket that is registered already."""
    _check(grant)
    source = DataSource(
        team=team,
        name=grant.name[:255],
        provider=grant.provider,
        bucket=grant.bucket,
        account=str(grant.details.get("storage_account") or ""),
        region=grant.region,
        auth_method=grant.auth_method,
        details=dict(grant.details),
        secret=sealing.seal(grant.secret),
    )
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        raise ProviderError(
            "conflict", f"The bucket {grant.bucket} is registered already; delete that data source first."
        ) from error
    return source


def _check(grant: Grant) -> None:
    if grant.provider not in METHODS:
        raise _bad("provider", "must be aws, azure or gcp")
    if grant.auth_method not in METHODS[grant.provider]:
        methods = " or ".join(METHODS[grant.provider])
        if grant.auth_method in KEYLESS:
            raise ProviderError("bad_request", NO_IDENTITY.format(methods), name="auth_method")
        raise _bad("auth_method", f"must be {methods} for {grant.provider}")
    if not places.BUCKET.fullmatch(grant.bucket) or ".." in grant.bucket:
        raise _bad("bucket", "cannot be the name of a bucket")
    if not 0 < len(grant.secret) <= LONGEST_SECRET:
        raise _bad("secret", f"is missing, or longer than {LONGEST_SECRET} characters")
    endpoint = grant.details.get("endpoint")
    if endpoint and endpoint not in settings.STORE_ENDPOINTS:
        raise _bad("endpoint", "is not one that this server's operator has allowed (STORE_ENDPOINTS)")
    CHECKS[grant.provider](grant)


def _check_aws(grant: Grant) -> None:
    if not stores.REGION.fullmatch(grant.region):
        raise _bad("region", "must be the bucket's region, such as us-east-1")
    if not TEXT.fullmatch(str(grant.details.get("aws_access_key_id") or "")):
        raise _bad("aws_access_key_id", "is missing in provider_specific_details")


def _check_azure(grant: Grant) -> None:
    if not ACCOUNT.fullmatch(str(grant.details.get("storage_account") or "")):
        raise _bad("storage_account", "in provider_specific_details must be the name of a storage account")


def _check_gcp(grant: Grant) -> None:
    try:
        key = json.loads(grant.secret)
        whole = all(isinstance(key[name], str) for name in ("client_email", "private_key"))
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise _bad("secret", "must be the JSON of a service account's key")


CHECKS = {AWS: _check_aws, AZURE: _check_azure, GCP: _check_gcp}


def _bad(name: str, what: str) -> ProviderError:
    return ProviderError("bad_request", f"Option {name} {what}.", name=name)


def of_team(team: Team) -> QuerySet[DataSource]:
    return DataSource.objects.filter(team=team).order_by("pk")


def find(team: Team, data_source_id: str) -> DataSource | None:
    return of_team(team).filter(data_source_id=UUID(data_source_id)).first()


class Buckets:
    """The buckets of one team as they are now, for a look at many addresses."""

    def __init__(self, team_id: int, sources: Iterable[DataSource]) -> None:
        self._team_id = team_id
        self._sources = list(sources)

    def source_of(self, place: Place) -> DataSource | None:
        for source in self._sources:
            same = (source.provider, source.bucket) == (place.provider, place.bucket)
            if same and place.account in ("", source.account):
                return source
        return None

    def find(self, uri: str) -> tuple[DataSource, Place] | None:
        """Where the address leads, unless it leads to no cloud, or is a web address of no known bucket.

        Raises ProviderError("data_source_not_found") for a bucket in a cloud that nobody has registered.
        """
        if not self._sources and not places.is_place(uri):
            return None
        try:
            place = places.parse(uri)
        except NoPlace as error:
            if not places.is_place(uri):
                return None
            raise ProviderError("data_source_not_found", f"{shortened(uri)}: {error}.") from error
        if source := self.source_of(place):
            return source, place
        if not places.is_place(uri):
            return None
        raise ProviderError(
            "data_source_not_found",
            f"The bucket {place.bucket} is not registered; POST /files/v1/data-sources does that.",
        )

    def check(self, source_uri: str, destination_uri: str, destination_basename: str) -> None:
        """Raises ProviderError for addresses that lead nowhere, or out of where they should stay."""
        self.find(source_uri)
        if destination_basename and not BASENAME.fullmatch(destination_basename):
            message = "Option destination_basename must be a file's name, without folders."
            raise ProviderError("opts_value_out_of_range", message, name="destination_basename")
        if destination_uri:
            self.check_way_out()
        if destination_uri and self.find(destination_uri) is None:
            message = f"{shortened(destination_uri)} is no place that results can be written to."
            raise ProviderError("data_source_not_found", message)

    def check_way_out(self) -> None:
        """Raises ProviderError where the rules of the operator or of the team let nothing out."""
        if self._sealed:
            raise ProviderError("opts_value_out_of_range", NOTHING_LEAVES, name="destination_uri")

    @cached_property
    def _sealed(self) -> bool:
        return not remote_accounts.may_leave(remote_accounts.of_team_id(self._team_id))


def buckets(team_id: int) -> Buckets:
    found = sorted(rows.several(DataSource, "team_id", team_id), key=lambda source: source.pk)
    return Buckets(team_id, found)


def shortened(uri: str) -> str:
    return uri if len(uri) <= 100 else uri[:100] + "…"
