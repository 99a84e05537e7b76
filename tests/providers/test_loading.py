from __future__ import annotations

from mathpixweb.engine.deferred import Deferred
from mathpixweb.providers.deferred import DeferredProvider


def test_what_surveys_and_reads_is_loaded_with_the_provider(monkeypatch):
    loaded = []
    monkeypatch.setattr(Deferred, "loaded", lambda deferred: loaded.append(deferred.path))
    path = "mathpixweb.providers.local:LocalProvider"
    DeferredProvider(path, name="local", version="1", isolated=True).load()
    assert loaded == ["mathpixweb.engine.verbs:survey", "mathpixweb.engine.verbs:read_page"]
