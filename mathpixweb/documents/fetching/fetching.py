"""Downloads from addresses that strangers name, without letting them reach into this server's network.

What was blocked, refused or too slow is told apart in the log only: to the caller it is one sentence, or the
server could be used to scan the network behind it.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote

import httpx
from django.conf import settings

from mathpixweb.documents.fetching import addresses, network
from mathpixweb.documents.fetching.network import Blocked
from mathpixweb.providers.base import ProviderError

log = logging.getLogger(__name__)

FAILED = "The file at this address could not be downloaded."
MAX_REDIRECTS = 5
MAX_URL = 8192  # characters
LOGGED_URL = 300  # characters
CHUNK = 65536
NAME_LENGTH = 200
HEADERS = {"User-Agent": "MathpixWeb", "Accept": "*/*", "Accept-Encoding": "identity"}

HOST_NAME = re.compile(r"(?=.{1,253}\.?$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


class TooLarge(Exception):
    """More bytes came, or were announced, than are wanted."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was downloaded; `name` is fit to be a file's name, `size` is in bytes."""

    name: str
    size: int
    content_type: str


def check_url(url: str) -> None:
    """A quick look without the name server. Raises ProviderError("image_download_error")."""
    with _told_alike(url):
        checked(url)


def download(
    url: str, target: Path, *, max_bytes: int, seconds: float, resolve: network.Resolver = network.resolve
) -> Fetched:
    """Stores what the address gives in `target`, or nothing at all.

    Raises ProviderError: "sys_request_too_large" above `max_bytes`, else "image_download_error".
    """
    with (
        _told_too_large("sys_request_too_large", url, max_bytes),
        _opened(url, max_bytes, seconds, resolve) as (response, chunks),
    ):
        size = _store(chunks, target)
        return Fetched(file_name(response), size, response.headers.get("content-type", ""))


def content(
    url: str, *, max_bytes: int, seconds: float, resolve: network.Resolver = network.resolve
) -> bytes:
    """What the address gives, in memory only. Raises ProviderError("image_download_error")."""
    with (
        _told_too_large("image_download_error", url, max_bytes),
        _opened(url, max_bytes, seconds, resolve) as (_, chunks),
    ):
        return b"".join(chunks)


@contextmanager
def _opened(
    url: str, max_bytes: int, seconds: float, resolve: network.Resolver
) -> Iterator[tuple[httpx.Response, Iterator[bytes]]]:
    deadline = network.Deadline(seconds)
    with (
        _told_alike(url),
        network.client(deadline, resolve) as session,
        _answer(session, url) as response,
    ):
        yield response, _within(max_bytes, deadline, response)


@contextmanager
def _told_too_large(error_id: str, url: str, max_bytes: int) -> Iterator[None]:
    try:
        yield
    except TooLarge:
        limit = f"{max_bytes // 1024**2} MB" if max_bytes >= 1024**2 else f"{max_bytes} bytes"
        message = f"The file at this address is larger than {limit}."
        raise ProviderError(error_id, message, url=url) from None


@contextmanager
def _told_alike(url: str) -> Iterator[None]:
    """Writes the reason into the log and tells the caller that it did not work."""
    try:
        yield
    except (Blocked, httpx.HTTPError, httpx.InvalidURL, zlib.error) as error:
        reason = str(error) if isinstance(error, Blocked) else type(error).__name__
        log.warning("Not fetched: %s (%s)", bare(url), reason)
        raise ProviderError("image_download_error", FAILED, url=url) from None


def bare(url: str) -> str:
    """The address without user, password, query and fragment, which may hold secrets; for logs."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return "an address that cannot be read"
    path = parsed.raw_path.decode("ascii").split("?")[0]
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}{path}"[:LOGGED_URL]


def checked(url: str, opened: Sequence[str] | None = None) -> httpx.URL:
    """The address as it will be used; `opened` as for `network.client`. Raises Blocked, httpx.InvalidURL."""
    if len(url) > MAX_URL or "\\" in url or not url.isprintable() or " " in url:
        raise Blocked("not an address")
    parsed = httpx.URL(url)
    if parsed.scheme not in ("http", "https"):
        raise Blocked("neither http nor https")
    if parsed.userinfo:
        raise Blocked("holds a user or a password")
    if parsed.port is not None and (parsed.port in addresses.CLOSED_PORTS or not 0 < parsed.port < 65536):
        raise Blocked("a closed port")
    _check_host(parsed.raw_host.decode("ascii"), settings.ALLOW_PRIVATE_FETCH if opened is None else opened)
    return parsed


def _check_host(host: str, allowed: Sequence[str]) -> None:
    """Refuses hosts that are, or that a resolver would read as, a closed address. Raises Blocked."""
    opened = addresses.networks(allowed)
    name = host.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        name = "127.0.0.1"
    if ":" not in name and not HOST_NAME.match(name):
        raise Blocked("not a host name")
    if ":" in name or NUMBER.fullmatch(name.rsplit(".", 1)[-1]):
        try:
            # 127.1, 0x7f.1 and 2130706433 are addresses to a resolver: only the plain form is taken
            if addresses.may_be_fetched(str(ip_address(name)), opened):
                return
        except ValueError:
            raise Blocked("an odd form of an address") from None
        raise Blocked(f"{name} is not public")


@contextmanager
def _answer(session: httpx.Client, url: str) -> Iterator[httpx.Response]:
    """The first answer that is not a redirect, still to be read. Raises Blocked unless it is a 200."""
    request = session.build_request("GET", checked(url), headers=HEADERS)
    for _ in range(MAX_REDIRECTS + 1):
        response = session.send(request, stream=True)
        try:
            if response.next_request is None:
                if response.status_code != httpx.codes.OK:
                    raise Blocked(f"answered {response.status_code}")
                yield response
                return
            checked(str(response.next_request.url))
            request = response.next_request
        finally:
            response.close()
    raise Blocked("too many redirects")


def _within(max_bytes: int, deadline: network.Deadline, response: httpx.Response) -> Iterator[bytes]:
    """The content, as long as it is neither too large nor too slow."""
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise TooLarge
    size = 0
    for chunk in _decoded(response):
        deadline.left()
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge
        yield chunk


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    """The content without its coding, in pieces of bounded size: httpx would inflate a bomb in one go."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from response.iter_raw(CHUNK)
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise Blocked("an unknown content coding")
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)  # either header, gzip's or zlib's
    for raw in response.iter_raw(CHUNK):
        rest = raw
        while rest:
            yield inflater.decompress(rest, CHUNK)
            rest = inflater.unconsumed_tail
        if inflater.eof:  # what follows the end would only pile up in the inflater
            return
    raise Blocked("the content is cut off")


def _store(chunks: Iterable[bytes], target: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("wb") as file:
            return sum(file.write(chunk) for chunk in chunks)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def file_name(response: httpx.Response) -> str:
    """The name that the server gives, else the last part of the address; may be empty."""
    header = Message()
    header["Content-Disposition"] = response.headers.get("content-disposition", "")
    named = header.get_filename() or unquote(response.url.raw_path.decode("ascii").split("?")[0])
    base = re.split(r"[/\\]", named)[-1]
    clean = "".join(character for character in base if character.isprintable()).strip(" .")
    stem, dot, suffix = clean.rpartition(".")
    if dot and len(suffix) < 10:
        return stem[: NAME_LENGTH - len(suffix) - 1] + dot + suffix
    return clean[:NAME_LENGTH]
