"""Set a film poster's words over a picture that somebody else paints."""

from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from packager.typeset.ass import Ink, Place, Span, row_event, script
from packager.typeset.lettering import Room, lettered, spaced, tightness
from packager.typeset.rows import broken
from packager.typeset.sheet import sheet
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


def arrangement(seed: bytes) -> Arrangement:
    """The same for the typesetter and the painter of one poster."""
    return tuple(Arrangement)[seed[0] % len(Arrangement)]


def scene(bill: Bill, frame: tuple[int, int]) -> str:
    """An ASS script with the words of ``bill`` for a film's poster of ``frame`` pixels."""
    page = sheet(frame, bill.language)
    chosen = arrangement(bill.seed)
    room = Room(page.width * 0.83, page.height * _TITLE_DEPTH, _TITLE_ROWS)
    lettering = lettered(_cased(bill), page, room, min(page.width / 6.5, page.height / 8))
    side = page.side if chosen is Arrangement.FOOT else 0
    x = page.edge if side else page.width / 2
    step = lettering.em * page.leading * tightness(page)
    small = max(min(page.em * 0.78, lettering.em * 0.5), page.width / 50)
    credit = broken(bill.line, page.width * 0.86 / small)
    foot = page.height * 0.915 - small * page.leading * (len(credit) - 1)
    if chosen is Arrangement.HEAD:
        first = page.height * 0.09 + lettering.em * page.face.ascent * page.face.scale * 0.8
    else:
        first = foot - small * page.leading * 1.5 - step * (len(lettering.rows) - 1)
    spacing = lettering.em * 0.02 if spaced(page) else 0.0
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
