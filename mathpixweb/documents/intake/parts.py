"""A large multipart body taken apart while it arrives: its files are written once, and hashed by the way.

What is left of the body is short, and Django reads it as any other. It decides what the parts mean here, too:
both look for the boundary alike, and its own parser says which part is a file.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
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
SETTLING = ThreadPoolExecutor(2, "settling")
WRITTEN_AT_ONCE = 256 * 1024  # bytes; for more Linux looks, and long, for memory in one piece
SETTLED_AT_ONCE = 32 * 1024 * 1024  # bytes of a file

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
                self._file.close()
            for file in self.files.values():
                file.close()
            self.files.clear()
            self.body.close()

    def _write(self, block: bytes) -> None:
        left: bytes | None
        if self._file and self._separator not in self._rest + block[: self._held] and len(block) > self._held:
            self._file.hold(self._rest)  # what is large is not copied to stand behind what was held
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
    """Hashed, and put on the disk, beside the writing of what comes next."""

    def __init__(self) -> None:
        self.upload = Fingerprinted("arriving", "", 0, None)
        self.size = self.settled = 0
        self.digest = hashlib.sha256()
        self.held = b""
        self.hashing: Future[None] = _done()
        self.settling: Future[None] = _done()

    def hold(self, content: bytes) -> None:
        """It is written together with what comes next."""
        self.held = content

    def write(self, content: bytes | memoryview) -> None:
        self.hashing.result()
        self.hashing = HASHING.submit(self._hash, self.held, content)
        self._write(self.held)
        for start in range(0, len(content), WRITTEN_AT_ONCE):
            self._write(memoryview(content)[start : start + WRITTEN_AT_ONCE])
        self.held = b""
        if self.size - self.settled > SETTLED_AT_ONCE and self.settling.done():
            self._settle()

    def _write(self, piece: bytes | memoryview) -> None:
        self.upload.write(piece)
        self.size += len(piece)

    def _hash(self, *pieces: bytes | memoryview) -> None:
        for piece in pieces:
            self.digest.update(piece)

    def _settle(self) -> None:
        """Little is left to wait for when all has arrived and has to be on the disk."""
        self.settling.result()
        self.settled = self.size
        self.settling = SETTLING.submit(os.fsync, self.upload.fileno())

    def ended(self) -> Fingerprinted:
        self.hashing.result()
        self.settling.result()
        self.upload.seek(0)
        self.upload.size, self.upload.fingerprint = self.size, self.digest.hexdigest()
        return self.upload

    def close(self) -> None:
        wait([self.settling])  # or it would meet whatever is opened next
        self.upload.close()


def _done() -> Future[None]:
    done: Future[None] = Future()
    done.set_result(None)
    return done


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
