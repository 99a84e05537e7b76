"""The optional programs: which are there, what each is for, and the one command that adds a missing one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pypandoc
import redis
from django.conf import settings

from mathpixweb.engine.writers.programs import node, programs

SETUP = "python3 manage.py serve installs it at its next start"
ANSWER_WITHIN = 20  # seconds; LibreOffice takes a few at its first start


@dataclass(frozen=True, slots=True)
class Found:
    """`where` is a path or an address; `version` is empty where the program does not tell it."""

    where: str
    version: str
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Engine:
    """`packages` are Debian's; without any, `remedy` tells what to do instead."""

    name: str
    purpose: str
    find: Callable[[], Found | None]
    packages: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def needed(self) -> bool:
        """Whether it comes with the program itself."""
        return self.remedy == SETUP

    @property
    def install_command(self) -> tuple[str, ...]:
        """The command for Debian and Ubuntu."""
        sudo = () if os.geteuid() == 0 else ("sudo",)
        return (*sudo, "apt-get", "install", "-y", "--no-install-recommends", *self.packages)


def program(*names: str, ask: str = "--version") -> Callable[[], Found | None]:
    """Looks for the first of these programs on PATH."""

    def find() -> Found | None:
        path = next(filter(None, map(shutil.which, names)), None)
        return Found(path, _version(_answer(path, ask))) if path else None

    return find


def _answer(path: str, *arguments: str) -> str:
    """What the program prints, or nothing if it does not run or does not end."""
    try:
        answer = subprocess.run(
            [path, *arguments], capture_output=True, text=True, timeout=ANSWER_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout + answer.stderr


def _version(answer: str) -> str:
    number = re.search(r"\d+(\.\d+)+", answer)
    return number[0] if number else ""


def _pandoc() -> Found | None:
    try:
        return Found(pypandoc.get_pandoc_path(), pypandoc.get_pandoc_version())
    except OSError:
        return None


def _node() -> Found | None:
    try:
        path = node.executable()
    except FileNotFoundError:
        return None
    return Found(path, _version(_answer(path, "--version")))


def _markdown_it() -> Found | None:
    description = settings.BASE_DIR / "node_modules" / "mathpix-markdown-it" / "package.json"
    if not description.exists():
        return None
    return Found(str(description.parent), json.loads(description.read_text())["version"])


def _tesseract() -> Found | None:
    path = shutil.which("tesseract")
    if path is None:
        return None
    languages = _answer(path, "--list-langs").split("\n")[1:]
    return Found(path, _version(_answer(path, "--version")), "languages: " + " ".join(languages).strip())


def east_asian_fonts() -> Found | None:
    """The first font, by name, that fontconfig knows to have Chinese, Japanese and Korean letters."""
    if shutil.which("fc-list") is None:
        return None
    files = _answer("fc-list", "--format", "%{file}\n", ":lang=zh:lang=ja:lang=ko").split()
    return Found(min(files), "") if files else None


def _redis() -> Found | None:
    if not settings.REDIS_URL:
        return None
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3) as server:
            return Found(settings.REDIS_URL.rpartition("@")[2], server.info("server")["redis_version"])
    except redis.RedisError:
        return None


CHROMIUM = program(*programs.CHROMIUM.commands)
ENGINES = (
    Engine("pandoc", "Word, Markdown and LaTeX files", _pandoc, remedy=SETUP),
    Engine("node", "running mathpix-markdown-it", _node, remedy=SETUP),
    Engine(
        "mathpix-markdown-it", "Mathpix Markdown as HTML, MathML and AsciiMath", _markdown_it, remedy=SETUP
    ),
    Engine(
        programs.CHROMIUM.engine, "PDF files made from HTML, and the browser tests", CHROMIUM, ("chromium",)
    ),
    Engine(
        programs.XELATEX.engine,
        "PDF files set by LaTeX",
        program(*programs.XELATEX.commands),
        (
            "texlive-xetex",
            "texlive-latex-recommended",
            "texlive-latex-extra",
            "texlive-science",
            "texlive-fonts-recommended",
            "lmodern",
            "fonts-cmu",
            "fonts-open-sans",
            "fonts-croscore",
            "fonts-noto-core",
        ),
    ),
    Engine(
        "libreoffice",
        "old Word and PowerPoint, OpenDocument and WordPerfect files, and page images of office documents",
        program("soffice", "libreoffice"),
        ("libreoffice-writer-nogui", "libreoffice-impress-nogui", "libreoffice-math-nogui"),
    ),
    Engine("ddjvu", "DjVu files as input", program("ddjvu", ask="--help"), ("djvulibre-bin",)),
    Engine(
        "gdal",
        "geospatial pictures (netCDF, HDF, GRIB, FITS, NITF, ERDAS Imagine and others)",
        program("gdal_translate"),
        ("gdal-bin",),
    ),
    Engine(
        "tesseract",
        "pictures of text in Cyrillic, Korean, Vietnamese, Thai and Indian alphabets",
        _tesseract,
        (
            "tesseract-ocr",
            "tesseract-ocr-eng",
            "tesseract-ocr-rus",
            "tesseract-ocr-kor",
            "tesseract-ocr-vie",
            "tesseract-ocr-tha",
            "tesseract-ocr-hin",
            "tesseract-ocr-ben",
            "tesseract-ocr-guj",
            "tesseract-ocr-tam",
            "tesseract-ocr-tel",
        ),
    ),
    Engine(
        "fonts",
        "Chinese, Japanese and Korean text in PDF files",
        east_asian_fonts,
        ("fonts-noto-cjk", "fonts-noto-core"),
    ),
    Engine(
        "redis",
        "workers on several machines, and live updates in 15 instead of 150 milliseconds",
        _redis,
        remedy="start a Redis server and set REDIS_URL=redis://HOST:6379/0",
    ),
)
