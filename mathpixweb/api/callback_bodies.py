"""What callbacks say: the very bodies that are answered to who asks for the state of a file, PDF or job."""

from __future__ import annotations

from typing import Any

from mathpixweb.api import answers, files_answers
from mathpixweb.documents.models.callbacks import Delivery
from mathpixweb.documents.telling import callbacks

NO_FILE = "00000000-0000-0000-0000-000000000000"  # the file of test deliveries, never a real one


def compose(delivery: Delivery) -> dict[str, Any]:
    """The polling body of what the delivery is about, as it is now."""
    if delivery.event == callbacks.TEST:
        return sample()
    if delivery.document is None:
        if delivery.batch is None:
            raise ValueError("the delivery is about nothing")
        return files_answers.job_status(delivery.batch)
    if delivery.document.file_id is None:
        return answers.pdf_status(delivery.document)
    return files_answers.file_status(delivery.document)


def sample() -> dict[str, Any]:
    """The body of a test delivery."""
    return {
        "file_id": NO_FILE,
        "status": "completed",
        "filename": "test.pdf",
        "custom_id": None,
        "num_pages": 1,
        "num_pages_completed": 1,
        "percent_done": 100.0,
        "format_primary": "mmd",
        "formats": {},
        "destination_uri": None,
        "destination_basename": None,
    }
