"""The SHA-256 tree over the start of an open file, hashed on all cores.

A ``Sweep`` begins when it is made, so that a caller can judge a seal while the file is read.
Other processes begin at the end of the file and this one, when it is asked for the tree, at its
start. Not threads: they would wait for each other, and for the caller, to be let into the
interpreter after every block. Threads serve where a process cannot be copied safely.
"""

import gc
import mmap
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from packager.merkle import BLOCK, HEIGHT, Tree, levels
from packager.values import DIGEST_SIZE

_SPAN = BLOCK << HEIGHT  # bytes under one subtree
_READ = 1024 * 1024  # bytes; stays in a core's cache until it is hashed
_WORTH = 8 * _SPAN  # below it, a second process costs more than it saves
_TOO_LARGE = 2**38  # bytes; nobody begins on that before it is known to be wanted
_MOST = 7  # helpers
_NUMBER = 4  # bytes that say which subtree is done
_TASKS = Path("/proc/self/task")


class Sweep:
    """The tree over the first ``length`` bytes of ``descriptor``, on its way.

    A file that is shorter than that gives zeros for leaves, which fit no seal.
    """

    def __init__(self, descriptor: int, length: int) -> None:
        self.length = length
        self._descriptor = descriptor
        blocks = -(-length // BLOCK)
        self._sizes = [DIGEST_SIZE * -(-blocks // (1 << height)) for height in range(HEIGHT + 1)]
        self._store: mmap.mmap | None = None
        self._done: set[int] = set()
        self._helpers: list[int] = []
        self._told = -1
        if _WORTH <= length < _TOO_LARGE and _may_fork():
            self._begin(min((os.cpu_count() or 1) - 1, _MOST))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def tree(self) -> Tree:
        """The tree; waits until every byte is hashed."""
        store = self._store = self._store or self._room()
        spans = iter(range(-(-self.length // _SPAN)))
        if self._helpers or self.length < _WORTH:
            self._hash(store, self._left(spans))
        else:
            self._share(store, spans)
        self._end()
        starts = accumulate(self._sizes, initial=0)
        return Tree(
            tuple(store[at : at + size] for at, size in zip(starts, self._sizes, strict=False))
        )

    def _room(self) -> mmap.mmap:
        """Where the nodes go, level by level; helpers see the same memory."""
        return mmap.mmap(-1, max(1, sum(self._sizes)))

    def _left(self, spans: Iterator[int]) -> Iterator[int]:
        """What no helper has done when its turn comes; one that a helper is at is done twice."""
        for span in spans:
            if span not in self._done:
                self._listen()
            if span not in self._done:
                yield span

    def _listen(self) -> None:
        while self._told != -1:
            try:
                news = os.read(self._told, 4096)
            except BlockingIOError:
                return
            numbers = range(0, len(news) - _NUMBER + 1, _NUMBER)
            self._done |= {int.from_bytes(news[at : at + _NUMBER], "big") for at in numbers}
            if not news:
                return

    def _share(self, store: mmap.mmap, spans: Iterator[int]) -> None:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 -- loads slowly

        count = os.cpu_count() or 1
        with ThreadPoolExecutor(count) as pool:
            for job in [pool.submit(self._hash, store, spans) for _ in range(count)]:
                job.result()

    def _hash(self, store: mmap.mmap, spans: Iterable[int], told: int = -1) -> None:
        """Put the subtrees of some spans into the store; say so to whoever reads ``told``."""
        buffer = bytearray(_READ)
        view = memoryview(buffer)
        blocks = [view[at : at + BLOCK] for at in range(0, _READ, BLOCK)]
        for span in spans:
            start = span * _SPAN
            leaves = b""
            for at in range(start, min(start + _SPAN, self.length), _READ):
                size = min(_READ, self.length - at)
                if _read(self._descriptor, view[:size], at) < size:
                    leaves += bytes(DIGEST_SIZE * -(-size // BLOCK))
                    continue
                whole = b"".join([sha256(block).digest() for block in blocks[: size // BLOCK]])
                rest = view[size - size % BLOCK : size]
                leaves += whole + (sha256(rest).digest() if rest else b"")
            self._put(store, span, leaves)
            if told != -1:
                os.write(told, span.to_bytes(_NUMBER, "big"))

    def _put(self, store: mmap.mmap, span: int, leaves: bytes) -> None:
        base = 0
        for height, nodes in enumerate(levels(leaves)):
            at = base + DIGEST_SIZE * (span << (HEIGHT - height))
            store[at : at + len(nodes)] = nodes
            base += self._sizes[height]

    def _begin(self, count: int) -> None:
        store = self._store = self._room()
        self._told, tell = os.pipe()
        os.set_blocking(self._told, False)
        last = -(-self.length // _SPAN) - 1
        gc.freeze()  # or the collector would write to, and so copy, memory that is shared
        for helper in range(count):
            pid = os.fork()
            if pid == 0:
                self._help(store, range(last - helper, -1, -count), tell)
            self._helpers.append(pid)
        os.close(tell)

    def _help(self, store: mmap.mmap, spans: Iterable[int], tell: int) -> NoReturn:
        """What a helper does; if it fails or is killed, its spans are hashed by the caller."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.close(self._told)  # so that the end of the caller is the end of this
            self._hash(store, spans, tell)
        finally:
            os._exit(0)

    def _end(self) -> None:
        for pid in self._helpers:
            os.kill(pid, signal.SIGKILL)
        for pid in self._helpers:
            os.waitpid(pid, 0)
        self._helpers = []
        if self._told != -1:
            os.close(self._told)
            self._told = -1


def tree_of(descriptor: int, length: int) -> Tree:
    """The tree over the first ``length`` bytes of an open file."""
    with Sweep(descriptor, length) as sweep:
        return sweep.tree()


def file_tree(path: Path) -> tuple[int, Tree]:
    """Length and tree of a whole file."""
    with path.open("rb", buffering=0) as file:
        length = os.fstat(file.fileno()).st_size
        return length, tree_of(file.fileno(), length)


def _read(descriptor: int, into: memoryview, at: int) -> int:
    """Fill ``into``; less only where the file ends."""
    got = 0
    while got < len(into):
        if hasattr(os, "preadv"):
            count = os.preadv(descriptor, [into[got:]], at + got)
        else:  # macOS before 11
            data = os.pread(descriptor, len(into) - got, at + got)
            count = len(data)
            into[got : got + count] = data
        if not count:
            break
        got += count
    return got


def _may_fork() -> bool:
    """Whether this process has one thread, also by the kernel's count, so that a copy is whole."""
    return sys.platform == "linux" and sum(1 for _ in _TASKS.iterdir()) == 1
