"""Look into a media file with every wall up: the child that ``probe`` starts.

The file is its stdin, already open; it can open no other one, start nothing and reach nobody, so
what a decoder is tricked into does no harm. It prints a JSON object, in a line of its own, for each
task it is given: for ``seen``, ``traits`` or ``traces`` to judge.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from typing import Any, BinaryIO

import av
import av.container
import av.index
import av.stream
import av.subtitles.codeccontext  # behind the walls nothing more can be imported
import av.subtitles.stream
import av.subtitles.subtitle
from av.stream import Disposition

from packager import listing, seen, traits, walls

FACTS, TRAITS, LISTING = "facts", "traits", "listing"
_TAGS: dict[str, Any] = (  # bytes that are no text; since 19 it hands them on, for `main` to drop
    {"metadata_errors": "ignore"} if int(av.__version__.partition(".")[0]) < 19 else {}  # noqa: PLR2004
)
_MOST = {"AS": 3 << 30, "CPU": 60, "FSIZE": 1 << 20, "NOFILE": 16}


class _ReferenceError(Exception):
    """The file asks for another one."""


def main(demuxer: str, *tasks: str) -> None:
    """Answer for the file at stdin, of which ``demuxer`` is the kind."""
    walls.stand_behind(limits=_MOST, opens=False)
    with os.fdopen(0, "rb") as file:
        for task in tasks:
            said = json.dumps(look(file, demuxer, task), ensure_ascii=False)
            sys.stdout.buffer.write(said.encode("utf-8", "ignore") + b"\n")


def look(file: BinaryIO, demuxer: str, task: str = FACTS) -> dict[str, object]:
    """The answer for an open file; ``task`` is ``FACTS``, ``TRAITS`` or ``LISTING``."""
    file.seek(0)
    try:
        with av.open(file, "r", format=demuxer, io_open=_refuse, **_TAGS) as media:
            if task == LISTING:
                return listing.listed(media)
            return _traits(media) if task == TRAITS else _answer(media)
    except _ReferenceError as asked:
        return {"problem": seen.REFERENCE, "of": str(asked)}
    except (av.error.FFmpegError, ValueError, EOFError, MemoryError):
        return {"problem": seen.DAMAGED}


def _refuse(url: str, flags: int, options: dict[str, str]) -> BinaryIO:
    """What answers when a file asks for another one."""
    del flags, options
    raise _ReferenceError(url[:80])


def _answer(media: av.container.InputContainer) -> dict[str, object]:
    pictures = [
        stream
        for stream in media.streams.video
        if _known(stream) and not stream.disposition & Disposition.attached_pic
    ]
    sounds = [stream for stream in media.streams.audio if _known(stream)]
    if _hides(pictures) or _hides(sounds):
        return {"problem": seen.HIDDEN}
    first = next(iter(media.streams.audio), None)
    return {
        "duration": media.duration or 0,
        "streams": len(media.streams),
        "picture": _picture(media, pictures[0]) if pictures else None,
        "sounds": len(sounds),
        "sound": _sound(sounds[0]) if sounds else None,
        "track": {"index": first.index} if first else None,
    }


def _known(stream: av.VideoStream | av.AudioStream) -> bool:
    """Whether a decoder exists; the library's types do not tell that it may be missing."""
    return getattr(stream, "codec_context", None) is not None


def _hides(streams: Sequence[av.VideoStream | av.AudioStream]) -> bool:
    """Whether players take another stream than the first: an editor may leave the original so."""
    shown = [bool(stream.disposition & Disposition.default) for stream in streams]
    return any(shown) and not shown[0]


def _ratio(value: Fraction | None) -> str:
    return f"{value.numerator}/{value.denominator}" if value else "0/1"


def _sound(stream: av.AudioStream) -> dict[str, object] | None:
    context = stream.codec_context
    if not context.sample_rate or not context.layout.nb_channels:
        return None
    return {
        "codec": context.name,
        "rate": context.sample_rate,
        "channels": context.layout.nb_channels,
        "layout": context.layout.name,
        "profile": str(stream.profile or ""),
    }


