"""Mathpix's lists of an account with many results, served by a process of its own: its work is not ours.

python -m bench.inside.account 100000
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

START = datetime(2026, 1, 1, tzinfo=UTC)
BETWEEN = timedelta(seconds=37)
SHARES = {"ocr-results": 0.6, "pdf-results": 0.3, "converter-results": 0.1}
KEYS = {"ocr-results": "ocr_results", "pdf-results": "pdfs", "converter-results": "documents"}
FORMULA = r"\( \int_{0}^{%d} f(x)\, d x=\frac{a^{2}+b^{2}}{%d} \)"
ASKED = "/asked"


def _moment(number: int) -> str:
    return (START + BETWEEN * number).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _image(number: int) -> dict[str, object]:
    text = FORMULA % (number, number % 97 + 1)
    result = {"request_id": f"image-{number}", "text": text, "latex_styled": text[3:-3], "confidence": 0.98}
    row = {
        "timestamp": _moment(number),
        "duration": 0.13,
        "endpoint": "/v3/text",
        "image_id": f"image-{number}",
    }
    asked = {"tags": [f"chapter {number % 40}"], "formats": ["text"]}
    return {**row, "request_args": asked, "result": result, "detections": {"is_printed": True}}


def _pdf(number: int) -> dict[str, object]:
    row = {"id": f"2026_01_01_{number:020x}g", "input_file": f"paper-{number}.pdf", "status": "completed"}
    pages = {"num_pages": number % 30 + 1, "num_pages_completed": number % 30 + 1}
    return {**row, **pages, "created_at": _moment(number), "modified_at": _moment(number), "request_args": {}}


def _conversion(number: int) -> dict[str, object]:
    row = {"id": f"conversion-{number}", "input_file": "", "status": "completed"}
    asked = {"formats": {"docx": True}}
    return {**row, "created_at": _moment(number), "modified_at": _moment(number), "request_args": asked}


MAKERS: dict[str, Callable[[int], dict[str, object]]] = {
    "ocr-results": _image,
    "pdf-results": _pdf,
    "converter-results": _conversion,
}


class Lists:
    """Rows as they are sent, oldest first, with their moments."""

    def __init__(self, rows: int) -> None:
        self.asked = 0
        self.rows = {name: self._of(name, round(rows * share)) for name, share in SHARES.items()}
        self.moments = {
            name: [_moment(number) for number in range(len(made))] for name, made in self.rows.items()
        }

    def _of(self, name: str, rows: int) -> list[bytes]:
        return [json.dumps(MAKERS[name](number)).encode() for number in range(rows)]

    def page(self, name: str, query: dict[str, list[str]]) -> Sequence[bytes]:
        """Newest first; `from_date` is included, `to_date` is not."""
        moments = self.moments[name]
        first = bisect_left(moments, query["from_date"][0]) if "from_date" in query else 0
        end = bisect_left(moments, query["to_date"][0]) if "to_date" in query else len(moments)
        page, size = (int(query.get(key, ["1"])[0]) for key in ("page", "per_page"))
        end -= (page - 1) * size
        return self.rows[name][max(first, end - size) : max(first, end)][::-1]


def serve(rows: int) -> None:
    """Says its port when it is ready."""
    lists = Lists(rows)

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            name = address.path.removeprefix("/v3/")
            if address.path == ASKED:
                content = b"%d" % lists.asked
            else:
                lists.asked += 1
                made = lists.page(name, parse_qs(address.query)) if name in KEYS else ()
                content = b'{"%s": [%s]}' % (KEYS.get(name, "ocr_usage").encode(), b",".join(made))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
