"""A report as a voice tells it, and where it may be cut into tracks or chapters.

First what it is, then the report: its text, its recordings, its other languages; at the end
sources, links, tools, how to check it and how to pass it on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from packager import article
from packager.article import Article, Block, Heading, Picture
from packager.disguise.base import Notice, Story
from packager.disguise.items import Segment
from packager.errors import InputRefused
from packager.report import Link, Text
from packager.values import Language, printable

PAUSE = Fraction(1)  # seconds behind what belongs together
_BREATH = 0.7  # between two paragraphs
_NOTE = 45.0  # seconds: a shorter text beside a recording is a note about it
_HURRIED, _DRAWN_OUT = 0.5, 2.5  # how a person's reading may differ from the voice's
_STOPS = tuple(".!?…:。！？။؟")
PACE = {  # letters a second, as our voices speak; a test holds them against the real ones
    Language.EN: 14.2,
    Language.RU: 14.9,
    Language.UK: 13.6,
    Language.BE: 13.2,
    Language.FA: 10.8,
    Language.AR: 9.6,
    Language.ZH: 4.3,
    Language.MY: 13.6,
    Language.ES: 14.4,
}


@dataclass(frozen=True, slots=True)
class Passage:
    """What is not cut: a paragraph, or a recording."""

    language: Language
    story: int | None  # None: of all
    text: str = ""
    media: int | None = None
    seconds: float = 0.0  # about how long it lasts
    opens: bool = False  # a new thought: the best place for a cut
    apart: bool = False  # a new story: here a cut must be


def told(stories: tuple[Story, ...], notice: Notice, disclosure: str) -> tuple[Passage, ...]:
    """Everything but the ending, in order; ``disclosure`` are the first words."""
    first = [*_said((disclosure, *notice.card_lines), notice.language, 0)]
    rest = [
        passage for number, story in enumerate(stories) for passage in _story(number, story, notice)
    ]
    if not rest:
        raise InputRefused(
            "there is nothing to listen to: no text, and no recording with sound",
            "write the report into report.md, or name recordings under `media:`",
        )
    return (*first, *rest)


def ending(stories: tuple[Story, ...], notice: Notice) -> tuple[Passage, ...]:
    """Sources, links, tools, how to check, how to pass on."""
    texts = [story.report.main for story in stories]
    sources = [source for text in texts for source in text.sources]
    links = [_spoken_link(link) for text in texts for link in text.links]
    tools = [_spoken_link(link) for text in texts for link in text.tools]
    said: list[str] = []
    for heading, lines in (
        (notice.sources, sources),
        (notice.links, links),
        (notice.tools, tools),
        (notice.check, notice.check_spoken),
        (notice.pass_on, notice.pass_on_lines),
    ):
        if lines:
            said += [_sentence(heading), *dict.fromkeys(lines)]
    story = 0 if len(stories) == 1 else None
    return tuple(_said(said, notice.language, story))


def cut(
    passages: Sequence[Passage], shortest: float, longest: float
) -> tuple[tuple[Passage, ...], ...]:
    """Pieces of ``shortest`` to ``longest`` seconds where the text allows, cut at new thoughts."""
    pieces: list[list[Passage]] = [[]]
    seconds = 0.0
    for passage in passages:
        full = seconds >= shortest and passage.opens
        over = seconds + passage.seconds > longest and seconds >= shortest / 2
        if pieces[-1] and (passage.apart or full or over):
            pieces.append([])
            seconds = 0.0
        pieces[-1].append(passage)
        seconds += passage.seconds
    return tuple(map(tuple, pieces))


def segments(passages: Sequence[Passage]) -> tuple[Segment, ...]:
    """The passages as sound: what is spoken in one language goes together."""

    def kind(place: tuple[int, Passage]) -> tuple[int, Language]:
        at, passage = place
        return (-1 if passage.media is None else at), passage.language

    found = []
    for _, group in groupby(enumerate(passages), key=kind):
        together = [passage for _, passage in group]
        first = together[0]
        if first.media is not None:
            found.append(Segment(media=first.media, story=first.story or 0, pause=PAUSE))
        else:
            spoken = tuple(passage.text for passage in together)
            found.append(Segment(spoken=spoken, pause=PAUSE, language=first.language))
    return tuple(found)


def covered(stories: Sequence[Story]) -> tuple[Segment, ...]:
    """The music that comes last: it counts as the only recording of one more story."""
    return (Segment(media=0, story=len(stories), pause=PAUSE),)


def seconds(passages: Sequence[Passage]) -> float:
    """About how long they last."""
    return sum(passage.seconds for passage in passages)


def length(text: str, language: Language) -> float:
    """About how many seconds a voice takes for a paragraph, its pause included."""
    return len(text) / PACE[language] + _BREATH


def story_of(passages: Sequence[Passage]) -> int | None:
    """The one story that all of them tell, if it is one."""
    found = {passage.story for passage in passages}
    return found.pop() if len(found) == 1 else None


def _story(number: int, story: Story, notice: Notice) -> Iterator[Passage]:
    """One report: its main text, its recordings, its other languages."""
    main = story.report.main
    bodies = dict(story.articles)
    passages = [*_head(main, number)]
    if not _is_read_out(text := [*_body(main, bodies.get(main.language), number)], story):
        passages += text
    passages += _recordings(number, story, notice)
    others = (text for text in story.report.texts if text.language != main.language)
    for other in others:
        passages += _head(other, number)
        passages += _body(other, bodies.get(other.language), number)
    for at, passage in enumerate(passages):
        if at or not number:
            yield passage
        else:
            yield replace(passage, opens=True, apart=True)


def _is_read_out(text: Sequence[Passage], story: Story) -> bool:
    """Whether the journalist's own recordings are about as long as the text would be."""
    spoken = seconds(text)
    recorded = sum(float(facts.duration) for facts in story.media if facts.video is None)
    return spoken > _NOTE and _HURRIED < recorded / spoken < _DRAWN_OUT


