"""Error ids in the words of the person who sent the document: what happened, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mathpixweb.accounts import quotas
from mathpixweb.documents.models import CANCELLED, Document, Page
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import reasons

Words = str | Promise
MONTH, MINUTE = quotas.PAGES, quotas.REQUESTS


@dataclass(frozen=True, slots=True)
class Explanation:
    """`happened` is a headline, `why` the reason in the case at hand, `advice` the way out."""

    error_id: str
    happened: Words
    why: Words
    advice: Words


_SAYINGS: Mapping[str, tuple[Words, Words]] = {
    "pdf_encrypted": (
        _("This file is locked"),
        _("If you have its password, open it, save or print it as a PDF without one, and upload that."),
    ),
    "pdf_missing": (
        _("This is not a document that can be read here"),
        _("Check that the file opens on your computer. If it does, save or print it as a PDF and send that."),
    ),
    "pdf_page_limit_exceeded": (
        _("The document has too many pages"),
        _("Split the file into smaller ones and upload them one by one."),
    ),
    MONTH: (
        _("The pages of this month are used up"),
        _("Wait for the next month, or ask an administrator of the team for a higher limit."),
    ),
    MINUTE: (
        _("That is too fast"),
        _("Wait a minute and send it again, or ask an administrator of the team for a higher limit."),
    ),
    "sys_request_too_large": (
        _("The file is too large"),
        _("Split the file, or save it with smaller pictures, and upload it again."),
    ),
    "image_decode_error": (
        _("This picture cannot be opened"),
        _("Check that it opens on your computer, save it as PNG or JPEG, and upload that."),
    ),
    "image_no_content": (
        _("Nothing was found in this picture"),
        _("Try a sharper or larger picture, with the text upright and well lit."),
    ),
    "mmd_missing": (
        _("There is nothing to convert"),
        _("Type or paste Mathpix Markdown or LaTeX, and send it again."),
    ),
    "image_not_supported": (
        _("This kind of picture cannot be read"),
        _("Pictures of text, formulas and tables can be. The original is kept."),
    ),
    "image_max_size": (
        _("The picture is too large to be read"),
        _("Crop it, or save it with fewer pixels, and upload it again."),
    ),
    "math_confidence": (
        _("The reader is not sure enough of what it saw"),
        _("Try a sharper or larger picture, with the text upright and well lit."),
    ),
    "image_download_error": (
        _("The address could not be downloaded"),
        _("Check that the link opens the PDF itself without a sign-in, or download it and upload the file."),
    ),
    "opts_value_out_of_range": (
        _("An option does not fit this document"),
        _("Upload it again with other values under “Options”, such as pages that the document has."),
    ),
    CANCELLED: (
        _("The conversion was cancelled"),
        _("The pages read before that are kept. “Continue” reads the rest."),
    ),
    "page_failed": (
        _("This page could not be read"),
        _("Read the page again. If that fails too, the original is still here beside it."),
    ),
    "sys_exception": (
        _("Something went wrong on the server"),
        _("Try again. If it happens again, tell the person who runs this server which document it was."),
    ),
    "conversion_error": (
        _("This format could not be made"),
        _("Try again, or choose another format; the text and formulas themselves are safe."),
    ),
}


def explain(error_id: str, why: str, limit: object = None) -> Explanation:
    """`limit` is the name of the limit that was reached, where one was."""
    said = str(limit) if limit in (MONTH, MINUTE) else error_id
    happened, advice = _SAYINGS.get(said, _SAYINGS["sys_exception"])
    return Explanation(error_id, happened, "" if error_id == CANCELLED else reasons.said(why), advice)


def of_document(document: Document) -> Explanation | None:
    """Why the document failed; None when it did not."""
    limit = document.error_detail.get("limit_name")
    return explain(document.error_id, document.error_message(), limit) if document.error_id else None


def of_page(page: Page) -> Explanation | None:
    return explain(page.error_id, page.error_message()) if page.error_id else None


def of_refusal(error: ProviderError) -> Explanation:
    return explain(error.error_id, error.message, error.detail.get("limit_name"))


def refused(
    request: HttpRequest, template: str, context: Mapping[str, Any], error: ProviderError
) -> HttpResponse:
    """The page that says why something is not taken: 422, or 429 where it will be taken later."""
    answer = render(request, template, {**context, "explanation": of_refusal(error)}, status=422)
    if wait := error.detail.get("retry_after"):
        answer.status_code, answer["Retry-After"] = 429, str(wait)
    return answer
