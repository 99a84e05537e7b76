"""What a person waits for: first answer, first paint, bytes and requests of each page, in a real browser.

The team has ten thousand documents and a million pages; README's table is of these figures.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench import chromium, servers
from bench.figures import Figure, LeftOut, middle
from bench.subjects import pages

if TYPE_CHECKING:
    from bench.run import Conditions

ROWS, QUICK_ROWS = 1_000_000, 50_000
LOOKS = 3  # of which the middle one counts
WARMED = 1  # looks that only wake the server
SETTLED = 700  # ms after loading, in which scripts fetch what they need
PLACES = {
    "one line of text": "/healthz",  # what this machine and Chromium take for any page at all
    "library": "/",
    "library as a grid": "/?look=grid",
    "library as a list": "/?look=list",
    "search for a common word": "/?q=kernel",
    "document of 9 pages": "{document}",
    "editor": "{document}/pages/1/edit",
    "usage, 30 days": "/usage?period=30",
    "drawing": "/draw",
    "members": "/team/members",
    "audit log": "/team/audit",
    "server": "/operator",
}
TIMES = """() => {
    const [walk] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [walk.responseStart, paint ? paint.startTime : 0];
}"""


@dataclass(frozen=True, slots=True)
class Look:
    answer: float  # ms
    paint: float
    size: int  # bytes over the wire
    requests: int


def measure(conditions: Conditions) -> Iterator[Figure]:
    rows = QUICK_ROWS if conditions.quick else ROWS
    database = {"DATABASE_URL": conditions.database} if conditions.database else {}
    made = conditions.shared / pages.MADE_UP if conditions.shared else None
    if database or made is None or not made.exists():
        made = None
    with servers.running(made, **database) as server:
        if made is None:
            _seed(server, rows, database)
        with chromium.visitor(server.url, servers.EMAIL, servers.PASSWORD) as visitor:
            if made is None:
                _switch(visitor.page())
            yield from looks(visitor)


def looks(visitor: chromium.Visitor) -> Iterator[Figure]:
    """Of every place, by somebody who works in the team of invented documents."""
    document = _document(visitor.page())
    for name, address in PLACES.items():
        yield from _figures(name, visitor, address.format(document=document))


def _seed(server: servers.Server, many: int, database: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "seed", "--pages", str(many)]
    environment = servers.environment(server.data_dir, **database)
    run = subprocess.run(
        command, cwd=servers.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise LeftOut(run.stderr[-2000:])


def _switch(page: Any) -> None:
    """To the team of invented documents, for the whole session."""
    page.goto("/")
    page.locator(".team-menu summary").click()
    page.get_by_role("button", name="Switch to Made-up data").click()
    page.wait_for_load_state()
    page.context.close()


def _document(page: Any) -> str:
    """The address of one of nine pages, as the library shows it."""
    page.goto("/?q=kind:pdf")
    for number in range(1, 20):
        row = page.locator(".row", has=page.get_by_text("9 pages", exact=True)).first
        if row.count():
            address = str(row.locator(".row-name").get_attribute("href"))
            page.context.close()
            return address
        page.goto(f"/?q=kind:pdf&page={number + 1}")
    raise LeftOut("No document has nine pages.")


def _figures(name: str, visitor: chromium.Visitor, address: str) -> Iterator[Figure]:
    """The second look of a person has what the browser kept of the first."""
    both = [_twice(visitor, address) for _ in range(WARMED + LOOKS)][WARMED:]
    first, again = [one for one, _ in both], [two for _, two in both]
    yield Figure(f"{name}, first answer", middle([look.answer for look in first]), "ms")
    yield Figure(f"{name}, first paint", middle([look.paint for look in first]), "ms")
    yield Figure(f"{name}, first paint again", middle([look.paint for look in again]), "ms", goal="200 ms")
    yield Figure(f"{name}, bytes", middle([look.size for look in first]) / 1000, "kB")
    yield Figure(f"{name}, bytes again", middle([look.size for look in again]) / 1000, "kB")
    yield Figure(f"{name}, requests", middle([look.requests for look in first]), "of them")


def _twice(visitor: chromium.Visitor, address: str) -> tuple[Look, Look]:
    page = visitor.page()
    sizes: list[int] = []
    asked: list[str] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["requestId"]))
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    looks = [_look(page, address, sizes, asked) for _ in range(2)]
    page.context.close()
    return looks[0], looks[1]


def _look(page: Any, address: str, sizes: list[int], asked: list[str]) -> Look:
    sizes.clear()
    asked.clear()
    page.goto(address, wait_until="load")
    page.wait_for_timeout(SETTLED)
    answer, paint = page.evaluate(TIMES)
    return Look(answer, paint, sum(sizes), len(asked))
