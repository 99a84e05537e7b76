"""What each address of the contract does, as the OpenAPI description tells it, by the names of the routes."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from mathpixweb.api.views.tokens import TokenOptions
from mathpixweb.providers.file_options import FileOptions
from mathpixweb.providers.image_options import LatexOptions, TextOptions
from mathpixweb.providers.options import ConverterOptions, PdfOptions

IMAGES, PDFS, CONVERTER, FILES = "Images and drawings", "Documents", "Converter", "Files API"
ACCOUNT, SERVER = "Tokens and usage", "Server"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of the address that has this `route` name.

    `answer`, `body`, `form`, `query` and `headers` are names: of keys, of options that the class `options`
    has not, of fields beside `file` and `options_json`, of parameters. `takes_file` means a form with these
    two; `file` an answer that is no JSON.
    """

    route: str
    method: str
    group: str
    summary: str
    answer: str = ""
    options: type[BaseModel] | None = None
    body: str = ""
    form: str = ""
    query: str = ""
    headers: str = ""
    takes_file: bool = False
    file: str = ""
    takes_tokens: bool = False
    is_open: bool = False


BOUNDS = "page per_page from_date to_date app_id"
SEEN = "contains_table contains_chemistry contains_diagram contains_triangle contains_algorithm"
ADDED = "data_source_id"
CALLBACKS = "callback_url callback_headers callback_events"
IDEMPOTENCY = "Idempotency-Key"
PAGED = "limit paging_state"
IMAGE_ANSWER = "request_id text latex_styled confidence confidence_rate line_data data html"

