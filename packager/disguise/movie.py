"""The look of a film: one folder, one film file, a poster and the text files that go with it.

What plays in the film is decided in ``filmed``. No word of the report stands outside the report's
own parts.
"""

from packager.disguise import filmed, naming
from packager.disguise.base import Notice, Options, Plan, Readme, Story
from packager.disguise.items import FilmItem, Poster
from packager.errors import InputRefused
from packager.values import Language, RelativePath

POSTER_SIZE = (1000, 1500)


def plan(stories: tuple[Story, ...], notice: Notice, options: Options, variant: bytes) -> Plan:
    """Lay out a film of the one report in ``stories``."""
    story = _only(stories)
    language = story.report.main.language
    title = _title(options, language, variant)
    year = naming.year(variant) if options.year is None else options.year
    container = filmed.container(options)
    parts = filmed.parts(story, notice, options)
    frame = filmed.frame(story, options)
    sound = filmed.SOUND
    video = filmed.picture(story, options)
    token = naming.audio_token(sound)
    name = naming.release_name(title.filed, year, frame, token, variant, video)
    texts = options.readme is not Readme.NONE
    poster = _poster(title.shown, year, language, variant)
    return Plan(
        disguise="movie",
        language=language,
        name=name,
        title=title.filed,
        year=year,
        variant=variant,
        items=(
            FilmItem(
                path=RelativePath(f"{name}.{container}"),
                container=container,
                language=language,
                seed=naming.seed(variant, "film"),
                frame=frame,
                copy=options.copy,
                parts=parts,
                chapters=filmed.chapters(parts, notice),
                poster=poster,
            ),
        ),
        poster=poster,
        poster_file=RelativePath("poster.jpg"),
        poster_size=POSTER_SIZE,
        readme_file=RelativePath("ReadMe.txt") if texts else None,
        nfo_file=RelativePath(f"{name}.nfo") if texts else None,
        nfo_fields=filmed.nfo_fields(title.filed, year, frame, (video, sound), language),
    )


def _only(stories: tuple[Story, ...]) -> Story:
    if len(stories) != 1:
        raise InputRefused(
            f"a film holds one report, and these are {len(stories)}",
            "pack each folder by itself, or choose a look of many parts: series, album, course",
        )
    return stories[0]


def _title(options: Options, language: Language, variant: bytes) -> naming.Title:
    if options.title is None:
        return naming.title(language, variant)
    return naming.Title(options.title, options.title)


def _poster(title: str, year: int, language: Language, variant: bytes) -> Poster:
    line = f"{naming.credit(language, variant)} · {year}"
    return Poster(title, line, naming.seed(variant, "poster"), language)
