"""The look of an audiobook: one M4B with chapters and cover, in a folder as listeners shelve it.

The first chapter opens with what this is, spoken; the last one carries sources, links and how to
pass it on. Chapters have numbers, no names.
"""

from collections.abc import Sequence

from packager.disguise import naming, telling
from packager.disguise.base import Notice, Options, Plan, Readme, Story
from packager.disguise.items import Chapter, Poster, Segment, SoundItem, SoundTags
from packager.disguise.naming.draw import Draw
from packager.values import Language, RelativePath

COVER_SIZE = (1000, 1000)
QUALITIES = ((64, 1), (96, 2))  # kbit/s, channels
_SHORTEST, _LONGEST = 240.0, 1200.0  # seconds of a chapter


def plan(stories: tuple[Story, ...], notice: Notice, options: Options, variant: bytes) -> Plan:
    """Lay out an audiobook that tells ``stories``.

    Raises InputRefused when there is nothing to listen to.
    """
    language = stories[0].report.main.language
    author = naming.author(language, variant)
    title = _title(options, language, variant)
    year = naming.year(variant) if options.year is None else options.year
    cover = Poster(title.shown, author.shown, naming.seed(variant, "poster"), language)
    told = telling.told(stories, notice, notice.opening("audiobook"))
    chapters = (*telling.cut(told, _SHORTEST, _LONGEST), telling.ending(stories, notice))
    parts = [telling.segments(passages) for passages in chapters]
    if options.cover:
        parts.append(telling.covered(stories))
    texts = options.readme is not Readme.NONE
    return Plan(
        disguise="audiobook",
        language=language,
        name=naming.audiobook_folder(author.filed, title.filed, year),
        title=title.filed,
        year=year,
        variant=variant,
        items=(_item(title.filed, year, parts, cover, notice, variant),),
        poster=cover,
        poster_file=RelativePath("cover.jpg"),
        poster_size=COVER_SIZE,
        readme_file=RelativePath("ReadMe.txt") if texts else None,
        nfo_file=None,
    )


def _item(
    filed: str,
    year: int,
    parts: Sequence[tuple[Segment, ...]],
    cover: Poster,
    notice: Notice,
    variant: bytes,
) -> SoundItem:
    kbit, channels = Draw(variant, "bitrate").pick(QUALITIES)
    segments: list[Segment] = []
    chapters: list[Chapter] = []
    for number, part in enumerate(parts, start=1):
        chapters.append(Chapter(notice.chapter.format(number=number), len(segments)))
        segments += part
    tags = SoundTags(
        title=cover.title,
        artist=cover.line,
        album=cover.title,
        album_artist=cover.line,
        track=1,
        tracks=1,
        year=year,
        genre=naming.genre("audiobook", variant),
    )
    return SoundItem(
        path=RelativePath(f"{naming.safe_words(filed, naming.MAX_RELEASE_BYTES)}.m4b"),
        language=cover.language,
        seed=naming.seed(variant, "sound"),
        segments=tuple(segments),
        chapters=tuple(chapters),
        tags=tags,
        cover=cover,
        kbit=kbit,
        channels=channels,
    )


def _title(options: Options, language: Language, variant: bytes) -> naming.Title:
    if options.title is None:
        return naming.book_title(language, variant)
    return naming.Title(options.title, options.title)
