"""What a release is made of: films, sound files and books, described before they are rendered.

Each item becomes one sealed file; its ``path`` is relative to the folder that travels. Titles,
tags and chapter names hold no word of the report.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from packager.typeset import Slide
from packager.values import Language, RelativePath


class Container(StrEnum):
    """The kinds of film file that are made."""

    MP4 = "mp4"
    MKV = "mkv"


class PartKind(StrEnum):
    """The pieces a film is joined from, in the order they play."""

    POSTER = "poster"
    CARD = "card"
    REPORT = "report"
    END = "end"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Page:
    """One screen of text: a heading and paragraphs below it, broken to fit when they are set.

    A line feed inside a paragraph breaks the row there.
    """

    heading: str
    lines: tuple[str, ...]
    lead: bool = False  # the first line is the main message and is set larger


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the film.

    Text parts have ``pages``, shown one after the other in ``seconds`` altogether. A REPORT part
    shows the story ``story`` of the release: either a film, and then ``media`` is its place among
    the story's media and it plays at its own length; or ``slides``, each as long as it says. Those
    are shown to the sound of ``media``, a recording, from ``begin`` seconds on; or to a voice that
    reads them (``voice``), and then last as long as that takes; or in silence.
    """

    kind: PartKind
    seconds: Fraction | None = None
    pages: tuple[Page, ...] = ()
    media: int | None = None
    story: int = 0
    slides: tuple[Slide, ...] = ()
    begin: Fraction = Fraction(0)
    voice: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A neutral chapter mark at the start of part (or segment) number ``part``."""

    title: str
    part: int


@dataclass(frozen=True, slots=True)
class Poster:
    """What a poster or cover shows; its shapes and colours come from ``seed``."""

    title: str
    line: str  # small print under the title: invented names, the year
    seed: bytes
    language: Language


@dataclass(frozen=True, slots=True)
class FilmItem:
    """One film file."""

    path: RelativePath
    container: Container
    language: Language  # of its sound
    seed: bytes  # 32 bytes that its ids are drawn from
    frame: tuple[int, int]  # of the finished film; for a copy, the camera's
    copy: bool
    parts: tuple[Part, ...]
    chapters: tuple[Chapter, ...]
    poster: Poster
    story: int | None = None  # whose texts are sealed in it; None: everything's


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of sound: paragraphs for the voice, or a recording; then silence of ``pause`` s."""

    spoken: tuple[str, ...] = ()
    media: int | None = None  # among the media of story ``story``; behind the last: the cover
    story: int = 0
    pause: Fraction = Fraction(0)
    language: Language | None = None  # of ``spoken``, where it is not the item's


@dataclass(frozen=True, slots=True)
class SoundTags:
    """What a player shows."""

    title: str
    artist: str
    album: str
    album_artist: str
    track: int
    tracks: int
    year: int
    genre: str


@dataclass(frozen=True, slots=True)
class SoundItem:
    """One MP3 or M4B file, told by the ending of ``path``."""

    path: RelativePath
    language: Language
    seed: bytes
    segments: tuple[Segment, ...]
    chapters: tuple[Chapter, ...]  # at the starts of segments
    tags: SoundTags
    cover: Poster
    kbit: int  # a second; of an MP3 with variable bit rate, about
    channels: int
    story: int | None = None


@dataclass(frozen=True, slots=True)
class BookItem:
    """One EPUB file."""

    path: RelativePath
    language: Language
    seed: bytes
    title: str
    author: str
    year: int
    cover: Poster
    story: int | None = None
    fb2: RelativePath | None = None  # the same book beside it, for readers of FB2


Item = FilmItem | SoundItem | BookItem
