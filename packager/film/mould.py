"""Pieces of our own that fit a copied film: same size, clock, order of streams and sound.

HEVC is kept in MPEG-TS, picture only: see ``join``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg, probe
from packager.clip import Clip
from packager.disguise.items import FilmItem, Part, PartKind
from packager.errors import InputRefused
from packager.ffmpeg import Job, Stream
from packager.film import encoding, graph, pieces
from packager.film.graph import Picture
from packager.film.materials import Materials
from packager.probe import Tracks

HEVC = "hevc"
DEEP = "yuv420p10le"  # 4:2:0 of 10 bits
_ORDERS = frozenset({(0, None), (0, 1), (1, 0)})  # of picture and sound in their file
REST = Fraction(1, 4)  # seconds after a clip, for the same reason as the next
_BREATH = Fraction(3, 10)  # seconds without a picture before a clip, whose first ones reach back
_PAGES_SLOWER = 5  # pages stand still; so many times fewer pictures are quicker made
_FINE = Fraction(60)  # pictures a second, a grid on which uneven ones find their places
_SOUND_FROM = Fraction(1, 10)  # an encoder's first packet starts early
_SOUND_UNTIL = Fraction(1, 5)  # before the end of the piece, as the next one's may
_AAC_FRAME = 1024  # samples
_LIGHT = {"refs": 1, "bf": 0}
# the first piece reorders as cameras do, or times behind the seam are guessed wrongly
_FIRST = _LIGHT | {"bf": 2, "b-pyramid": "normal"}
# the same two for x265; the reordering is in the header, whatever the pictures are
_HEVC_LIGHT = {"bframes": 0}
_HEVC_FIRST = {"bframes": 2, "b-pyramid": 1}
_KINDS = {"mp4": "mp4", "mkv": "matroska", "ts": "mpegts"}


@dataclass(frozen=True, slots=True)
class Mould:
    """What a piece must be like; its sound is silence that nobody will hear."""

    picture: Picture
    demuxer: str
    clock: int  # ticks a second of an MP4's picture
    tracks: Tracks
    codec: str = "h264"
    pixel_format: str = "yuv420p"

    @property
    def suffix(self) -> str:
        """The ending of a piece's file; pieces are kept in the same kind of file as the clips."""
        if self.codec == HEVC:
            return "ts"
        return "mp4" if self.demuxer == "mov" else "mkv"


def cast(clips: Sequence[Clip]) -> Mould:
    """The mould of clips that agree in their pictures; InputRefused if their order differs."""
    first = clips[0]
    if first.video.codec == HEVC:
        return _hevc(first)
    tracks = [probe.tracks(clip.untrusted_path) for clip in clips]
    orders = {(one.picture, one.sound) for one in tracks}
    if len(orders) > 1 or not orders <= _ORDERS:
        raise InputRefused(
            "the film cannot be copied: its streams stand in an unusual order",
            "leave out --copy: then the film is encoded anew",
        )
    ticks = first.video.time_base.denominator
    return Mould(_picture(first), first.facts.demuxer, ticks, tracks[0])


def _hevc(first: Clip) -> Mould:
    """Without sound: that of all parts is encoded in one, beside the pictures."""
    deep = DEEP if first.video.pixel_format == DEEP else "yuv420p"
    return Mould(_picture(first), "mpegts", 0, Tracks(0, None), HEVC, deep)


def _picture(first: Clip) -> Picture:
    video = first.video
    return Picture(
        video.width,
        video.height,
        _rate(first),
        aspect=video.sample_aspect,
        colour="unknown",
        range="pc" if video.pixel_format == "yuvj420p" else "tv",
    )


def rate(item: FilmItem, materials: Materials) -> Fraction:
    """Pictures a second of our pieces."""
    reports = (part for part in item.parts if part.kind is PartKind.REPORT)
    clip = next((clip for part in reports if (clip := materials.clip(part))), None)
    return _rate(clip) if clip else Fraction(25)


def _rate(first: Clip) -> Fraction:
    """That of the clip; players take the first piece's for the film's, so not a rough one."""
    return _FINE if first.video.variable_rate else first.video.rate


