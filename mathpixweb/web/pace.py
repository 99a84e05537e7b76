"""How fast one person may send work in the browser: the limit of requests a minute, as keys have theirs."""

from __future__ import annotations

from mathpixweb.accounts import quotas
from mathpixweb.providers.base import ProviderError
from mathpixweb.web.access import TeamRequest


def keep(request: TeamRequest) -> None:
    """Counts one more request that makes work. Raises ProviderError with the seconds to wait."""
    try:
        quotas.admit_request(request.membership)
    except quotas.Exceeded as limit:
        message = f"You may send {limit.value} requests a minute, and sent {limit.count}."
        raise ProviderError(
            "http_max_requests", message, limit_name=limit.name, retry_after=limit.wait
        ) from limit
