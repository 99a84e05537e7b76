"""The HTTP convention of the API in one decorator: methods, credentials, bodies, and errors as JSON."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from mathpixweb.accounts import app_tokens, keys, quotas
from mathpixweb.accounts.models import ApiKey, AppToken, Team
from mathpixweb.accounts.permissions import scope_of
from mathpixweb.api import body, errors
from mathpixweb.api.errors import ApiError
from mathpixweb.providers.base import ProviderError

logger = logging.getLogger(__name__)

JSON_LIMIT = 5 * 1024 * 1024
SERVER_ERROR = ApiError("sys_exception")

Answer = HttpResponseBase | dict[str, Any]
View = Callable[..., Answer] | Callable[..., Awaitable[Answer]]
DjangoView = Callable[..., Any]
Refusal = Callable[[ProviderError], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request that came with a valid key, or with a token of it where tokens are taken.

    `args` is the JSON body or `options_json`, `upload` the file.
    """

    http: HttpRequest
    api_key: ApiKey
    args: dict[str, Any] = field(default_factory=dict)
    upload: UploadedFile[Any] | None = None
    app_token: AppToken | None = None

    @property
    def team(self) -> Team:
        return self.api_key.team

    @property
    def base_url(self) -> str:
        """Where the caller reaches this server, without a slash at the end."""
        return self.http.build_absolute_uri("/").rstrip("/")


def endpoint(
    *methods: str,
    json_limit: int = JSON_LIMIT,
    crash_status: int = 200,
    takes_tokens: bool = False,
    in_memory: bool = False,
    refusal: Refusal = errors.answer,
) -> Callable[[View], DjangoView]:
    """Makes a Django view of a view, sync or async, that takes an ApiRequest.

    It answers with a response or a dict, or raises ProviderError. Never a cookie, never HTML, never a stack
    trace. `crash_status` is the HTTP status of our own mistakes; with `takes_tokens` an app token will do;
    `in_memory` keeps an uploaded file from the disk; `refusal` is how an error is told.
    """

    def decorate(view: View) -> DjangoView:
        def prepare(http: HttpRequest) -> ApiRequest:
            check_method(http, methods)
            check_address(http)
            api_key, app_token = authenticate(http, takes_tokens)
            admit(http, api_key)
            http.api_key, http.team = api_key, api_key.team  # type: ignore[attr-defined]  # for the audit log
            check_scope(http, api_key)
            sent = body.read(http, json_limit, in_memory)
            return ApiRequest(http, api_key, sent.args, sent.upload, app_token)

        def fail(error: Exception) -> HttpResponseBase:
            return answer_error(error, crash_status, refusal)

        return _answering(view, prepare, fail)

    return decorate


def _answering(
    view: View,
    prepare: Callable[[HttpRequest], ApiRequest],
    fail: Callable[[Exception], HttpResponseBase],
) -> DjangoView:
    if inspect.iscoroutinefunction(view):

        @functools.wraps(view)
        async def answer_async(http: HttpRequest, **path: str) -> HttpResponseBase:
            try:
                request = await sync_to_async(prepare)(http)
                return _response(await view(request, **path), http)
            except Exception as error:  # noqa: BLE001 - the rim: whatever happens is answered as JSON
                return fail(error)

        return csrf_exempt(answer_async)

    @functools.wraps(view)
    def answer_sync(http: HttpRequest, **path: str) -> HttpResponseBase:
        try:
            return _response(view(prepare(http), **path), http)
        except Exception as error:  # noqa: BLE001 - the rim: whatever happens is answered as JSON
            return fail(error)

    return csrf_exempt(answer_sync)


def _response(answer: Any, http: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase = JsonResponse(answer) if isinstance(answer, dict) else answer
    if http.method == "HEAD" and response.streaming:
        return HttpResponse(headers=dict(response.items()), status=response.status_code)
    return response


def check_method(http: HttpRequest, methods: tuple[str, ...]) -> None:
    understood = "GET" if http.method == "HEAD" else http.method
    if http.method not in methods and understood not in methods:
        message = f"This address takes {' and '.join(methods)}"
        raise ApiError("http_method_not_allowed", message, allowed=list(methods))


def check_address(http: HttpRequest) -> None:
    """PostgreSQL takes no NUL, in ids and filters neither."""
    if body.NUL in http.path or "%00" in http.META.get("QUERY_STRING", ""):
        raise ApiError("opts_value_out_of_range", "An address cannot hold the character NUL")


def check_scope(http: HttpRequest, api_key: ApiKey) -> None:
    """Whether the key was made for such calls. Raises ApiError http_unauthorized."""
    route = http.resolver_match.url_name if http.resolver_match else ""
    needed = scope_of(str(http.method), route or "")
    if not keys.good_for(api_key, needed):
        message = f"This key is not good for this call: it lacks the scope “{needed}”"
        raise ApiError("http_unauthorized", message, scope=str(needed))


def authenticate(http: HttpRequest, takes_tokens: bool = False) -> tuple[ApiKey, AppToken | None]:
    """The key in the headers, or the token and its key.

    Raises ApiError http_unauthorized, and unauthorized_token_request for a token where none is taken.
    """
    app_id = http.headers.get("app-id")
    if secret := http.headers.get("app-key"):
        if api_key := keys.find(secret, app_id):
            return api_key, None
    elif token := app_tokens.find(http.headers.get("app-token", ""), app_id):
        if takes_tokens:
            return token.api_key, token
        raise ApiError("unauthorized_token_request")
    raise ApiError("http_unauthorized")


def admit(http: HttpRequest, api_key: ApiKey) -> None:
    """Counts what makes work; asking for results is free. Raises ApiError http_max_requests."""
    if http.method == "POST":
        with limited():
            quotas.admit(api_key)


@contextmanager
def limited() -> Iterator[None]:
    """Tells of a limit that is reached in the contract's words."""
    try:
        yield
    except quotas.Exceeded as limit:
        raise ApiError(
            "http_max_requests",
            limit_name=limit.name,
            limit_value=limit.value,
            count=limit.count,
            retry_after=limit.wait,
        ) from limit


def answer_error(
    error: Exception, crash_status: int = 200, refusal: Refusal = errors.answer
) -> HttpResponseBase:
    """The contract's answer to a refusal; for anything else a line in the log and `sys_exception`."""
    if isinstance(error, ProviderError):
        return refusal(error)
    logger.error("a request failed", exc_info=error)
    response = refusal(SERVER_ERROR)
    response.status_code = crash_status
    return response
