"""Nothing is sent to a server whose certificate is not its own: no question, no key and no document."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mathpixweb.accounts.models import Team
from mathpixweb.documents.fetching import fetching, network
from mathpixweb.documents.telling import callbacks
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import breaker, client, retrying
from mathpixweb.providers.mathpix.account import Account
from mathpixweb.providers.mathpix.calls import Call

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
SECONDS = 10.0


@dataclass
class Impostor:
    """A server with one certificate; `heard` is what it was sent once the line was secure."""

    url: str
    certificate: Path
    heard: list[bytes] = field(default_factory=list)
    knocks: int = 0


def _certificate(folder: Path, names: list[str], until: datetime) -> tuple[Path, Path]:
    """It vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOW - 9 * DAY).not_valid_after(until)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[Callable[..., Impostor]]:
    listeners = []

    def start(names: list[str], until: datetime = NOW + DAY) -> Impostor:
        certificate, secret = _certificate(tmp_path, names, until)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, secret)
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        running = Impostor(f"https://localhost:{listener.getsockname()[1]}", certificate)

        def answer() -> None:
            with suppress(OSError):  # nobody listens any more
                while True:
                    line, _ = listener.accept()
                    running.knocks += 1
                    with suppress(OSError), line, context.wrap_socket(line, server_side=True) as secure:
                        running.heard.append(secure.recv(65536))
                        secure.sendall(ANSWER)

        threading.Thread(target=answer, daemon=True).start()
        return running

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.fixture(autouse=True)
def anywhere(settings, monkeypatch):
    settings.ALLOW_PRIVATE_FETCH = settings.ALLOW_PRIVATE_CALLBACKS = ["127.0.0.0/8", "::1"]
    monkeypatch.setattr(callbacks.signing_secrets, "of_team", lambda team: "a secret to sign with")
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.001)
    breaker.forget()
    yield
    breaker.forget()


def believe(monkeypatch, certificate: Path) -> None:
    """As if an authority that everybody believes had signed it."""
    for module in (network, client):
        context = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(module, "_trust", lambda context=context: context)


def fetch(url: str) -> bool:
    try:
        return fetching.content(f"{url}/a.pdf", max_bytes=100, seconds=SECONDS) == b"{}"
    except ProviderError as error:
        assert (error.error_id, error.message) == ("image_download_error", fetching.FAILED)
        return False


def tell(url: str) -> bool:
    return callbacks.send(Team(), f"{url}/hook", "what a document says").delivered


def ask(url: str) -> bool:
    mathpix = client.Client(Account(url, "app", "a secret key of Mathpix"))
    try:
        return mathpix.json(Call("GET", "/v3/pdf/1")) == {}
    except ProviderError:
        return False
    finally:
        mathpix.close()


WAYS = (fetch, tell, ask)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_said_to_a_server_that_vouches_for_itself(way, impostor):
    server = impostor(["localhost"])
    assert not way(server.url)
    assert server.knocks and server.heard == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("names", "until"),
    [(["api.mathpix.com"], NOW + DAY), (["*"], NOW + DAY), (["localhost"], NOW - DAY)],
    ids=["of another", "of all", "expired"],
)
def test_nothing_is_said_with_a_good_certificate_of_another_name_or_time(
    way, impostor, monkeypatch, names, until
):
    server = impostor(names, until)
    believe(monkeypatch, server.certificate)
    assert not way(server.url)
    assert server.knocks and server.heard == []


@pytest.mark.parametrize("way", WAYS)
def test_with_its_own_certificate_it_is_asked(way, impostor, monkeypatch):
    """Or the tests above would prove nothing."""
    server = impostor(["localhost"])
    believe(monkeypatch, server.certificate)
    assert way(server.url)
    assert len(server.heard) == 1
