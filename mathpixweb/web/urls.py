"""Addresses of the browser's pages."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from mathpixweb.web.views import documents, files, keys, library, samples, sign_in

app_name = "web"

urlpatterns = [
    path("", library.library, name="library"),
    path("library/changes", library.changes, name="library-changes"),
    path("upload", library.upload, name="upload"),
    path("sample", samples.try_sample, name="sample"),
    path("api-keys", keys.api_keys, name="api-keys"),
    path("api-keys/<int:number>/revoke", keys.revoke_key, name="revoke-key"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("login-link/<str:token>", sign_in.login_link, name="login-link"),
    path("team", sign_in.choose_team, name="choose-team"),
    path("documents/<str:public_id>", documents.document, name="document"),
    path("documents/<str:public_id>/changes", documents.changes, name="document-changes"),
    path("documents/<str:public_id>/cancel", documents.cancel, name="cancel"),
    path("documents/<str:public_id>/retry", documents.retry, name="retry"),
    path("documents/<str:public_id>/delete", documents.delete, name="delete"),
    path("documents/<str:public_id>/source.pdf", files.source, name="source"),
    path("documents/<str:public_id>/pages/<int:number>", documents.page, name="page"),
    path("documents/<str:public_id>/pages/<int:number>/retry", documents.retry_page, name="retry-page"),
    path("documents/<str:public_id>/pages/<int:number>.webp", files.page_image, name="page-image"),
    path(
        "documents/<str:public_id>/pages/<int:number>.small.webp", files.page_thumbnail, name="page-thumbnail"
    ),
    path("documents/<str:public_id>/export/<str:format_name>", files.export, name="export"),
    path("documents/<str:public_id>/export/<str:format_name>/state", files.export_state, name="export-state"),
    path("documents/<str:public_id>/download/<str:format_name>", files.download, name="download"),
]
