"""Reading closely, editing, sharing and throwing away, as a person does it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import PHONE, complaints
from tests.browser.test_reading import FINISHED, SAMPLE, search, upload

LIT = "[...CSS.highlights.get('line')].map(String).join()"

ENDS = "UPDATE documents_sharelink SET expires_at = '{year}-01-01 00:00:00+00:00'"


def opened(page: Page, path) -> None:
    upload(page, path)
    page.wait_for_selector(FINISHED)
    page.wait_for_selector("#page-1[data-lined=yes]")


def copied(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def writing(browser):
    """A page whose clipboard can be looked at."""
    return browser(permissions=["clipboard-read", "clipboard-write"]).new_page()


def test_keys_go_from_line_to_line_and_copy(writing, short_pdf):
    opened(writing, short_pdf)
    writing.keyboard.press("l")
    writing.keyboard.press("ArrowDown")
    box = writing.locator(".box.lit")
    expect(box).to_be_focused()
    assert writing.evaluate(LIT).split() == box.get_attribute("data-text").split()
    writing.keyboard.press("Enter")
    expect(writing.locator("#announcement")).to_have_text("Line copied")
    assert copied(writing) == box.get_attribute("data-text")


def test_a_click_on_the_text_lights_its_place_on_the_picture_and_back(page, short_pdf):
    opened(page, short_pdf)
    page.locator("#page-1 .mmd").get_by_text("topic 1 and free").click()
    lit = page.locator("#page-1 .box.lit")
    expect(lit).to_be_in_viewport()
    chosen = page.locator("#page-1 .box").nth(3)
    chosen.click()
    assert page.evaluate(LIT).split()[:3] == chosen.get_attribute("data-text").split()[:3]


def test_a_formula_is_found_and_copied_as_mathml(writing):
    opened(writing, SAMPLE)
    search(writing, r"\sum_{n \neq 0}")
    writing.locator(".hit").first.click()
    found = writing.locator("#page-2 math.found")
    expect(found).to_be_in_viewport()
    expect(writing.locator("#page-2 .box.lit")).to_be_in_viewport()
    found.click()
    menu = writing.locator("#copies")
    menu.get_by_role("button", name="MathML", exact=True).click()
    expect(menu.get_by_role("button", name="Copied")).to_be_visible()
    assert copied(writing).startswith("<math")
    picture = menu.get_by_role("button", name="PNG").element_handle()
    picture.click()  # which says so only for a while, and has another name then
    writing.wait_for_function("button => button.textContent.trim() === 'Copied'", arg=picture)
    assert writing.evaluate("navigator.clipboard.read().then(([item]) => item.types.includes('image/png'))")
    menu.get_by_role("link", name="Find this formula elsewhere").click()
    expect(writing.locator(".hit mark math").first).to_be_visible()


def test_the_next_doubtful_line_is_one_key_away(page, short_pdf):
    page.route(re.compile("/doubtful"), lambda route: route.fulfill(json={"page": 3, "line": 4, "none": ""}))
    opened(page, short_pdf)
    page.keyboard.press("n")
    expect(page.locator("#page-3 .box.lit")).to_be_focused()
    expect(page.locator("#page-3 .box.lit")).to_have_attribute("data-line", "4")
    page.keyboard.press("c")
    expect(page.locator("#document")).to_have_attribute("data-confidence", "")


def test_words_are_found_inside_the_document(page, short_pdf):
    opened(page, short_pdf)
    page.keyboard.press("f")
    page.keyboard.type('"topic 3 and"')
    page.locator("#found .hit").click()
    expect(page.locator("#page-3 .mmd").get_by_text("topic 3 and free")).to_be_in_viewport()


def test_what_is_typed_is_kept_saved_and_can_be_brought_back(page, short_pdf):
    opened(page, short_pdf)
    page.keyboard.press("e")
    area = page.get_by_label("Mathpix Markdown")
    area.press("Control+Home")
    page.keyboard.type("Typed by hand: $x^2$\n\n")
    expect(page.locator("#preview")).to_contain_text("Typed by hand")
    expect(page.locator("#preview math").first).to_be_visible()
    expect(page.get_by_text("Draft kept at")).to_be_visible()
    page.get_by_role("button", name="Original").click()
    expect(page.get_by_alt_text("Page 1 of the original")).to_be_visible()
    expect(page.locator("#preview")).to_be_hidden()
    page.reload()
    expect(area).to_have_value(re.compile("^Typed by hand"))
    page.keyboard.press("Control+s")
    expect(page.locator("#page-1 .mmd")).to_contain_text("Typed by hand")
    page.locator("#page-1").get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Restore version 1").click()
    page.get_by_role("link", name="short.pdf").click()
    expect(page.locator("#page-1 .mmd")).not_to_contain_text("Typed by hand")


def test_a_link_is_opened_without_an_account_until_it_ends_or_is_taken_back(
    page, chromium, server, short_pdf
):
    opened(page, short_pdf)
    page.get_by_label("More", exact=True).click()
    page.get_by_role("link", name="Share…").click()
    page.get_by_label("Password").fill("an open secret")
    page.get_by_role("button", name="Make a link").click()
    address = page.locator(".share-address code").inner_text()
    with chromium.new_context(base_url=server.url, bypass_csp=True) as nobody:
        stranger = nobody.new_page()
        stranger.goto(address)
        stranger.get_by_label("Password of the link").fill("an open secret")
        stranger.get_by_role("button", name="Open").click()
        expect(stranger.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")
        stranger.wait_for_selector("#page-1[data-lined=yes]")
        assert complaints(stranger) == []
        assert stranger.get_by_role("link", name="Upload").count() == 0
        server.change(ENDS.format(year=2020))
        stranger.reload()
        expect(stranger.get_by_role("heading", name="This link opens nothing")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Expired")).to_be_visible()
        server.change(ENDS.format(year=2100))
        page.reload()
        stranger.reload()
        expect(stranger.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")
        page.get_by_role("button", name="Take back").click()
        expect(page.get_by_text("Taken back")).to_be_visible()
        stranger.reload()
        expect(stranger.get_by_role("heading", name="This link opens nothing")).to_be_visible()


def test_what_was_thrown_away_comes_back_or_leaves_a_receipt(page, short_pdf):
    opened(page, short_pdf)
    address = page.url
    page.get_by_label("More", exact=True).click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Move to the trash").click()
    page.goto("/trash")
    page.get_by_role("button", name="Restore short.pdf").first.click()
    page.goto(address)
    expect(page.locator("#page-1 .mmd")).to_contain_text("topic 1 and free")
    page.goto(f"{address}/delete")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="Deleted for good")).to_be_visible()
    expect(page.get_by_text("Looked again afterwards: nothing was left.")).to_be_visible()


def test_many_documents_are_tagged_and_narrowed_by_their_tag(page, short_pdf):
    opened(page, short_pdf)
    page.goto("/")
    page.get_by_label("Choose short.pdf").first.check()
    page.get_by_label("Tag", exact=True).fill("term paper")
    page.get_by_role("button", name="Add tag").click()
    page.locator(".tag").filter(has_text="term paper").first.click()
    expect(page.get_by_role("heading", name="1 document for")).to_be_visible()


def test_without_scripts_lines_copies_and_the_editor_are_pages(browser, page, short_pdf):
    opened(page, short_pdf)
    plain = browser(java_script_enabled=False).new_page()
    plain.goto(page.url)
    plain.locator("#page-1").get_by_role("link", name="Lines").click()
    plain.locator(".box").nth(2).click()
    expect(plain.locator(".line-list li:target")).to_have_count(1)
    plain.goto(f"{page.url}/pages/1/edit")
    plain.get_by_label("Mathpix Markdown").fill("Plainly *written*.")
    plain.get_by_role("button", name="Preview").click()
    expect(plain.locator("#preview em")).to_have_text("written")
    expect(plain.get_by_alt_text("Page 1 of the original")).to_be_visible()
    plain.get_by_role("button", name="Save").click()
    expect(plain.locator("#page-1 .mmd")).to_contain_text("Plainly written.")


PLACES = (
    "",
    "/pages/1/lines",
    "/pages/1/edit",
    "/pages/1/versions",
    "/find?words=topic",
    "/shares",
    "/delete",
)


def test_none_of_these_pages_has_a_serious_barrier_or_sticks_out_of_a_phone(browser, short_pdf):
    page = browser(bypass_csp=True, **PHONE).new_page()
    opened(page, short_pdf)
    address = page.url
    for place in [*(address + rest for rest in PLACES), "/trash", "/?look=grid", "/?look=list&q=kind:pdf"]:
        page.goto(place)
        assert complaints(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"], place
    page.get_by_text("Filter").click()
    assert complaints(page) == []
    page.goto(f"{address}/pages/1/lines")
    boxes, picture = (page.locator(f".original {part}").bounding_box() for part in ("svg", "img"))
    assert {side: round(at) for side, at in boxes.items()} == {
        side: round(at) for side, at in picture.items()
    }
