"""What is known of a finished release when it is audited; found by ``evidence``, judged here."""

from dataclasses import dataclass, field
from fractions import Fraction

from packager.media import MediaFacts
from packager.report import Report
from packager.safety import Refusal
from packager.traits import Traits
from packager.values import Language


@dataclass(frozen=True, slots=True)
class Noise:
    """The payload of a media file in blocks of 64 KiB; offsets in bytes."""

    blocks: int
    dull: int  # blocks under the threshold of bits a byte
    least: float  # bits a byte of the dullest block
    first: int | None = None  # where the first dull block starts
    run: int | None = None  # where one byte is repeated over 4 KiB


@dataclass(frozen=True, slots=True)
class Book:
    """What the package file of an EPUB says, and the text of its first pages."""

    title: str
    author: str
    language: str
    metadata: tuple[tuple[str, str], ...]  # all of it, as ("dc:date", "2019")
    contents: tuple[str, ...]  # of the table of contents
    cover: bool
    opening: str  # plain text of the first pages


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file; None where it is no such file, or could not be read."""

    path: str  # in the folder
    size: int  # bytes
    time: int | None = None  # seconds, when it was last written
    media: MediaFacts | None = None
    traits: Traits | None = None
    noise: Noise | None = None
    marks: tuple[str, ...] = ()  # names of encoders in its first and last bytes
    book: Book | None = None
    picture: tuple[int, int] | None = None  # pixels
    text: str | None = None
    plain: tuple[int, ...] = ()  # per cent of the film where its picture is mostly one grey
    told: bool | None = None  # whether its disclosure was seen; None: nobody looked
    problem: str = ""  # why it could not be looked into

    @property
    def name(self) -> str:
        """Without folders."""
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self.name.rpartition(".")[0]

    @property
    def suffix(self) -> str:
        """The ending with its dot, in lower case."""
        stem, dot, ending = self.name.rpartition(".")
        return dot + ending.lower() if stem else ""


FILMS = frozenset({".mp4", ".mkv"})
SOUNDS = frozenset({".mp3", ".m4a", ".m4b"})
BOOKS = frozenset({".epub"})
TEXTS = frozenset({".txt", ".nfo", ".m3u8"})


@dataclass(frozen=True, slots=True)
class Release:
    """A finished release, or one file of it (``name`` is empty then).

    ``disguise``, ``language`` and ``report`` come from a seal that opened, or from the plan;
    ``disguise`` is guessed from the files otherwise.
    """

    name: str
    files: tuple[FileFacts, ...]
    disguise: str
    refusals: tuple[Refusal, ...] = ()
    torrent: bytes | None = None
    language: Language | None = None
    reviewed: bool | None = None  # whether a native reader has signed our words
    report: tuple[Report, ...] = field(default=())
    no_report: str = ""  # why there is none

    @property
    def films(self) -> tuple[FileFacts, ...]:
        """Its files that play pictures."""
        return tuple(one for one in self.files if one.suffix in FILMS)

    @property
    def sounds(self) -> tuple[FileFacts, ...]:
        """Its files that play sound alone."""
        return tuple(one for one in self.files if one.suffix in SOUNDS)

    @property
    def books(self) -> tuple[FileFacts, ...]:
        """Its books."""
        return tuple(one for one in self.files if one.suffix in BOOKS)


def seconds(file: FileFacts) -> Fraction:
    """How long a file plays; 0 where nobody knows."""
    return file.media.duration if file.media else Fraction(0)
