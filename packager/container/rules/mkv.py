"""Matroska: the elements that our films have, each inside the one it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from packager.container.layout import ReadAt
from packager.container.mkv import MAGIC, SEGMENT, VOID, element
from packager.container.rules.limits import (
    MAX_CODEC,
    MAX_META,
    MAX_TEXT,
    is_zeros,
    most_parts,
    noise_problem,
)

_CLUSTER, _CUES, _TRACKS = (bytes.fromhex(text) for text in ("1f43b675", "1c53bb6b", "1654ae6b"))
_BLOCKS = frozenset({b"\xa3", b"\xa1"})
_CRC = b"\xbf"
_TRACK_NUMBER, _TRACK_TYPE = b"\xd7", b"\x83"
_KNOWN_TYPES = frozenset({1, 2, 17})  # video, sound, subtitles
_NUMBER = 16  # bytes of a number or an identity
_LARGEST_HEAD = 1024
_TABLE = """
1a45dfa3 4286 42f7 42f2 42f3 4282 4287 4285
18538067 114d9b74 1549a966 1654ae6b 1f43b675 1c53bb6b 1043a770 1254c367
114d9b74 4dbb
4dbb 53ab 53ac
1549a966 2ad7b1 4489 4461 7ba9 4d80 5741 73a4
1654ae6b ae
ae d7 73c5 83 b9 88 55aa 9c 6de7 6df8 23e383 23314f 536e 22b59c 22b59d 86 63a2 258688 56aa 56bb
ae 55ee e0 e1 55ab 55ac 55ad 55ae 55af
e0 b0 ba 54b0 54ba 54b2 54b3 9a 9d 53b8 53c0 54aa 54bb 54cc 54dd 55b0 7670
55b0 55b1 55b2 55b3 55b4 55b5 55b6 55b7 55b8 55b9 55ba 55bb 55bc 55bd 55d0
55d0 55d1 55d2 55d3 55d4 55d5 55d6 55d7 55d8 55d9 55da
7670 7671 7673 7674 7675
e1 b5 78b5 9f 6264
1f43b675 e7 a7 ab a3 a0
a0 a1 9b fb 75a2
1c53bb6b bb
bb b3 b7
b7 f7 f1 f0 b2 5378
1043a770 45b9
45b9 45bc 45bd 45db 45dd b6
b6 73c4 91 92 98 4598 5654 80
80 85 437c 437d 437e
1254c367 7373
7373 63c0 67c8
63c0 68ca 63ca 63c5 63c9 63c4 63c6
67c8 45a3 447a 447b 4484 4487
"""
_LONG = {
    bytes.fromhex(name): MAX_TEXT
    for name in (
        "7ba9 4d80 5741 536e 22b59c 22b59d 86 258688 5654 85 437d 45a3 447a 447b 4487"
    ).split()
} | {bytes.fromhex("63a2"): MAX_CODEC}


def _children() -> dict[bytes, frozenset[bytes]]:
    found: dict[bytes, frozenset[bytes]] = {}
    for line in _TABLE.strip().splitlines():
        parent, *names = (bytes.fromhex(name) for name in line.split())
        found[parent] = found.get(parent, frozenset()) | frozenset(names)
    return found


_CHILDREN = _children()


def findings(read_at: ReadAt, size: int) -> Iterator[str]:
    """What stands in the file that no player needs."""
    look = _Look(read_at, size)
    identity, length, head = element(read_at, 0)
    if identity != MAGIC or length is None or length > _LARGEST_HEAD:
        yield "the Matroska file starts with something else"
        return
    yield from look.inside(MAGIC, head, head + length)
    at = head + length
    identity, length, head = element(read_at, at)
    if identity != SEGMENT or length is None or at + head + length != size:
        yield "the Matroska file is not one Segment that ends where the file does"
        return
    yield from look.inside(SEGMENT, at + head, size)
    yield from look.totals()


@dataclass(slots=True)
class _Look:
    """One walk through all elements."""

    read_at: ReadAt
    size: int
    meta: int = 0  # bytes that are neither blocks nor the table of places to jump to
    cues: int = 0
    blocks: int = 0
    parts: int = 0
    tracks: set[int] = field(default_factory=set)

    def totals(self) -> Iterator[str]:
        if self.meta > MAX_META:
            yield f"{self.meta} bytes of names, tags and headers"
        if self.cues > self.blocks + 1:
            yield f"{self.cues} places to jump to in {self.blocks} blocks"

    def inside(self, parent: bytes, at: int, end: int) -> Iterator[str]:
        """Judge the children that stand from ``at`` to ``end``."""
        while at < end:
            identity, length, head = element(self.read_at, at)
            self.parts += 1
            lost = not identity or length is None or at + head + length > end
            if lost or length is None or self.parts > most_parts(self.size):
                yield f"the Matroska file cannot be followed beyond byte {at}"
                return
            start, at = at + head, at + head + length
            if identity in _BLOCKS and identity in _CHILDREN[parent]:
                self.blocks += 1
                if (number := self._number(start)) not in self.tracks:
                    yield f"a block of track {number}, which does not exist"
            elif identity in _CHILDREN and identity in _CHILDREN[parent]:
                yield from self._master(identity, start, at)
            else:
                yield from self._leaf(parent, identity, start, length)

    def _master(self, identity: bytes, start: int, end: int) -> Iterator[str]:
        before = self.meta
        if identity == b"\xae":
            yield from self._track(start, end)
        yield from self.inside(identity, start, end)
        if identity in {_CUES, _CLUSTER}:
            self.meta = before
        self.cues += identity == b"\xbb"

    def _leaf(self, parent: bytes, identity: bytes, start: int, length: int) -> Iterator[str]:
        if identity == VOID:
            sealed = parent == SEGMENT and start + length == self.size
            if sealed and (problem := noise_problem(self.read_at, start, length)):
                yield problem
            if not sealed and not is_zeros(self.read_at, start, length):
                yield f"{length} bytes in a Void (at byte {start}) that are not zeros"
        elif identity == _CRC:
            if length != 4:  # noqa: PLR2004
                yield "a check sum of another length"
        elif identity not in _CHILDREN[parent]:
            yield f"an element that players skip ({identity.hex()}, {length} bytes)"
        elif length > _LONG.get(identity, _NUMBER):
            yield f"{length} bytes in an element that is short ({identity.hex()})"
        self.meta += 0 if identity == VOID else length

    def _track(self, at: int, end: int) -> Iterator[str]:
        facts = {}
        while at < end:
            identity, length, head = element(self.read_at, at)
            if not identity or length is None:
                return
            if length <= _NUMBER:
                facts[identity] = int.from_bytes(self.read_at(at + head, length), "big")
            at += head + length
        if facts.get(_TRACK_TYPE) not in _KNOWN_TYPES:
            yield "a track that is neither video, sound nor subtitles"
        self.tracks.add(facts.get(_TRACK_NUMBER, 0))

    def _number(self, at: int) -> int:
        """The track that a block belongs to: a number of one or two bytes."""
        data = self.read_at(at, 2)
        first = data[0] if data else 0
        return first & 0x7F if first & 0x80 else int.from_bytes(data, "big") & 0x3FFF
