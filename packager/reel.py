"""A media file opened once: what kind it is, what its walk found, and its tree on the way.

Everything is read from one descriptor, so that nobody can exchange the file half way.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packager import container, files
from packager.container import Kind, Layout
from packager.sweep import Sweep

_LARGEST_SEAL = 2 * 1024 * 1024  # bytes; armour included


@dataclass(frozen=True, slots=True)
class Reel:
    """An open file. ``hashed`` has begun on what is the PREFIX if the last element is the seal."""

    descriptor: int
    size: int
    kind: Kind | None
    layout: Layout
    hashed: Sweep

    def read_at(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes; fewer only at the end of the file."""
        return os.pread(self.descriptor, length, offset) if offset < self.size else b""


@contextmanager
def opened(path: Path) -> Iterator[Reel]:
    """Open a plain file, never a link, pipe or device, and begin to hash it."""
    descriptor = files.open_plain(path)
    try:
        size = os.fstat(descriptor).st_size

        def read_at(offset: int, length: int) -> bytes:
            return os.pread(descriptor, length, offset) if offset < size else b""

        kind = container.kind_of(read_at(0, container.HEAD))
        layout = container.walk(kind, read_at, size) if kind else Layout((), 0)
        with Sweep(descriptor, _likely_prefix(layout)) as hashed:
            yield Reel(descriptor, size, kind, layout, hashed)
    finally:
        os.close(descriptor)


def _likely_prefix(layout: Layout) -> int:
    last = layout.slots[-1] if layout.slots else None
    return last.start if last and last.length <= _LARGEST_SEAL else 0
