"""JPEG and PNG: nothing but the parts that make the picture, each as long as it must be.

What a JPEG's compressed data show is not decoded; a PNG's are unpacked and counted.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from packager.safety.finding import Found, Source, hidden

MAX_PIXELS = 40_000_000
_JPEG = b"\xff\xd8"
_JPEG_END = b"\xff\xd9"
_QUANTISERS, _HUFFMAN, _RESTART, _SCAN = 0xDB, 0xC4, 0xDD, 0xDA
_JFIF, _ADOBE = 0xE0, 0xEE
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive; Huffman coded
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")
_MAX_SCANS = 100
_MAX_WORK = 600_000_000  # pixels of all scans together: viewers draw each of them over the whole
_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_LENGTHS = {b"gAMA": {4}, b"cHRM": {32}, b"sRGB": {1}, b"sBIT": {1, 2, 3, 4}, b"pHYs": {9}}
_LENGTHS |= {b"bKGD": {1, 2, 6}, b"IEND": {0}, b"IHDR": {13}}
_PALETTES = {b"PLTE": 768, b"tRNS": 256}
_PASSES = (  # Adam7: first column, first row, and the steps between them
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_PORTION = 1024 * 1024


def jpeg(source: Source) -> Iterator[Found]:
    """Judge a ``.jpg``."""
    if found := _jpeg(source.whole()):
        yield hidden(found)


def png(source: Source) -> Iterator[Found]:
    """Judge a ``.png``."""
    if found := _png(source.whole()):
        yield hidden(found)


def problem(data: bytes) -> str | None:
    """What is in a picture inside another file besides the picture, or that it is none."""
    if data.startswith(_PNG):
        return _png(data)
    return _jpeg(data) if data.startswith(_JPEG) else "it is neither a JPEG nor a PNG"


def _png(data: bytes) -> str | None:
    at, size, packed, seen = len(_PNG), 0, [], [b""]
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        check = data[at + 8 + length : at + 12 + length]
        if zlib.crc32(kind + body).to_bytes(4, "big") != check:
            return "the PNG is damaged or breaks off"
        again = kind in seen and not (kind == b"IDAT" and seen[-1] == kind)
        if again or (kind == b"IHDR") != (seen == [b""]) or not _fits(kind, length):
            return f"a PNG part that pictures do not need, or not there: {kind!r}"
        if kind == b"IHDR":
            size = _unpacked_size(body)
        elif kind == b"IDAT":
            packed.append(body)
        seen.append(kind)
        at += 12 + length
        if kind == b"IEND":
            break
    if seen[-1] != b"IEND" or at != len(data):
        return "something follows the PNG's end, or it breaks off"
    return (
        None if size and _unpacks_to(b"".join(packed), size) else "the PNG holds no whole picture"
    )


def _fits(kind: bytes, length: int) -> bool:
    if kind in _PALETTES:
        return 0 < length <= _PALETTES[kind]
    return kind == b"IDAT" or length in _LENGTHS.get(kind, ())


def _unpacked_size(head: bytes) -> int:
    """Bytes of the unpacked picture, with one for the filter of each row; 0 for none allowed."""
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    depth, colour, method, filters, interlaced = head[8:13]
    known = depth in _DEPTHS.get(colour, ()) and not method | filters and interlaced <= 1
    if not known or not 0 < width * height <= MAX_PIXELS:
        return 0
    bits = depth * _CHANNELS[colour]
    total = 0
    for left, top, right, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // right), -(-(height - top) // down)
        if columns > 0 < rows:
            total += rows * (1 + -(-columns * bits // 8))
    return total


def _unpacks_to(packed: bytes, size: int) -> bool:
    unpacker = zlib.decompressobj()
    try:
        while packed and not unpacker.eof:
            size -= len(unpacker.decompress(packed, _PORTION))
            packed = unpacker.unconsumed_tail
            if size < 0:
                return False
        size -= len(unpacker.flush()) if not unpacker.eof else 0
    except zlib.error:
        return False
    return size == 0 and unpacker.eof and not unpacker.unused_data


@dataclass(slots=True)
class _Jpeg:
    """How far the markers were read."""

    frames: int = 0
    scans: int = 0
    pixels: int = 0
    problem: str = ""


def _jpeg(data: bytes) -> str | None:
    at, read = len(_JPEG), _Jpeg()
    while data[at : at + 1] == b"\xff" and data[at : at + 2] != _JPEG_END and not read.problem:
        marker = data[at + 1] if at + 1 < len(data) else 0
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:  # noqa: PLR2004 -- its own two bytes
            return "the JPEG breaks off"
        _segment(read, marker, body)
        at += 2 + length
        if marker == _SCAN:
            found = _MARKER.search(data, at)
            if found is None or found.start() == at:
                return "the JPEG breaks off"
            at = found.start()
    if read.problem:
        return read.problem
    if data[at:] != _JPEG_END:
        return "something follows the JPEG's end, or it breaks off"
    if read.scans * read.pixels > _MAX_WORK:
        return f"a large JPEG that is drawn {read.scans} times"
    return None if read.frames == 1 and read.scans else "the JPEG holds no whole picture"


def _segment(read: _Jpeg, marker: int, body: bytes) -> None:
    """Judge what stands before and between the compressed data."""
    if marker in _FRAMES:
        read.frames += 1
        height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        fits = len(body) == 6 + 3 * body[5] if len(body) > 5 else False  # noqa: PLR2004
        fits = fits and body[5] in {1, 3} and 0 < width * height <= MAX_PIXELS
        read.pixels = width * height
    elif marker == _SCAN:
        read.scans += 1
        fits = bool(body) and len(body) == 4 + 2 * body[0] and read.scans <= _MAX_SCANS
    elif marker in _TABLES:
        fits = _TABLES[marker](body)
    else:
        fits = False
    if not fits:
        read.problem = f"a JPEG part that pictures do not need, or not so (marker {marker:02x})"


def _is_jfif(body: bytes) -> bool:
    return len(body) == 14 and body.startswith(b"JFIF\0\1") and body[12:] == b"\0\0"  # noqa: PLR2004


def _is_adobe(body: bytes) -> bool:
    return len(body) == 12 and body.startswith(b"Adobe\0")  # noqa: PLR2004


def _are_quantisers(body: bytes) -> bool:
    at = 0
    while at < len(body):
        if body[at] & 0x0F > 3 or body[at] >> 4 > 1:  # noqa: PLR2004 -- four tables, two widths
            return False
        at += 1 + 64 * (1 + (body[at] >> 4))
    return at == len(body) > 0


def _are_huffman(body: bytes) -> bool:
    at = 0
    while at + 17 <= len(body):
        if body[at] & 0xEC:  # classes 0 and 1, tables 0 to 3
            return False
        at += 17 + sum(body[at + 1 : at + 17])
    return at == len(body) > 0


def _is_restart(body: bytes) -> bool:
    return len(body) == 2  # noqa: PLR2004


_TABLES = {
    _JFIF: _is_jfif,
    _ADOBE: _is_adobe,
    _QUANTISERS: _are_quantisers,
    _HUFFMAN: _are_huffman,
    _RESTART: _is_restart,
}
