"""A provider that is loaded when it first has something to read."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from mathpixweb.providers.base import Provider, Stroke
from mathpixweb.providers.results import ImageResult, PageResult, SurveyResult


class LoadedProvider(Provider, Protocol):
    """A provider that defers some of what it needs itself."""

    def load(self) -> None: ...

    def load_networks(self) -> None: ...


class DeferredProvider:
    """Stands for the provider at `package.module:Class`, of which only what is said here need be known."""

    def __init__(self, path: str, *, name: str, version: str, isolated: bool) -> None:
        self.path = path
        self.name = name
        self.version = version
        self.isolated = isolated

    @cached_property
    def loaded(self) -> LoadedProvider:
        module, _, kind = self.path.partition(":")
        provider: LoadedProvider = getattr(importlib.import_module(module), kind)()
        return provider

    def load(self) -> None:
        """Now, so that nobody waits for it later."""
        self.loaded.load()

    def survey(self, source: Path, options: Mapping[str, object]) -> SurveyResult:
        return self.loaded.survey(source, options)

    def read(
        self,
        source: Path,
        public_id: str,
        pages: Sequence[tuple[int, int]],
        survey: Mapping[str, object],
        options: Mapping[str, object],
        *,
        scans: bool = True,
    ) -> Iterator[PageResult]:
        return self.loaded.read(source, public_id, pages, survey, options, scans=scans)

    def page_image(self, source: Path, number: int, width: int) -> bytes:
        return self.loaded.page_image(source, number, width)

    def read_image(self, image: bytes, options: Mapping[str, object]) -> ImageResult:
        return self.loaded.read_image(image, options)

    def read_strokes(self, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
        return self.loaded.read_strokes(strokes, options)


def path_of(provider: Provider) -> str:
    """Where a process of its own finds the provider."""
    if isinstance(provider, DeferredProvider):
        return provider.path
    kind = type(provider)
    return f"{kind.__module__}:{kind.__qualname__}"
