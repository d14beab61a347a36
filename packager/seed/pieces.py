"""Where the pieces of a torrent lie: which to fetch first, and how to read them again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packager import container
from packager.seal import MAX_PAYLOAD
from packager.seed.policy import SEALED
from packager.torrent import Kind, Metainfo, Span, v1_layout
from packager.values import RelativePath

_TAIL = MAX_PAYLOAD * 3 // 2  # a seal as text, in its element


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file starts in the stream that pieces are cut from."""

    path: RelativePath
    start: int  # bytes
    length: int


def places(metainfo: Metainfo) -> Iterator[Place]:
    """Every file, in the order of the stream; v2 files start at a piece of their own."""
    at = 0
    if metainfo.kind is Kind.V2:
        for file in metainfo.files:
            yield Place(file.path, at, file.length)
            at += -(-file.length // metainfo.piece_length) * metainfo.piece_length
        return
    lengths = {file.path: file.length for file in metainfo.files}
    spans: Iterable[Span] = (Span(file.path, file.length) for file in metainfo.files)
    if metainfo.kind is Kind.HYBRID:  # with padding between them
        spans = v1_layout(lengths, metainfo.kind, metainfo.piece_length)
    for span in spans:
        if span.path is not None:
            yield Place(span.path, at, span.length)
        at += span.length


def tails(metainfo: Metainfo) -> frozenset[int]:
    """The pieces that hold the seals of all files that can carry one, and their first bytes."""
    wanted: set[int] = set()
    for place in places(metainfo):
        if place.path.suffix in SEALED and place.length:
            wanted.update(_between(metainfo, place.start, min(place.length, container.HEAD)))
            tail = min(place.length, _TAIL)
            wanted.update(_between(metainfo, place.start + place.length - tail, tail))
    return frozenset(wanted)


def _between(metainfo: Metainfo, start: int, length: int) -> range:
    first, last = (at // metainfo.piece_length for at in (start, start + length - 1))
    return range(first, last + 1)
