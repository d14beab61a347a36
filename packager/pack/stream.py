"""SHA-1 pieces over the files of a release, though the seals in them are written last.

Pieces inside one PREFIX are hashed while it is read; the few that reach over its edges, when all
bytes are final.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha1

from packager.hashing import Crew, Pieces
from packager.torrent import Span
from packager.values import RelativePath

_DIGEST = 20
Read = Callable[[RelativePath, int, int], bytes]  # file, offset, length


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes of ``spans`` one after the other, cut into pieces of ``piece`` bytes."""

    spans: tuple[Span, ...]
    piece: int
    crew: Crew
    _inside: dict[int, Pieces] = field(default_factory=dict)  # by the number of the first piece

    def prefix(self, path: RelativePath, length: int) -> Callable[[int, memoryview], None]:
        """What takes each chunk of the first ``length`` bytes of a file, and its offset there."""
        start = self._starts().get(path)
        if start is None:  # a v2 torrent has no such pieces
            return _ignore
        first = -(-start // self.piece)
        low = first * self.piece - start
        high = (start + length) // self.piece * self.piece - start
        if low >= high:
            return _ignore
        pieces = self._inside[first] = Pieces(self.crew, self.piece)

        def feed(offset: int, data: memoryview) -> None:
            pieces.feed(data[max(low - offset, 0) : max(high - offset, 0)])

        return feed

    def finish(self, read: Read) -> bytes:
        """All digests, 20 bytes each; ``read`` gives bytes of a file as they are now."""
        count = -(-sum(span.length for span in self.spans) // self.piece)
        digests = b""
        while len(digests) < count * _DIGEST:
            number = len(digests) // _DIGEST
            if number in self._inside:
                digests += self._inside[number].finish()
            else:
                digests += self._digest(number, read)
        return digests

    def _digest(self, number: int, read: Read) -> bytes:
        hashed = sha1(usedforsecurity=False)
        low, high = number * self.piece, (number + 1) * self.piece
        for start, span in self._placed():
            begin, end = max(low, start), min(high, start + span.length)
            if begin >= end:
                continue
            if span.path is None:
                hashed.update(bytes(end - begin))
            else:
                hashed.update(read(span.path, begin - start, end - begin))
        return hashed.digest()

    def _starts(self) -> dict[RelativePath, int]:
        return {span.path: start for start, span in self._placed() if span.path is not None}

    def _placed(self) -> Iterator[tuple[int, Span]]:
        at = 0
        for span in self.spans:
            yield at, span
            at += span.length


def _ignore(_offset: int, _data: memoryview) -> None:
    """Nothing is cut here."""
