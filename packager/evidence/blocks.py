"""Look at the bytes of a media file: how much its payload carries, and which encoders it names.

A gibibyte takes one or two seconds: see ``picture.greys``.
"""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce

from packager import container
from packager.audit.facts import Noise
from packager.audit.noise import BLOCK, LEAST, RUN
from packager.container import Kind, mkv, mp4
from packager.picture import greys

_SIDE = 256
_CHUNK = 64 * BLOCK
_MARKED = 8 * 1024 * 1024  # bytes looked at for names, from the start and from the end
_CLUSTER = bytes.fromhex("1f43b675")
_MAX_PARTS = 1_000_000
_ID3 = 10  # bytes of its header
_NAMES = re.compile(
    rb"Lav[cf]\d+\.\d+\.\d+|x26[45] - core \d+|x265 \(build \d+\)|HandBrake|Core Media|"
    rb"com\.apple\.quicktime|com\.android|GoPro AVC|DJI\.\w+"
)
_SAME = re.compile(rb"(.)\1{%d}" % (RUN - 1), re.DOTALL)
_ZEROS = bytes(RUN)


@dataclass(frozen=True, slots=True)
class _Span:
    """Payload from ``start`` to ``end``."""

    start: int
    end: int


def noise(descriptor: int, size: int) -> Noise | None:
    """The payload of an open file in blocks; None where it has none, or none is known."""
    spans = list(_payload(descriptor, size))
    starts = [
        (at, min(_CHUNK, span.end - at))
        for span in spans
        for at in range(span.start, span.end, _CHUNK)
    ]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = list(pool.map(lambda place: _chunk(descriptor, *place), starts))
    return reduce(_both, found) if found else None


def marks(descriptor: int, size: int) -> tuple[str, ...]:
    """Names of encoders in the first and last bytes of an open file, each once."""
    head = os.pread(descriptor, _MARKED, 0)
    tail = os.pread(descriptor, _MARKED, max(_MARKED, size - _MARKED)) if size > _MARKED else b""
    found = (*_NAMES.findall(head), *_NAMES.findall(tail))
    return tuple(dict.fromkeys(name.decode("ascii", "replace") for name in found))


def _chunk(descriptor: int, start: int, length: int) -> Noise:
    data = os.pread(descriptor, length, start)
    at = data.find(_ZEROS)
    run = start + at if at >= 0 else None
    dull, least, first, blocks = 0, 8.0, None, 0
    for offset in range(0, len(data) - BLOCK + 1, BLOCK):
        block = data[offset : offset + BLOCK]
        blocks += 1
        bits = greys.entropy(block, _SIDE)
        least = min(least, bits)
        if bits < LEAST:
            dull += 1
            first = start + offset if first is None else first
            if run is None and (same := _SAME.search(block)):
                run = start + offset + same.start()
    return Noise(blocks, dull, least, first, run)


def _both(one: Noise, two: Noise) -> Noise:
    return Noise(
        one.blocks + two.blocks,
        one.dull + two.dull,
        min(one.least, two.least),
        one.first if one.first is not None else two.first,
        one.run if one.run is not None else two.run,
    )


def _payload(descriptor: int, size: int) -> Iterator[_Span]:
    """Where picture and sound stand; the seal and the tables of a file are no payload."""

    def read_at(offset: int, length: int) -> bytes:
        return os.pread(descriptor, length, offset) if offset < size else b""

    kind = container.kind_of(read_at(0, container.HEAD))
    if kind is Kind.MP4:
        yield from _boxes(read_at, size)
    elif kind is Kind.MKV:
        yield from _clusters(read_at, size)
    elif kind is Kind.MP3:
        slots = container.walk(kind, read_at, size).slots
        yield _Span(_after_id3(read_at(0, _ID3)), slots[-1].start if slots else size)


def _boxes(read_at: container.ReadAt, size: int) -> Iterator[_Span]:
    at = 0
    for _ in range(_MAX_PARTS):
        kind, length, head = mp4.box(read_at, at)
        if not kind or length <= 0 or at >= size:
            return
        if kind == b"mdat":
            yield _Span(at + head, min(at + length, size))
        at += length


def _clusters(read_at: container.ReadAt, size: int) -> Iterator[_Span]:
    """One span for clusters that follow each other: some are smaller than a block."""
    at, _, head = mkv.segment(read_at)
    at += head
    start: int | None = None
    for _ in range(_MAX_PARTS if head else 0):
        identity, length, head = mkv.element(read_at, at)
        over = not identity or length is None or at >= size
        if identity == _CLUSTER and not over:
            start = at if start is None else start
        elif start is not None:
            yield _Span(start, min(at, size))
            start = None
        if over:
            return
        at += head + (length or 0)


def _after_id3(head: bytes) -> int:
    """The length of an ID3v2 tag with its header: seven bits a byte."""
    if not head.startswith(b"ID3") or len(head) < _ID3:
        return 0
    return _ID3 + sum(
        (byte & 0x7F) << shift for byte, shift in zip(head[6:_ID3], (21, 14, 7, 0), strict=True)
    )
