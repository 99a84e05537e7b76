import gzip
import logging
import os
import socketserver
import threading
import time
import zlib

import pytest

from mathpixweb.documents.fetching import fetching
from mathpixweb.providers.base import ProviderError

HOSTILE = [
    "http://127.0.0.1/",
    "HTTP://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0x/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.000.000.001/",
    "http://127.0.0.1./",
    "http://127.8.9.10/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://169.254.169.254/latest/meta-data/",
    "http://172.31.255.255/",
    "http://192.0.0.192/",
    "http://192.88.99.1/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[100::1]/",
    "http://[2001::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://localhost/",
    "http://LocalHost./",
    "http://files.localhost/",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/",
    "http://127\u30020\u30020\u30021/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1?@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com:80@127.0.0.1:80/",
    "http://user:password@example.com/",
    "http://user@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://127.0.0.1%2f@example.com/",
    "http:\\\\127.0.0.1",
    "http://exa mple.com/",
    "http://\t127.0.0.1/",
    "http://example.com/\r\nHost: 127.0.0.1",
    "http://example.com/\u202etxt",
    "http://ex%61mple.com/",
    "http://a..b/",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 130 + "com/",
    "http://example.com:22/",
    "http://example.com:6379/",
    "http://example.com:0/",
    "http://example.com:99999/",
    "http://example.com:-1/",
    "http://",
    "http:///etc/passwd",
    "//127.0.0.1/",
    "/etc/passwd",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_PING",
    "dict://127.0.0.1:11211/",
    "data:application/pdf;base64,JVBERi0=",
    "jar:http://127.0.0.1!/",
    "javascript:alert(1)",
    "http://example.com/" + "a" * 10_000,
    "",
    "\x00",
]

NAMES_THAT_RESOLVE_INSIDE = [
    "127.0.0.1",
    "127.0.1.3",
    "10.0.0.1",
    "169.254.169.254",
    "192.0.0.192",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::1",
    "fe80::1%lo",
    "fec0::1",
    "fd00::1",
    "ff02::1",
]


