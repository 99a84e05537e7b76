"""Samples that we made ourselves: a first try without a file of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mathpixweb.documents.images import snips
from mathpixweb.documents.intake import intake
from mathpixweb.documents.models import Document
from mathpixweb.engine import kinds
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import auditing, explanations, pace, uploads
from mathpixweb.web.access import TeamRequest, team_page, writers_only

FOLDER = settings.BASE_DIR / "samples"
PICTURE = "image/png"


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    mime: str
    name: Promise
    purpose: Promise

    @property
    def key(self) -> str:
        return Path(self.file).stem

    @property
    def picture(self) -> str:
        return static(f"img/samples/{self.key}.webp")


SAMPLES = (
    Sample(
        "heat-equation.pdf",
        kinds.PDF.mime,
        _("A paper as PDF"),
        _("Three pages on the heat equation, with a table"),
    ),
    Sample("gauss-integral.png", PICTURE, _("A formula as a picture"), _("Read at once, to be copied")),
    Sample(
        "doppler-shift.docx",
        kinds.DOCX.mime,
        _("A report in Word"),
        _("Its own equations become LaTeX"),
    ),
)


@require_POST
@team_page
@writers_only
def try_sample(request: TeamRequest) -> HttpResponse:
    """The sample of the button that was pressed; the first one for any other."""
    asked = request.POST.get("sample", "")
    sample = next((each for each in SAMPLES if each.key == asked), SAMPLES[0])
    file = SimpleUploadedFile(sample.file, (FOLDER / sample.file).read_bytes(), sample.mime)
    try:
        pace.keep(request)
        document = _read(request, sample, file)
    except ProviderError as refusal:
        return explanations.refused(request, "library/refused.html", {}, refusal)
    auditing.note_added(request, [document])
    return redirect("web:snip" if sample.mime == PICTURE else "web:document", document.public_id)


def _read(request: TeamRequest, sample: Sample, file: SimpleUploadedFile) -> Document:
    if sample.mime == PICTURE:
        return snips.read_image(request.team, file, options={}, user=request.user)
    return intake.submit_file(request.team, file, endpoint=uploads.ENDPOINT, options={}, user=request.user)
