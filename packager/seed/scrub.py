"""Read again what is held: a disk that rots changes bytes without any date.

libtorrent does not look at them before a peer asks, and then serves what it finds.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha1, sha256
from pathlib import Path

from packager import files, merkle
from packager.errors import PackagerError
from packager.seed import pieces
from packager.torrent import FileHashes, Kind, Metainfo
from packager.values import Digest


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch that was read: how many bytes, and whether they are as the torrent says."""

    length: int
    good: bool


def reread(metainfo: Metainfo, content: Path) -> Iterator[Piece]:
    """Every piece of a release, from the disk; a file that cannot be read is not good."""
    try:
        yield from _v2(metainfo, content) if metainfo.kind is Kind.V2 else _v1(metainfo, content)
    except (OSError, PackagerError):
        yield Piece(0, good=False)


def _v1(metainfo: Metainfo, content: Path) -> Iterator[Piece]:
    length = metainfo.piece_length
    total = max(place.start + place.length for place in pieces.places(metainfo))
    count = -(-total // length)
    with ExitStack() as stack:
        places = [one for one in pieces.places(metainfo) if one.length]
        opened: dict[str, int] = {}
        for number in range(count):
            start, end = number * length, (number + 1) * length
            data = bytearray()
            for place in places:
                first, last = max(start, place.start), min(end, place.start + place.length)
                if first < last:
                    data += bytes(first - start - len(data))  # padding between files
                    if place.path not in opened:
                        opened[place.path] = _open(content / place.path)
                        stack.callback(os.close, opened[place.path])
                    data += _read(opened[place.path], last - first, first - place.start)
            if metainfo.kind is Kind.HYBRID and len(metainfo.files) > 1:
                data += bytes(length - len(data))
            wanted = metainfo.pieces[20 * number : 20 * number + 20]
            yield Piece(len(data), sha1(data, usedforsecurity=False).digest() == wanted)


def _v2(metainfo: Metainfo, content: Path) -> Iterator[Piece]:
    for file in metainfo.files:
        if file.length:
            descriptor = _open(content / file.path)
            try:
                yield from _v2_file(file, descriptor, metainfo.piece_length)
            finally:
                os.close(descriptor)


def _v2_file(file: FileHashes, descriptor: int, length: int) -> Iterator[Piece]:
    for number in range(-(-file.length // length)):
        data = _read(descriptor, min(length, file.length - number * length), number * length)
        leaves = [
            Digest(sha256(data[at : at + merkle.BLOCK]).digest())
            for at in range(0, len(data), merkle.BLOCK)
        ]
        if file.layer:
            (node,) = merkle.layer(leaves, length // merkle.BLOCK)
            yield Piece(len(data), node == file.layer[number])
        else:
            yield Piece(len(data), merkle.root(leaves) == file.root)


def _open(path: Path) -> int:
    descriptor = files.open_plain(path)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)  # the disk's bytes, not the memory's
    return descriptor


def _read(descriptor: int, length: int, at: int) -> bytes:
    """Exactly ``length`` bytes; OSError where the file has fewer."""
    parts = bytearray()
    while len(parts) < length:
        part = os.pread(descriptor, length - len(parts), at + len(parts))
        if not part:
            raise OSError(at)
        parts += part
    return bytes(parts)