OPERATIONS = (
    Operation(
        "text", "post", IMAGES, "Read an image", IMAGE_ANSWER, TextOptions, takes_file=True, takes_tokens=True
    ),
    Operation(
        "strokes", "post", IMAGES, "Read a drawing", IMAGE_ANSWER, TextOptions, "strokes", takes_tokens=True
    ),
    Operation(
        "latex",
        "post",
        IMAGES,
        "Read the one equation of an image",
        "request_id latex detection_map detection_list position latex_confidence",
        LatexOptions,
        takes_file=True,
        takes_tokens=True,
    ),
    Operation(
        "batch-submit", "post", IMAGES, "Read many images", "batch_id", LatexOptions, "urls ocr_behavior"
    ),
    Operation("batch", "get", IMAGES, "Results of a batch", "keys results callback"),
    Operation(
        "ocr-results",
        "get",
        IMAGES,
        "Results of images",
        "ocr_results",
        query=f"{BOUNDS} request_id pdf_id tags text text_display latex_styled is_printed is_handwritten "
        f"include_null_results {SEEN}",
    ),
    Operation(
        "pdf-submit",
        "post",
        PDFS,
        "Read a document",
        "pdf_id",
        PdfOptions,
        body=f"file_batch_id {CALLBACKS}",
        takes_file=True,
    ),
    Operation(
        "pdf-file",
        "post",
        PDFS,
        "Read a document; an older address",
        "pdf_id",
        PdfOptions,
        body=f"file_batch_id {CALLBACKS}",
        takes_file=True,
    ),
    Operation(
        "pdf",
        "get",
        PDFS,
        "How far a document is",
        "pdf_id status num_pages num_pages_completed percent_done conversion_status",
    ),
    Operation(
        "pdf", "delete", PDFS, "Erase a document", "pdf_id status input_file created_at deleted_at version"
    ),
    Operation("pdf-stream", "get", PDFS, "Follow the pages of a document", file="application/x-ndjson"),
    Operation("pdf-download", "get", PDFS, "Fetch a format of a document", file="application/octet-stream"),
    Operation("pdf-results", "get", PDFS, "Documents sent", "pdfs", query=f"{BOUNDS} pdf_id"),
    Operation("file-batches", "post", PDFS, "Begin a batch of documents", "file_batch_id"),
    Operation(
        "file-batch",
        "get",
        PDFS,
        "How far a batch of documents is",
        "total_files completed_files error_files",
    ),
    Operation(
        "file-batch-files", "get", PDFS, "Documents of a batch", "results cursor has_more", query="cursor"
    ),
    Operation(
        "converter-submit", "post", CONVERTER, "Convert Mathpix Markdown", "conversion_id", ConverterOptions
    ),
    Operation("converter", "get", CONVERTER, "States of the formats", "status conversion_status"),
    Operation(
        "converter",
        "delete",
        CONVERTER,
        "Erase a conversion",
        "conversion_id status conversion_status deleted_at",
    ),
    Operation("converter-download", "get", CONVERTER, "Fetch a format", file="application/octet-stream"),
    Operation("converter-results", "get", CONVERTER, "Conversions sent", "documents", query=BOUNDS),
    Operation(
        "app-tokens", "post", ACCOUNT, "Issue an app token", "app_token app_token_expires_at", TokenOptions
    ),
    Operation(
        "app-token", "get", ACCOUNT, "Show an app token", "app_token app_token_expires_at app_id user_id"
    ),
    Operation("app-token", "delete", ACCOUNT, "Revoke an app token", "app_token app_id user_id"),
    Operation(
        "ocr-usage",
        "get",
        ACCOUNT,
        "What was used",
        "ocr_usage",
        query=f"{BOUNDS} group_by timespan usage_type request_args_hash",
    ),
    Operation(
        "file-upload",
        "post",
        FILES,
        "Send a file",
        "file_id",
        FileOptions,
        body=CALLBACKS,
        form="filename job_id custom_id",
        headers=IDEMPOTENCY,
        takes_file=True,
    ),
    Operation(
        "file-uri",
        "post",
        FILES,
        "Send a file by its address",
        "file_id",
        FileOptions,
        body=CALLBACKS,
        headers=IDEMPOTENCY,
    ),
    Operation(
        "file", "get", FILES, "How far a file is", "file_id status filename num_pages percent_done formats"
    ),
    Operation("file", "delete", FILES, "Erase a file", "file_id status"),
    Operation("file-download", "get", FILES, "Fetch a format of a file", file="application/octet-stream"),
    Operation(
        "jobs",
        "post",
        FILES,
        "Send many files",
        "job_id file_count",
        FileOptions,
        body=f"files {CALLBACKS}",
        headers=IDEMPOTENCY,
    ),
    Operation("jobs", "get", FILES, "Jobs", "jobs next_page_token", query=f"start end {PAGED}"),
    Operation(
        "job", "get", FILES, "How far a job is", "job_id status file_count files_completed files_errored"
    ),
    Operation("job-files", "get", FILES, "Files of a job", "files next_page_token", query=f"status {PAGED}"),
    Operation(
        "job-file", "get", FILES, "A file by its own id in the job", "file_id status filename custom_id"
    ),
    Operation("job-finalize", "post", FILES, "No more files will come", "job_id finalized_at message"),
    Operation(
        "legacy-files",
        "get",
        FILES,
        "Ids of files; an older address",
        "file_ids next_page_token",
        query=f"scs_job_id filename {PAGED}",
    ),
    Operation(
        "legacy-jobs",
        "get",
        FILES,
        "Jobs; an older address",
        "jobs next_page_token",
        query=f"start end {PAGED}",
    ),
    Operation(
        "legacy-job", "get", FILES, "How far a job is; an older address", "job_id status", query="scs_job_id"
    ),
    Operation("identities", "get", FILES, "Who would be given a keyless grant", "aws azure gcp"),
    Operation(
        "data-sources",
        "post",
        FILES,
        "Register a bucket",
        ADDED,
        body="provider bucket auth_method provider_specific_details name region secret",
    ),
    Operation("data-sources", "get", FILES, "Registered buckets", "data_sources"),
    Operation("data-source", "get", FILES, "A registered bucket", f"{ADDED} provider bucket name region"),
    Operation("data-source", "delete", FILES, "Forget a bucket", f"{ADDED} status"),
    Operation("data-source-test", "post", FILES, "Write, read and delete an object", "result checks message"),
    Operation("webhook-config", "get", FILES, "The secret that signs webhooks", "signing_secret"),
    Operation("webhook-secret", "post", FILES, "Make a new secret", "signing_secret"),
    Operation(
        "webhook-test",
        "post",
        FILES,
        "Send a sample",
        "status response_code detail",
        body="callback_url callback_headers",
    ),
    Operation(
        "cropped",
        "get",
        SERVER,
        "A figure, by its signed address",
        query="height width top_left_y top_left_x sig",
        file="image/jpeg",
        is_open=True,
    ),
    Operation("alive", "get", SERVER, "Whether the server answers", "status", is_open=True),
    Operation("ready", "get", SERVER, "Whether the server can work", "status failed", is_open=True),
    Operation("region-health", "get", SERVER, "The same as /readyz", "status failed", is_open=True),
    Operation("openapi", "get", SERVER, "This description", "openapi paths", is_open=True),
    Operation("reference", "get", SERVER, "This description as a page", file="text/html", is_open=True),
)
