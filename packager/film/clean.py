"""Wash the muxer's own marks out of a finished film, byte for byte at equal length.

Nothing is forged: names of programs become empty, tags become a Void of zeros, and the ids that
Matroska wants to be random are drawn from the variant, so that two runs make the same file.
"""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from packager.container import mkv, mp4
from packager.disguise.items import Container
from packager.errors import MachineFailed

_INFO = bytes.fromhex("1549a966")
_TRACKS = bytes.fromhex("1654ae6b")
_TRACK = bytes.fromhex("ae")
_SEEK_HEAD = bytes.fromhex("114d9b74")
_SEEK = bytes.fromhex("4dbb")
_SEEK_ID = bytes.fromhex("53ab")
_TAGS = bytes.fromhex("1254c367")
_APPLICATIONS = {bytes.fromhex("4d80"), bytes.fromhex("5741")}
_SEGMENT_UID = bytes.fromhex("73a4")
_TRACK_UID = bytes.fromhex("73c5")
_ADDITIONS = bytes.fromhex("55ee")  # MaxBlockAdditionID
_NESTED_BOXES = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_PICTURE_ENTRIES = frozenset({b"avc1", b"avc3"})
_STSD_HEAD = 8  # version, flags and count in front of the entries
_COMPRESSOR = (50, 32)  # offset in a sample entry, length


@dataclass(frozen=True, slots=True)
class _Element:
    identity: bytes
    start: int  # of the header
    body: int  # offset of the body
    end: int

    @property
    def length(self) -> int:
        return self.end - self.body


def wash(path: Path, container: Container, variant: bytes) -> None:
    """Wash the film in place; it must have been written by our ffmpeg."""
    with path.open("r+b") as file:
        if container is Container.MKV:
            _wash_mkv(file, variant)
        else:
            _wash_mp4(file)


def has_additions(path: Path) -> bool:
    """Whether a Matroska file holds data beside its blocks (BlockAdditions): ffmpeg copies them."""
    with path.open("rb") as file:
        read_at = _reader(file)
        start, length, head = mkv.segment(read_at)
        for child in _elements(read_at, start + head, start + head + (length or 0)):
            if child.identity == _TRACKS:
                return any(
                    any(read_at(most.body, most.length))
                    for track in _children(read_at, child, _TRACK)
                    for most in _children(read_at, track, _ADDITIONS)
                )
    return False


def _wash_mkv(file: BinaryIO, variant: bytes) -> None:
    read_at = _reader(file)
    start, length, head = mkv.segment(read_at)
    if not head or length is None:
        raise MachineFailed("ffmpeg wrote a Matroska file without a finished Segment")
    tracks = 0
    for child in _elements(read_at, start + head, start + head + length):
        if child.identity == _INFO:
            _wash_info(file, child, variant)
        elif child.identity == _SEEK_HEAD:
            _forget_tags(file, child)
        elif child.identity == _TAGS:
            _overwrite(file, child.start, _void(child.end - child.start))
        elif child.identity == _TRACKS:
            for track in _children(read_at, child, _TRACK):
                for uid in _children(read_at, track, _TRACK_UID):
                    tracks += 1
                    _overwrite(file, uid.body, _drawn(variant, f"track {tracks}", uid.length))


def _wash_info(file: BinaryIO, info: _Element, variant: bytes) -> None:
    for field in _elements(_reader(file), info.body, info.end):
        if field.identity in _APPLICATIONS:
            _overwrite(file, field.body, bytes(field.length))
        elif field.identity == _SEGMENT_UID:
            _overwrite(file, field.body, _drawn(variant, "segment", field.length))


def _forget_tags(file: BinaryIO, seek_head: _Element) -> None:
    """Blank the signpost to the tags, which are about to become a Void."""
    read_at = _reader(file)
    for seek in _children(read_at, seek_head, _SEEK):
        targets = [read_at(t.body, t.length) for t in _children(read_at, seek, _SEEK_ID)]
        if _TAGS in targets:
            _overwrite(file, seek.start, _void(seek.end - seek.start))


def _void(length: int) -> bytes:
    """A Void of zeros, ``length`` bytes with its header (2 to 128 bytes, or 9 and more)."""
    one_byte = 0x80
    if length - 2 < one_byte - 1:
        return mkv.VOID + bytes([one_byte | length - 2]) + bytes(length - 2)
    return mkv.header(length - mkv.HEADER_SIZE) + bytes(length - mkv.HEADER_SIZE)


def _drawn(variant: bytes, purpose: str, length: int) -> bytes:
    """An id nobody can compute who does not know the variant; never 0."""
    return hmac.digest(variant, f"matroska {purpose}".encode("ascii"), "sha256")[:length]


def _children(
    read_at: Callable[[int, int], bytes], parent: _Element, identity: bytes
) -> Iterator[_Element]:
    return (
        child for child in _elements(read_at, parent.body, parent.end) if child.identity == identity
    )


def _elements(read_at: Callable[[int, int], bytes], start: int, end: int) -> Iterator[_Element]:
    while start < end:
        identity, length, head = mkv.element(read_at, start)
        if not identity or length is None:
            raise MachineFailed("ffmpeg wrote a Matroska file with a broken element")
        yield _Element(identity, start, start + head, start + head + length)
        start += head + length


def _wash_mp4(file: BinaryIO) -> None:
    read_at = _reader(file)
    for kind, start, _ in _boxes(read_at, 0, file.seek(0, 2)):
        if kind in _PICTURE_ENTRIES:
            offset, length = _COMPRESSOR
            _overwrite(file, start + offset, bytes(length))


def _boxes(
    read_at: Callable[[int, int], bytes], start: int, end: int
) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of the boxes, those inside the index included."""
    while start < end:
        kind, length, head = mp4.box(read_at, start)
        if not kind or length == 0:
            raise MachineFailed("ffmpeg wrote an MP4 file with a broken box")
        yield kind, start, start + length
        if kind in _NESTED_BOXES:
            yield from _boxes(read_at, start + head, start + length)
        elif kind == b"stsd":
            yield from _boxes(read_at, start + head + _STSD_HEAD, start + length)
        start += length


def _reader(file: BinaryIO) -> Callable[[int, int], bytes]:
    def read_at(offset: int, length: int) -> bytes:
        file.seek(offset)
        return file.read(length)

    return read_at


def _overwrite(file: BinaryIO, offset: int, data: bytes) -> None:
    file.seek(offset)
    file.write(data)
