"""The look of a course: lessons in numbered folders, a manual as a book, a picture.

Of several reports each is a part of the course; a lone one is shared out over lessons, six a
part. Every lesson can be passed on alone. A course has no cover film: lessons are short, and
screens with text are at home in it.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from packager.disguise import naming
from packager.disguise.base import Notice, Options, Plan, Readme, Story
from packager.disguise.items import BookItem, FilmItem, Poster
from packager.disguise.portions import Portion, film_item, pieces, whole
from packager.values import Language, RelativePath

PICTURE_SIZE = (1280, 720)
LEAST = Fraction(180)  # seconds of text that make a lesson of their own
PART = 6  # lessons of a lone report


def plan(stories: tuple[Story, ...], notice: Notice, options: Options, variant: bytes) -> Plan:
    """Lay out a course."""
    language = stories[0].report.main.language
    title = naming.course(language, variant)
    if options.title is not None:
        title = naming.Title(options.title, options.title)
    year = naming.year(variant) if options.year is None else options.year
    poster = _poster(title, language, variant)
    lessons = _lessons(stories, notice, replace(options, cover=False), poster, variant)
    manual = _manual(stories, title, year, poster, variant)
    return Plan(
        disguise="course",
        language=language,
        name=naming.course_folder(title.filed),
        title=title.filed,
        year=year,
        variant=variant,
        items=(*lessons, *manual),
        poster=poster,
        poster_file=RelativePath("cover.jpg"),
        poster_size=PICTURE_SIZE,
        readme_file=None if options.readme is Readme.NONE else RelativePath("ReadMe.txt"),
        nfo_file=None,
    )


def _lessons(
    stories: tuple[Story, ...], notice: Notice, options: Options, poster: Poster, variant: bytes
) -> tuple[FilmItem, ...]:
    language = poster.language
    made: list[FilmItem] = []
    for number, part in enumerate(_parts(stories, notice, options), start=1):
        title = naming.part(language, notice.part, number)
        folder = naming.part_folder(number, title.filed)
        for portion in part:
            at = len(made) + 1
            name = naming.lesson_file(at, naming.lesson(language, variant, at).filed)
            look = (poster, naming.seed(variant, f"lesson {at}"))
            made.append(film_item(portion, f"{folder}/{name}", look, stories, notice, options))
    return tuple(made)


def _parts(
    stories: tuple[Story, ...], notice: Notice, options: Options
) -> Iterator[tuple[Portion, ...]]:
    """The lessons of each part."""
    shared = [pieces(portion, LEAST) for portion in whole(stories, notice, options)]
    if len(shared) > 1:
        yield from shared
        return
    for start in range(0, len(shared[0]), PART):
        yield shared[0][start : start + PART]


def _manual(
    stories: tuple[Story, ...], title: naming.Title, year: int, poster: Poster, variant: bytes
) -> tuple[BookItem, ...]:
    """All texts as a book, if there are any."""
    if not any(text.body.strip() for story in stories for text in story.report.texts):
        return ()
    cover = replace(poster, seed=naming.seed(variant, "manual cover"))
    book = BookItem(
        path=RelativePath(f"{naming.course_folder(title.filed)}.epub"),
        language=poster.language,
        seed=naming.seed(variant, "manual"),
        title=poster.title,
        author=poster.line,
        year=year,
        cover=cover,
    )
    return (book,)


def _poster(title: naming.Title, language: Language, variant: bytes) -> Poster:
    """The course's name, and under it who teaches."""
    teacher, between, subject = title.shown.partition(" - ")
    if not between:
        teacher, subject = naming.author(language, variant).shown, title.shown
    return Poster(subject, teacher, naming.seed(variant, "poster"), language)
