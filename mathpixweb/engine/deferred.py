"""Code that is loaded when it is first needed, so that who only needs to know that it is there stays small.

The web server takes files in and tells how far they are; reading and writing them is the workers', and the
libraries for that are many times its own size.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deferred:
    """The function at `package.module:name`, whose module is imported by the first call."""

    path: str

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self.loaded()(*args, **named)

    def loaded(self) -> Callable[..., Any]:
        module, _, name = self.path.partition(":")
        found: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return found


def load(functions: Iterable[Callable[..., Any]]) -> None:
    """Imports now what is deferred among these, so that nobody waits for it later."""
    for function in functions:
        if isinstance(function, Deferred):
            function.loaded()
