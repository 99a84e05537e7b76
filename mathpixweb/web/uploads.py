"""What the upload form asks, and how it becomes a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from mathpixweb.documents.intake import duplicates, image_intake, intake, unpacking
from mathpixweb.documents.intake.unpacking import Unpacked
from mathpixweb.documents.models import Document
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import options_form, reasons
from mathpixweb.web.access import TeamRequest

ENDPOINT = "/v3/pdf"  # what the API would have been asked: one history for both


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a form; `refused` names the files of an archive that were left out, and why.

    `known` are documents that were here before, for files that need not be read again.
    """

    documents: list[Document] = field(default_factory=list)
    known: list[Document] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def all(self) -> list[Document]:
        return [*self.documents, *self.known]


def submit(request: TeamRequest) -> Taken:
    """Takes in every file of the form, or its address. Raises ProviderError at the first that is refused."""
    form = options_form.filled(request.team, request.POST)
    options, reader = form.request_options(), form.chosen_reader
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    url = request.POST.get("url", "").strip()
    taken = Taken()
    for file in files:
        if unpacking.is_archive(file):
            _unpack(request, file, options, reader, taken)
        else:
            _take(request, file, options, reader, taken)
    if files:
        return taken
    if url:
        document = intake.submit_url(
            request.team, url, endpoint=ENDPOINT, options=options, user=request.user, reader=reader
        )
        return Taken([document])
    raise intake.Refused("pdf_missing", "No file was chosen and no address was given.")


def _unpack(
    request: TeamRequest, archive: UploadedFile[Any], options: dict[str, object], reader: str, taken: Taken
) -> None:
    """Takes in what the archive holds. Raises ProviderError when it holds nothing that can be read."""
    before = len(taken.all)
    try:
        for unpacked in unpacking.files(archive):
            _take_unpacked(request, unpacked, options, reader, taken)
    except ProviderError as broken:
        if len(taken.all) == before:
            raise
        taken.refused.append((intake.clean_name(archive.name or ""), reasons.said(broken.message)))
    if len(taken.all) == before:
        reason = f"{taken.refused[-1][0]}: {taken.refused[-1][1]}" if taken.refused else "It is empty."
        raise intake.Refused(
            "pdf_missing", f"It looks like a zip archive, and nothing in it can be read. {reason}"
        )


def _take_unpacked(
    request: TeamRequest, unpacked: Unpacked, options: dict[str, object], reader: str, taken: Taken
) -> None:
    if unpacked.file is None:
        taken.refused.append((unpacked.name, reasons.said(unpacked.refusal)))
        return
    try:
        _take(request, unpacked.file, options, reader, taken)
    except ProviderError as refusal:
        taken.refused.append((unpacked.name, reasons.said(refusal.message)))
    finally:
        unpacked.file.close()


def _take(
    request: TeamRequest, file: UploadedFile[Any], options: dict[str, object], reader: str, taken: Taken
) -> None:
    """Has the file read, unless it was before."""
    if "again" not in request.POST and (known := duplicates.find(request.team, file, options, reader)):
        taken.known.append(known)
    else:
        taken.documents.append(_submitted(request, file, options, reader))


def _submitted(
    request: TeamRequest, file: UploadedFile[Any], options: dict[str, object], reader: str
) -> Document:
    if image_intake.is_image(file):
        return image_intake.submit_image(request.team, file, options=options, user=request.user)
    return intake.submit_file(
        request.team, file, endpoint=ENDPOINT, options=options, user=request.user, reader=reader
    )
