"""The look of a film: one folder, one film file, a poster and the text files that go with it.

The film opens with its poster and the card, then the report plays, then the end pages; a cover
film, if there is one, comes last. No word of the report stands outside the report's own parts.
"""

from fractions import Fraction
from itertools import chain

from packager import typeset
from packager.disguise import naming
from packager.disguise.base import Notice, Options, Plan, Readme, Story
from packager.disguise.items import Chapter, Container, FilmItem, Page, Part, PartKind, Poster
from packager.errors import InputRefused
from packager.media import AudioFacts, MediaFacts
from packager.report import Link, Report
from packager.values import Language, RelativePath, printable

POSTER_SECONDS = Fraction(1)
CARD_SECONDS = Fraction(10)
PAGE_SECONDS = Fraction(8)
POSTER_SIZE = (1000, 1500)
TRANSCODED_SOUND = AudioFacts("aac", 48000, 2, "stereo")  # what every transcode is given

_LANGUAGES = {
    Language.EN: "English",
    Language.RU: "Russian",
    Language.UK: "Ukrainian",
    Language.BE: "Belarusian",
    Language.FA: "Persian",
    Language.AR: "Arabic",
    Language.ZH: "Chinese",
    Language.MY: "Burmese",
    Language.ES: "Spanish",
}


def plan(stories: tuple[Story, ...], notice: Notice, options: Options, variant: bytes) -> Plan:
    """Lay out a film of the one report in ``stories``."""
    report, media = _only(stories)
    _refuse_what_no_film_shows(report, media)
    language = report.main.language
    title = _title(options, language, variant)
    year = naming.year(variant) if options.year is None else options.year
    frame = _frame(media, options)
    sound = media[0].audio if options.copy else TRANSCODED_SOUND
    name = naming.release_name(title.filed, year, frame, naming.audio_token(sound), variant)
    container = _container(options)
    parts = _parts(report, len(media), notice, frame, options)
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
                chapters=_chapters(parts, notice),
                poster=poster,
            ),
        ),
        poster=poster,
        poster_file=RelativePath("poster.jpg"),
        poster_size=POSTER_SIZE,
        readme_file=RelativePath("ReadMe.txt") if texts else None,
        nfo_file=RelativePath(f"{name}.nfo") if texts else None,
        nfo_fields=_nfo_fields(title.filed, year, frame, sound, language),
    )


def _only(stories: tuple[Story, ...]) -> tuple[Report, tuple[MediaFacts, ...]]:
    if len(stories) != 1:
        raise InputRefused(
            f"a film holds one report, and these are {len(stories)}",
            "pack each folder by itself, or choose a look of many parts: series, album, course",
        )
    return stories[0].report, stories[0].media


def _refuse_what_no_film_shows(report: Report, media: tuple[MediaFacts, ...]) -> None:
    """Nothing of a report may be left out silently."""
    if not media:
        raise InputRefused(
            "there is no clip with a picture, and a film needs one",
            "add a video to the folder and name it under `media:` in report.md",
            "a report of text alone cannot become a film yet",
        )
    for number, facts in enumerate(media):
        if facts.video is None or facts.duration <= 0:
            named = f"{printable(report.media[number])!r}" if report.media else "the clip"
            raise InputRefused(
                f"{named} has no moving picture, and a film shows nothing else",
                "make a video of it, or take it out of `media:`",
            )


def _title(options: Options, language: Language, variant: bytes) -> naming.Title:
    if options.title is None:
        return naming.title(language, variant)
    return naming.Title(options.title, options.title)


def _frame(media: tuple[MediaFacts, ...], options: Options) -> tuple[int, int]:
    video = media[0].video
    if not options.copy or video is None:
        return options.quality.frame
    return video.width, video.height


def _container(options: Options) -> Container:
    if not options.copy:
        return options.container or Container.MP4
    if options.container is Container.MP4:
        raise InputRefused(
            "a copied picture cannot be joined to the card inside MP4",
            "leave --container out: a copy goes into MKV",
            "or leave --copy out: a transcode fits both",
        )
    return Container.MKV


def _parts(
    report: Report, clips: int, notice: Notice, frame: tuple[int, int], options: Options
) -> tuple[Part, ...]:
    card = Page(notice.card_title, notice.card_lines, lead=True)
    end = _end_pages(report, notice, frame)
    parts = [Part(PartKind.POSTER, POSTER_SECONDS), Part(PartKind.CARD, CARD_SECONDS, (card,))]
    parts += [Part(PartKind.REPORT, media=index) for index in range(clips)]
    parts.append(Part(PartKind.END, PAGE_SECONDS * len(end), end))
    if options.cover:
        parts.append(Part(PartKind.COVER))
    return tuple(parts)


def _end_pages(report: Report, notice: Notice, frame: tuple[int, int]) -> tuple[Page, ...]:
    """Who made it, sources, links, tools, how to check it and how to pass it on."""
    text = report.main
    origin = " · ".join(field for field in (text.byline, text.outlet, text.published) if field)
    about = tuple(line for line in (origin, text.summary) if line)
    sections = (
        Page(text.title, about),
        Page(notice.sources, text.sources),
        Page(notice.links, tuple(map(_link_line, text.links))),
        Page(notice.tools, tuple(map(_link_line, text.tools))),
        Page(notice.check, notice.check_lines),
        Page(notice.pass_on, notice.pass_on_lines),
    )
    return tuple(
        chain.from_iterable(_split(page, frame, text.language) for page in sections if page.lines)
    )


def _link_line(link: Link) -> str:
    return f"{link.label}\n{link.url}"


def _split(page: Page, frame: tuple[int, int], language: Language) -> list[Page]:
    """``page`` as as many pages as it needs in ``frame``."""
    return [Page(page.heading, lines) for lines in typeset.fit(page, frame, language)]


def _chapters(parts: tuple[Part, ...], notice: Notice) -> tuple[Chapter, ...]:
    """One mark at the start, one for each further clip, one for the cover film.

    A mark right behind the card would be a sign that all our films share.
    """
    clips = [at for at, part in enumerate(parts) if part.kind is PartKind.REPORT]
    cover = [at for at, part in enumerate(parts) if part.kind is PartKind.COVER]
    starts = [0, *clips[1:], *cover]
    return tuple(
        Chapter(notice.chapter.format(number=number), part)
        for number, part in enumerate(starts, start=1)
    )


def _poster(title: str, year: int, language: Language, variant: bytes) -> Poster:
    line = f"{naming.credit(language, variant)} · {year}"
    return Poster(title, line, naming.seed(variant, "poster"), language)


def _nfo_fields(
    title: str, year: int, frame: tuple[int, int], sound: AudioFacts | None, language: Language
) -> tuple[tuple[str, str], ...]:
    """What is known of the film before it is made; all of it true."""
    spoken = _LANGUAGES[language]
    token = naming.audio_token(sound)
    fields = (
        ("Title", title),
        ("Year", str(year)),
        ("Resolution", f"{frame[0]} x {frame[1]}"),
        ("Video", "H.264 / AVC"),
        ("Audio", f"{spoken} {token}" if token else ""),
        ("Language", spoken),
    )
    return tuple((label, value) for label, value in fields if value)
