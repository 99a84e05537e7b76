"""The folder of messages between the processes of one machine: kombu's, but they appear whole, and at once.

kombu writes a message in the place where workers look for it. A worker that takes one before it is written
finds nothing in it, and stops. And it has workers look now and then; here a bell tells them of each message.
"""

from __future__ import annotations

import json
import math
import time
import uuid
from functools import cached_property
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils import json as kombu_json

from mathpixweb import bell


def _bell_in(folder: str | Path) -> Path:
    return Path(folder, "bell")


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # kombu is of two minds
        # workers take the messages in the order of their names
        name = f"{time.monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        draft = Path(self.data_folder_out, f".{name}")
        draft.write_text(json.dumps(payload, cls=kombu_json.JSONEncoder))
        draft.rename(draft.with_name(name))
        bell.ring(_bell_in(self.data_folder_out))


class Transport(filesystem.Transport):
    Channel = Channel
    cycle: Any  # of channels
    client: Any

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Hands over the next message, for which it waits at most `timeout` seconds. Raises TimeoutError."""
        ends = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            try:
                self.cycle.get(self._deliver, timeout=timeout)
            except Empty:
                if (left := ends - time.monotonic()) <= 0:
                    raise TimeoutError from None
                self._pause(min(self.polling_interval, left))
            else:
                return

    def _pause(self, seconds: float) -> None:
        if self._listener:
            self._listener.wait(seconds)
        else:
            time.sleep(seconds)

    @cached_property
    def _listener(self) -> bell.Listener | None:
        try:
            return bell.Listener(_bell_in(self.client.transport_options["data_folder_in"]))
        except OSError:
            return None  # messages are found all the same, a little later

    def close_connection(self, connection: Any) -> None:
        super().close_connection(connection)  # type: ignore[no-untyped-call]
        if listener := self.__dict__.pop("_listener", None):
            listener.leave()
