"""`/cropped/{image_id}.jpg`: figures cut from pages, by signed address or for who may see the document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.csrf import csrf_exempt

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import User
from mathpixweb.api import errors, query
from mathpixweb.api.endpoint import answer_error, check_method
from mathpixweb.api.errors import NotFoundError
from mathpixweb.documents import ids
from mathpixweb.documents.models import Document, DocumentQuerySet, Page
from mathpixweb.documents.output import crops
from mathpixweb.providers.base import ProviderError

CACHED = "private, max-age=3600"


@csrf_exempt
def cropped(http: HttpRequest, image_id: str) -> HttpResponseBase:
    try:
        check_method(http, ("GET", "HEAD"))
        return _jpeg(http, image_id)
    except ProviderError as error:
        return errors.answer(error)
    except Exception as error:  # noqa: BLE001 - the rim: whatever happens is answered as JSON
        return answer_error(error, 500)


def _jpeg(http: HttpRequest, image_id: str) -> HttpResponse:
    region = crops.check(image_id, http.GET.dict())
    documents = Document.objects.all() if region else _documents_of_caller(http)
    page = _page(documents, image_id)
    if page is None:
        raise NotFoundError("http_not_found")
    content = crops.jpeg(page.document, page, region or _region(http.GET, page))
    if content is None:
        raise NotFoundError("http_not_found", pending=not page.done)
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": CACHED})


def _documents_of_caller(http: HttpRequest) -> DocumentQuerySet:
    """What may be seen without a signature: by the key's team, or by the person who is signed in."""
    if secret := http.headers.get("app-key"):
        api_key = keys.find(secret, http.headers.get("app-id"))
        return Document.objects.of_team(api_key.team) if api_key else Document.objects.none()
    if isinstance(http.user, User):
        return Document.objects.visible_to(http.user).open_to(http.user)
    return Document.objects.none()


def _page(documents: DocumentQuerySet, image_id: str) -> Page | None:
    parsed = ids.parse_image_id(image_id)
    if parsed is None:
        return None
    public_id, number = parsed
    pages = Page.objects.filter(document__in=documents.alive().filter(public_id=public_id), number=number)
    return pages.select_related("document").first()


def _region(asked: QueryDict, page: Page) -> crops.Region:
    """The region asked for; what is not said reaches to the page's edge. Raises ApiError."""
    x = query.number(asked, "top_left_x", 0, 0, crops.LARGEST)
    y = query.number(asked, "top_left_y", 0, 0, crops.LARGEST)
    width = query.number(asked, "width", max(page.width - x, 0), 0, crops.LARGEST)
    height = query.number(asked, "height", max(page.height - y, 0), 0, crops.LARGEST)
    return crops.Region(x, y, width, height)
