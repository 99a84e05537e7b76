"""The ASGI application: credentials made readable, then HTTP to Django and WebSockets to Channels."""

from __future__ import annotations

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mathpixweb.settings")
django.setup(set_prefix=False)

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from mathpixweb.api.cross_origin import CrossOrigin  # noqa: E402
from mathpixweb.api.handler import ApiHandler  # noqa: E402
from mathpixweb.api.headers import CredentialHeaders  # noqa: E402
from mathpixweb.api.limits import BodyLimit  # noqa: E402
from mathpixweb.documents.intake.bodies import UploadsHandler  # noqa: E402
from mathpixweb.web.lifespan import lifespan  # noqa: E402
from mathpixweb.web.live import websocket_urls  # noqa: E402
from mathpixweb.web.origins import SameOrigin  # noqa: E402
from mathpixweb.web.request_ids import RequestIds  # noqa: E402
from mathpixweb.web.serving_static import StaticFiles  # noqa: E402

http = UploadsHandler()
limited = BodyLimit(
    ApiHandler(http),
    upload_bytes=settings.MAX_UPLOAD_BYTES,
    form_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    image_bytes=settings.FILE_UPLOAD_MAX_MEMORY_SIZE,
)
application = ProtocolTypeRouter(
    {
        "lifespan": lifespan,
        "http": StaticFiles(RequestIds(CrossOrigin(CredentialHeaders(limited), settings.CORS_ORIGINS))),
        "websocket": RequestIds(SameOrigin(AuthMiddlewareStack(URLRouter(websocket_urls)))),
    }
)
