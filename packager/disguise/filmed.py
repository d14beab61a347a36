"""How a report becomes a film, for every look that is made of films.

A film opens with its poster and the card, then the report plays, then the end pages; a cover film
comes last. The report is shown whole: its films, and its text as screens, to the journalist's own
recording where there is one. ``docs/articles.md`` has the rules.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from math import ceil

from packager import typeset
from packager.disguise import naming
from packager.disguise.base import Notice, Options, Story
from packager.disguise.items import Chapter, Container, Page, Part, PartKind
from packager.errors import InputRefused
from packager.media import AudioFacts
from packager.report import Link, Report
from packager.typeset import Slide
from packager.values import Language, printable

POSTER_SECONDS = Fraction(1)
CARD_SECONDS = Fraction(10)
PAGE_SECONDS = Fraction(8)
SOUND = AudioFacts("aac", 48000, 2, "stereo")  # of every film; silence is encoded, too
_RATE = 25  # screens last whole pictures of a film that has no other rate
_NOTE = Fraction(45)  # seconds: a shorter text beside a film is a note about it, no article
_HURRIED, _DRAWN_OUT = Fraction(1, 2), Fraction(5, 2)  # of the reading time
_UNHURRIED = Fraction(3, 2)
_HELD = Fraction(40)  # seconds that one ground stands while a recording goes on
_H265 = naming.video_token("hevc")
_VIDEO = {naming.video_token("h264"): "H.264 / AVC", _H265: "H.265 / HEVC"}
_BLANK = Slide((), Fraction(1), ())

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


def parts(story: Story, notice: Notice, options: Options, number: int = 0) -> tuple[Part, ...]:
    """The whole film of ``story``, which is number ``number`` of the release.

    Raises InputRefused where there is nothing to show.
    """
    return wrapped(story_parts(story, notice, options), story, notice, options, number)


def wrapped(
    shown: Sequence[Part], story: Story, notice: Notice, options: Options, number: int
) -> tuple[Part, ...]:
    """A film that shows the parts ``shown`` of ``story``, number ``number`` of the release."""
    size = frame(story, options)
    card = Page(notice.card_title, notice.card_lines, lead=True)
    end = _end_pages(story.report, notice, size)
    made = (
        Part(PartKind.POSTER, POSTER_SECONDS),
        Part(PartKind.CARD, CARD_SECONDS, (card,)),
        *(replace(part, story=number) for part in shown),
        Part(PartKind.END, PAGE_SECONDS * len(end), end),
    )
    return (*made, Part(PartKind.COVER)) if options.cover else made


def story_parts(story: Story, notice: Notice, options: Options) -> tuple[Part, ...]:
    """The report alone: films in their order, then recordings and text."""
    films = [at for at, facts in enumerate(story.media) if facts.video is not None]
    sounds = [at for at, facts in enumerate(story.media) if facts.video is None]
    for at, facts in enumerate(story.media):
        if facts.duration <= 0:
            named = f"{printable(story.report.media[at])!r}" if story.report.media else "the clip"
            raise InputRefused(f"{named} has no length", "export it again from where it came")
    sections = _sections(story, notice, frame(story, options))
    if options.copy and (sounds or not films):
        raise InputRefused(
            "there is no picture of a camera to copy", "leave --copy out: the film is drawn anew"
        )
    if films and not sounds and _is_note(sections):
        sections = ()
    if options.copy and options.narrate and sections:
        raise InputRefused(
            "a voice cannot be joined to a copied film", "leave --copy out, or --narrate"
        )
    slides = [slide for section in sections for slide in section]
    if not story.media and not any(slide.spoken or slide.picture for slide in slides):
        raise InputRefused(
            "there is nothing to show: no film, no recording, no text and no picture",
            "write the report below the front matter of report.md, or name a film under `media:`",
        )
    shown = tuple(Part(PartKind.REPORT, media=at) for at in films)
    return (*shown, *_heard(story, sounds, sections), *_read(story, sounds, sections, options))


def chapters(parts: Sequence[Part], notice: Notice) -> tuple[Chapter, ...]:
    """One mark at the start, one for each further film or section, one for the cover film.

    A mark right behind the card would be a sign that all our films share.
    """
    shown = [at for at, part in enumerate(parts) if part.kind is PartKind.REPORT]
    cover = [at for at, part in enumerate(parts) if part.kind is PartKind.COVER]
    starts = [0, *shown[1:], *cover]
    return tuple(
        Chapter(notice.chapter.format(number=number), part)
        for number, part in enumerate(starts, start=1)
    )


def frame(story: Story, options: Options) -> tuple[int, int]:
    """The size of the finished film: for a copy, that of the camera."""
    video = next((facts.video for facts in story.media if facts.video), None)
    if not options.copy or video is None:
        return options.quality.frame
    return video.width, video.height


def picture(story: Story, options: Options) -> str:
    """What the name of the finished film calls its picture: ``H.264``, or that of the camera."""
    video = next((facts.video for facts in story.media if facts.video), None)
    return naming.video_token(video.codec if options.copy and video else "h264")


def container(options: Options) -> Container:
    """The kind of file, as far as the journalist left it open."""
    if not options.copy:
        return options.container or Container.MP4
    if options.container is Container.MP4:
        raise InputRefused(
            "a copied picture cannot be joined to the card inside MP4",
            "leave --container out: a copy goes into MKV",
            "or leave --copy out: a transcode fits both",
        )
    return Container.MKV


def nfo_fields(
    title: str,
    year: int,
    frame: tuple[int, int],
    streams: tuple[str, AudioFacts | None],
    language: Language,
) -> tuple[tuple[str, str], ...]:
    """What is known of the film before it is made; all of it true.

    ``streams`` are what ``picture`` and ``sound`` say.
    """
    video, sound = streams
    spoken = _LANGUAGES[language]
    token = naming.audio_token(sound)
    fields = (
        ("Title", title),
        ("Year", str(year)),
        ("Resolution", f"{frame[0]} x {frame[1]}"),
        ("Video", _VIDEO[video]),
        ("Audio", f"{spoken} {token}" if token else ""),
        ("Language", spoken),
    )
    return tuple((label, value) for label, value in fields if value)


def _sections(story: Story, notice: Notice, size: tuple[int, int]) -> tuple[tuple[Slide, ...], ...]:
    """The screens of the text in the main language, if there is any text."""
    if not story.articles:
        return ()
    _, body = story.articles[0]
    return typeset.article(story.report.main, body, size, notice.notes)


def _is_note(sections: Sequence[Sequence[Slide]]) -> bool:
    slides = [slide for section in sections for slide in section]
    pictures = any(slide.picture for slide in slides)
    return not pictures and sum((one.seconds for one in slides[1:]), Fraction(0)) < _NOTE


def _heard(
    story: Story, sounds: Sequence[int], sections: Sequence[tuple[Slide, ...]]
) -> tuple[Part, ...]:
    """Recordings: a lone one is heard while the text is shown, others before it."""
    if _together(story, sounds, sections):
        return _timed(sections, sounds[0], story.media[sounds[0]].duration)
    return tuple(_played(at, story.media[at].duration, sections) for at in sounds)


def _read(
    story: Story,
    sounds: Sequence[int],
    sections: Sequence[tuple[Slide, ...]],
    options: Options,
) -> tuple[Part, ...]:
    """The text by itself, unless a recording has shown all of it."""
    only_a_title = bool(sounds) and sum(map(len, sections)) <= 1
    if only_a_title or _together(story, sounds, sections):
        return ()
    return tuple(
        Part(PartKind.REPORT, _length(section), slides=section, voice=options.narrate)
        for section in sections
    )


def _together(story: Story, sounds: Sequence[int], sections: Sequence[tuple[Slide, ...]]) -> bool:
    """Whether the text can be read while the recording lasts."""
    needed = sum(map(_length, sections), Fraction(0))
    return len(sounds) == 1 and story.media[sounds[0]].duration >= needed * _HURRIED > 0


def _timed(
    sections: Sequence[tuple[Slide, ...]], media: int, duration: Fraction
) -> tuple[Part, ...]:
    """Screens that share out a recording; what it has to spare is held at the end."""
    stretch = duration / sum(map(_length, sections), Fraction(0))
    over = stretch > _DRAWN_OUT
    made = []
    begin = Fraction(0)
    for number, section in enumerate(sections):
        last = number == len(sections) - 1 and not over
        end = begin + _length(section) * (_UNHURRIED if over else stretch)
        until = _whole(duration) if last else _whole(end)
        made.append(_stretched(section, media, begin, until))
        begin = until
    if over:
        made.append(replace(_played(media, duration - begin, sections), begin=begin))
    return tuple(made)


def _stretched(section: tuple[Slide, ...], media: int, begin: Fraction, end: Fraction) -> Part:
    """The screens of ``section`` shown from ``begin`` to ``end`` seconds of a recording."""
    share = (end - begin) / _length(section)
    slides = tuple(replace(slide, seconds=slide.seconds * share) for slide in section)
    return Part(PartKind.REPORT, end - begin, slides=slides, media=media, begin=begin)


def _played(media: int, duration: Fraction, sections: Sequence[tuple[Slide, ...]]) -> Part:
    """A recording with nothing to read: the title and the pictures come round, without haste."""
    slides = [slide for section in sections for slide in section]
    held = [*slides[:1], *(slide for slide in slides[1:] if slide.picture)] or [_BLANK]
    length = _whole(duration)
    count = ceil(length / _HELD)
    shown = tuple(
        replace(held[at % len(held)], seconds=length / count, spoken=(), ground=at)
        for at in range(count)
    )
    return Part(PartKind.REPORT, length, slides=shown, media=media)


def _length(slides: Sequence[Slide]) -> Fraction:
    return sum((slide.seconds for slide in slides), Fraction(0))


def _whole(seconds: Fraction) -> Fraction:
    """As many whole pictures as hold ``seconds``."""
    return Fraction(ceil(seconds * _RATE), _RATE)


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
