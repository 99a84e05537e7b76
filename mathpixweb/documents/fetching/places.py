"""Addresses in clouds: `s3://`, `gs://`, `az://` and their relatives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

AWS, GCP, AZURE = "aws", "gcp", "azure"
PROVIDERS = {
    "s3": AWS, "gs": GCP, "az": AZURE, "abfs": AZURE, "abfss": AZURE, "wasb": AZURE, "wasbs": AZURE
}  # fmt: skip
BLOB_HOST = re.compile(r"([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.windows\.net")
BUCKET = re.compile(r"[A-Za-z0-9$](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?")
LONGEST = 1024  # characters of a key, in all three clouds


class NoPlace(ValueError):
    """Not an address in a cloud, and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies; `account` is known of some addresses in Azure, `key` has no slash in front."""

    provider: str
    bucket: str
    key: str
    account: str = ""


def is_place(uri: str) -> bool:
    """Whether the address names a cloud; a web address of a blob may be public, and is not counted."""
    return _scheme(uri) in PROVIDERS


def _scheme(uri: str) -> str:
    return uri.split("://", 1)[0].lower() if "://" in uri else ""


def parse(uri: str) -> Place:
    """Raises NoPlace."""
    if len(uri) > LONGEST + 400 or not uri.isprintable():
        raise NoPlace("the address is too long or has invisible characters")
    scheme = _scheme(uri)
    if scheme in ("http", "https"):
        return _blob(uri)
    if scheme not in PROVIDERS:
        raise NoPlace("the address is none of s3://, gs:// and az://")
    bucket, _, key = uri.split("://", 1)[1].partition("/")
    account = ""
    if PROVIDERS[scheme] == AZURE and "@" in bucket:
        bucket, _, host = bucket.partition("@")
        account = _account(host)
    return _checked(Place(PROVIDERS[scheme], bucket, key, account))


def _blob(uri: str) -> Place:
    parts = urlsplit(uri)
    bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
    if parts.query:
        raise NoPlace("a signed address is fetched as it is")
    return _checked(Place(AZURE, bucket, key, _account(parts.hostname or "")))


def _account(host: str) -> str:
    found = BLOB_HOST.fullmatch(host.lower())
    if found is None:
        raise NoPlace("the host is not one of Azure's storage")
    return found[1]


def _checked(place: Place) -> Place:
    if not BUCKET.fullmatch(place.bucket) or ".." in place.bucket:
        raise NoPlace("the bucket's name cannot be one")
    if len(place.key) > LONGEST or "\\" in place.key or {".", ".."} & set(place.key.split("/")):
        raise NoPlace("the path in the bucket must not hold '.' or '..' as a folder, nor backslashes")
    return place
