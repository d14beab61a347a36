"""MP4: the boxes that our films and sound have, and no byte of ``mdat`` that no track uses."""

import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from packager.container.layout import ReadAt
from packager.container.mp4 import box
from packager.safety import noise
from packager.safety.finding import Found, Rule, Source, hidden
from packager.safety.limits import MAX_META, is_zeros, most_parts
from packager.safety.mp4_leaf import (
    leaf_problem,
    references_elsewhere,
    tags_problem,
    text_problem,
)

_CHILDREN: dict[bytes, frozenset[bytes]] = {
    parent: frozenset(children.split())
    for parent, children in {
        b"": b"ftyp moov mdat",
        b"moov": b"mvhd trak udta",
        b"trak": b"tkhd edts tref mdia udta",
        b"edts": b"elst",
        b"tref": b"chap",
        b"mdia": b"mdhd hdlr minf",
        b"minf": b"vmhd smhd nmhd gmhd dinf stbl",
        b"gmhd": b"gmin text",
        b"dinf": b"dref",
        b"stbl": b"stsd stts ctts stss stsc stsz stco co64 sgpd sbgp sdtp",
        b"udta": b"meta chpl name",
        b"meta": b"hdlr ilst",
    }.items()
}
_FREE = frozenset({b"free", b"skip"})
_ONCE = frozenset({b"ftyp", b"moov"})
_TIMED_TEXT = frozenset({b"text", b"sbtl"})
_ROWS = {b"stts": (8, 8), b"ctts": (8, 8), b"stss": (8, 4), b"stsc": (8, 12), b"stsz": (12, 4)}
_ROWS |= {b"stco": (8, 4), b"co64": (8, 8), b"sdtp": (4, 1)}
_MAX_TAGS = 8 * 1024 * 1024  # with covers
_MAX_LEAF = 64 * 1024
_MAX_MEDIA = 8  # boxes of picture and sound
_SLACK = 64  # bytes of mdat that a muxer may leave unused


def problems(source: Source) -> Iterator[Found]:
    """What stands in the file that no player needs."""
    look = _Look(source.read_at, source.size)
    yield from look.inside(b"", 0, source.size)
    yield from look.counts()
    yield from look.texts()
    if look.meta > MAX_META:
        yield hidden(f"{look.meta} bytes of names, tags and headers")
    unused = look.unused()
    if unused > _SLACK:
        yield hidden(f"{unused} bytes among the picture and sound that no track uses")


@dataclass(slots=True)
class _Track:
    """Where the samples of one track stand."""

    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    same: int = 0  # the size of every sample, where it is one
    count: int = 0
    runs: list[tuple[int, int]] = field(default_factory=list)  # first chunk, samples a chunk
    chunks: "array[int]" = field(default_factory=lambda: array("Q"))
    is_text: bool = False
    rows: list[int] = field(default_factory=list)  # of tables with one for each sample

    def samples(self) -> Iterator[tuple[int, int]]:
        """Start and end of every sample."""
        sizes = iter(self.sizes)
        for start, end in self.spans():
            at = start
            while at < end:
                size = self.same or next(sizes, end - at)
                yield at, at + size
                at += size

    def spans(self) -> Iterator[tuple[int, int]]:
        """Start and end of every chunk."""
        ends = array("Q", accumulate(self.sizes, initial=0))
        sample = 0
        steps = [*self.runs, (len(self.chunks) + 1, 0)]
        for (first, each), (following, _) in pairwise(steps):
            for number in range(max(first, 1) - 1, min(following - 1, len(self.chunks))):
                last = min(sample + each, self.count)
                length = self.same * (last - sample) if self.same else ends[last] - ends[sample]
                yield self.chunks[number], self.chunks[number] + length
                sample = last


