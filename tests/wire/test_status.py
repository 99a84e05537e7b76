from __future__ import annotations

from asgiref.sync import sync_to_async

from mathpixweb.documents.models import Document, PageStatus, Rendition
from mathpixweb.documents.work import conversion, surveying
from mathpixweb.providers.base import ProviderError
from tests.turns import work


async def status(http, caller, document) -> dict:
    response = await http.get(f"/v3/pdf/{document.public_id}", headers=caller.headers)
    assert response.status_code == 200
    return response.json()


def failing(error: BaseException):
    def script() -> None:
        raise error

    return script


async def test_a_document_that_no_worker_has_seen_is_received(http, owner, received):
    document = await sync_to_async(received)()
    assert await status(http, owner, document) == {
        "pdf_id": document.public_id,
        "status": "received",
        "num_pages_completed": 0,
        "percent_done": 0,
    }


async def test_progress_counts_pages(http, owner, received, scripted):
    scripted.page_count = 8
    document = await sync_to_async(received)()
    await sync_to_async(surveying.prepare)(document)
    await document.pages.filter(index=1).aupdate(status=PageStatus.COMPLETED)
    assert await status(http, owner, document) == {
        "pdf_id": document.public_id,
        "status": "split",
        "num_pages": 8,
        "num_pages_completed": 1,
        "percent_done": 12.5,
    }


async def test_a_finished_document_is_completed(http, owner, converted):
    document = await sync_to_async(converted)()
    assert await status(http, owner, document) == {
        "pdf_id": document.public_id,
        "status": "completed",
        "num_pages": 3,
        "num_pages_completed": 3,
        "percent_done": 100,
    }


async def test_one_bad_page_does_not_fail_the_document(http, owner, received, scripted):
    scripted.before_page[2] = failing(ProviderError("page_failed", "This page is torn."))
    document = await sync_to_async(work)(await sync_to_async(received)())
    answer = await status(http, owner, document)
    assert "error" not in answer
    assert (answer["status"], answer["num_pages_completed"], answer["percent_done"]) == ("completed", 2, 100)


async def test_a_document_that_cannot_be_opened_says_why(http, owner, received, scripted):
    scripted.before_survey = failing(ProviderError("pdf_encrypted", "It needs a password."))
    document = await sync_to_async(work)(await sync_to_async(received)())
    answer = await status(http, owner, document)
    assert answer["status"] == "error"
    assert answer["error"] == "It needs a password."
    assert answer["error_info"] == {"id": "pdf_encrypted", "message": "It needs a password."}


async def test_a_cancelled_document_says_so(http, owner, received):
    document = await sync_to_async(received)()
    await sync_to_async(conversion.cancel)(document)
    answer = await status(http, owner, document)
    assert (answer["status"], answer["error_info"]["id"]) == ("error", "cancelled")


async def test_an_unknown_document_is_an_error_in_a_good_answer(http, owner):
    response = await http.get("/v3/pdf/2099_01_01_unknown", headers=owner.headers)
    assert response.status_code == 200
    assert response.json()["error_info"]["id"] == "pdf_unknown_id"


async def test_the_status_tells_of_conversions_too(http, owner, converted):
    wanted = {"docx": True, "md": True, "html": False, "mmd": True}
    document = await sync_to_async(converted)(options={"conversion_formats": wanted})
    await Rendition.objects.filter(document=document, format="docx").aupdate(
        status="error", error_id="conversion_error", error_detail={"message": "No."}
    )
    states = {
        "docx": {
            "status": "error",
            "error_info": {"id": "conversion_error", "error": "No.", "message": "No."},
        },
        "md": {"status": "processing"},
        "mmd": {"status": "completed"},
    }
    assert (await status(http, owner, document))["conversion_status"] == states
    response = await http.get(f"/v3/converter/{document.public_id}", headers=owner.headers)
    assert response.json() == {"status": "completed", "conversion_status": states}


async def test_conversions_are_unknown_before_the_document_is_completed(http, owner, received):
    document = await sync_to_async(received)(options={"conversion_formats": {"docx": True}})
    response = await http.get(f"/v3/converter/{document.public_id}", headers=owner.headers)
    assert response.status_code == 200
    assert response.json()["error_info"]["id"] == "cnv_unknown_id"


async def test_conversions_are_unknown_where_none_was_asked_for(http, owner, converted):
    document = await sync_to_async(converted)()
    response = await http.get(f"/v3/converter/{document.public_id}", headers=owner.headers)
    assert response.json()["error_info"]["id"] == "cnv_unknown_id"


async def test_deleting_keeps_what_the_contract_keeps(http, owner, converted):
    document = await sync_to_async(converted)(options={"conversion_formats": {"docx": True}})
    response = await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    told = response.json()
    assert response.status_code == 200
    assert (told["pdf_id"], told["status"], told["input_file"]) == (
        document.public_id,
        "completed",
        "notes.pdf",
    )
    assert (told["num_pages"], told["num_pages_completed"]) == (3, 3)
    assert told["created_at"].endswith("Z")
    assert told["deleted_at"].endswith("Z")
    assert told["version"] == "scripted-1"
    assert "error" not in told

    again = await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    assert again.json() == told, "deleting twice changes nothing"
    after = await status(http, owner, document)
    assert (after["status"], after["num_pages_completed"], after["percent_done"]) == ("completed", 3, 100)
    assert after["deleted_at"] == told["deleted_at"]
    assert "conversion_status" not in after, "nobody is to wait for formats of what is gone"
    assert not await document.pages.aexists()


async def test_an_unfinished_document_cannot_be_deleted(http, owner, received):
    document = await sync_to_async(received)()
    response = await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    assert response.status_code == 404
    assert "error" in response.json()
    assert await Document.objects.alive().filter(pk=document.pk).aexists()


async def test_an_unknown_document_cannot_be_deleted(http, owner):
    response = await http.delete("/v3/pdf/2099_01_01_unknown", headers=owner.headers)
    assert response.status_code == 404
    assert response.json()["error_info"]["id"] == "pdf_unknown_id"