def _head(text: Text, number: int) -> Iterator[Passage]:
    head = [text.title, ", ".join(part for part in (text.byline, text.outlet) if part)]
    head += [text.published, text.summary]
    yield from _said([_sentence(line) for line in head if line], text.language, number)


def _body(text: Text, body: Article | None, number: int) -> Iterator[Passage]:
    for blocks in (body.blocks, *body.footnotes) if body else ():
        for block in blocks:
            yield from _said(_words(block), text.language, number, opens=isinstance(block, Heading))


def _words(block: Block) -> tuple[str, ...]:
    """What is said of a block; of a picture, what it shows."""
    if isinstance(block, Picture):
        shown = block.caption or block.alt
        return (_sentence(shown),) if shown else ()
    said = article.plain((block,))
    return tuple(map(_sentence, said)) if isinstance(block, Heading) else said


def _recordings(number: int, story: Story, notice: Notice) -> Iterator[Passage]:
    for index, facts in enumerate(story.media):
        if facts.audio is None:
            named = printable(story.report.media[index]) if story.report.media else "the clip"
            raise InputRefused(
                f"{named!r} has no sound, and this look shows no pictures",
                "take it out of `media:` and of the folder, or make a film: --as movie",
            )
        yield Passage(
            notice.language, number, media=index, seconds=float(facts.duration), opens=True
        )


def _said(
    lines: Sequence[str], language: Language, story: int | None, *, opens: bool = True
) -> Iterator[Passage]:
    """A paragraph each; the first one may open a new thought."""
    for at, line in enumerate(lines):
        about = length(line, language)
        yield Passage(language, story, line, seconds=about, opens=opens and not at)


def _sentence(line: str) -> str:
    """Headings end without a mark, and a voice would run on."""
    return line if line.endswith(_STOPS) else f"{line}."


def _spoken_link(link: Link) -> str:
    """The voice says no more of an address than its host; the whole stands in the sealed text."""
    return f"{link.label}: {link.url}"
