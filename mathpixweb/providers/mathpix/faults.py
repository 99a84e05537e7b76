"""What went wrong at the other end, in the contract's words.

An error that Mathpix names keeps its id, message and details. What concerns this server's account there, or
the way there, is nobody's mistake but ours, so the caller's own credentials are never called wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import answers

CALLER = "Mathpix"
NOT_SENT = ("ConnectTimeout", "ConnectError", "PoolTimeout", "circuit_open")
LONGEST_ID, LONGEST_MESSAGE = 40, 2000  # letters


class Unreachable(ProviderError):
    """No answer, or one that says that the server is out of order. Later it may work."""

    def __init__(self, message: str, **detail: object) -> None:
        super().__init__("sys_exception", message, provider="mathpix", **detail)

    @property
    def nothing_sent(self) -> bool:
        """Whether the request has certainly not reached the other server."""
        return self.detail.get("reason") in NOT_SENT


class Garbled(Unreachable):
    """An answer that is not what the contract says."""


class NotThere(ProviderError):
    """HTTP 404: not there, or not there yet."""


class AccountRefused(ProviderError):
    """The account's credentials are not taken."""


def may_have_been_taken(error: BaseException) -> bool:
    """Whether the other server may have done, and counted, what it was asked, though nothing came back."""
    if isinstance(error, Unreachable):
        return "reason" in error.detail and not error.nothing_sent
    return not isinstance(error, ProviderError)


def of_exchange(error: Exception) -> Unreachable:
    """A failure on the way. Its text is not told: it may hold addresses."""
    if isinstance(error, Unreachable):
        return error
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError | httpx.PoolTimeout):
        why = f"{CALLER} could not be reached; nothing was sent."
    elif isinstance(error, httpx.TimeoutException):
        why = f"{CALLER} took too long to answer."
    elif isinstance(error, httpx.DecodingError):
        why = f"{CALLER} gave an answer that cannot be understood."
    else:
        why = f"The connection to {CALLER} was lost."
    return Unreachable(f"{why} Try again in a while.", reason=type(error).__name__)


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The answer as an object. Raises ProviderError for an error in it, whatever its HTTP status."""
    try:
        answer = answers.parsed(response.content)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and "error" in answer and response.status_code != 401:
        raise _named(answer, response)
    if failure := of_status(response):
        raise failure
    if not isinstance(answer, dict):
        message = f"{CALLER} gave an answer that cannot be understood. Try again in a while."
        raise Garbled(message, reason="not_understood")
    return answer


def content_of(response: httpx.Response) -> bytes:
    """The answer as it is. Raises ProviderError unless it is a success."""
    if failure := of_status(response):
        raise failure
    return response.content


def of_status(response: httpx.Response) -> ProviderError | None:
    status = response.status_code
    if status == 401:
        return AccountRefused(
            "sys_exception",
            f"{CALLER} does not accept the team's app_id and app_key. An owner can enter them again.",
            provider="mathpix",
            reason="http_unauthorized",
        )
    if status == 404:
        return NotThere("not_found", f"{CALLER} does not have this, or not yet.", provider="mathpix")
    if status == 429:
        return _too_many(response, {})
    if status >= 500:
        return Unreachable(f"{CALLER} is out of order (HTTP {status}). Try again in a while.", status=status)
    if status >= 300:
        return Garbled(f"{CALLER} gave an answer that was not expected (HTTP {status}).", status=status)
    return None


def named(answer: Mapping[str, Any]) -> ProviderError:
    """The error that a body tells as `error` and `error_info`."""
    info = answer.get("error_info")
    info = info if isinstance(info, Mapping) else {}
    known = info.get("detail")
    detail = {str(name): value for name, value in known.items()} if isinstance(known, Mapping) else {}
    detail |= {name: value for name, value in info.items() if name not in ("id", "message", "detail")}
    message = str(info.get("message") or answer.get("error") or "Something went wrong.")[:LONGEST_MESSAGE]
    for taken in ("self", "error_id", "message"):  # the names of ProviderError's own arguments
        detail.pop(taken, None)
    return ProviderError(str(info.get("id") or "sys_exception")[:LONGEST_ID], message, **detail)


def _named(answer: Mapping[str, Any], response: httpx.Response) -> ProviderError:
    error = named(answer)
    if response.status_code == 429:
        return _too_many(response, error.detail)
    if response.status_code == 404:
        return NotThere(error.error_id, error.message, **error.detail)
    if response.status_code >= 500:
        return Unreachable(error.message, status=response.status_code)
    return error


def _too_many(response: httpx.Response, detail: Mapping[str, object]) -> ProviderError:
    after = response.headers.get("retry-after", "")
    wait = {"retry_after": after} if after else {}
    message = f"{CALLER} takes no more requests of this account for now (HTTP 429). Try again later."
    return ProviderError("http_max_requests", message, **{**detail, **wait, "provider": "mathpix"})