class Peer(socketserver.ThreadingTCPServer):
    """Answers each path with fixed bytes, or piece by piece, and remembers what it was asked."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host="127.0.0.1", port=0):
        self.answers = {}
        self.asked = []
        super().__init__((host, port), Answering)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def url(self, path="/", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"


class Answering(socketserver.BaseRequestHandler):
    def handle(self):
        asked = self.request.recv(65536)
        self.server.asked.append(asked)
        path = asked.split(b" ")[1].decode("latin-1") if asked.count(b" ") > 1 else ""
        answer = self.server.answers.get(path, ok(b"%PDF-1.7 content"))
        try:
            for piece in [answer] if isinstance(answer, bytes) else answer():
                self.request.sendall(piece)
        except OSError:
            return


def ok(body, *headers):
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def redirect(where):
    return (
        f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )


@pytest.fixture
def peer():
    with Peer() as server:
        yield server
        server.shutdown()


@pytest.fixture
def opened(settings):
    settings.ALLOW_PRIVATE_FETCH = ["127.0.0.0/8"]


def fetch(url, tmp_path, max_bytes=1_000_000, seconds=5, **more):
    return fetching.download(url, tmp_path / "file", max_bytes=max_bytes, seconds=seconds, **more)


def failure(url, tmp_path, **more):
    with pytest.raises(ProviderError) as caught:
        fetch(url, tmp_path, **more)
    assert list(tmp_path.iterdir()) == [], "nothing half stored is left"
    return caught.value


# What strangers may not name


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_at_the_door(url):
    with pytest.raises(ProviderError) as caught:
        fetching.check_url(url)
    assert caught.value.error_id == "image_download_error"
    assert caught.value.message == fetching.FAILED
    assert caught.value.detail == {"url": url}


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_not_asked_for(url, tmp_path, monkeypatch):
    asked = []
    error = failure(url, tmp_path, resolve=lambda host, port: asked.append(host) or ["127.0.0.1"])
    assert asked == []
    assert error.error_id == "image_download_error"


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/pdf/2101.00001v2",
        "http://example.com:8080/a.pdf?x=1#page=2",
        "https://bücher.example/a.pdf",
        "https://93.184.216.34/a.pdf",
        "https://[2606:4700::1111]/a.pdf",
        "https://under_score.example.com/",
        "https://example.com./a.pdf",
        "HTTPS://EXAMPLE.COM/",
        "https://1and1.com/",
        "https://example.0xa.org/",
    ],
)
def test_an_ordinary_address_passes_the_door(url):
    fetching.check_url(url)


@pytest.mark.parametrize("address", NAMES_THAT_RESOLVE_INSIDE)
def test_a_name_that_leads_inside_is_not_followed(address, peer, tmp_path):
    error = failure(
        peer.url(host="innocent.example"), tmp_path, resolve=lambda host, port: ["127.0.0.1", address]
    )
    assert error.error_id == "image_download_error"
    assert peer.asked == []


def test_one_closed_address_among_open_ones_refuses_the_name(peer, tmp_path, settings):
    settings.ALLOW_PRIVATE_FETCH = ["127.0.0.1"]
    failure(peer.url(host="mixed.example"), tmp_path, resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"])
    assert peer.asked == []


def test_a_name_is_resolved_once_and_its_second_answer_is_of_no_use(tmp_path, settings):
    settings.ALLOW_PRIVATE_FETCH = ["127.0.0.2"]
    answers = iter([["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]])
    with Peer("127.0.0.2") as allowed, Peer("127.0.0.1", allowed.port) as canary:
        fetch(allowed.url(host="rebinding.example"), tmp_path, resolve=lambda host, port: next(answers))
        assert len(allowed.asked) == 1
        (tmp_path / "file").unlink()
        failure(allowed.url(host="rebinding.example"), tmp_path, resolve=lambda host, port: next(answers))
        assert canary.asked == []
        allowed.shutdown()
        canary.shutdown()


@pytest.mark.parametrize(
    "where", ["127.0.0.1", "localhost", "[::1]", "0", "169.254.169.254", "inner.example"]
)
def test_a_redirect_into_the_network_is_not_followed(where, tmp_path, settings):
    settings.ALLOW_PRIVATE_FETCH = ["127.0.0.2"]

    def resolve(host, port):
        return ["127.0.0.2"] if host == "outer.example" else ["127.0.0.1"]

    with Peer("127.0.0.2") as outer, Peer("127.0.0.1") as canary:
        outer.answers["/"] = redirect(f"http://{where}:{canary.port}/secret")
        failure(outer.url(host="outer.example"), tmp_path, resolve=resolve)
        assert len(outer.asked) == 1
        assert canary.asked == []
        outer.shutdown()
        canary.shutdown()


@pytest.mark.parametrize(
    "where", ["file:///etc/passwd", "http://user:pw@127.0.0.2/", "http://x:22/", "http://["]
)
def test_a_redirect_is_checked_like_the_first_address(where, peer, opened, tmp_path):
    peer.answers["/"] = redirect(where)
    assert failure(peer.url(), tmp_path).error_id == "image_download_error"
    assert len(peer.asked) == 1


def test_proxies_of_the_environment_are_not_used(opened, tmp_path, monkeypatch):
    with Peer("127.0.0.2") as proxy, Peer() as peer:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(host="127.0.0.2"))
        fetch(peer.url(), tmp_path)
        assert (len(proxy.asked), len(peer.asked)) == (0, 1)
        proxy.shutdown()
        peer.shutdown()


# What is fetched


def test_a_file_is_stored_with_its_name_size_and_type(peer, opened, tmp_path):
    peer.answers["/a/paper%20one.pdf?x=1"] = ok(b"%PDF-1.7", "Content-Type: application/pdf")
    fetched = fetch(peer.url("/a/paper%20one.pdf?x=1#p"), tmp_path)
    assert fetched == fetching.Fetched("paper one.pdf", 8, "application/pdf")
    assert (tmp_path / "file").read_bytes() == b"%PDF-1.7"


def test_five_redirects_are_followed_and_no_more(peer, opened, tmp_path):
    for step in range(6):
        peer.answers[f"/{step}"] = redirect(f"/{step + 1}")
    assert fetch(peer.url("/1"), tmp_path).name == "6"
    (tmp_path / "file").unlink()
    assert failure(peer.url("/0"), tmp_path).error_id == "image_download_error"


def test_a_redirect_loop_ends(peer, opened, tmp_path):
    peer.answers["/"] = redirect("/")
    failure(peer.url(), tmp_path)
    assert len(peer.asked) == fetching.MAX_REDIRECTS + 1


def test_the_host_header_stays_the_name(peer, opened, tmp_path):
    fetch(peer.url(host="papers.example"), tmp_path, resolve=lambda host, port: ["127.0.0.1"])
    assert f"\r\nHost: papers.example:{peer.port}\r\n".encode() in peer.asked[0]


def test_the_server_name_of_tls_stays_the_name(peer, opened, tmp_path):
    url = peer.url(host="papers.example").replace("http:", "https:")
    failure(url, tmp_path, resolve=lambda host, port: ["127.0.0.1"])
    assert b"papers.example" in peer.asked[0]


def test_the_next_address_is_tried_when_one_does_not_answer(peer, opened, tmp_path):
    fetched = fetch(
        peer.url(host="two.example"), tmp_path, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"]
    )
    assert fetched.size == 16


# Limits


def test_an_announced_size_over_the_limit_is_refused_unread(peer, opened, tmp_path):
    peer.answers["/"] = ok(b"x" * 2000)
    error = failure(peer.url(), tmp_path, max_bytes=1999)
    assert error.error_id == "sys_request_too_large"
    assert error.detail == {"url": peer.url()}


def test_content_over_the_limit_is_cut_off_while_it_streams(peer, opened, tmp_path):
    sent = []

    def endless():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        for _ in range(10_000):
            sent.append(1)
            yield b"x" * 65536

    peer.answers["/"] = endless
    assert failure(peer.url(), tmp_path, max_bytes=1_000_000).error_id == "sys_request_too_large"
    assert len(sent) < 1000


def test_content_of_exactly_the_limit_is_taken(peer, opened, tmp_path):
    peer.answers["/"] = ok(b"x" * 2000)
    assert fetch(peer.url(), tmp_path, max_bytes=2000).size == 2000


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_trickle_of_bytes_ends_with_the_time(first, peer, opened, tmp_path):
    def trickle():
        yield first
        while True:
            time.sleep(0.05)
            yield b"x"

    peer.answers["/"] = trickle
    start = time.monotonic()
    assert failure(peer.url(), tmp_path, seconds=0.4).error_id == "image_download_error"
    assert time.monotonic() - start < 2


def test_redirects_share_one_span_of_time(peer, opened, tmp_path):
    def slow():
        time.sleep(0.2)
        yield redirect("/")

    peer.answers["/"] = slow
    failure(peer.url(), tmp_path, seconds=0.5)
    assert len(peer.asked) < 5


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"%PDF" * 100, mtime=0)),
        ("deflate", zlib.compress(b"%PDF" * 100)),
        ("identity", b"%PDF" * 100),
    ],
)
def test_coded_content_is_decoded(coding, body, peer, opened, tmp_path):
    peer.answers["/"] = ok(body, f"Content-Encoding: {coding}")
    assert fetch(peer.url(), tmp_path).size == 400
    assert b"Accept-Encoding: identity" in peer.asked[0]


def test_a_decompression_bomb_is_counted_as_it_opens(peer, opened, tmp_path):
    peer.answers["/"] = ok(gzip.compress(bytes(50_000_000)), "Content-Encoding: gzip")
    assert failure(peer.url(), tmp_path).error_id == "sys_request_too_large"


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "no-such"])
def test_an_unusual_content_coding_is_refused(coding, peer, opened, tmp_path):
    peer.answers["/"] = ok(gzip.compress(gzip.compress(b"x", mtime=0)), f"Content-Encoding: {coding}")
    assert failure(peer.url(), tmp_path).error_id == "image_download_error"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip at all",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"cut" * 1000, mtime=0)[:-9],
        b"SSH-2.0-OpenSSH_9\r\n",
        b"",
    ],
)
def test_a_failing_server_is_told_like_a_blocked_one(answer, peer, opened, tmp_path):
    peer.answers["/"] = answer
    error = failure(peer.url(), tmp_path)
    assert (error.error_id, error.message) == ("image_download_error", fetching.FAILED)


def test_a_closed_port_is_told_like_a_blocked_one(opened, tmp_path):
    error = failure("http://127.0.0.9:39999/", tmp_path)
    assert (error.error_id, error.message) == ("image_download_error", fetching.FAILED)


def test_an_unknown_name_is_told_like_a_blocked_one(tmp_path):
    def unknown(host, port):
        raise OSError("Name or service not known")

    error = failure("http://no-such.example/", tmp_path, resolve=unknown)
    assert (error.error_id, error.message) == ("image_download_error", fetching.FAILED)


def test_a_fault_of_our_own_disk_is_not_taken_for_a_failed_download(peer, opened, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="exists"):
        fetching.download(peer.url(), tmp_path / "file" / "below", max_bytes=100, seconds=5)


def test_the_log_tells_the_reason_and_no_secrets(opened, tmp_path, caplog):
    with caplog.at_level(logging.INFO, "mathpixweb"):
        failure("http://example.com:22/a?signature=s3cret", tmp_path)
        failure("http://me:s3cret@example.com/a", tmp_path)
    assert "a closed port" in caplog.text
    assert "http://example.com/a (holds a user or a password)" in caplog.text
    assert "s3cret" not in caplog.text


# Names


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="paper.pdf"', "paper.pdf"),
        ("attachment; filename*=UTF-8''%C3%9Cbung%201.pdf", "Übung 1.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\y.pdf"', "y.pdf"),
        ("attachment; filename*=UTF-8''a%0d%0aSet-Cookie%3A%20b.pdf", "aSet-Cookie: b.pdf"),
        ("attachment; filename*=UTF-8''%2e%2e%2f.bashrc", "bashrc"),
        ("attachment; filename*=no-such-charset''a.pdf", "a.pdf"),
        ("attachment; filename*=UTF-8''abc%E2%80%AEfdp.exe", "abcfdp.exe"),
        ('attachment; filename="' + "n" * 400 + '.pdf"', "n" * 196 + ".pdf"),
        ('attachment; filename=""', "in-the-url.pdf"),
        ("attachment; filename", "in-the-url.pdf"),
        ("inline", "in-the-url.pdf"),
        (";;;===", "in-the-url.pdf"),
    ],
)
def test_the_name_given_by_a_server_is_fit_for_a_file(disposition, name, peer, opened, tmp_path):
    peer.answers["/in-the-url.pdf"] = ok(b"x", f"Content-Disposition: {disposition}")
    assert fetch(peer.url("/in-the-url.pdf"), tmp_path).name == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", ""),
        ("/a%2F..%2Fb.pdf", "b.pdf"),
        ("/x/%E6%95%B0%E5%AD%A6.pdf", "数学.pdf"),
        ("/a%00b.pdf", "ab.pdf"),
    ],
)
def test_the_name_in_an_address_is_fit_for_a_file(path, name, peer, opened, tmp_path):
    assert fetch(peer.url(path), tmp_path).name == name


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX resolver")
def test_the_system_resolver_gives_addresses():
    assert "127.0.0.1" in fetching.network.resolve("127.0.0.1", 80)
