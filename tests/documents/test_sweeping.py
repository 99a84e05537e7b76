"""The round that the server makes every few seconds."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import pytest

from mathpixweb import accounts, documents
from mathpixweb.documents.work import sweeping

LEFT_OUT = ("migrations", "management", "made_up")


def modules(package: ModuleType) -> list[ModuleType]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(each.name) for each in found if each.name.split(".")[2] not in LEFT_OUT]


@pytest.mark.django_db
def test_a_round_sweeps_all_that_can_be_swept(monkeypatch):
    swept = []
    able = [each for each in modules(documents) + modules(accounts) if hasattr(each, "sweep")]
    able.remove(sweeping)
    assert len(able) >= 10
    for module in able:
        monkeypatch.setattr(module, "sweep", lambda module=module: swept.append(module))
    sweeping.sweep()
    assert set(swept) == set(able)
