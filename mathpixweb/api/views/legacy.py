"""Older addresses of the Files API, which the SDK still calls: files and jobs under other names."""

from __future__ import annotations

from typing import Any

from mathpixweb.api import files_answers, lookup, query
from mathpixweb.api.endpoint import ApiRequest
from mathpixweb.api.views import jobs
from mathpixweb.api.views.files import files_endpoint
from mathpixweb.documents.models import Document


@files_endpoint("GET")
def files(request: ApiRequest) -> dict[str, Any]:
    """Ids only: of a job in the order in which they came, else of all the team's files, newest first."""
    asked = request.http.GET
    named = {"name": asked["filename"]} if asked.get("filename") else {}
    if job_id := asked.get("scs_job_id"):
        rows, token = jobs.files_page(asked, lookup.job(request.team, job_id), **named)
    else:
        found = Document.objects.of_team(request.team).alive().filter(**named).exclude(file_id=None)
        if after := query.row(asked, "paging_state"):
            found = found.filter(pk__lt=after)
        rows, token = jobs.page(found.order_by("-pk"), jobs.limit(asked))
    return {"file_ids": [str(row.file_id) for row in rows], "next_page_token": token}


@files_endpoint("GET")
def list_jobs(request: ApiRequest) -> dict[str, Any]:
    listed = jobs.listed(request)
    older = [{**job, "scs_job_id": job["job_id"]} for job in listed["jobs"]]
    return {**listed, "jobs": older, "paging_state": listed["next_page_token"]}


@files_endpoint("GET")
def status(request: ApiRequest) -> dict[str, Any]:
    job_id = request.http.GET.get("scs_job_id", "")
    return {**files_answers.job_status(lookup.job(request.team, job_id)), "scs_job_id": job_id}
