"""A Chromium of the suite's own, in which somebody is signed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.figures import LeftOut

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
MISSING = "Chromium or playwright is missing: python3 manage.py doctor --install chromium"
PATIENCE = 120_000  # ms, of a machine that is busy with other things


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in at a server, as often anew as one wants."""

    browser: Any
    options: dict[str, Any]

    def page(self) -> Any:
        """In a context that keeps nothing of what was loaded before; close it with `page.context.close()`."""
        context = self.browser.new_context(**self.options)
        context.set_default_timeout(PATIENCE)
        return context.new_page()


@contextmanager
def visitor(url: str, email: str, password: str) -> Iterator[Visitor]:
    """Raises LeftOut where there is no Chromium."""
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not there where the product only runs
    except ImportError:
        path = None
    if path is None:
        raise LeftOut(MISSING)
    options: dict[str, Any] = {"base_url": url, "viewport": {"width": 1280, "height": 800}}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = Visitor(browser, options).page()
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        yield Visitor(browser, {**options, "storage_state": page.context.storage_state()})
        browser.close()
