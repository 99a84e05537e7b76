"""Reading and writing in the buckets of data sources, with their own credentials and no others.

Hosts are those of the clouds, by their names; another endpoint only if the operator has named it. So neither
a bucket's nor a region's name can lead a request into this server's network.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from django.conf import settings
from obstore import exceptions
from obstore.store import AzureStore, GCSStore, ObjectStore, S3Store

from mathpixweb.accounts import sealing
from mathpixweb.documents.fetching.places import AWS, AZURE
from mathpixweb.documents.models.stores import DataSource
from mathpixweb.providers.base import ProviderError

logger = logging.getLogger(__name__)

REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d{1,2}")
OWN_IDENTITY = ("AWS_", "AZURE_", "GOOGLE_")
CHUNK = 4 * 1024 * 1024
RETRY: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
QUERY = re.compile(r"\?\S+")  # may hold a signature
MISSING = (exceptions.NotFoundError, FileNotFoundError)
REASONS = (
    (MISSING, "There is no such object or bucket."),
    (exceptions.PermissionDeniedError, "The credentials of the data source do not allow this."),
    (exceptions.UnauthenticatedError, "The credentials of the data source are not accepted."),
)


class StoreFailed(Exception):
    """Why a bucket could not be read or written, in a sentence."""


def download(source: DataSource, key: str, target: Path, max_bytes: int) -> int:
    """Stores the object in `target`, or nothing at all; its size. Raises StoreFailed, ProviderError."""
    store = opened(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _translated(source), target.open("wb") as file:
            found = obstore.get(store, key)
            _check_size(found.meta["size"], max_bytes)
            for chunk in found.stream(min_chunk_size=CHUNK):
                file.write(chunk)
                _check_size(file.tell(), max_bytes)
            return file.tell()
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise ProviderError("sys_request_too_large", f"The object is larger than {most // 1024**2} MB.")


def write(source: DataSource, key: str, content: bytes | Path, region: str = "") -> None:
    """Raises StoreFailed."""
    store = opened(source, region)
    with _translated(source):
        obstore.put(store, key, content)


def probe(source: DataSource) -> tuple[bool, bool, str]:
    """Whether the bucket can be read and written, by an object that is there for a moment; and why not."""
    key = f".mathpixweb-probe-{secrets.token_hex(8)}"
    try:
        write(source, key, b"probe")
    except StoreFailed as failure:
        return _listed(source), False, str(failure)
    store = opened(source)
    try:
        with _translated(source):
            read = bytes(obstore.get(store, key).bytes()) == b"probe"
            obstore.delete(store, key)
    except StoreFailed as failure:
        return False, True, str(failure)
    return read, True, ""


def _listed(source: DataSource) -> bool:
    try:
        with _translated(source):
            next(iter(obstore.list(opened(source), chunk_size=1)), None)
    except StoreFailed:
        return False
    return True


def opened(source: DataSource, region: str = "") -> ObjectStore:
    """Raises StoreFailed."""
    try:
        secret = sealing.unseal(source.secret)
    except sealing.Unreadable as error:
        reason = "The data source was registered under another SECRET_KEY; register it again."
        raise StoreFailed(reason) from error
    _forget_own_identity()
    endpoint = str(source.details.get("endpoint") or "")
    if endpoint and endpoint not in settings.STORE_ENDPOINTS:
        raise StoreFailed("The data source's endpoint is no longer one of STORE_ENDPOINTS.")
    with _translated(source):
        if source.provider == AWS:
            return _s3(source, secret, endpoint, region or source.region)
        if source.provider == AZURE:
            return _azure(source, secret, endpoint)
        return _gcs(source, secret, endpoint)


def _forget_own_identity() -> None:
    """obstore takes what it is not told from the environment: this server's own keys, for nobody's use."""
    for name in [name for name in os.environ if name.startswith(OWN_IDENTITY)]:
        del os.environ[name]


def _client(endpoint: str) -> Any:
    return {"timeout": timedelta(seconds=30), "allow_http": endpoint.startswith("http://")}


def _s3(source: DataSource, secret: str, endpoint: str, region: str) -> S3Store:
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return S3Store(
        source.bucket,
        endpoint=endpoint or f"https://s3.{region}.{domain}",
        region=region,
        access_key_id=source.details["aws_access_key_id"],
        secret_access_key=secret,
        client_options=_client(endpoint),
        retry_config=RETRY,
    )


def _azure(source: DataSource, secret: str, endpoint: str) -> AzureStore:
    signed: Any = {"sas_key": secret} if source.auth_method == "sas_token" else {"account_key": secret}
    return AzureStore(
        source.bucket,
        account_name=source.account,
        endpoint=endpoint or f"https://{source.account}.blob.core.windows.net",
        client_options=_client(endpoint),
        retry_config=RETRY,
        **signed,
    )


def _gcs(source: DataSource, secret: str, endpoint: str) -> GCSStore:
    """Of the key only what identifies it is used: it may name hosts of its own."""
    given = json.loads(secret)
    key = {name: given.get(name, "") for name in ("client_email", "private_key", "private_key_id")}
    if endpoint:
        key |= {"gcs_base_url": endpoint, "disable_oauth": True}
    return GCSStore(
        source.bucket,
        service_account_key=json.dumps(key),
        client_options=_client(endpoint),
        retry_config=RETRY,
    )


@contextmanager
def _translated(source: DataSource) -> Iterator[None]:
    """The library's words may hold hosts and answers of the cloud: they are for the log."""
    try:
        yield
    except (exceptions.BaseError, OSError, ValueError) as error:
        known = (reason for kind, reason in REASONS if isinstance(error, kind))
        reason = next(known, "The bucket could not be reached.")
        logger.warning("%s bucket %s: %s", source.provider, source.bucket, QUERY.sub("", str(error))[:300])
        raise StoreFailed(reason) from None
