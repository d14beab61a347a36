"""What travels beside picture and sound inside the film: chapter marks and soft subtitles.

Both are files of the work folder that ffmpeg reads as further inputs.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from packager import ffmpeg, subtitles
from packager.disguise.items import Container, FilmItem
from packager.ffmpeg import Stream
from packager.film.materials import Materials, report_start
from packager.subtitles import Cue
from packager.values import Language

CHAPTERS = "chapters.txt"
_SPECIAL = re.compile(r"([=;#\\\n])")


def write_chapters(item: FilmItem, times: Sequence[Fraction], work: Path) -> Stream:
    """The chapter marks of the plan as an ffmpeg input."""
    begins = [round(times[chapter.part] * 1000) for chapter in item.chapters]
    ends = [*begins[1:], round(times[-1] * 1000)]
    lines = [";FFMETADATA1"]
    for chapter, begin, end in zip(item.chapters, begins, ends, strict=True):
        title = _SPECIAL.sub(r"\\\1", chapter.title)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={begin}", f"END={end}", f"title={title}"]
    (work / CHAPTERS).write_text("\n".join(lines) + "\n", "utf-8")
    return ffmpeg.made(CHAPTERS, "ffmetadata")


def write_subtitles(
    item: FilmItem, materials: Materials, times: Sequence[Fraction], work: Path
) -> list[Stream]:
    """The subtitles, moved to where the report starts, as ffmpeg inputs."""
    start = report_start(item, tuple(times))
    streams = []
    for number, (_, cues) in enumerate(materials.subtitles):
        name = f"subtitles{number}.srt"
        (work / name).write_text(shifted(cues, start, times[-1]), "utf-8", newline="\n")
        streams.append(ffmpeg.made(name, "srt"))
    return streams


def options(item: FilmItem, materials: Materials) -> dict[str, str]:
    """Output options: codec and language tags of the subtitles, language of the sound."""
    tags = {"metadata:s:a:0": _tag(item.language)}
    for number, (language, _) in enumerate(materials.subtitles):
        tags[f"metadata:s:s:{number}"] = _tag(language)
    if materials.subtitles:
        tags["c:s"] = "mov_text" if item.container is Container.MP4 else "subrip"
    return tags


def shifted(cues: Sequence[Cue], start: Fraction, end: Fraction) -> str:
    """SubRip text of the cues, ``start`` seconds later, none beyond ``end``."""
    last = round(end * 1000)
    moved = subtitles.shift(cues, round(start * 1000))
    return subtitles.serialise(
        replace(cue, end=min(cue.end, last)) for cue in moved if cue.start < last
    )


def _tag(language: Language) -> str:
    return f"language={language.iso_639_2}"
