"""Hash a stream of bytes once, on all cores: leaves of the SHA-256 tree and SHA-1 pieces.

``hashlib`` frees the interpreter while it hashes, so threads suffice. Callers feed buffers and may
reuse none of them before ``finish``; at most ``BACKLOG`` buffers wait, so memory stays small.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha1, sha256
from types import TracebackType
from typing import Self

from packager.merkle import BLOCK, split
from packager.values import Digest

CHUNK = 4 * 1024 * 1024
BACKLOG = 6


class Crew:
    """The threads that hash, and a brake: ``submit`` waits while too much is under way."""

    def __init__(self, threads: int | None = None) -> None:
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
        self._waiting: deque[Future[bytes]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def leaves(self, data: memoryview) -> Future[bytes]:
        """Hash whole blocks."""
        return self._submit(_hash_blocks, data)

    def piece(self, data: memoryview) -> Future[bytes]:
        """Hash one whole SHA-1 piece."""
        return self._submit(_hash_piece, data)

    def _submit(self, job: Callable[[memoryview], bytes], data: memoryview) -> Future[bytes]:
        while len(self._waiting) >= BACKLOG:
            self._waiting.popleft().result()
        future = self._pool.submit(job, data)
        self._waiting.append(future)
        return future


class Leaves:
    """The leaves of one file, fed from its start to its end."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._jobs: list[Future[bytes]] = []
        self._tail = b""
        self.length = 0

    def feed(self, data: memoryview) -> None:
        """Take the next bytes of the file."""
        self.length += len(data)
        if self._tail:
            missing = min(BLOCK - len(self._tail), len(data))
            self._tail += bytes(data[:missing])
            data = data[missing:]
            if len(self._tail) < BLOCK:
                return
            self._jobs.append(self._crew.leaves(memoryview(self._tail)))
            self._tail = b""
        whole = len(data) - len(data) % BLOCK
        for at in range(0, whole, CHUNK):
            self._jobs.append(self._crew.leaves(data[at : min(at + CHUNK, whole)]))
        self._tail = bytes(data[whole:])

    def so_far(self) -> tuple[Digest, ...]:
        """The leaves as if the file ended here."""
        done = b"".join(job.result() for job in self._jobs)
        return split(done + (sha256(self._tail).digest() if self._tail else b""))


class Pieces:
    """SHA-1 pieces of a torrent's byte stream (all its files, one after the other)."""

    def __init__(self, crew: Crew, piece_length: int) -> None:
        self._crew = crew
        self._size = piece_length
        self._done: list[Future[bytes] | bytes] = []
        self._open = sha1(usedforsecurity=False)
        self._filled = 0

    def feed(self, data: memoryview) -> None:
        """Take the next bytes of the stream."""
        while len(data):
            if self._filled == 0 and len(data) >= self._size:
                self._done.append(self._crew.piece(data[: self._size]))
                data = data[self._size :]
                continue
            part = data[: self._size - self._filled]
            self._open.update(part)
            self._filled += len(part)
            data = data[len(part) :]
            if self._filled == self._size:
                self._close()

    def finish(self) -> bytes:
        """All pieces, 20 bytes each; the last may be of a shorter piece."""
        if self._filled:
            self._close()
        return b"".join(p if isinstance(p, bytes) else p.result() for p in self._done)

    def _close(self) -> None:
        self._done.append(self._open.digest())
        self._open = sha1(usedforsecurity=False)
        self._filled = 0


def read_chunks(descriptor: int, length: int, size: int = CHUNK) -> Iterator[memoryview]:
    """The next ``length`` bytes of an open file; ends early where the file does."""
    left = length
    while left:
        data = os.read(descriptor, min(size, left))
        if not data:
            return
        left -= len(data)
        yield memoryview(data)


def _hash_blocks(data: memoryview) -> bytes:
    return b"".join([sha256(data[at : at + BLOCK]).digest() for at in range(0, len(data), BLOCK)])


def _hash_piece(data: memoryview) -> bytes:
    return sha1(data, usedforsecurity=False).digest()
