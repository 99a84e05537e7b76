"""A client of HTTP for tests that ask servers of their own."""

from __future__ import annotations

import ssl

import httpx

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# One for all: a client reads the certificates of the whole world, which takes 30 ms each time, and these
# servers have none. No line is kept open, since servers are killed; a busy machine is waited for.
HTTP = httpx.Client(
    timeout=60, limits=httpx.Limits(max_keepalive_connections=0), verify=NO_CERTIFICATES, trust_env=False
)
