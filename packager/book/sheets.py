"""A report divided as books are: languages, parts, chapters, notes, each with a neutral label.

Pure. What stands in a table of contents says "Chapter 3"; the headings of the report stand in the
text only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from packager import article
from packager.article import Article, Block, Heading, Listing, Paragraph, Quote, Runs, Table
from packager.disguise.base import Notice
from packager.report import Link, Report, Text
from packager.values import Language, RelativePath, hidden_characters

_CHAPTER_LEVELS = 2  # a title that stands alone at its level, and the level below it
_SHORT = 300  # letters before the first heading that make no chapter


class Image(Protocol):
    """A picture made clean: JPEG or PNG without any metadata."""

    @property
    def data(self) -> bytes:
        """The file."""
        ...

    @property
    def width(self) -> int:
        """Pixels."""
        ...

    @property
    def height(self) -> int:
        """Pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """One report of the book, with its pictures under the names that its texts use."""

    report: Report
    articles: Mapping[Language, Article]
    pictures: Mapping[RelativePath, Image]


@dataclass(frozen=True, slots=True)
class Chapter:
    """``notes`` are the footnotes, counted from 1, whose first mark stands here."""

    label: str
    blocks: tuple[Block, ...]
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One report in one language; its fields are cleaned of what steers or hides."""

    story: int
    label: str  # empty where the book holds one report only
    language: Language
    title: str
    origin: str  # byline, outlet, date
    summary: str
    chapters: tuple[Chapter, ...]
    footnotes: tuple[tuple[Block, ...], ...]
    sources: tuple[str, ...]
    links: tuple[Link, ...]
    tools: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """Everything of the book in one language; ``last`` is the label of its last page."""

    language: Language
    notice: Notice
    parts: tuple[Part, ...]
    last: str


def tongues(
    stories: Sequence[Told], main: Language, notices: Mapping[Language, Notice]
) -> tuple[Tongue, ...]:
    """The languages of the book, ``main`` first, the others in the order of the texts."""
    spoken = dict.fromkeys(t.language for told in stories for t in told.report.texts)
    order = [main, *(language for language in spoken if language != main)]
    return tuple(
        _tongue(stories, language, notices[language]) for language in order if language in spoken
    )


def _tongue(stories: Sequence[Told], language: Language, notice: Notice) -> Tongue:
    parts = []
    for number, told in enumerate(stories):
        text = next((t for t in told.report.texts if t.language == language), None)
        if text is not None:
            label = notice.part.format(number=number + 1) if len(stories) > 1 else ""
            parts.append(_part(number, label, text, told.articles[language], notice))
    count = len(parts[-1].chapters) if len(parts) == 1 else 0
    last = notice.chapter.format(number=count + 1) if count else notice.links
    return Tongue(language, notice, tuple(parts), last)


def _part(story: int, label: str, text: Text, body: Article, notice: Notice) -> Part:
    title = clean(text.title)
    blocks = _without(title, body.blocks)
    return Part(
        story=story,
        label=label,
        language=text.language,
        title=title,
        origin=" · ".join(clean(f) for f in (text.byline, text.outlet, text.published) if f),
        summary=clean(text.summary),
        chapters=_chapters(blocks, body.footnotes, notice),
        footnotes=body.footnotes,
        sources=tuple(map(clean, text.sources)),
        links=tuple(Link(clean(link.label), clean(link.url)) for link in text.links),
        tools=tuple(Link(clean(link.label), clean(link.url)) for link in text.tools),
    )


def _without(title: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """``blocks`` without a first heading that says the title again."""
    for at, block in enumerate(blocks):
        if isinstance(block, Heading):
            same = article.words(block.runs) == title
            return blocks[:at] + blocks[at + 1 :] if same else blocks
    return blocks


def clean(text: str) -> str:
    """``text`` without characters that steer, hide, or cannot stand in XML."""
    hidden = set(hidden_characters(text))
    return "".join(" " if c in hidden else c for c in text) if hidden else text


def _chapters(
    blocks: tuple[Block, ...], footnotes: tuple[tuple[Block, ...], ...], notice: Notice
) -> tuple[Chapter, ...]:
    chapters: list[Chapter] = []
    seen: set[int] = set()
    for number, piece in enumerate(_pieces(blocks), start=1):
        notes = tuple(note for note in _cited(piece, footnotes) if note not in seen)
        seen.update(notes)
        chapters.append(Chapter(notice.chapter.format(number=number), piece, notes))
    return tuple(chapters)


def _pieces(blocks: tuple[Block, ...]) -> list[tuple[Block, ...]]:
    """``blocks`` cut before each heading of a chapter; a short opening joins the first one."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    top = min(levels, default=1)
    deepest = top + (_CHAPTER_LEVELS - 1 if levels.count(top) == 1 else 0)
    pieces: list[list[Block]] = [[]]
    letters = 0  # below the headings of the chapter
    for block in blocks:
        heading = isinstance(block, Heading) and block.level <= deepest
        if heading and letters > (0 if len(pieces) > 1 else _SHORT):
            pieces.append([])
            letters = 0
        pieces[-1].append(block)
        if not heading:
            letters += 1 + sum(map(len, article.plain((block,))))
    return [tuple(piece) for piece in pieces]


def _cited(blocks: Iterable[Block], footnotes: tuple[tuple[Block, ...], ...]) -> tuple[int, ...]:
    """The footnotes that ``blocks`` refer to, and those that these refer to, each once."""
    found: dict[int, None] = {}
    waiting = list(_marks(blocks))
    while waiting:
        note = waiting.pop(0)
        if note not in found:
            found[note] = None
            waiting += _marks(footnotes[note - 1])
    return tuple(found)


def _marks(blocks: Iterable[Block]) -> Iterator[int]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield from _marked(block.runs)
            case Quote():
                yield from _marks(block.blocks)
            case Listing():
                for item in block.items:
                    yield from _marks(item)
            case Table():
                for row in (block.header, *block.rows):
                    for cell in row:
                        yield from _marked(cell)
            case _:
                pass


def _marked(runs: Runs) -> Iterator[int]:
    return (run.footnote for run in runs if run.footnote)
