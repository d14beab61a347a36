"""What a book tells of a report: its texts and pictures, and of its clips scenes and subtitles."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from packager import film, pictures
from packager.article import Article, Block, Paragraph, Picture, Rule, Run
from packager.book.sheets import Told
from packager.clip import Clip
from packager.pictures import CleanPicture
from packager.source import Source
from packager.subtitles import Cue
from packager.values import RelativePath

_LARGEST = 1600  # pixels: the longer side of a phone, twice as dense as it is read
_EVERY = 10  # seconds of a clip for each scene
_MOST = 6  # scenes of a clip
_CUES = 6  # of a subtitle in one paragraph
_JPEG, _FRAME = b"\xff\xd8", 0xC0  # start of image; baseline frame
_MARKUP = re.compile(r"</?[ib]>")


@dataclass(frozen=True, slots=True)
class Tale:
    """One report with its media."""

    source: Source
    clips: tuple[Clip, ...]


class _Scene(NamedTuple):
    """A stretch of the report's media, from ``start`` to ``end`` in seconds of them all."""

    start: Fraction
    end: Fraction
    path: RelativePath | None  # of its picture; sound has none


def told(tale: Tale, bench: Path, pool: ThreadPoolExecutor) -> Told:
    """The report with its pictures made clean, and with what its clips show and say."""
    source = tale.source
    names = [name for name, _ in source.pictures]
    shown = pool.map(lambda path: pictures.clean(path, _LARGEST), (p for _, p in source.pictures))
    scenes, stills = _scenes(tale, bench)
    bodies = dict(source.articles)
    tracks = dict(source.subtitles)
    for text in source.report.texts:
        body = bodies.get(text.language, Article(()))
        more = tuple(_retold(scenes, tracks.get(text.language, ())))
        bodies[text.language] = Article((*body.blocks, *more), body.footnotes)
    return Told(source.report, bodies, dict(zip(names, shown, strict=True)) | stills)


def _scenes(tale: Tale, bench: Path) -> tuple[tuple[_Scene, ...], dict[RelativePath, CleanPicture]]:
    """The media in stretches, and the picture from the middle of each."""
    stem = _stem([name for name, _ in tale.source.pictures])
    found: list[_Scene] = []
    shown: dict[RelativePath, CleanPicture] = {}
    offset = Fraction(0)
    for clip in tale.clips:
        length = clip.facts.duration
        count = min(int(length // _EVERY) + 1, _MOST) if clip.facts.video else 1
        step = length / count
        times = [step * at + step / 2 for at in range(count)]
        taken = film.scenes(clip, times, bench) if clip.facts.video else ()
        for at in range(count):
            path = RelativePath(f"{stem}-{len(found) + 1:02}.jpg") if taken else None
            if path:
                shown[path] = _measured(taken[at])
            found.append(_Scene(offset + step * at, offset + step * (at + 1), path))
        offset += length
    return tuple(found), shown


def _stem(names: Sequence[str]) -> str:
    """A beginning that no picture of the report has."""
    stem = "scene"
    while any(name.startswith(stem) for name in names):
        stem += "-of-clip"
    return stem


def _measured(jpeg: bytes) -> CleanPicture:
    """A picture that we encoded: its size stands in its frame header (ITU T.81, B.2.2)."""
    at = len(_JPEG)
    while jpeg[at + 1] != _FRAME:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    height, width = (int.from_bytes(jpeg[at + n : at + n + 2], "big") for n in (5, 7))
    return CleanPicture(jpeg, width, height)


def _retold(scenes: Sequence[_Scene], cues: Sequence[Cue]) -> Iterator[Block]:
    """Scenes, and below each what is said in it."""
    if any(scene.path for scene in scenes) or cues:
        yield Rule()
    left = list(cues)
    for scene in scenes:
        if scene.path:
            yield Picture(scene.path, "", "", 0)
        last = scene is scenes[-1]
        said = [cue for cue in left if last or cue.start < scene.end * 1000]
        left = left[len(said) :]
        for at in range(0, len(said), _CUES):
            yield Paragraph((Run(_joined(said[at : at + _CUES])),))


def _joined(cues: Sequence[Cue]) -> str:
    return " ".join(_MARKUP.sub("", line).strip() for cue in cues for line in cue.lines)
