"""The folder of messages between the processes of one machine: kombu's, but its messages appear whole.

kombu writes a message in the place where workers look for it. A worker that takes one before it is written
finds nothing in it, and stops.
"""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils import json as kombu_json


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # kombu is of two minds
        # workers take the messages in the order of their names
        name = f"{time.monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        draft = Path(self.data_folder_out, f".{name}")
        draft.write_text(json.dumps(payload, cls=kombu_json.JSONEncoder))
        draft.rename(draft.with_name(name))


class Transport(filesystem.Transport):
    Channel = Channel
