"""No process holds what only others need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mathpixweb.documents import provider
from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.writers.formats import FORMATS
from mathpixweb.providers.local import LocalProvider
from tests.server import ROOT

OF_WORKERS = "onnxruntime cv2 numpy rapidocr rdkit pikepdf pdfminer fontTools docx pptx xlsxwriter lxml typst"
OF_RECOGNIZERS = "onnxruntime cv2 rapidocr rdkit"
WEB = "import mathpixweb.asgi, django.urls; django.urls.get_resolver().url_patterns"
SUPERVISOR = "import django; django.setup(); import mathpixweb.web.management.commands.serve"
WORKER = "import django; django.setup(); from mathpixweb.documents import tasks; tasks.load()"
FOUND = "import sys; print(*(name for name in '{}'.split() if name in sys.modules))"


def loaded_by(process, libraries):
    setting = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'mathpixweb.settings'"
    program = "; ".join((setting, process, FOUND.format(libraries)))
    return subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).split()


@pytest.mark.parametrize("process", [WEB, SUPERVISOR], ids=["web", "supervisor"])
def test_no_library_for_reading_or_writing_documents_is_loaded(process):
    assert loaded_by(process, OF_WORKERS) == []


def test_workers_leave_recognizing_to_readers_of_their_own():
    assert loaded_by(WORKER, OF_RECOGNIZERS) == []


def test_what_is_said_of_the_engine_before_it_is_loaded_is_what_it_says_itself():
    told = provider.ENGINE
    assert isinstance(told.loaded, LocalProvider)
    said = (LocalProvider.name, LocalProvider.version, LocalProvider.isolated)
    assert (told.name, told.version, told.isolated) == said


def test_every_writer_that_is_named_is_there():
    writers = [format_.make for format_ in FORMATS.values()]
    assert all(isinstance(writer, Deferred) and callable(writer.loaded()) for writer in writers)
