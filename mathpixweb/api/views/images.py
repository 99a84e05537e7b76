"""`/v3/text`, `/v3/strokes` and `/v3/latex`: one image or drawing, answered at once or read later."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponseBase

from mathpixweb.api import errors
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError
from mathpixweb.documents.ids import new_public_id
from mathpixweb.documents.images import image_callbacks, image_sources, images, ink, private_images
from mathpixweb.documents.images.image_orders import Options, Order
from mathpixweb.documents.models import Kind
from mathpixweb.providers import image_options
from mathpixweb.providers.base import ProviderError

STROKES_LIMIT = 512 * 1024
USAGE = {Kind.IMAGE: "image", Kind.STROKES: "strokes", Kind.LATEX: "latex"}


def refusal(error: ProviderError) -> HttpResponseBase:
    """Clients read `request_id` before they look for an error."""
    return errors.answer(error, request_id=new_public_id())


@endpoint("POST", takes_tokens=True, in_memory=True, refusal=refusal)
def text(request: ApiRequest) -> dict[str, Any]:
    return _image(request, Kind.IMAGE, "/v3/text", image_options.text_options(request.args))


@endpoint("POST", takes_tokens=True, in_memory=True, refusal=refusal)
def latex(request: ApiRequest) -> dict[str, Any]:
    return _image(request, Kind.LATEX, "/v3/latex", image_options.latex_options(request.args))


@endpoint("POST", takes_tokens=True, in_memory=True, json_limit=STROKES_LIMIT, refusal=refusal)
def strokes(request: ApiRequest) -> dict[str, Any]:
    options = image_options.text_options(request.args)
    drawn = ink.parsed(request.args.get("strokes"))
    order = Order(
        Kind.STROKES,
        "/v3/strokes",
        request.team,
        options,
        request.api_key,
        strokes=drawn,
        usage_type="strokes",
    )
    order = order.counted_as("strokes")
    _check(request, options)
    if not options.strokes_session_id:
        return _answered(order)
    return _live(request, order, options.strokes_session_id)


def _live(request: ApiRequest, order: Order, session_id: str) -> dict[str, Any]:
    """The whole drawing of the session, which is counted once, answered with what was added to it."""
    if request.app_token and request.app_token.strokes_session_id != session_id:
        raise ApiError("unauthorized_token_request", "This app token was issued for another session")
    drawing = ink.add(request.team, session_id, order.strokes, private=order.private)
    counted_as = "strokes-session" if drawing.first else ""
    whole = order.of_session(drawing.strokes, counted_as, private=drawing.private)
    return _answered(whole, drawing.public_id)


def _image(request: ApiRequest, kind: Kind, address: str, options: Options) -> dict[str, Any]:
    _check(request, options)
    order = Order(kind, address, request.team, options, request.api_key, usage_type=USAGE[kind])
    if kind == Kind.IMAGE and options.is_async:
        order = order.counted_as("image-async")
    if request.upload is not None:
        name = request.upload.name or ""
        return _answered(order.of_image(image_sources.of_upload(request.upload), name))
    image_sources.check(options.src)
    if image_sources.is_address(options.src):
        return _answered(order.of_url(options.src.strip()))
    return _answered(order.of_image(image_sources.decoded(options.src)))


def _check(request: ApiRequest, options: Options) -> None:
    if request.app_token and options.is_async:
        raise ApiError("unauthorized_token_request", "App tokens are for requests that are answered at once")
    image_callbacks.check(request.team, options.callback)


def _answered(order: Order, public_id: str = "") -> dict[str, Any]:
    """The result, or where it will be; with what the callback asks to have replied."""
    if not order.options.is_async:
        body = images.answer(order, public_id).body
    elif not order.private:
        body = {"request_id": images.submit(order).public_id}
    else:
        body = {"request_id": public_id or new_public_id()}
        if not private_images.later(partial(images.answer, order, body["request_id"])):
            raise ApiError("sys_exception", "Too many private images are waiting already")
    replied = (order.options.callback or {}).get("reply")
    return {**replied, **body} if isinstance(replied, dict) else body
