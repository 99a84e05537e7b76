"""Local servers that answer like the clouds' storage, and the data sources that lead there.

moto answers like S3. Azurite answers like Azure; its test is skipped where it is not installed (`npm install
-g azurite`). Of Google's storage only a few lines are here, `/bucket/key` as its XML interface has it: they
show what is sent, and cannot show its way of signing in. The emulators that package registries have know its
JSON interface only, which obstore does not use: gcp-storage-emulator 2026.7.19 knows no DELETE and no ETag.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import select
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import httpx
import pytest
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
ACCOUNT = "devstoreaccount1"  # Azurite's own, and so is its key
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
START_SECONDS = 60
OPEN_TO_ALL = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::papers/*"}
    ],
}  # so that tests need not sign


@contextmanager
def s3() -> Iterator[str]:
    """The address of a server like S3 with an empty bucket called `papers`."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        _host, port = server.get_host_and_port()
        endpoint = f"http://127.0.0.1:{port}"
        httpx.put(f"{endpoint}/papers").raise_for_status()
        httpx.put(f"{endpoint}/papers?policy", json=OPEN_TO_ALL).raise_for_status()
        yield endpoint
    finally:
        server.stop()


@contextmanager
def google() -> Iterator[str]:
    """The address of a server like Google's storage, with every bucket there is."""
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            objects[unquote(self.path)] = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(200)

        def do_GET(self) -> None:
            found = objects.get(unquote(self.path))
            self.answer(404 if found is None else 200, found or b"")

        def do_DELETE(self) -> None:
            self.answer(204 if objects.pop(unquote(self.path), None) else 404)

        def answer(self, status: int, content: bytes = b"") -> None:
            self.send_response(status)
            for name, value in {"ETag": '"1"', "Last-Modified": "Tue, 24 Nov 2026 12:00:00 GMT"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def azure() -> Iterator[str]:
    """The address of Azurite's account."""
    program = shutil.which("azurite-blob")
    if program is None:
        pytest.skip("azurite-blob is not installed")
    command = [
        program,
        "--inMemoryPersistence",
        "--blobPort",
        "0",
        "--skipApiVersionCheck",
        "--disableTelemetry",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield f"{_announced(process)}/{ACCOUNT}"
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _announced(process: subprocess.Popen[bytes]) -> str:
    """What the program says that it listens to."""
    assert process.stdout
    said, deadline = b"", time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if select.select([process.stdout], [], [], 1)[0]:
            said += process.stdout.read1(4096)  # type: ignore[attr-defined]
            if found := re.search(rb"listens on (http://[0-9.:]+)", said):
                return found[1].decode()
    raise AssertionError(f"Azurite did not start: {said.decode()}")


def aws_source(endpoint: str, bucket: str = "papers") -> dict[str, object]:
    """What registers a bucket of `s3()`."""
    return {
        "provider": "aws",
        "bucket": bucket,
        "auth_method": "access_key",
        "provider_specific_details": {"aws_access_key_id": "id", "endpoint": endpoint},
        "region": REGION,
        "secret": "the secret of s3",
    }


def gcp_source(endpoint: str) -> dict[str, object]:
    key = {"client_email": "a@b.iam", "private_key": "hush hush", "token_uri": "http://169.254.169.254/token"}
    return {
        "provider": "gcp",
        "bucket": "papers",
        "auth_method": "service_account_key",
        "provider_specific_details": {"endpoint": endpoint},
        "secret": json.dumps(key),
    }


def azure_source(endpoint: str) -> dict[str, object]:
    return {
        "provider": "azure",
        "bucket": "papers",
        "auth_method": "account_key",
        "provider_specific_details": {"storage_account": ACCOUNT, "endpoint": endpoint},
        "secret": ACCOUNT_KEY,
    }


def create_container(address: str) -> None:
    """Makes the container at this address of Azurite, as its account's owner."""
    path = httpx.URL(address).path
    date = format_datetime(datetime.now(UTC), usegmt=True)
    named = f"x-ms-date:{date}\nx-ms-version:2021-08-06\n/{ACCOUNT}{path}\nrestype:container"
    text = "PUT" + 12 * "\n" + named
    signed = hmac.new(base64.b64decode(ACCOUNT_KEY), text.encode(), hashlib.sha256).digest()
    headers = {
        "x-ms-date": date,
        "x-ms-version": "2021-08-06",
        "Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(signed).decode()}",
    }
    response = httpx.put(address, params={"restype": "container"}, headers=headers)
    assert response.status_code in (201, 409), response.text
