"""The contract's addresses. A slash at the end is forgiven and never redirected, which would lose a POST."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from mathpixweb.api.endpoint import DjangoView
from mathpixweb.api.views import (
    batches,
    converter,
    crops,
    data_sources,
    file_batches,
    files,
    health,
    images,
    jobs,
    legacy,
    ocr_results,
    pdfs,
    queries,
    reference,
    tokens,
    unknown,
    usage,
    webhooks,
)

app_name = "api"

ID = r"[A-Za-z0-9_-]+"
FILE_ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
EXTENSION = r"[a-z]+(?:\.[a-z]+)*"


def route(pattern: str, view: DjangoView, name: str) -> URLPattern:
    return re_path(rf"^{pattern}/?\Z", view, name=name)


urlpatterns = [
    route("v3/text", images.text, "text"),
    route("v3/strokes", images.strokes, "strokes"),
    route("v3/latex", images.latex, "latex"),
    route("v3/batch", batches.submit, "batch-submit"),
    route(rf"v3/batch/(?P<batch_id>{ID})", batches.status, "batch"),
    route("v3/ocr-results", ocr_results.ocr_results, "ocr-results"),
    route("v3/pdf", pdfs.submit, "pdf-submit"),
    route("v3/pdf-file", pdfs.submit, "pdf-file"),  # as older clients call it
    route(rf"v3/pdf/(?P<pdf_id>{ID})", pdfs.status_or_delete, "pdf"),
    route(rf"v3/pdf/(?P<pdf_id>{ID})/stream", pdfs.stream, "pdf-stream"),
    route(rf"v3/pdf/(?P<pdf_id>{ID})\.(?P<extension>{EXTENSION})", pdfs.download, "pdf-download"),
    route("v3/pdf-results", queries.pdf_results, "pdf-results"),
    route("v3/converter", converter.submit, "converter-submit"),
    route("v3/converter-results", queries.converter_results, "converter-results"),
    route(rf"v3/converter/(?P<conversion_id>{ID})", converter.status_or_delete, "converter"),
    route(
        rf"v3/converter/(?P<conversion_id>{ID})\.(?P<extension>{EXTENSION})",
        converter.download,
        "converter-download",
    ),
    route(r"v3/openapi\.json", reference.description, "openapi"),
    route("v3/reference", reference.page, "reference"),
    route("v3/ocr-usage", usage.ocr_usage, "ocr-usage"),
    route("v3/app-tokens", tokens.issue, "app-tokens"),
    route(rf"v3/app-tokens/(?P<app_token>{ID})", tokens.show_or_revoke, "app-token"),
    route("v3/file-batches", file_batches.create, "file-batches"),
    route(rf"v3/file-batches/(?P<file_batch_id>{ID})", file_batches.status, "file-batch"),
    route(rf"v3/file-batches/(?P<file_batch_id>{ID})/files", file_batches.files, "file-batch-files"),
    route("files/v1", files.upload, "file-upload"),
    route("files/v1/list", legacy.files, "legacy-files"),
    route("files/v1/scs-jobs", legacy.list_jobs, "legacy-jobs"),
    route("files/v1/scs-jobs/status", legacy.status, "legacy-job"),
    route("files/v1/jobs", jobs.submit_or_list, "jobs"),
    # the callers' own ids may hold slashes; a job's goes as far as the first "/files/"
    route(r"files/v1/jobs/(?P<job_id>.+?)/finalize", jobs.finalize, "job-finalize"),
    route(r"files/v1/jobs/(?P<job_id>.+?)/files", jobs.files, "job-files"),
    route(r"files/v1/jobs/(?P<job_id>.+?)/files/(?P<custom_id>.+)", jobs.file_by_custom_id, "job-file"),
    route(r"files/v1/jobs/(?P<job_id>.+?)", jobs.status, "job"),
    route("files/v1/uri", files.from_uri, "file-uri"),
    route("files/v1/onboarding/identities", data_sources.identities, "identities"),
    route("files/v1/data-sources", data_sources.register_or_list, "data-sources"),
    route(
        rf"files/v1/data-sources/(?P<data_source_id>{FILE_ID})", data_sources.show_or_delete, "data-source"
    ),
    route(
        rf"files/v1/data-sources/(?P<data_source_id>{FILE_ID})/test", data_sources.test, "data-source-test"
    ),
    route("files/v1/webhook-config", webhooks.config, "webhook-config"),
    route("files/v1/webhook-config/secret", webhooks.renew_secret, "webhook-secret"),
    route("files/v1/webhook-config/test", webhooks.test, "webhook-test"),
    route(rf"files/v1/(?P<file_id>{FILE_ID})", files.status_or_delete, "file"),
    route(rf"files/v1/(?P<file_id>{FILE_ID})\.(?P<extension>{EXTENSION})", files.download, "file-download"),
    route(rf"cropped/(?P<image_id>{ID})\.jpg", crops.cropped, "cropped"),
    route("healthz", health.alive, "alive"),
    route("readyz", health.ready, "ready"),
    route("region-health", health.ready, "region-health"),
    re_path(r"^v3(?:/(?P<path>(?s:.*)))?\Z", unknown.unknown, name="unknown"),
    re_path(r"^files(?:/(?P<path>(?s:.*)))?\Z", files.unknown, name="unknown-file"),
]
