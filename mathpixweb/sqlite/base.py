"""A database in a file that is looked at: when it is gone, or another lies there, whoever writes is told.

SQLite goes on writing to a file that was removed or moved away, and nobody ever sees what was written; and
where there is no file it makes an empty one. Only migrations may begin a new database.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.backends.sqlite3 import base, features

Place = tuple[int, int]


class DatabaseFeatures(features.DatabaseFeatures):
    # Django asks the database, which is not there yet when checks are made before the first migration
    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    _opened: Place | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if (name := self._path()) is not None:
            params["database"] = f"file:{quote(str(name))}?mode=rw"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._opened = self._lying_there()
        return super().get_new_connection(conn_params)

    def prepare_database(self) -> None:
        """What migrations begin with."""
        if (name := self._path()) is not None:
            name.touch(0o600)

    def close_if_unusable_or_obsolete(self) -> None:
        """Before and after each request: a connection to a file that lies there no more is none."""
        if self.connection is not None and not self.in_atomic_block and self._opened != self._lying_there():
            self.close()
        super().close_if_unusable_or_obsolete()

    def _path(self) -> Path | None:
        name = str(self.settings_dict["NAME"])
        return None if name.startswith("file:") or name == ":memory:" else Path(name)

    def _lying_there(self) -> Place | None:
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
