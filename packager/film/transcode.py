"""The default way: everything decoded, drawn and encoded again, in one pass."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg
from packager.disguise.base import Container, Part, PartKind, Plan
from packager.ffmpeg import Stream
from packager.film import graph, pieces, sidecars
from packager.film.graph import Picture
from packager.film.materials import Materials, seconds

_HIGHEST_LEVEL = "4.0"
_SECONDS_BETWEEN_KEYS = 5


def transcode(
    plan: Plan,
    materials: Materials,
    times: tuple[Fraction, ...],
    work: Path,
    target: str,
    progress: Callable[[float], None],
) -> None:
    """Make the film ``target`` in the folder ``work``."""
    shape = _shape(plan, materials)
    streams: list[Stream] = []
    for index, part in enumerate(plan.parts):
        streams += _piece(index, part, materials, shape)
    joined = builder.concat(*streams, n=len(plan.parts), v=1, a=1).node
    picture = joined[0].filter("fps", fps=str(shape.rate))  # fills what short pictures leave
    subtitles = sidecars.write_subtitles(plan, materials, times, work)
    chapters = sidecars.write_chapters(plan, times, work)
    output = builder.output(
        picture,
        joined[1],
        *(stream["s:0"] for stream in subtitles),
        chapters["d?"],
        target,
        **_encoding(shape),
        **muxing(plan.container),
        **sidecars.options(plan, materials),
    )
    ffmpeg.run(output, work=work, seconds=times[-1], progress=progress, chapters=sidecars.CHAPTERS)


def muxing(container: Container) -> dict[str, object]:
    """Options that carry nothing of the inputs' tags, names and tracks into the output."""
    clean: dict[str, object] = {"map_chapters": "", "dn": None}
    clean |= {"disposition:v:0": "default", "disposition:a:0": "default"}
    clean |= {"map_metadata:g": -1, "map_metadata:s": -1}  # chapters have theirs from us
    if container is Container.MKV:  # bitexact would leave out the ids that others have
        return clean | {"format": "matroska", "write_crc32": 0}
    return clean | {
        "format": "mp4",
        "fflags": "+bitexact",
        "empty_hdlr_name": 1,
        "write_tmcd": 0,
        "movflags": "+faststart",
    }


def x264(shape: Picture, **options: object) -> dict[str, object]:
    """H.264 without the encoder's own note; no VBV, which makes threads race for bits."""
    return {
        "c:v": "libx264",
        "preset": "veryfast",
        "crf": 21,
        "profile:v": "high",
        "pix_fmt": shape.pixel_format,
        "threads:v": ffmpeg.THREADS,
        "g": round(shape.rate * _SECONDS_BETWEEN_KEYS),
        "flags:v": "+bitexact",
        "bsf:v": "filter_units=remove_types=6",
        "color_range": "tv",
        "colorspace": "bt709",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        **options,
    }


def aac(bits: str = "128k") -> dict[str, object]:
    """AAC without the encoder's name in it."""
    return {"c:a": "aac", "b:a": bits, "flags:a": "+bitexact"}


def _encoding(shape: Picture) -> dict[str, object]:
    return {
        **x264(shape, **{"level:v": _HIGHEST_LEVEL}),
        **aac(),
        "ar": graph.SAMPLE_RATE,
        "ac": 2,
    }


def _shape(plan: Plan, materials: Materials) -> Picture:
    clips = [materials.clip(part) for part in plan.parts if part.kind is PartKind.REPORT]
    rate = graph.rate(clips[0].video) if clips and clips[0] else Fraction(25)
    return Picture(*plan.frame, rate)


def _piece(index: int, part: Part, materials: Materials, shape: Picture) -> list[Stream]:
    """Picture and sound of one part."""
    clip = materials.clip(part)
    if clip is not None:
        return [graph.clip_picture(clip, shape), graph.clip_sound(index, clip)]
    script = pieces.script(materials, index)
    length = seconds(part)
    quiet = graph.silence(index, Fraction(shape.count(length)) / shape.rate)
    if part.kind is PartKind.POSTER:
        return [graph.poster(pieces.BACKDROP, script, length, shape), quiet]
    return [graph.page(index, script, length, shape), quiet]
