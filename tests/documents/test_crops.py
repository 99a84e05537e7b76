import io
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image

from mathpixweb.documents import storage
from mathpixweb.documents.models import Page
from mathpixweb.documents.output import crops
from mathpixweb.documents.output.crops import Region

IMAGE_ID = "2025_04_16_d884f78c7c80ba983343g-01"


def query_of(address):
    return dict(parse_qsl(urlsplit(address).query))


@pytest.fixture
def page(a_document):
    """A page of 200 × 100 pixels whose picture, at half the size, is red with a blue right half."""
    document = a_document()
    picture = Image.new("RGB", (100, 50), "red")
    picture.paste("blue", (50, 0, 100, 50))
    file = io.BytesIO()
    picture.save(file, "WEBP", lossless=True)
    storage.write(storage.page_image(document, 1), file.getvalue())
    return Page.objects.create(document=document, index=1, number=1, width=200, height=100)


def cut(page, *region):
    made = crops.jpeg(page.document, page, Region(*region))
    return Image.open(io.BytesIO(made)) if made else None


def test_an_address_names_the_page_the_region_and_a_signature():
    address = crops.url(IMAGE_ID, 10, 20, 300, 400)
    assert address.startswith(
        f"/cropped/{IMAGE_ID}.jpg?height=400&width=300&top_left_y=20&top_left_x=10&sig="
    )
    assert len(query_of(address)["sig"]) == 32


def test_an_address_made_here_leads_to_its_region():
    assert crops.check(IMAGE_ID, query_of(crops.url(IMAGE_ID, 10, 20, 300, 400))) == Region(10, 20, 300, 400)


@pytest.mark.parametrize("name", ["top_left_x", "top_left_y", "width", "height"])
def test_a_region_that_was_changed_is_not_served(name):
    query = query_of(crops.url(IMAGE_ID, 10, 20, 300, 400))
    assert crops.check(IMAGE_ID, query | {name: str(int(query[name]) + 1)}) is None
    assert crops.check(IMAGE_ID, {key: value for key, value in query.items() if key != name}) is None


def test_a_signature_is_good_for_its_own_page_only():
    query = query_of(crops.url(IMAGE_ID, 10, 20, 300, 400))
    assert crops.check(IMAGE_ID.replace("-01", "-02"), query) is None


@pytest.mark.parametrize("sig", ["", "0" * 32, "é", "\ud800", "x" * 10_000])
def test_a_forged_signature_is_refused(sig):
    assert crops.check(IMAGE_ID, query_of(crops.url(IMAGE_ID, 1, 2, 3, 4)) | {"sig": sig}) is None


def test_a_signature_of_another_server_is_refused(settings):
    address = crops.url(IMAGE_ID, 1, 2, 3, 4)
    settings.SECRET_KEY = "another secret"
    assert crops.check(IMAGE_ID, query_of(address)) is None


@pytest.mark.parametrize("side", ["-1", "1.5", "1e3", "", " 1", "٣", "x", "9" * 5000, "999999"])
def test_a_side_that_is_not_a_plain_number_is_refused(side):
    assert crops.check(IMAGE_ID, query_of(crops.url(IMAGE_ID, 1, 2, 3, 4)) | {"width": side}) is None


def test_a_figure_is_cut_in_the_pixel_space_of_the_page(page):
    figure = cut(page, 100, 0, 100, 100)
    assert figure.format == "JPEG"
    assert figure.size == (50, 50)
    red, _, blue = figure.getpixel((10, 25))
    assert blue > 200 > 60 > red


def test_a_region_beyond_the_page_is_cut_at_its_edge(page):
    assert cut(page, 150, 50, 100_000, 100_000).size == (25, 25)


@pytest.mark.parametrize("region", [(300, 0, 10, 10), (0, 200, 10, 10), (0, 0, 0, 10), (0, 0, 10, 0)])
def test_a_region_without_any_of_the_page_gives_nothing(region, page):
    assert cut(page, *region) is None


def test_a_page_without_a_picture_gives_nothing(page):
    storage.remove(storage.page_image(page.document, 1))
    assert cut(page, 0, 0, 10, 10) is None


def test_a_broken_picture_gives_nothing(page):
    storage.write(storage.page_image(page.document, 1), b"RIFF\x00\x00\x00\x00WEBP")
    assert cut(page, 0, 0, 10, 10) is None
