"""What of a finished release is shown on the review sheet: stills, waves, first pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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
_Moments = tuple[tuple[str, Fraction], ...]  # what stands below a still, and its second


@dataclass(frozen=True, slots=True)
class Filmed:
    """A film on the sheet; ``taken`` waits for the stills of all its moments, in their order."""

    made: Made
    item: FilmItem
    gallery: _Moments
    told: _Moments
    spread: _Moments
    taken: Callable[[], tuple[bytes, ...]]

    def shots(self, moments: _Moments) -> tuple[Shot, ...]:
        """The stills of some of them."""
        times = [time for _, time in (*self.gallery, *self.told, *self.spread)]
        pictures = dict(zip(times, self.taken(), strict=True))
        return tuple(
            Shot(label, str(part_at(self.item, self.made.starts, time)), pictures[time])
            for label, time in moments
        )


@contextmanager
def filming(made: Sequence[Made], bench: Path) -> Iterator[tuple[Filmed, ...]]:
    """Begin to take the stills of the films on the sheet; one ffmpeg for each film."""
    each = _ALONE if sum(isinstance(one.item, FilmItem) for one in made) == 1 else _AMONG
    with ExitStack() as stack:
        found: list[Filmed] = []
        for one in _first(made):
            if isinstance(one.item, FilmItem):
                gallery, told = ((), ()) if found else (_gallery(one), _told(one, one.item))
                spread = _spread(one, each)
                times = [time for _, time in (*gallery, *told, *spread)]
                room = bench / f"stills{len(found)}"
                room.mkdir()
                # in a copy a part begins with a key frame, and cameras make many
                taking = film.stills_begun(one.path, times, room, keys=one.item.copy)
                taken = stack.enter_context(taking)
                found.append(Filmed(one, one.item, gallery, told, spread, taken))
        yield tuple(found)


def of(
    made: Sequence[Made], facts: Release, filmed: Sequence[Filmed], bench: Path
) -> tuple[Exhibit, ...]:
    """One for each file, as far as there is room on the sheet."""
    known = {file.path: file for file in facts.files}
    stills = {one.item.path: one.shots(one.spread) for one in filmed}
    return tuple(
        _exhibit(one, known.get(str(one.item.path)), stills.get(one.item.path, ()), bench)
        for one in _first(made)
    )


def _gallery(made: Made) -> _Moments:
    """What a gallery shows of it."""
    return tuple((f"{share} %", made.duration * share / 100) for share in GALLERY)


def _told(made: Made, item: FilmItem) -> _Moments:
    """Card and last pages."""
    kinds = [part.kind for part in item.parts]
    at = [kinds.index(kind) for kind in (PartKind.CARD, PartKind.END) if kind in kinds]
    times = [(made.starts[index] + made.starts[index + 1]) / 2 for index in at]
    return tuple((_clock(time), time) for time in times)


def _spread(made: Made, count: int) -> _Moments:
    """All of it, evenly."""
    times = [made.duration * (2 * at + 1) / (2 * count) for at in range(count)]
    return tuple((_clock(time), time) for time in times)


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


def _exhibit(made: Made, facts: FileFacts | None, stills: tuple[Shot, ...], bench: Path) -> Exhibit:
    name, item = made.item.path.name, made.item
    detail = _detail(made, facts)
    if isinstance(item, FilmItem):
        return Exhibit(name, detail, stills)
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


def _clock(time: Fraction) -> str:
    minutes, seconds = divmod(int(time), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
