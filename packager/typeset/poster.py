"""Set a film poster's words over a picture that somebody else paints."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from packager.typeset.ass import Ink, Place, Span, row_event, script
from packager.typeset.faces import ARABIC, CHINESE, MYANMAR, face_of
from packager.typeset.rows import Row, broken
from packager.typeset.sheet import Sheet, sheet
from packager.values import Language

_SPAN = Span(Fraction(0), Fraction(3600))
_TITLE_COLOUR, _LINE_COLOUR = "F6F1E7", "D9D3C6"
_TITLE_ROWS = 4
_TITLE_DEPTH = 0.27  # of the height, at most


class Arrangement(StrEnum):
    """Where the title stands; the painter leaves this part calm and dark."""

    FOOT = "foot"  # low, at the reading side
    CENTRE = "centre"  # low, centred
    HEAD = "head"  # high, centred


class Bill(Protocol):
    """What a poster says."""

    @property
    def title(self) -> str:
        """The title, as a person writes it."""
        ...

    @property
    def line(self) -> str:
        """Small print under the title."""
        ...

    @property
    def seed(self) -> bytes:
        """At least 8 bytes that decide the arrangement."""
        ...

    @property
    def language(self) -> Language:
        """The language of title and line."""
        ...


@dataclass(frozen=True, slots=True)
class _Lettering:
    """A title broken into rows of letters ``em`` pixels high."""

    rows: tuple[Row, ...]
    em: float


def arrangement(seed: bytes) -> Arrangement:
    """The same for the typesetter and the painter of one poster."""
    return tuple(Arrangement)[seed[0] % len(Arrangement)]


def poster(bill: Bill, frame: tuple[int, int]) -> str:
    """An ASS script with the words of ``bill`` for a picture of ``frame`` pixels."""
    page = sheet(frame, bill.language)
    chosen = arrangement(bill.seed)
    lettering = _lettering(_cased(bill), page)
    side = page.side if chosen is Arrangement.FOOT else 0
    x = page.edge if side else page.width / 2
    step = lettering.em * page.leading * _tightness(page)
    small = max(min(page.em * 0.78, lettering.em * 0.5), page.width / 50)
    credit = broken(bill.line, page.width * 0.86 / small)
    foot = page.height * 0.915 - small * page.leading * (len(credit) - 1)
    if chosen is Arrangement.HEAD:
        first = page.height * 0.09 + lettering.em * page.face.ascent * page.face.scale * 0.8
    else:
        first = foot - small * page.leading * 1.5 - step * (len(lettering.rows) - 1)
    spacing = 0.0 if page.face in {ARABIC, MYANMAR} else lettering.em * 0.02
    title = Ink(lettering.em, _TITLE_COLOUR, _TITLE_COLOUR, bold=True, spacing=spacing)
    line = Ink(small, _LINE_COLOUR, _LINE_COLOUR, spacing=spacing and small * 0.06)
    events = [
        row_event(
            row, Place(x, first + step * at, side), title, _SPAN, right_to_left=page.right_to_left
        )
        for at, row in enumerate(lettering.rows)
    ]
    events += [
        row_event(
            row,
            Place(x, foot + small * page.leading * at, side),
            line,
            _SPAN,
            right_to_left=page.right_to_left,
        )
        for at, row in enumerate(credit)
    ]
    return script(frame, events)


def _cased(bill: Bill) -> str:
    """Half of the posters shout."""
    return bill.title.upper() if bill.seed[1] % 2 else bill.title


def _tightness(page: Sheet) -> float:
    """Titles stand closer than text, as far as the script lets them."""
    return 0.92 if page.face in {ARABIC, MYANMAR} else 0.8


def _lettering(title: str, page: Sheet) -> _Lettering:
    """The largest letters in which the title has at most four rows and no word is cut."""
    em = min(page.width / 6.5, page.height / 8)
    smallest = page.width / 40
    while True:
        rows = broken(title, page.width * 0.83 / em)
        whole = not any(row[0].glued and not _breakable(row[0].text) for row in rows)
        deep = len(rows) * em * page.leading * _tightness(page) > _TITLE_DEPTH * page.height
        if em <= smallest or (len(rows) <= _TITLE_ROWS and whole and not deep):
            return _Lettering(rows, em)
        em *= 0.94


def _breakable(text: str) -> bool:
    """Whether a row may start with this piece of a word: in Chinese, with any."""
    return face_of(text[0]) is CHINESE
