"""The default way: everything decoded, drawn and encoded again, in one pass."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg
from packager.disguise.items import FilmItem, Part, PartKind
from packager.ffmpeg import Stream
from packager.film import encoding, graph, pieces, sidecars
from packager.film.graph import Picture
from packager.film.materials import Materials

_HIGHEST_LEVEL = "4.0"
# Microseconds that the muxer waits for a stream that is behind. A screen's pictures come all at
# once, and with less than its length the threads' race would decide the order of packets.
_PATIENCE = 300_000_000


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
        **encoding.h264(picture, **{"level:v": _HIGHEST_LEVEL}, **_effort(item, materials)),
        **encoding.STEREO,
        **encoding.muxing(item.container),
        max_interleave_delta=_PATIENCE,
        **sidecars.options(item, materials),
    )
    ffmpeg.run(output, work=work, seconds=times[-1], progress=progress, chapters=sidecars.CHAPTERS)


def shape(item: FilmItem, materials: Materials) -> Picture:
    """The picture of the film: the plan's frame, the report's rate."""
    reports = (part for part in item.parts if part.kind is PartKind.REPORT)
    clip = next((clip for part in reports if (clip := materials.clip(part))), None)
    rate = graph.rate(clip.video) if clip else Fraction(25)
    return Picture(*item.frame, rate)


def _effort(item: FilmItem, materials: Materials) -> Mapping[str, object]:
    """How hard the encoder tries: not very, where nothing moves in the whole film."""
    return {} if any(map(materials.clip, item.parts)) else encoding.STILL


def _piece(index: int, part: Part, materials: Materials, picture: Picture) -> list[Stream]:
    """Picture and sound of one part."""
    clip = materials.clip(part)
    if clip is not None:
        return [graph.clip_picture(index, clip, picture), graph.clip_sound(index, clip)]
    script = pieces.script(materials, index)
    length = materials.length(index, part)
    exact = Fraction(picture.count(length)) / picture.rate
    if index in materials.shows:
        shown = graph.slides(pieces.listing(index), script, length, picture)
        return [shown, heard(index, part, materials, exact)]
    quiet = graph.silence(index, exact)
    if part.kind is PartKind.POSTER:
        return [graph.poster(pieces.BACKDROP, script, length, picture), quiet]
    return [graph.page(index, script, length, picture), quiet]


def heard(index: int, part: Part, materials: Materials, seconds: Fraction) -> Stream:
    """What is heard while screens are shown."""
    show = materials.shows[index]
    if show.voice is not None:
        return graph.voice(show.voice, seconds)
    clip = materials.recording(part)
    if clip is not None:
        return graph.recording(index, clip, part.begin, seconds)
    return graph.silence(index, seconds)
