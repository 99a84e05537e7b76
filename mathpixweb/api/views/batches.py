"""`/v3/batch`: many images in one request, by default as v3/latex reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError
from mathpixweb.documents.images import image_batches, image_callbacks, image_sources
from mathpixweb.documents.images.image_orders import Options, Order
from mathpixweb.documents.models import Kind
from mathpixweb.providers import image_options
from mathpixweb.providers.base import ProviderError

BEHAVIOURS = ("latex", "text")
OF_THE_BATCH = ("urls", "callback", "async", "src", "url")
LONGEST_KEY = 255  # characters
LONGEST_ID = 15  # digits


@endpoint("POST", in_memory=True)
def submit(request: ApiRequest) -> dict[str, Any]:
    urls = request.args.get("urls")
    if not isinstance(urls, dict) or not urls:
        raise ApiError("image_missing", 'A batch needs urls, such as {"urls": {"first": "https://…"}}')
    if any(len(key) > LONGEST_KEY for key in urls):
        raise ApiError("opts_value_out_of_range", f"Keys may have {LONGEST_KEY} characters", name="urls")
    shared = {name: value for name, value in request.args.items() if name not in OF_THE_BATCH}
    callback = _checked(request, shared)
    orders = {key: _order(request, shared, value) for key, value in urls.items()}
    batch = image_batches.submit(request.team, orders, callback)
    replied = (callback or {}).get("reply")
    return {**(replied if isinstance(replied, dict) else {}), "batch_id": batch.pk}


def _checked(request: ApiRequest, shared: Mapping[str, Any]) -> dict[str, Any] | None:
    """The callback; what is wrong for all images is refused at once. Raises ProviderError."""
    options = _options(_behaviour(shared), {**shared, "callback": request.args.get("callback")})
    image_callbacks.check(request.team, options.callback)
    return options.callback


def _behaviour(args: Mapping[str, Any]) -> str:
    behaviour = args.get("ocr_behavior") or BEHAVIOURS[0]
    if behaviour not in BEHAVIOURS:
        message = "Option ocr_behavior must be latex or text"
        raise ApiError("opts_value_out_of_range", message, name="ocr_behavior", value=str(behaviour)[:100])
    return str(behaviour)


def _options(behaviour: str, args: Mapping[str, Any]) -> Options:
    if behaviour == "text":
        return image_options.text_options(args)
    return image_options.latex_options(args)


def _order(request: ApiRequest, shared: Mapping[str, Any], value: object) -> Order | ProviderError:
    """One image with its own options over those of all; what is wrong with it is its result."""
    own = value if isinstance(value, dict) else {"url": value}
    src = own.get("url") or own.get("src") or ""
    args = {**shared, **{name: value for name, value in own.items() if name not in OF_THE_BATCH}}
    try:
        behaviour = _behaviour(args)
        kind, usage_type = (Kind.IMAGE, "image-async") if behaviour == "text" else (Kind.LATEX, "latex")
        options = _options(behaviour, args)
        order = Order(kind, f"/v3/{behaviour}", request.team, options, request.api_key, usage_type=usage_type)
        if not isinstance(src, str):
            raise ApiError("image_missing")
        image_sources.check(src)
        address = image_sources.is_address(src)
        return order.of_url(src.strip()) if address else order.of_image(image_sources.decoded(src))
    except ProviderError as error:
        return error


@endpoint("GET")
def status(request: ApiRequest, batch_id: str) -> dict[str, Any]:
    known = batch_id.isascii() and batch_id.isdigit() and len(batch_id) <= LONGEST_ID
    batch = image_batches.find(request.team, int(batch_id)) if known else None
    if batch is None:
        raise ApiError("batch_unknown_id", batch_id=batch_id)
    callback = batch.options["callback"]
    return {**image_batches.status(batch), **({"callback": callback} if callback else {})}