def lay(mould: Mould, index: int, clip: Clip, work: Path) -> str:
    """Put the clip of a part, its packets as they are, into the work folder; the file's name."""
    name = f"clip{index}.{mould.suffix}"
    if mould.codec != HEVC:
        ffmpeg.stand_in(clip.untrusted_path, work / name)
        return name
    output = builder.output(
        ffmpeg.source(clip.untrusted_path, clip.facts.demuxer)["V:0"],
        name,
        format=_KINDS[mould.suffix],
        **{"c:v": "copy", "bsf:v": f"hevc_mp4toannexb,{encoding.picture_only(HEVC)}"},
        fflags="+bitexact",
        map_metadata=-1,
        map_chapters=-1,
    )
    ffmpeg.run(output, work=work, seconds=clip.facts.duration)
    return name


def piece(mould: Mould, index: int) -> str:
    """The name in the work folder of the piece for a part that is not copied."""
    return f"piece{index}.{mould.suffix}"


@contextmanager
def filling(
    mould: Mould, index: int, part: Part, materials: Materials, *, before_clip: bool, work: Path
) -> Iterator[Job]:
    """The making of that piece, under way."""
    name = piece(mould, index)
    picture, sound = _streams(mould, index, part, materials, before_clip=before_clip)
    if mould.pixel_format == DEEP:
        picture = picture.filter("scale", flags=graph.SCALING).filter("format", DEEP)
    ordered = [picture] if mould.tracks.sound is None else [picture, sound]
    if mould.tracks.picture:
        ordered.reverse()
    clock = {"video_track_timescale": mould.clock} if mould.demuxer == "mov" else {}
    output = builder.output(
        *ordered,
        name,
        format=_KINDS[mould.suffix],
        **_encoder(mould, index),
        **(encoding.AAC if len(ordered) > 1 else {}),
        **clock,
        fflags="+bitexact",
        map_metadata=-1,
        map_chapters=-1,
    )
    clip = materials.clip(part)
    seconds = clip.facts.duration if clip else materials.length(index, part)
    with ffmpeg.begun(output, work=work, seconds=seconds) as job:
        yield job


def _encoder(mould: Mould, index: int) -> dict[str, object]:
    if mould.codec != HEVC:
        return encoding.h264(mould.picture, **(_LIGHT if index else _FIRST))
    order = _HEVC_LIGHT if index else _HEVC_FIRST
    return encoding.hevc(mould.picture, mould.pixel_format, order)


def _streams(
    mould: Mould, index: int, part: Part, materials: Materials, *, before_clip: bool
) -> tuple[Stream, Stream]:
    clip, shape = materials.clip(part), mould.picture
    if clip is not None:
        return graph.clip_picture(index, clip, shape), _quiet(index, Fraction(1))
    if index:  # not the first piece: by that players judge the rate of the whole
        shape = replace(shape, rate=shape.rate / _PAGES_SLOWER)
    length = shown = materials.length(index, part)
    if before_clip:
        shown = max(length - ceil(_BREATH * shape.rate) / shape.rate, 1 / shape.rate)
    script = pieces.script(materials, index)
    if index in materials.shows:
        picture = graph.slides(pieces.listing(index), script, shown, shape)
    elif part.kind is PartKind.POSTER:
        picture = graph.poster(pieces.BACKDROP, script, shown, shape)
    else:
        picture = graph.page(index, script, shown, shape)
    return picture, _quiet(index, length)


def _quiet(index: int, length: Fraction) -> Stream:
    """Silence a little shorter than its piece at both ends, in whole AAC frames."""
    frames = (length - _SOUND_FROM - _SOUND_UNTIL) * graph.SAMPLE_RATE // _AAC_FRAME
    source = ffmpeg.drawn(f"anullsrc@{index}=r={graph.SAMPLE_RATE}:cl=stereo")
    return source.filter("atrim", end_sample=max(1, int(frames)) * _AAC_FRAME).filter(
        "asetpts", f"PTS+{float(_SOUND_FROM)}/TB"
    )
