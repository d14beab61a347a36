"""What can be said of a release by its plan: before it is rendered, and where its parts start."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from packager.audit import checks, words
from packager.audit.finding import Finding
from packager.disguise.base import Notice, Plan, Story
from packager.disguise.items import BookItem, FilmItem, PartKind, SoundItem

GALLERY = (0, 10, 33, 50)  # per cent of the film: where galleries take a picture

_NOT_OF_LESSONS = frozenset({checks.NO_COVER_FILM.name})


def of_plan(plan: Plan, stories: Sequence[Story], notice: Notice) -> tuple[Finding, ...]:
    """What can be found before anything is rendered."""
    fact = "nothing tells the reader what this is before the report starts"
    untold = [path for path, told in disclosed(plan, notice).items() if not told]
    found = [checks.MISSING_DISCLOSURE.at(path, fact) for path in untold]
    return (*found, *named(plan, stories))


def named(plan: Plan, stories: Sequence[Story]) -> tuple[Finding, ...]:
    """Words of the report in the names and tags that are planned."""
    return tuple(words.in_names((story.report for story in stories), _names(plan)))


def disclosed(plan: Plan, notice: Notice) -> dict[str, bool]:
    """Of each film, and of the first sound, whether it says what it is before the report.

    Books are read when they are made.
    """
    told = {str(film.path): _has_card(film) for film in plan.films}
    sounds = [item for item in plan.items if isinstance(item, SoundItem)]
    return told | {str(sound.path): _says(sound, notice) for sound in sounds[:1]}


def of_release(plan: Plan, starts: Mapping[str, Sequence[Fraction]]) -> tuple[Finding, ...]:
    """What is known when its media are made.

    ``starts`` is, by the path of each item, when each of its parts starts, in seconds, and last
    its end.
    """
    found = (one for film in plan.films for one in _film(film, starts[str(film.path)]))
    return tuple(
        one for one in found if not (plan.disguise == "course" and one.check in _NOT_OF_LESSONS)
    )


def part_at(film: FilmItem, starts: Sequence[Fraction], time: Fraction) -> PartKind:
    """What plays at a time, in seconds."""
    passed = [part.kind for part, start in zip(film.parts, starts, strict=False) if start <= time]
    return passed[-1]


def _names(plan: Plan) -> dict[str, str]:
    names = {"poster": f"{plan.poster.title} {plan.poster.line}"}
    for item in plan.items:
        marks: list[str] = []
        if isinstance(item, FilmItem | SoundItem):
            marks += [chapter.title for chapter in item.chapters]
        if isinstance(item, SoundItem):
            tags = item.tags
            marks += [tags.title, tags.artist, tags.album, tags.album_artist, tags.genre]
        if isinstance(item, BookItem):
            marks += [item.title, item.author]
        names[str(item.path)] = " ".join((plan.name, item.path, *marks))
    return names


def _has_card(film: FilmItem) -> bool:
    kinds = [part.kind for part in film.parts]
    if PartKind.REPORT not in kinds:
        raise ValueError("a plan without its report")
    return PartKind.CARD in kinds[: kinds.index(PartKind.REPORT)]


def _says(sound: SoundItem, notice: Notice) -> bool:
    """Whether its first words hold every line of the card."""
    first = " ".join(sound.segments[0].spoken) if sound.segments else ""
    return all(line in first for line in notice.card_lines)


def _film(film: FilmItem, starts: Sequence[Fraction]) -> Iterator[Finding]:
    if film.copy:
        fact = "who holds the camera's original can tell that the copied picture belongs to it"
        yield checks.COPIED_PICTURE.at(film.path, fact)
    if all(part.kind is not PartKind.COVER for part in film.parts):
        yield checks.NO_COVER_FILM.at(film.path, "there is no film behind the report")
    shares = [
        share
        for share in GALLERY
        if part_at(film, starts, starts[-1] * share / 100) is PartKind.REPORT
    ]
    if shares:
        where = ", ".join(f"{share} %" for share in shares)
        fact = f"galleries take their picture at {where}, and there it is the report"
        yield checks.THUMBNAIL.at(film.path, fact)