@dataclass(slots=True)
class _Look:
    """One walk through all boxes."""

    read_at: ReadAt
    size: int
    meta: int = 0
    parts: int = 0
    once: set[bytes] = field(default_factory=set)
    tracks: list[_Track] = field(default_factory=list)
    media: list[tuple[int, int]] = field(default_factory=list)

    def inside(self, parent: bytes, at: int, end: int) -> Iterator[Found]:
        """Judge the boxes that stand from ``at`` to ``end``."""
        while at < end:
            kind, length, head = box(self.read_at, at)
            self.parts += 1
            lost = not kind or not length or at + length > end
            if lost or self.parts > most_parts(self.size):
                yield hidden(f"the MP4 cannot be followed beyond byte {at}")
                return
            start, at = at + head, at + length
            yield from self._box(parent, kind, start, at)

    def _box(self, parent: bytes, kind: bytes, start: int, end: int) -> Iterator[Found]:
        again = not parent and kind in _ONCE and kind in self.once
        self.once.add(kind)
        if kind in _FREE:
            yield from self._free(parent, kind, start, end)
        elif again or kind not in _CHILDREN[parent]:
            name = kind.decode("latin-1")
            yield hidden(f"a box that players skip ({name!r}, {end - start} bytes)")
        elif kind == b"mdat":
            self.media.append((start, end))
            if len(self.media) > _MAX_MEDIA:
                yield hidden("picture and sound in too many pieces")
                self.media.clear()
        elif kind in _CHILDREN:
            if kind == b"trak":
                self.tracks.append(_Track())
            if kind == b"meta" and self.read_at(start, 4) != bytes(4):
                yield hidden("tags of another form ('meta')")
            yield from self.inside(kind, start + (4 if kind == b"meta" else 0), end)
        elif kind == b"ilst":
            yield from self._tags(start, end - start)
        else:
            yield from self._leaf(kind, start, end - start)

    def _free(self, parent: bytes, kind: bytes, start: int, end: int) -> Iterator[Found]:
        if not parent and kind == b"free" and end == self.size:
            yield from noise.problems(self.read_at, start, end - start)
        elif not is_zeros(self.read_at, start, end - start):
            name = kind.decode()
            yield hidden(f"{end - start} bytes in a {name} box (at byte {start}) not zeros")

    def _tags(self, at: int, length: int) -> Iterator[Found]:
        if length > _MAX_TAGS:
            yield hidden(f"{length} bytes of tags")
        elif problem := tags_problem(self.read_at(at, length)):
            yield hidden(f"{problem} in the MP4's tags")

    def _leaf(self, kind: bytes, start: int, length: int) -> Iterator[Found]:
        if kind in _ROWS and self.tracks:
            yield from self._table(kind, start, length)
            return
        self.meta += length
        if length > _MAX_LEAF:
            yield hidden(f"{length} bytes in a box that is short ({kind.decode('latin-1')!r})")
            return
        data = self.read_at(start, length)
        if kind == b"dref":
            if references_elsewhere(data):
                yield Found(Rule.REMOTE, "a track whose picture or sound is in another file")
            return
        if kind == b"hdlr" and self.tracks and not self.tracks[-1].is_text:
            self.tracks[-1].is_text = data[8:12] in _TIMED_TEXT
        if problem := leaf_problem(kind, data):
            yield hidden(problem)

    def texts(self) -> Iterator[Found]:
        """Judge what the text tracks show."""
        for track in self.tracks:
            for start, end in track.samples() if track.is_text else ():
                self.parts += 1
                large = end - start > _MAX_LEAF or self.parts > most_parts(self.size)
                data = b"" if large else self.read_at(start, end - start)
                problem = text_problem(data) if data else None
                if large or problem:
                    yield hidden(problem or "too many or too long subtitles")
                    return

    def _table(self, kind: bytes, start: int, length: int) -> Iterator[Found]:
        head, row = _ROWS[kind]
        data = self.read_at(start, length)
        track = self.tracks[-1]
        if kind == b"stsz":
            track.same, track.count = (_number(data, at) for at in (4, 8))
            row = 0 if track.same else row
        rows = len(data) - head if kind == b"sdtp" else _number(data, head - 4)
        if len(data) != head + rows * row:
            track.count = 0
            yield hidden(f"a table of another length than it says ({kind.decode()})")
        elif kind == b"stsz":
            track.sizes = _numbers("I", data[head:])
            track.count = track.count if track.same else len(track.sizes)
        elif kind in {b"stco", b"co64"}:
            track.chunks = array("Q", _numbers("I" if row == 4 else "Q", data[head:]))  # noqa: PLR2004
        elif kind == b"stsc":
            fields = _numbers("I", data[head:])
            track.runs = list(zip(fields[0::3], fields[1::3], strict=True))
            if any(one >= two for (one, _), (two, _) in pairwise(track.runs)):
                track.runs = []
                yield hidden("a table of chunks out of order")
        else:
            track.rows.append(rows)

    def counts(self) -> Iterator[Found]:
        """Judge the tables that say something of each sample."""
        for track in self.tracks:
            if track.rows and max(track.rows) > track.count:
                yield hidden("a table with more rows than there are samples")

    def unused(self) -> int:
        """Bytes of ``mdat`` in no chunk of any track."""
        used = sorted(span for track in self.tracks for span in track.spans())
        total = 0
        for start, end in self.media:
            reached = start
            for first, last in used:
                if last > reached and first < end:
                    total += max(0, min(first, end) - reached)
                    reached = max(reached, last)
            total += max(0, end - reached)
        return total


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _numbers(code: str, data: bytes) -> "array[int]":
    found = array(code, data)
    if sys.byteorder == "little":
        found.byteswap()
    return found
