"""What a media file from outside is, found without trusting its name or its word.

The kind is read from its first bytes by ourselves, and the structure is walked to the end, before
any library sees the file. Then a child (``look``) gets the open file and the demuxer, shut in so
that it can reach nothing else; if a decoder crashes or hangs, only the child does, and the file is
refused. What the child says is parsed as strictly as the file (``seen``).
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from packager import child, seen
from packager.errors import InputRefused
from packager.media import MediaFacts, VideoFacts
from packager.seen import Picture, Seen
from packager.traits import Traits
from packager.traits import parse as parse_traits
from packager.values import printable

CHILD = ("-m", "packager.look")
PATIENCE = 90.0  # seconds for one look; a whole day's film takes a few
SECONDS_LIMIT = 24 * 3600
_HEAD = 4096
_MOV_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid"})
_MOV_DATA = frozenset({b"moov", b"mdat", b"moof"})
_MAX_BOXES = 100_000  # a fragmented film of an hour has a few thousand
_EBML = b"\x1aE\xdf\xa3"
_SEGMENT = b"\x18S\x80g"
_TS_PACKET = 188
_PQ, _HLG = 16, 18  # transfer characteristics, ISO/IEC 23091-2
_WHOLE_RATES = (12, 15, 24, 25, 30, 48, 50, 60, 90, 100, 120)
_STANDARD_RATES = (
    *(Fraction(rate) for rate in _WHOLE_RATES),
    *(Fraction(rate * 1000, 1001) for rate in (24, 30, 60, 120)),
)
_SAME_RATE = Fraction(1, 2500)  # 24 and 24000/1001 are 1/1000 apart
_STEADY = Fraction(1, 5)  # of a frame: how far steps between pictures may differ
_CONVERT = "convert it to MP4 (H.264, AAC) with a tool you trust, then try again"
_EXPORT = "copy or export it again from where it came; it must play to its end"


@dataclass(frozen=True, slots=True)
class Tracks:
    """Where picture and sound stand among all streams of a file, counted from 0."""

    picture: int
    sound: int | None


def facts(untrusted_path: Path) -> MediaFacts:
    """What the film or sound in a file is; raises InputRefused for one that is not whole."""
    with _opened(untrusted_path) as file:
        demuxer = _demuxer(file)
        size = file.seek(0, os.SEEK_END)
        return _facts(_looked(file, demuxer, size), demuxer, size)


def tracks(untrusted_path: Path) -> Tracks:
    """The order of the streams; raises InputRefused as ``facts`` does."""
    with _opened(untrusted_path) as file:
        demuxer = _demuxer(file)
        found = _looked(file, demuxer, file.seek(0, os.SEEK_END))
        if found.picture is None:
            raise InputRefused("it holds no picture", _CONVERT)
        return Tracks(found.picture.index, found.sound_index)


@contextmanager
def looking(untrusted_path: Path) -> Iterator[Callable[[], tuple[MediaFacts, Traits]]]:
    """Look at a file from all sides, in one child; what comes back waits for it.

    The traits are tags, chapters, streams and bytes over time. Raises InputRefused as ``facts``
    does.
    """
    with _opened(untrusted_path) as file:
        demuxer = _demuxer(file)
        size = file.seek(0, os.SEEK_END)
        _check_whole(file, demuxer, size)
        with child.decoding((*CHILD, demuxer, "facts", "traits"), file, PATIENCE) as said:
            yield lambda: _both(said(), demuxer, size)


def _both(untrusted_text: str, demuxer: str, size: int) -> tuple[MediaFacts, Traits]:
    first, _, second = untrusted_text.partition("\n")
    return _facts(_bounded(first), demuxer, size), parse_traits(second)


def _looked(file: BinaryIO, demuxer: str, size: int) -> Seen:
    """What the child sees in a whole file; one that was not touched since is looked at once."""
    now = os.fstat(file.fileno())
    state = (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    if (state, demuxer) not in _SEEN:
        if len(_SEEN) >= _REMEMBERED:
            _SEEN.clear()
        _SEEN[state, demuxer] = _look(file, demuxer, size)
    return _SEEN[state, demuxer]


_REMEMBERED = 64
_SEEN: dict[tuple[tuple[int, ...], str], Seen] = {}


def _look(file: BinaryIO, demuxer: str, size: int) -> Seen:
    _check_whole(file, demuxer, size)
    return _bounded(child.decode((*CHILD, demuxer, "facts"), file, PATIENCE))


def _bounded(untrusted_text: str) -> Seen:
    found = seen.parse(untrusted_text)
    if found.streams > seen.MAX_STREAMS:
        raise InputRefused(f"it holds {found.streams} streams, over {seen.MAX_STREAMS}", _CONVERT)
    return found


@contextmanager
def _opened(untrusted_path: Path) -> Iterator[BinaryIO]:
    """A regular file, opened so that no link is followed and no pipe can make us wait."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    name = printable(untrusted_path.name)
    try:
        handle = os.open(untrusted_path, flags)
    except OSError as error:
        raise InputRefused(
            f"cannot open {name}: {error.strerror or 'no reason given'}",
            "give a plain file: no folder, link, pipe or device",
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise InputRefused(f"{name} is not a plain file", "no folder, link, pipe or device")
    with os.fdopen(handle, "rb") as file:
        try:
            yield file
        except InputRefused as refusal:
            raise InputRefused(f"{name}: {refusal.fact}", *refusal.hints) from refusal.__cause__


def _demuxer(file: BinaryIO) -> str:
    return demuxer_of(file.read(_HEAD))


def demuxer_of(head: bytes) -> str:
    """The demuxer for what a file starts with; its first 4 KiB decide."""
    if not head:
        raise InputRefused("the file is empty", _EXPORT)
    if head[4:8] in _MOV_BOXES:
        return "mov"
    for magic, offset, demuxer in (
        (_EBML, 0, "matroska"),
        (b"AVI ", 8, "avi"),
        (b"WAVE", 8, "wav"),
        (b"fLaC", 0, "flac"),
        (b"OggS", 0, "ogg"),
        (b"ID3", 0, "mp3"),
    ):
        if head.startswith(magic, offset) and (offset == 0 or head.startswith(b"RIFF")):
            return demuxer
    if len(head) > 2 * _TS_PACKET and set(head[::_TS_PACKET]) == {0x47}:
        return "mpegts"
    if head[0] == 0xFF and head[1:2] >= b"\xe2" and (head[1] & 0xE6) == 0xE2:  # noqa: PLR2004 -- layer III
        return "mp3"
    raise InputRefused("this is no film or sound of a kind that is taken", _CONVERT)


def _check_whole(file: BinaryIO, demuxer: str, size: int) -> None:
    """Refuse a file whose own sizes say that its end is missing."""
    if demuxer == "mov":
        _check_boxes(file, size)
    elif demuxer == "matroska":
        _check_segment(file, size)
    elif demuxer in {"avi", "wav"}:
        file.seek(4)
        if int.from_bytes(file.read(4), "little") + 8 > size + 1:
            raise _cut()


def _check_boxes(file: BinaryIO, size: int) -> None:
    """Walk the boxes of the top level; what is no box of ours behind them is left alone."""
    position, seen = 0, set()
    for _ in range(_MAX_BOXES):
        file.seek(position)
        head = file.read(16)
        if len(head) < 8:  # noqa: PLR2004 -- size and name of a box
            break
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - position
        if kind not in _MOV_BOXES | _MOV_DATA and position + length > size:
            break
        if length < 8 or position + length > size:  # noqa: PLR2004 -- as above
            raise _cut()
        seen.add(kind)
        position += length
    if b"moov" not in seen:
        raise InputRefused(
            "the film has no index (moov): its recording was broken off, or its end is missing",
            _EXPORT,
        )


def _check_segment(file: BinaryIO, size: int) -> None:
    """Hold the size of EBML header and Segment against the file's."""
    file.seek(0)
    head = file.read(_HEAD)
    start = 4
    length, width = _ebml_size(head, start)
    start += width + (length or 0)
    if length is None or head[start : start + 4] != _SEGMENT:
        raise InputRefused("the file has no Matroska segment", _CONVERT)
    length, width = _ebml_size(head, start + 4)
    if length is not None and start + 4 + width + length > size:
        raise _cut()


def _ebml_size(data: bytes, position: int) -> tuple[int | None, int]:
    """A size (None: not known) and how many bytes it is written in."""
    first = data[position] if position < len(data) else 0
    width = 9 - first.bit_length()
    if first == 0 or position + width > len(data):
        raise _cut()
    value = int.from_bytes(data[position : position + width], "big") & ((1 << 7 * width) - 1)
    return (None if value == (1 << 7 * width) - 1 else value), width


def _cut() -> InputRefused:
    return InputRefused("the file is cut short: it holds less than it says", _EXPORT)


def _facts(found: Seen, demuxer: str, size: int) -> MediaFacts:
    if not found.picture and not found.sounds:
        raise InputRefused("it holds neither a picture nor a sound", _CONVERT)
    video = _video_facts(found.picture) if found.picture else None
    if found.duration <= 0 or found.duration > SECONDS_LIMIT:
        raise InputRefused(
            "its length is not known" if found.duration <= 0 else "it is over a day", _EXPORT
        )
    return MediaFacts(demuxer, found.duration, size, video, found.sound)


def _video_facts(picture: Picture) -> VideoFacts:
    width, height = picture.width, picture.height
    if min(width, height) < seen.LEAST_SIDE or width * height > seen.MAX_PIXELS:
        raise InputRefused(
            f"its picture of {width}x{height} is not between 16x16 and 40 megapixels", _CONVERT
        )
    if picture.rotation is None:
        raise InputRefused("no picture of it can be decoded", _EXPORT)
    clock = picture.clock or Fraction(1, 1000)
    rate, variable = _rate(picture.average, clock, picture.stamps)
    return VideoFacts(
        codec=picture.codec,
        pixel_format=picture.pixel_format,
        width=width,
        height=height,
        rotation=picture.rotation,
        sample_aspect=picture.aspect or Fraction(1),
        rate=rate,
        variable_rate=variable,
        hdr=picture.transfer in {_PQ, _HLG},
        profile=picture.profile,
        time_base=clock,
        trimmed=picture.trimmed,
        margin=picture.margin,
    )


def _rate(average: Fraction, tick: Fraction, stamps: tuple[int, ...]) -> tuple[Fraction, bool]:
    """Pictures a second, and whether the steps between them differ."""
    steps = [b - a for a, b in pairwise(stamps)]
    steps = steps[: max(1, len(steps) - 16)]  # pictures yet to come may fall between the last
    if not steps or not sum(steps):
        return _standard(average or Fraction(25)), False
    usual = 1 / (Fraction(sum(steps), len(steps)) * tick)
    average = average or usual
    room = max(_STEADY / (average * tick), Fraction(2))
    uneven = max(steps) - min(steps) > room
    drifts = abs(usual - average) > average / 50
    return _standard(average), uneven or drifts


def _standard(rate: Fraction) -> Fraction:
    """The standard rate that ``rate`` means, or itself."""
    for standard in _STANDARD_RATES:
        if abs(rate - standard) <= standard * _SAME_RATE:
            return standard
    return rate.limit_denominator(1001)
