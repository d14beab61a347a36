"""The default way: everything decoded, drawn and encoded again, in one pass."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg
from packager.disguise.items import FilmItem, Part, PartKind
from packager.ffmpeg import Stream
from packager.film import encoding, graph, pieces, sidecars
from packager.film.graph import Picture
from packager.film.materials import Materials, seconds

_HIGHEST_LEVEL = "4.0"


def transcode(
    item: FilmItem,
    materials: Materials,
    times: tuple[Fraction, ...],
    work: Path,
    target: str,
    progress: Callable[[float], None],
) -> None:
    """Make the film ``target`` in the folder ``work``."""
    picture = shape(item, materials)
    streams: list[Stream] = []
    for index, part in enumerate(item.parts):
        streams += _piece(index, part, materials, picture)
    joined = builder.concat(*streams, n=len(item.parts), v=1, a=1).node
    even = joined[0].filter("fps", fps=str(picture.rate))  # fills what short pictures leave
    subtitles = sidecars.write_subtitles(item, materials, times, work)
    chapters = sidecars.write_chapters(item, times, work)
    output = builder.output(
        even,
        joined[1],
        *(stream["s:0"] for stream in subtitles),
        chapters["d?"],
        target,
        **encoding.h264(picture, **{"level:v": _HIGHEST_LEVEL}),
        **encoding.STEREO,
        **encoding.muxing(item.container),
        **sidecars.options(item, materials),
    )
    ffmpeg.run(output, work=work, seconds=times[-1], progress=progress, chapters=sidecars.CHAPTERS)


def shape(item: FilmItem, materials: Materials) -> Picture:
    """The picture of the film: the plan's frame, the report's rate."""
    clips = [materials.clip(part) for part in item.parts if part.kind is PartKind.REPORT]
    rate = graph.rate(clips[0].video) if clips and clips[0] else Fraction(25)
    return Picture(*item.frame, rate)


def _piece(index: int, part: Part, materials: Materials, picture: Picture) -> list[Stream]:
    """Picture and sound of one part."""
    clip = materials.clip(part)
    if clip is not None:
        return [graph.clip_picture(index, clip, picture), graph.clip_sound(index, clip)]
    script = pieces.script(materials, index)
    length = seconds(part)
    quiet = graph.silence(index, Fraction(picture.count(length)) / picture.rate)
    if part.kind is PartKind.POSTER:
        return [graph.poster(pieces.BACKDROP, script, length, picture), quiet]
    return [graph.page(index, script, length, picture), quiet]
