"""A large multipart body taken apart while it arrives: its files are written once, and hashed by the way.

What is left of the body is short, and Django reads it as any other. It decides what the parts mean here, too:
both look for the boundary alike, and its own parser says which part is a file.
"""

from __future__ import annotations

import ctypes
import hashlib
import secrets
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import multipartparser
from django.http.multipartparser import FILE

from mathpixweb.documents import storage
from mathpixweb.documents.storage import Fingerprinted

ARRIVED = "mathpixweb.arrived"  # in the scope of a request: its files, each by its token
TOKEN_BYTES = 32
HEADERS_END = b"\r\n\r\n"
NEWLINE = b"\r\n"
HEADERS_BYTES = multipartparser.MAX_TOTAL_HEADER_SIZE  # type: ignore[attr-defined]
HASHING = ThreadPoolExecutor(2, "hashing")

Step = Callable[[bytes], bytes | None]

# C's own search is several times as fast as that of bytes, and others run meanwhile
_search = ctypes.CDLL(None).memmem
_search.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)
_search.restype = ctypes.c_void_p


class Parts:
    """Of a body with this boundary: `files` by the tokens that stand for them in `body`."""

    def __init__(self, boundary: bytes) -> None:
        self.body = tempfile.SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115
        self.files: dict[bytes, Fingerprinted] = {}
        self._separator = b"--" + boundary
        self._held = len(self._separator) - 1 + len(NEWLINE)  # bytes that may begin what ends a part
        self._rest = b""
        self._step: Step = self._pass_over
        self._file: _Arriving | None = None
        self._lock = Lock()  # whoever gives up does so while another thread may be writing

    def write(self, block: bytes) -> None:
        """Raises NotStored and OSError."""
        with self._lock, storage.room():
            self._write(block)

    def finish(self) -> None:
        """The body ends here, as it should or not. Raises NotStored and OSError."""
        with self._lock, storage.room():
            if self._file:
                self._file.write(self._rest)
                self._end(self._file)
            else:
                self.body.write(self._rest)
            self.body.seek(0)

    def close(self) -> None:
        """Gives up what nobody has taken."""
        with self._lock:
            self._step = _forget
            if self._file:
                self._file.upload.close()
            for file in self.files.values():
                file.close()
            self.files.clear()
            self.body.close()

    def _write(self, block: bytes) -> None:
        left: bytes | None
        if self._file and self._separator not in self._rest + block[: self._held] and len(block) > self._held:
            self._file.write(self._rest)  # what is large is not copied to stand behind what was held
            left = block
        else:
            left = self._rest + block
        self._rest = b""
        while left is not None:
            left = self._step(left)

    def _pass_over(self, data: bytes) -> bytes | None:
        """What is no file is left to Django."""
        at = _find(self._separator, data)
        if at < 0:
            self._hold(data, self.body.write)
            return None
        return self._next_part(data, at)

    def _next_part(self, data: bytes, at: int) -> bytes:
        """After the separator, which stands there."""
        after = at + len(self._separator)
        self.body.write(data[:after])
        self._step = self._read_headers
        return data[after:]

    def _read_headers(self, data: bytes) -> bytes | None:
        end = data.find(HEADERS_END, 0, HEADERS_BYTES)
        if end < 0 and len(data) < HEADERS_BYTES:
            self._rest = data
            return None
        if end < 0 or self._separator in data[:end]:  # a part without headers that could be read
            self._step = self._pass_over
            return data
        after = end + len(HEADERS_END)
        headers = data[:after]
        self.body.write(headers)
        if len(self.files) < settings.DATA_UPLOAD_MAX_NUMBER_FILES and _of_a_file(headers):
            self._file = _Arriving()
            self._step = partial(self._to_file, self._file)
        else:
            self._step = self._pass_over
        return data[after:]

    def _to_file(self, file: _Arriving, data: bytes) -> bytes | None:
        at = _find(self._separator, data)
        if at < 0:
            self._hold(data, file.write)
            return None
        end = at - 1 if data[at - 1 : at] == b"\n" else at
        end -= 1 if data[end - 1 : end] == b"\r" else 0
        file.write(memoryview(data)[:end])
        self._end(file)
        return self._next_part(data[end:], at - end)

    def _end(self, file: _Arriving) -> None:
        token = secrets.token_hex(TOKEN_BYTES // 2).encode()
        self.files[token] = file.ended()
        self.body.write(token)
        self._file = None

    def _hold(self, data: bytes, write: Callable[[Any], object]) -> None:
        """Writes all but what may begin a separator."""
        write(memoryview(data)[: -self._held])
        self._rest = data[-self._held :]


class _Arriving:
    def __init__(self) -> None:
        self.upload = Fingerprinted("arriving", "", 0, None)
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, content: bytes | memoryview) -> None:
        hashing = HASHING.submit(self.digest.update, content)
        self.size += len(content)
        self.upload.write(content)
        hashing.result()

    def ended(self) -> Fingerprinted:
        self.upload.seek(0)
        self.upload.size, self.upload.fingerprint = self.size, self.digest.hexdigest()
        return self.upload


def _of_a_file(headers: bytes) -> bool:
    """Whether Django takes what follows for the bytes of a file, as they are."""
    part = multipartparser.LazyStream(iter([headers]))  # type: ignore[arg-type]
    kind, said, _ = multipartparser.parse_boundary_stream(part, HEADERS_BYTES)  # type: ignore[attr-defined]
    return kind == FILE and "content-transfer-encoding" not in said


def _find(separator: bytes, data: bytes) -> int:
    """Where it begins, or -1."""
    found = _search(data, len(data), separator, len(separator))
    return -1 if found is None else data.find(separator)


def _forget(data: bytes) -> None:
    """Of a body that nobody waits for any more."""
