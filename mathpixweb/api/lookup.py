"""Documents by id, as one key may see them. What is not the team's is not known: both are answered alike."""

from __future__ import annotations

from uuid import UUID

from mathpixweb.accounts import rows
from mathpixweb.accounts.models import Team
from mathpixweb.api.errors import ApiError, NotFoundError
from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import Batch, Document, Kind

UNKNOWN_PDF = "pdf_unknown_id"
UNKNOWN_CONVERSION = "cnv_unknown_id"


# the converter's addresses take the ids of PDFs too; not so the other way round
KNOWN = {UNKNOWN_PDF: (Kind.PDF,), UNKNOWN_CONVERSION: (Kind.PDF, Kind.CONVERTER)}


def document(team: Team, public_id: str, error_id: str) -> Document | None:
    """The document, if it is of a kind that the addresses with this error know."""
    found = rows.one(Document, "public_id", public_id)
    if found is None or found.team_id != team.pk or found.kind not in KNOWN[error_id]:
        return None
    found.team = team
    return found


def document_or_error(team: Team, public_id: str, error_id: str) -> Document:
    """Raises ApiError, which is HTTP 200."""
    if found := document(team, public_id, error_id):
        return found
    raise ApiError(error_id)


def document_or_404(team: Team, public_id: str, error_id: str) -> Document:
    """Raises NotFoundError, which is HTTP 404."""
    if found := document(team, public_id, error_id):
        return found
    raise NotFoundError(error_id)


def file(team: Team, file_id: str) -> Document:
    """The file of the Files API, a deleted one too. Raises NotFoundError."""
    found = Document.objects.of_team(team).filter(file_id=UUID(file_id)).first()
    if found is None:
        raise NotFoundError("not_found")
    return found


def living_file(team: Team, file_id: str) -> Document:
    """Raises NotFoundError."""
    found = file(team, file_id)
    if found.deleted_at:
        raise NotFoundError("not_found")
    return found


def job(team: Team, job_id: str) -> Batch:
    """Raises NotFoundError."""
    found = batches.find(team, job_id)
    if found is None:
        raise NotFoundError("not_found")
    return found
