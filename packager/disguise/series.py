"""The look of a season of a series: a folder of episodes, a poster, the text files.

Of several reports each is an episode; of one, each film or some sections of its text. Every
episode can be passed on alone: it opens with poster and card and ends with the end pages.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from packager.disguise import filmed, naming
from packager.disguise.base import Notice, Options, Plan, Readme, Story
from packager.disguise.items import FilmItem, Poster
from packager.disguise.portions import copied, film_item, pieces, whole
from packager.values import Language, RelativePath

POSTER_SIZE = (1000, 1500)
LEAST = Fraction(300)  # seconds of text that make an episode of their own


def plan(stories: tuple[Story, ...], notice: Notice, options: Options, variant: bytes) -> Plan:
    """Lay out a season."""
    language = stories[0].report.main.language
    title = naming.series(language, variant)
    if options.title is not None:
        title = naming.Title(options.title, options.title)
    year = naming.year(variant) if options.year is None else options.year
    season = naming.season(variant)
    frame, sound = filmed.frame(stories[0], options), filmed.SOUND
    token = naming.audio_token(sound)
    video = filmed.picture(stories[0], options)
    name = naming.season_name(title.filed, season, frame, token, variant, video)
    poster = _poster(title, year, language, variant)
    names = _Names(title.filed, season, variant)
    items = _items(stories, notice, options, names, poster)
    fields = filmed.nfo_fields(title.filed, year, frame, (video, sound), language)
    texts = options.readme is not Readme.NONE
    return Plan(
        disguise="series",
        language=language,
        name=name,
        title=title.filed,
        year=year,
        variant=variant,
        items=items,
        poster=poster,
        poster_file=RelativePath("poster.jpg"),
        poster_size=POSTER_SIZE,
        readme_file=RelativePath("ReadMe.txt") if texts else None,
        nfo_file=RelativePath(f"{name}.nfo") if texts else None,
        nfo_fields=(fields[0], *_of_season(season, len(items), variant), *fields[1:]),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """What stands in the name of every episode."""

    title: str
    season: int
    variant: bytes

    def of_episode(
        self, number: int, own: str, frame: tuple[int, int], sound: str, video: str
    ) -> str:
        place = (self.season, number)
        return naming.episode_name(self.title, place, own, frame, sound, self.variant, video)


def _items(
    stories: tuple[Story, ...], notice: Notice, options: Options, names: _Names, poster: Poster
) -> tuple[FilmItem, ...]:
    shown = whole(stories, notice, options)
    shown = shown if len(shown) > 1 else pieces(shown[0], LEAST)
    made = []
    for number, portion in enumerate(shown, start=1):
        kept = options if copied(portion, options) else replace(options, copy=False)
        story = stories[portion.story]
        sound = naming.audio_token(filmed.SOUND)
        own = naming.episode(poster.language, names.variant, number).filed
        video = filmed.picture(story, kept)
        stem = names.of_episode(number, own, filmed.frame(story, options), sound, video)
        look = (poster, naming.seed(names.variant, f"episode {number}"))
        made.append(film_item(portion, stem, look, stories, notice, options))
    return tuple(made)


def _of_season(season: int, episodes: int, variant: bytes) -> tuple[tuple[str, str], ...]:
    """What an NFO says of a season."""
    return (
        ("Season", str(season)),
        ("Episodes", str(episodes)),
        ("Genre", naming.genre("series", variant)),
    )


def _poster(title: naming.Title, year: int, language: Language, variant: bytes) -> Poster:
    line = f"{naming.narrator(language, variant).shown} · {year}"
    return Poster(title.shown, line, naming.seed(variant, "poster"), language)