def _picture(media: av.container.InputContainer, stream: av.VideoStream) -> dict[str, object]:
    context = stream.codec_context
    width, height = context.width, context.height
    fits = min(width, height) >= seen.LEAST_SIDE and width * height <= seen.MAX_PIXELS
    stamps, rotation = _decoded(media, stream) if fits else ([], -1)
    return {
        "index": stream.index,
        "codec": context.name,
        "pixel_format": context.pix_fmt or "",
        "profile": str(stream.profile or ""),
        "width": width,
        "height": height,
        "aspect": _ratio(stream.sample_aspect_ratio),
        "clock": _ratio(stream.time_base),
        "average": _ratio(stream.average_rate or stream.guessed_rate),
        "transfer": int(context.color_trc or 0),
        "rotation": rotation,
        "stamps": stamps,
        "trimmed": int(any(entry.is_discard for entry in stream.index_entries)),
        "margin": max(0, context.coded_width - width, context.coded_height - height),
    }


def _decoded(media: av.container.InputContainer, stream: av.VideoStream) -> tuple[list[int], int]:
    """Times of the first pictures, and how a player turns them (-1: none can be decoded)."""
    stamps: list[int] = []
    rotation = -1
    stream.thread_count = 1
    for packet in media.demux(stream):
        if packet.pts is not None:
            stamps.append(packet.pts)
        if rotation == -1:
            with suppress(av.error.InvalidDataError):  # a camera may start between key frames
                for frame in packet.decode():
                    rotation = round(-frame.rotation / 90) * 90 % 360
        if len(stamps) >= seen.LOOKED_AT:
            break
    return stamps, rotation


def _traits(media: av.container.InputContainer) -> dict[str, object]:
    return {
        "tags": _tags(media.metadata),
        "streams": [_stream(stream) for stream in islice(media.streams, traits.MAX_STREAMS)],
        "chapters": [_chapter(one) for one in islice(media.chapters(), traits.MAX_CHAPTERS)],
        "windows": _windows(media),
    }


def _tags(found: dict[str, str]) -> dict[str, str]:
    most = traits.MAX_TEXT
    return {key[:most]: value[:most] for key, value in islice(found.items(), traits.MAX_TAGS)}


def _stream(stream: av.stream.Stream) -> dict[str, object]:
    context = getattr(stream, "codec_context", None)
    cover = stream.type == "video" and bool(stream.disposition & Disposition.attached_pic)
    return {
        "kind": str(stream.type),
        "codec": getattr(context, "name", ""),
        "profile": str(getattr(stream, "profile", None) or ""),
        "level": _level(getattr(context, "name", ""), getattr(context, "extradata", None)),
        "cover": cover,
        "width": getattr(context, "width", 0) or 0,
        "height": getattr(context, "height", 0) or 0,
        "tags": _tags(stream.metadata),
    }


def _level(codec: str, extra: bytes | None) -> int:
    """Ten times the level that the codec's own header states; 0 where there is none."""
    at, steps = {"h264": (3, 1), "hevc": (12, 3)}.get(codec, (0, 1))
    if not at or extra is None or extra[:1] != b"\1" or len(extra) <= at:
        return 0
    return extra[at] // steps


def _chapter(one: "av.container.core.Chapter") -> dict[str, object]:
    start = Fraction(one["start"]) * Fraction(one["time_base"] or 0)
    title = one["metadata"].get("title", "")
    return {"start": max(0, int(start * 1_000_000)), "title": title[: traits.MAX_TEXT]}


def _windows(media: av.container.InputContainer) -> list[int]:
    """Bytes of the picture, or else of the sound, in each stretch of ``WINDOW`` seconds."""
    moving = [s for s in media.streams.video if not s.disposition & Disposition.attached_pic]
    played: list[av.VideoStream | av.AudioStream] = [*moving, *media.streams.audio]
    stream = next(iter(played), None)
    if stream is None or not stream.time_base:
        return []
    sums: list[int] = []
    length = traits.WINDOW / stream.time_base
    for stamp, size in _packets(media, stream):
        at = int(stamp / length) if stamp > 0 else 0
        if at < traits.MAX_WINDOWS:
            sums.extend([0] * (at + 1 - len(sums)))
            sums[at] += size
    return sums


def _packets(
    media: av.container.InputContainer, stream: av.VideoStream | av.AudioStream
) -> Iterator[tuple[int, int]]:
    """Time and size of every packet: from the index where that has all, else by reading."""
    if stream.frames and len(stream.index_entries) >= stream.frames:
        for entry in stream.index_entries:
            yield entry.timestamp, entry.size
        return
    with suppress(av.error.FFmpegError):
        for packet in media.demux(stream):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if stamp is not None:
                yield stamp, packet.size


if __name__ == "__main__":
    main(*sys.argv[1:])
