"""What every disguise takes and gives: options in, a plan out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from packager.article import Article
from packager.disguise.items import Container, FilmItem, Item, Poster
from packager.media import MediaFacts
from packager.report import Report
from packager.values import Language, RelativePath


class Quality(StrEnum):
    """The height of the picture a film is made in."""

    P480 = "480p"
    P720 = "720p"
    P1080 = "1080p"

    @property
    def frame(self) -> tuple[int, int]:
        """Width and height in square pixels."""
        return {"480p": (854, 480), "720p": (1280, 720), "1080p": (1920, 1080)}[self]


class Readme(StrEnum):
    """How much the text file beside the film says."""

    NEUTRAL = "neutral"
    FULL = "full"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Notice:
    """Our words in one language, from ``templates/notice/<language>.yaml``."""

    language: Language
    reviewed_by: str  # empty until a native reader has read it
    card_title: str
    card_lines: tuple[str, ...]  # what DESIGN's promise 2 asks for, one sentence each
    sources: str  # headings of the end card
    links: str
    tools: str
    check: str  # "How to check this file"
    check_lines: tuple[str, ...]
    pass_on: str  # heading: "Pass it on, if it is safe for you"
    pass_on_lines: tuple[str, ...]
    chapter: str  # "Chapter {number}"
    readme_neutral: tuple[str, ...]  # paragraphs; no word that betrays
    message: str  # the short message to send beside the magnet link
    book_title: str  # ``card_title`` of a book
    language_name: str  # of the language, in the language
    contents: str  # headings of a book
    notes: str
    part: str  # "Part {number}"
    written: str  # heading of the pages that hold the report's files as they are
    written_lines: tuple[str, ...]
    readme_book: tuple[str, ...]  # ``readme_neutral`` of a book
    message_book: str
    album_title: str  # ``card_title`` of an album; first words that are spoken
    check_spoken: tuple[str, ...]  # ``check_lines`` for the voice
    readme_sound: tuple[str, ...]  # ``readme_neutral`` of an album or audiobook
    message_album: str
    message_audiobook: str

    def opening(self, disguise: str) -> str:
        """The first words: this is not what its name promises."""
        books = dict.fromkeys(("book", "audiobook"), self.book_title)
        return {"album": self.album_title, **books}.get(disguise, self.card_title)

    def readme(self, disguise: str) -> tuple[str, ...]:
        """Paragraphs of the neutral ReadMe."""
        sound = dict.fromkeys(("album", "audiobook"), self.readme_sound)
        return {"book": self.readme_book, **sound}.get(disguise, self.readme_neutral)

    def invitation(self, disguise: str) -> str:
        """The short message to send beside the magnet link."""
        return {
            "album": self.message_album,
            "audiobook": self.message_audiobook,
            "book": self.message_book,
        }.get(disguise, self.message)


@dataclass(frozen=True, slots=True)
class Options:
    """What the journalist chose; None means the default is up to the disguise."""

    title: str | None = None
    year: int | None = None
    quality: Quality = Quality.P720
    container: Container | None = None
    copy: bool = False
    cover: bool = False  # an openly licensed film plays after the report
    readme: Readme = Readme.NEUTRAL
    no_audio: bool = False  # what the journalist's clips sound like is left out
    narrate: bool = False  # a voice reads the screens of a film


@dataclass(frozen=True, slots=True)
class Story:
    """One report of a release, and what is known of its media, in their order.

    A lone clip has facts though ``report.media`` is empty.
    """

    report: Report
    media: tuple[MediaFacts, ...]
    articles: tuple[tuple[Language, Article], ...] = ()  # the bodies of its texts, main first


@dataclass(frozen=True, slots=True)
class Plan:
    """A release before anything is rendered. Paths are relative to the folder that travels."""

    disguise: str
    language: Language  # of card, names, voice
    name: str  # of the folder that travels; also the torrent's name
    title: str
    year: int
    variant: bytes  # 32 bytes that names, shapes and ids were drawn from
    items: tuple[Item, ...]  # the sealed files, in the order they are played or read
    poster: Poster
    poster_file: RelativePath | None
    poster_size: tuple[int, int]  # pixels
    readme_file: RelativePath | None
    nfo_file: RelativePath | None
    nfo_fields: tuple[tuple[str, str], ...] = ()  # label, value; as the look has it
    playlist_file: RelativePath | None = None

    @property
    def films(self) -> tuple[FilmItem, ...]:
        """Its films, in order."""
        return tuple(item for item in self.items if isinstance(item, FilmItem))


class Disguise(Protocol):
    """One look: pure, so the same arguments always give the same plan."""

    def __call__(
        self,
        stories: tuple[Story, ...],
        notice: Notice,
        options: Options,
        variant: bytes,
    ) -> Plan:
        """Lay out a release of ``stories`` drawn from the 32 bytes of ``variant``."""
        ...
