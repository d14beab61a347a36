"""What a finished media file shows of itself besides its picture and sound, taken at no word.

Tags, chapters, the list of streams, and how many bytes it takes over time; as the boxed child
(``look``) saw it. Every list has bounds, every text is cut and made printable.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from packager.errors import InputRefused
from packager.values import printable

WINDOW = 10  # seconds over which bytes are added up
MAX_WINDOWS = 24 * 360 + 1
MAX_TAGS = 100
MAX_CHAPTERS = 1000
MAX_STREAMS = 64
MAX_TEXT = 500  # characters
_MOST = 2**53
_TICKS = 1_000_000  # a second


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream; ``kind`` is video, audio, subtitle, data or attachment."""

    kind: str
    codec: str
    profile: str
    level: int  # of H.264 and HEVC, as in the stream: 41 is 4.1; 0 elsewhere
    cover: bool  # an attached picture
    width: int
    height: int
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A mark; ``start`` in seconds."""

    start: Fraction
    title: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What a file shows; ``windows`` are bytes of its picture (or sound) every ``WINDOW``."""

    tags: tuple[tuple[str, str], ...]  # keys in lower case
    streams: tuple[Stream, ...]
    chapters: tuple[Chapter, ...]
    windows: tuple[int, ...]

    def tag(self, key: str) -> str:
        """The value of a tag; empty where there is none."""
        return dict(self.tags).get(key, "")

    @property
    def cover(self) -> Stream | None:
        """The attached picture."""
        return next((stream for stream in self.streams if stream.cover), None)


def parse(untrusted_text: str) -> Traits:
    """Read the child's answer; InputRefused if it is none."""
    try:
        answer = json.loads(untrusted_text)
        return Traits(
            tags=_tags(answer["tags"]),
            streams=tuple(_stream(one) for one in _some(answer["streams"], MAX_STREAMS)),
            chapters=tuple(_chapter(one) for one in _some(answer["chapters"], MAX_CHAPTERS)),
            windows=tuple(_whole(one) for one in _some(answer["windows"], MAX_WINDOWS)),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputRefused("a media file is damaged and cannot be read") from error


def _stream(untrusted: object) -> Stream:
    one = _mapping(untrusted)
    return Stream(
        kind=_text(one["kind"]),
        codec=_text(one["codec"]),
        profile=_text(one["profile"]),
        level=_whole(one["level"]),
        cover=one["cover"] is True,
        width=_whole(one["width"]),
        height=_whole(one["height"]),
        tags=_tags(one["tags"]),
    )


def _chapter(untrusted: object) -> Chapter:
    one = _mapping(untrusted)
    return Chapter(Fraction(_whole(one["start"]), _TICKS), _text(one["title"]))


def _tags(untrusted: object) -> tuple[tuple[str, str], ...]:
    found = _mapping(untrusted)
    if len(found) > MAX_TAGS:
        raise ValueError(len(found))
    return tuple(sorted((_text(key).lower(), _text(value)) for key, value in found.items()))


def _mapping(untrusted: object) -> Mapping[str, object]:
    if not isinstance(untrusted, Mapping):
        raise TypeError("not an object")
    return untrusted


def _some(untrusted: object, most: int) -> list[object]:
    if not isinstance(untrusted, list) or len(untrusted) > most:
        raise ValueError("not a list of so many")
    return untrusted


def _text(untrusted: object) -> str:
    if not isinstance(untrusted, str):
        raise TypeError("not a text")
    return printable(untrusted[:MAX_TEXT])


def _whole(untrusted: object) -> int:
    if not isinstance(untrusted, int) or isinstance(untrusted, bool):
        raise TypeError("not a number")
    if not 0 <= untrusted <= _MOST:
        raise ValueError(untrusted)
    return untrusted
