"""Draw the screens of an article and let them be spoken: what a film's own parts are made from."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import accumulate
from math import ceil
from pathlib import Path

from packager import picture, pictures, speech
from packager.disguise.items import FilmItem, Part
from packager.film import Show
from packager.pack.work import Work
from packager.typeset import Slide
from packager.values import RelativePath

_AT_ONCE = 2  # pictures being decoded
_SILENT = ("",) * ceil(4 / speech.PAUSE)  # what the voice is given for a screen without words
_AFTER_A_PICTURE = ("",) * ceil(2 / speech.PAUSE)


def made(work: Work, item: FilmItem, bench: Path) -> dict[int, Show]:
    """The screens of each part that has some, by its number; their files are in ``bench``."""
    parts = {at: part for at, part in enumerate(item.parts) if part.slides}
    clean = _clean(work, item, list(parts.values()))
    grounds: dict[int, str] = {}
    shown = {}
    for at, part in parts.items():
        files = []
        for number, slide in enumerate(part.slides):
            if slide.picture is not None and slide.area is not None:
                name = f"slide{at}-{number}.png"
                data = picture.shown(clean[part.story, slide.picture], slide.area, item.frame)
                (bench / name).write_bytes(data)
            else:
                name = _ground(item, slide.ground, grounds, bench)
            files.append(name)
        if part.voice:
            shown[at] = _spoken(item, at, part, tuple(files), bench)
        else:
            ends = tuple(accumulate(slide.seconds for slide in part.slides))
            shown[at] = Show(tuple(files), ends)
    return shown


def _clean(
    work: Work, item: FilmItem, parts: Sequence[Part]
) -> dict[tuple[int, RelativePath], bytes]:
    """Every picture that is shown, by its story and path."""
    wanted = list(
        dict.fromkeys(
            (part.story, slide.picture) for part in parts for slide in part.slides if slide.picture
        )
    )
    paths = [dict(work.sources[story].pictures)[path] for story, path in wanted]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda path: pictures.clean(path, max(item.frame)).data, paths)
        return dict(zip(wanted, found, strict=True))


def _ground(item: FilmItem, number: int, made_before: dict[int, str], bench: Path) -> str:
    if number not in made_before:
        made_before[number] = f"ground{number}.png"
        data = picture.ground(item.seed, number, item.frame)
        (bench / made_before[number]).write_bytes(data)
    return made_before[number]


def _spoken(item: FilmItem, at: int, part: Part, files: tuple[str, ...], bench: Path) -> Show:
    """Screens that last as long as the voice takes for each."""
    said: list[str] = []
    firsts = []
    for slide in part.slides:
        firsts.append(len(said))
        said += [*slide.spoken, *_pauses(slide)]
    voice = speech.speak(said, item.language, bench, f"voice{at}")
    starts = [voice.starts[first] for first in firsts]
    return Show(files, (*starts[1:], _whole(voice.duration)), voice.path.name)


def _pauses(slide: Slide) -> tuple[str, ...]:
    if not slide.spoken:
        return _SILENT
    return _AFTER_A_PICTURE if slide.picture else ()


def _whole(seconds: Fraction) -> Fraction:
    return Fraction(ceil(seconds * 25), 25)
