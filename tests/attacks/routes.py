"""The browser's addresses, taken from the URL conf, so that no route can be forgotten by a test."""

from __future__ import annotations

from django.urls import URLPattern, reverse

from mathpixweb.web import urls

# for everybody; what they answer depends on what is sent along
OPEN = {
    "sign-in",
    "oidc",
    "oidc-return",
    "login-link",
    "sign-out",
    "second-factor",
    "invitation",
    "metrics",
} | {
    "shared",
    "shared-password",
    "shared-page",
    "shared-lines",
    "shared-figure",
    "shared-page-image",
    "shared-page-thumbnail",
    "shared-download",
}
READING = {
    "document-changes",
    "library-changes",
    "choose-team",
    "new-team",
    "leave-team",
    "account-profile",
    "account-email",
    "account-password",
    "account-sessions",
    "second-factor-on",
    "second-factor-off",
}  # POST, and still nothing of the team's changes but that one is in it no longer
VALUES = {
    "staged": "nonsense",
    "number": "1",
    "place": "1",
    "version": "1",
    "format_name": "docx",
    "token": "nonsense",
}


def routes() -> list[URLPattern]:
    assert all(isinstance(route, URLPattern) and route.name for route in urls.urlpatterns)
    return list(urls.urlpatterns)


def names(without: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    return [str(route.name) for route in routes() if route.name not in without]


def names_with_document() -> list[str]:
    return [str(route.name) for route in routes() if "public_id" in route.pattern.converters]


def address(name: str, public_id: str, **arguments: object) -> str:
    """The route's address for a document. A new kind of argument needs a value in VALUES."""
    route = next(route for route in routes() if route.name == name)
    values = VALUES | {"public_id": public_id} | arguments
    return reverse(
        f"web:{name}", kwargs={argument: values[argument] for argument in route.pattern.converters}
    )
