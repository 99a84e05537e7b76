"""The sample document: a first try without a file of one's own."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from mathpixweb.documents import intake
from mathpixweb.web import uploads
from mathpixweb.web.access import TeamRequest, team_page, writers_only

SAMPLE = settings.BASE_DIR / "samples" / "heat-equation.pdf"


@require_POST
@team_page
@writers_only
def try_sample(request: TeamRequest) -> HttpResponse:
    file = SimpleUploadedFile(SAMPLE.name, SAMPLE.read_bytes(), "application/pdf")
    document = intake.submit_file(
        request.team, file, endpoint=uploads.ENDPOINT, options={}, user=request.user
    )
    return redirect("web:document", document.public_id)
