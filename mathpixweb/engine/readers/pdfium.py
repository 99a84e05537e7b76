"""What all that use PDFium share."""

from __future__ import annotations

import threading

SIDEWAYS = 0.8  # of the characters; the page number may stay upright
# pdfium keeps global state and must never be entered by two threads.
PDFIUM_LOCK = threading.Lock()
