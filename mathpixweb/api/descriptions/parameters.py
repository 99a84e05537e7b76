"""Parameters in addresses, query strings and headers; as with options, one may have a route before it."""

from __future__ import annotations

from typing import Final

from mathpixweb.accounts import usage
from mathpixweb.api import ocr_answers
from mathpixweb.api.descriptions.told import FLAG, TEXT, Told, any_of, list_of, whole
from mathpixweb.providers.file_options import LONGEST_LABEL

MOMENT: Final = {"type": "string", "format": "date-time"}
PARAMETERS: Final[dict[str, Told]] = {
    "page": Told("Which page of the list.", whole(1, 100, 1)),
    "per_page": Told("How many entries a page has.", whole(1, 1000, 100)),
    **{
        f"{route}.{name}": Told(told, whole(1, most, default))
        for route in ("pdf-results", "converter-results")
        for name, told, most, default in (
            ("page", "Which page of the list.", 1000, 1),
            ("per_page", "How many entries a page has.", 100, 100),
        )
    },
    "from_date": Told("The first moment that counts, in ISO 8601; UTC if it has no zone.", MOMENT),
    "to_date": Told("The moment before which all must lie.", MOMENT),
    "app_id": Told("Only what was done with this key."),
    "request_id": Told("The one request of this id, finished in whatever way."),
    "pdf_id": Told("The id that /v3/pdf has answered."),
    "ocr-results.pdf_id": Told("List the pages of this PDF instead of images."),
    "pdf-results.pdf_id": Told("The one document of this id."),
    "tags": Told("A tag that it must have; may be repeated.", {"type": "array", "items": TEXT}),
    **{name: Told(f"What `{name}` must contain.") for name in ("text", "text_display", "latex_styled")},
    **{name: Told("Only what has this property, or has it not.", FLAG) for name in ocr_answers.DETECTIONS},
    "include_null_results": Told("List images that failed, too.", {**FLAG, "default": False}),
    "group_by": Told("What is summed apart; may be repeated.", list_of(usage.GROUPS)),
    "timespan": Told("What each sum covers; without it all is one.", any_of(usage.TIMESPANS)),
    "usage_type": Told("Only this kind of use, such as pdf-page."),
    "request_args_hash": Told("Only requests with these options, by their hash."),
    "cursor": Told("What the page before has answered as `cursor`."),
    "start": Told("The first day that counts, such as 2026-01-31.", {"format": "date"}),
    "end": Told("The last day that counts.", {"format": "date"}),
    "limit": Told("How many entries are answered at most.", whole(1, 1000, 100)),
    "paging_state": Told("The next_page_token of the page before."),
    "status": Told("Only files that are so far.", any_of(("pending", "completed", "error"))),
    "filename": Told("Only files of this name."),
    "scs_job_id": Told("The job, as it is named at the older addresses."),
    "Idempotency-Key": Told(
        "The same key with the same request answers the same file.", {"maxLength": LONGEST_LABEL}
    ),
    # in addresses
    "batch_id": Told("The id that /v3/batch has answered."),
    "extension": Told("The format, such as mmd, docx, tex.zip or lines.json."),
    "file_batch_id": Told("The id that /v3/file-batches has answered."),
    "conversion_id": Told("The id that /v3/converter has answered, or a pdf_id."),
    "app_token": Told("The token."),
    "file_id": Told("The id that the upload has answered."),
    "job_id": Told("Your own id of the job, percent-encoded."),
    "custom_id": Told("Your own id of the file in the job, percent-encoded."),
    "data_source_id": Told("The id that the registration has answered."),
    "image_id": Told("The page: the document's id, a hyphen and the page's number."),
    "width": Told("How wide the part is, in pixels.", {"type": "integer", "minimum": 0}),
    "height": Told("How high the part is, in pixels.", {"type": "integer", "minimum": 0}),
    "top_left_x": Told("The left edge of the part.", {"type": "integer", "minimum": 0}),
    "top_left_y": Told("The upper edge of the part.", {"type": "integer", "minimum": 0}),
    "sig": Told("What a result's own address has."),
}
