"""What of a finished release is shown on the review sheet: stills, waves, first pages."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from packager import files, film
from packager.audit import FileFacts, Release
from packager.audit.plans import GALLERY, part_at
from packager.disguise.base import Plan
from packager.disguise.items import BookItem, FilmItem, PartKind, SoundItem
from packager.pack.making import Made
from packager.render import human_size
from packager.review import Exhibit, Shot

_MAX_COVER = 20 * 1024 * 1024
_OPENING, _LINES = 700, 12  # characters and lines of a first page
_ALONE, _AMONG = 12, 6  # stills of a film alone, and of one among others
_ROOM = ((FilmItem, 3), (SoundItem, 12), (BookItem, 1))  # how many files of a kind are shown


def of(made: Sequence[Made], facts: Release, bench: Path) -> tuple[Exhibit, ...]:
    """One for each file, as far as there is room on the sheet."""
    known = {file.path: file for file in facts.files}
    shown = _first(made)
    films = sum(isinstance(one.item, FilmItem) for one in made)
    each = _ALONE if films == 1 else _AMONG
    return tuple(_exhibit(one, known.get(str(one.item.path)), each, bench) for one in shown)


def thumbnails(made: Sequence[Made], bench: Path) -> tuple[Shot, ...]:
    """What a gallery shows of the first film."""
    for one in made:
        if isinstance(one.item, FilmItem):
            times = [one.duration * share / 100 for share in GALLERY]
            labels = [f"{share} %" for share in GALLERY]
            return _shots(one, one.item, times, labels, bench)
    return ()


def told(made: Sequence[Made], bench: Path) -> tuple[Shot, ...]:
    """Card and last pages of the first film."""
    for one in made:
        if isinstance(one.item, FilmItem):
            kinds = [part.kind for part in one.item.parts]
            at = [kinds.index(kind) for kind in (PartKind.CARD, PartKind.END) if kind in kinds]
            times = [(one.starts[index] + one.starts[index + 1]) / 2 for index in at]
            return _shots(one, one.item, times, [_clock(time) for time in times], bench)
    return ()


def cover(plan: Plan, travelling: Path) -> Shot | None:
    """The poster or cover beside the files."""
    if plan.poster_file is None:
        return None
    picture = files.read_limited(travelling / plan.poster_file, _MAX_COVER)
    return Shot(str(plan.poster_file), "", picture)


def _first(made: Sequence[Made]) -> list[Made]:
    """Those that are shown: the first of each kind."""
    kinds = [[one for one in made if isinstance(one.item, kind)][:most] for kind, most in _ROOM]
    return [one for of_kind in kinds for one in of_kind]


def _exhibit(made: Made, facts: FileFacts | None, each: int, bench: Path) -> Exhibit:
    name, item = made.item.path.name, made.item
    detail = _detail(made, facts)
    if isinstance(item, FilmItem):
        times = [made.duration * (2 * at + 1) / (2 * each) for at in range(each)]
        shots = _shots(made, item, times, [_clock(time) for time in times], bench)
        return Exhibit(name, detail, shots)
    if isinstance(item, SoundItem):
        wave = film.wave(made.path, bench, made.duration)
        return Exhibit(name, detail, wave=Shot("", "", wave))
    text = facts.book.opening if facts and facts.book else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Exhibit(name, detail, opening="\n".join(lines[:_LINES])[:_OPENING])


def _detail(made: Made, facts: FileFacts | None) -> str:
    """Length, picture and size in words."""
    video = facts.media.video if facts and facts.media else None
    picture = f"{video.width}x{video.height}" if video else ""
    length = _clock(made.duration) if made.duration else ""
    size = human_size(made.path.stat().st_size)
    return ", ".join(part for part in (length, picture, size) if part)


def _shots(
    made: Made, item: FilmItem, times: list[Fraction], labels: list[str], bench: Path
) -> tuple[Shot, ...]:
    """Pictures at ``times``; in a copy a part begins with a key frame, and cameras make many."""
    pictures = film.stills(made.path, times, bench, keys=item.copy) if times else ()
    return tuple(
        Shot(label, str(part_at(item, made.starts, time)), picture)
        for label, time, picture in zip(labels, times, pictures, strict=True)
    )


def _clock(time: Fraction) -> str:
    minutes, seconds = divmod(int(time), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
