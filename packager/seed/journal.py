"""What a node tells its owner: the last notes, and a log file that stays small.

No line holds the address of a peer. A log that cannot be written stops nothing.
"""

import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from packager.errors import PackagerError
from packager.files import read_limited
from packager.values import printable

NAME = "log"
OLDER = "log.1"
_MAX = 256 * 1024  # bytes of a file before it becomes the older one
_NOTES = 40
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b")


class Journal:
    """``add`` may be called from any thread."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        self._notes: deque[str] = deque(maxlen=_NOTES)

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._notes))

    def add(self, text: str) -> None:
        """A note for `seed status` and the log."""
        self._notes.append(text)
        self.write(text)

    def write(self, text: str) -> None:
        """A line for the log alone."""
        when = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")
        line = f"{when} {_ADDRESS.sub('[address]', printable(text))}\n".encode()
        path = self._folder / NAME
        with suppress(OSError):
            if path.exists() and path.stat().st_size > _MAX:
                path.replace(self._folder / OLDER)
            log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(log, line)
            finally:
                os.close(log)


def lines(folder: Path, count: int) -> list[str]:
    """The last lines of the log."""
    found: list[str] = []
    for name in (OLDER, NAME):
        with suppress(PackagerError):
            data = read_limited(folder / name, 2 * _MAX)
            found += data.decode("utf-8", "replace").splitlines()
    return found[-count:]
