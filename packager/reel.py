"""A media file opened once: what kind it is, what its walk found, and its tree on the way.

Everything is read from one descriptor, so that nobody can exchange the file half way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packager import container, files
from packager.container import Kind, Layout
from packager.files import Plain
from packager.sweep import Sweep

_LARGEST_SEAL = 2 * 1024 * 1024  # bytes; armour included


@dataclass(frozen=True, slots=True)
class Reel(Plain):
    """An open file. ``hashed`` has begun on what is the PREFIX if the last element is the seal."""

    kind: Kind | None
    layout: Layout
    hashed: Sweep


@contextmanager
def opened(path: Path) -> Iterator[Reel]:
    """Open a plain file, never a link, pipe or device, and begin to hash it."""
    with files.plain(path) as file:
        kind = container.kind_of(file.read_at(0, container.HEAD))
        layout = container.walk(kind, file.read_at, file.size) if kind else Layout((), 0)
        with Sweep(file.descriptor, _likely_prefix(layout)) as hashed:
            yield Reel(file.descriptor, file.size, kind, layout, hashed)


def _likely_prefix(layout: Layout) -> int:
    last = layout.slots[-1] if layout.slots else None
    return last.start if last and last.length <= _LARGEST_SEAL else 0
