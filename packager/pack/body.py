"""A finished media file into which a seal will be put: the room for it, and its bytes."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from packager import container, hashing
from packager.container import Kind
from packager.errors import InputRefused
from packager.values import Digest


@dataclass(frozen=True, slots=True)
class Body:
    """An open file."""

    descriptor: int
    size: int  # bytes, before there is a seal
    kind: Kind

    @classmethod
    def open(cls, path: Path, stack: ExitStack) -> "Body":
        """Open ``path`` for reading and writing until ``stack`` closes it."""
        descriptor = stack.enter_context(path.open("r+b", buffering=0)).fileno()
        kind = container.kind_of(os.pread(descriptor, container.HEAD, 0))
        if kind is None:
            raise InputRefused(
                "no seal can be put into this kind of file", "use mp4, mkv, m4a, mp3 or epub"
            )
        return cls(descriptor, os.fstat(descriptor).st_size, kind)

    @property
    def prefix_length(self) -> int:
        """Bytes in front of the payload."""
        return self.size + self.kind.header_size

    def behind(self, payload: int) -> tuple[int, Digest]:
        """How many bytes a payload of this size adds behind the PREFIX; the hash of the SUFFIX."""
        room = self.kind.room(payload)
        suffix = self.kind.suffix(room)
        return room + len(suffix), Digest(sha256(suffix).digest())

    def make_room(self, payload: int) -> None:
        """Write the element's header and patch the size above it: the PREFIX is final then."""
        room = self.kind.room(payload)
        patch = self.kind.patch(self._read_at, self.size, room)
        if patch:
            os.pwrite(self.descriptor, patch[1], patch[0])
        os.pwrite(self.descriptor, self.kind.header(room), self.size)

    def write(self, payload: bytes) -> bytes:
        """Write the payload and what the container puts behind it; all that stands there now."""
        rest = self.kind.body(payload) + self.kind.suffix(self.kind.room(len(payload)))
        os.pwrite(self.descriptor, rest, self.prefix_length)
        return rest

    def prefix(self) -> Iterator[memoryview]:
        """The bytes of the PREFIX, once."""
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        yield from hashing.read_chunks(self.descriptor, self.prefix_length)

    def _read_at(self, offset: int, length: int) -> bytes:
        return os.pread(self.descriptor, length, offset)
