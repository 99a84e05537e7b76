from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import pdfs
from tests.server import ROOT, Server, run_inside

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SLOW_PAGES = 60  # enough pages that a browser can look while they are being read
WORDS = """
    algebra basis cone divisor every field group height ideal joint kernel lattice module norm orbit prime
    quotient ring sheaf topos unit vector weight between carries depends extends follows given has into
    likewise maps never only partly quite rather simply there until very where yields
""".split()  # noqa: SIM905
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
OUTSIDER = """
from mathpixweb.accounts.models import Membership, Role, Team, User
user = User.objects.create_user("outsider@example.org", "a long password")
Membership.objects.create(team=Team.objects.create(name="Topology"), user=user, role=Role.OWNER)
"""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("install chromium (apt-get install chromium)")
    expect.set_options(timeout=30_000)  # of a machine that is busy with other things
    # ends with this package: as long as it runs, no other test can have an event loop
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET.split())
        yield browser
        browser.close()


@pytest.fixture
def server(live_server_process: Server) -> Server:
    return live_server_process


@pytest.fixture(scope="package")
def owners_cookies(chromium: Browser, live_server_process: Server) -> Any:
    """The session of the owner, who signs in once for all tests."""
    with chromium.new_context(base_url=live_server_process.url) as context:
        page = context.new_page()
        sign_in(page, live_server_process.email, live_server_process.password)
        return context.storage_state()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


@pytest.fixture
def browser(
    chromium: Browser, server: Server, owners_cookies: Any
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browsers in which the owner is signed in; a script's error fails the test."""
    opened, errors = [], []

    def open_one(**options: Any) -> BrowserContext:
        options = {"reduced_motion": "reduce"} | options  # no time goes into drawing what moves
        context = chromium.new_context(base_url=server.url, storage_state=owners_cookies, **options)
        context.set_default_timeout(30_000)
        context.on("weberror", lambda failure: errors.append(failure.error))
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert errors == []


@pytest.fixture
def page(browser: Callable[..., BrowserContext]) -> Page:
    return browser().new_page()


@pytest.fixture(scope="package")
def outsider(live_server_process: Server) -> str:
    """The address of a person of another team, made by the server's own means."""
    run_inside(live_server_process, OUTSIDER)
    return "outsider@example.org"


@pytest.fixture
def slow_pdf(tmp_path: Path) -> Path:
    return written(tmp_path / "slow.pdf", SLOW_PAGES)


@pytest.fixture
def short_pdf(tmp_path: Path) -> Path:
    return written(tmp_path / "short.pdf", 3)


def written(path: Path, pages: int) -> Path:
    """A PDF whose pages have nothing in common that could pass for a page header.

    No two have the same bytes: the server would not read the second.
    """
    content = pdfs.with_pages(*[prose(number) for number in range(1, pages + 1)])
    path.write_bytes(content + f"\n% {path}\n".encode())
    return path


def prose(number: int) -> list[str]:
    """Lines of chance words, and in their middle the line that tests look for."""
    chance = random.Random(number)  # noqa: S311
    lines = [" ".join(chance.choices(WORDS, k=11)).capitalize() + "." for _ in range(12)]
    return [*lines[:6], f"This sheet is about topic {number} and free of rank {number}.", *lines[6:]]
