"""Matroska: the elements that our films have, each inside the one it belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from packager import subtitles
from packager.container.layout import ReadAt
from packager.container.mkv import MAGIC, SEGMENT, VOID, element
from packager.safety import mkv_codec, noise
from packager.safety.finding import Found, Source, hidden
from packager.safety.limits import (
    MAX_CODEC,
    MAX_META,
    MAX_TEXT,
    is_zeros,
    most_parts,
)
from packager.safety.text import is_label

_CLUSTER, _CUES, _TRACKS = (bytes.fromhex(text) for text in ("1f43b675", "1c53bb6b", "1654ae6b"))
_BLOCKS = frozenset({b"\xa3", b"\xa1"})
_CRC = b"\xbf"
_TRACK, _CODEC, _PRIVATE = b"\xae", b"\x86", bytes.fromhex("63a2")
_TRACK_NUMBER, _TRACK_TYPE = b"\xd7", b"\x83"
_CODECS = {  # by type of track
    1: frozenset({b"V_MPEG4/ISO/AVC", b"V_MPEGH/ISO/HEVC", b"V_VP8", b"V_VP9", b"V_AV1"}),
    2: frozenset({b"A_MPEG/L3", b"A_AC3", b"A_EAC3", b"A_OPUS", b"A_VORBIS", b"A_FLAC"}),
    17: frozenset({b"S_TEXT/UTF8"}),
}
_AAC = b"A_AAC"  # and its older names
_SUBTITLES = 17
_LACED = 0x06
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
_TEXTS = frozenset(
    bytes.fromhex(name)
    for name in (
        "7ba9 4d80 5741 536e 22b59c 22b59d 86 258688 5654 85 437c 437d 437e 45a3 447a 447b 4487 "
        "4282"
    ).split()
)
_LONG = dict.fromkeys(_TEXTS, MAX_TEXT) | {_PRIVATE: MAX_CODEC}


def _children() -> dict[bytes, frozenset[bytes]]:
    found: dict[bytes, frozenset[bytes]] = {}
    for line in _TABLE.strip().splitlines():
        parent, *names = (bytes.fromhex(name) for name in line.split())
        found[parent] = found.get(parent, frozenset()) | frozenset(names)
    return found


_CHILDREN = _children()


def problems(source: Source) -> Iterator[Found]:
    """What stands in the file that no player needs."""
    read_at, size = source.read_at, source.size
    look = _Look(read_at, size)
    identity, length, head = element(read_at, 0)
    if identity != MAGIC or length is None or length > _LARGEST_HEAD:
        yield hidden("the Matroska file starts with something else")
        return
    yield from look.inside(MAGIC, head, head + length)
    start = head + length
    identity, length, head = element(read_at, start)
    if identity != SEGMENT or length is None or start + head + length != size:
        yield hidden("the Matroska file does not end where its one Segment ends")
        return
    yield from look.inside(SEGMENT, start + head, size)
    yield from look.totals()


@dataclass(slots=True)
class _Look:
    """One walk through all elements."""

    read_at: ReadAt
    size: int
    meta: int = 0
    cues: int = 0
    blocks: int = 0
    parts: int = 0
    tracks: dict[int, int] = field(default_factory=dict)  # type by number

    def totals(self) -> Iterator[Found]:
        if self.meta > MAX_META:
            yield hidden(f"{self.meta} bytes of names, tags and headers")
        if self.cues > self.blocks + 1:
            yield hidden(f"{self.cues} places to jump to in {self.blocks} blocks")

    def inside(self, parent: bytes, at: int, end: int) -> Iterator[Found]:
        """Judge the children that stand from ``at`` to ``end``."""
        while at < end:
            identity, length, head = element(self.read_at, at)
            self.parts += 1
            lost = not identity or length is None or at + head + length > end
            if lost or length is None or self.parts > most_parts(self.size):
                yield hidden(f"the Matroska file cannot be followed beyond byte {at}")
                return
            start, at = at + head, at + head + length
            if identity in _BLOCKS and identity in _CHILDREN[parent]:
                yield from self._block(start, length)
            elif identity in _CHILDREN and identity in _CHILDREN[parent]:
                yield from self._master(identity, start, at)
            else:
                yield from self._leaf(parent, identity, start, length)

    def _master(self, identity: bytes, start: int, end: int) -> Iterator[Found]:
        before = self.meta
        if identity == _TRACK:
            yield from self._track(start, end)
        yield from self.inside(identity, start, end)
        if identity in {_CUES, _CLUSTER}:
            self.meta = before
        self.cues += identity == b"\xbb"

    def _leaf(self, parent: bytes, identity: bytes, start: int, length: int) -> Iterator[Found]:
        if identity == VOID:
            sealed = parent == SEGMENT and start + length == self.size
            if sealed:
                yield from noise.problems(self.read_at, start, length)
            elif not is_zeros(self.read_at, start, length):
                yield hidden(f"{length} bytes in a Void (at byte {start}) that are not zeros")
        elif identity == _CRC:
            if length != 4:  # noqa: PLR2004
                yield hidden("a check sum of another length")
        elif identity not in _CHILDREN[parent]:
            yield hidden(f"an element that players skip ({identity.hex()}, {length} bytes)")
        elif length > _LONG.get(identity, _NUMBER):
            yield hidden(f"{length} bytes in an element that is short ({identity.hex()})")
        elif identity in _TEXTS and not is_label(self.read_at(start, length)):
            yield hidden(f"a name or tag that is no text ({identity.hex()}, {length} bytes)")
        self.meta += 0 if identity == VOID else length

    def _track(self, at: int, end: int) -> Iterator[Found]:
        facts: dict[bytes, bytes] = {}
        while at < end:
            identity, length, head = element(self.read_at, at)
            if not identity or length is None:
                return
            if identity in facts:
                yield hidden(f"a track that says twice what it is ({identity.hex()})")
                return
            if length <= MAX_CODEC and identity not in {VOID, _CRC}:
                facts[identity] = self.read_at(at + head, length)
            at += head + length
        kind = int.from_bytes(facts.get(_TRACK_TYPE, b""), "big")
        codec = facts.get(_CODEC, b"").rstrip(b"\0")
        if kind not in _CODECS:
            yield hidden("a track that is neither video, sound nor subtitles")
        elif codec not in _CODECS[kind] and not (kind == 2 and codec.startswith(_AAC)):  # noqa: PLR2004
            yield hidden(f"a track of a kind that releases do not have ({codec[:40]!r})")
        elif problem := mkv_codec.problem(codec, facts.get(_PRIVATE, b"")):
            yield hidden(f"{problem} ({codec[:40]!r})")
        self.tracks[int.from_bytes(facts.get(_TRACK_NUMBER, b""), "big")] = kind

    def _block(self, at: int, length: int) -> Iterator[Found]:
        """A track's number of one or two bytes, a time, flags, and what is shown or heard."""
        self.blocks += 1
        data = self.read_at(at, min(5, length))
        first = data[0] if data else 0
        width = 1 if first & 0x80 else 2
        number = int.from_bytes(data[:width], "big") & ((1 << 7 * width) - 1)
        if number not in self.tracks:
            yield hidden(f"a block of track {number}, which does not exist")
        elif length < width + 3:
            yield hidden("a block that breaks off")
        elif self.tracks[number] == _SUBTITLES:
            head = width + 3
            shown = self.read_at(at + head, min(length - head, MAX_TEXT))
            if data[width + 2] & _LACED or not subtitles.shows(shown) or length > MAX_TEXT:
                yield hidden("a subtitle with more than short lines, <i> and <b>")
