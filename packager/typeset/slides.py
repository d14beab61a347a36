"""One screen of an article in a film, and the script that shows many of them."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from packager.typeset.ass import Ink, Place, Span, box_event, row_event, script
from packager.typeset.rows import Row
from packager.values import Language, RelativePath

# Letters a minute: how fast adults read to others, IReST (doi 10.1167/iovs.11-8284), less a fifth.
# Not measured there: be and uk go as ru, fa as ar; Burmese is a guess. See docs/articles.md.
_ALOUD = {
    Language.EN: 987,
    Language.ES: 1025,
    Language.RU: 986,
    Language.UK: 986,
    Language.BE: 986,
    Language.AR: 612,
    Language.FA: 612,
    Language.ZH: 255,
    Language.MY: 800,
}
_UNHURRIED = Fraction(4, 5)
_ARRIVING = Fraction(3, 2)  # seconds until the eye has found the first word
_LOOKING = Fraction(5)  # at a picture
_LEAST = Fraction(4)
_SPELT = frozenset("LN")  # categories of characters that are read
_BURMESE_SIGNS = frozenset({"Mc", "Mn"})


@dataclass(frozen=True, slots=True)
class Words:
    """A row of text and where it stands, in pixels."""

    row: Row
    place: Place
    ink: Ink


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle in pixels; ``corner`` is its upper left."""

    corner: tuple[float, float]
    size: tuple[float, float]
    colour: str


@dataclass(frozen=True, slots=True)
class Slide:
    """One screen: marks over a ground, and perhaps a picture inside ``area``.

    ``area`` is x, y, width and height in pixels; ``ground`` the number of what is painted behind
    screens without a picture. ``seconds`` is what a reader takes; ``spoken``
    are the words of the screen, by paragraphs, for the voice and for subtitles.
    """

    marks: tuple[Words | Box, ...]
    seconds: Fraction
    spoken: tuple[str, ...]
    picture: RelativePath | None = None
    area: tuple[int, int, int, int] | None = None
    ground: int = 0


def reading(texts: Iterable[str], language: Language, *, looked_at: bool = False) -> Fraction:
    """Seconds to read ``texts`` without haste, and to look at a picture beside them."""
    pace = _ALOUD[language] * _UNHURRIED
    time = _ARRIVING + sum(map(letters, texts)) * 60 / pace + (_LOOKING if looked_at else 0)
    return max(_LEAST, Fraction(round(time * 5), 5))


def letters(text: str) -> int:
    """How many characters of ``text`` are read; vowels of Burmese count, dots and spaces do not."""
    return sum(_read(character) for character in text)


def _read(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in _SPELT or category in _BURMESE_SIGNS


def slides(
    shown: Sequence[Slide],
    ends: Sequence[Fraction],
    frame: tuple[int, int],
    language: Language,
) -> str:
    """An ASS script that shows each slide until its entry in ``ends``, seconds from the start."""
    events: list[str] = []
    begin = Fraction(0)
    for slide, end in zip(shown, ends, strict=True):
        span = Span(begin, end)
        for mark in slide.marks:
            if isinstance(mark, Box):
                events.append(box_event(mark.corner, mark.size, mark.colour, span))
            else:
                rtl = language.right_to_left
                events.append(row_event(mark.row, mark.place, mark.ink, span, right_to_left=rtl))
        begin = end
    return script(frame, events)
