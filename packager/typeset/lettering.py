"""Choose the size of a title: as large as it can be in the room it has."""

from dataclasses import dataclass

from packager.typeset.faces import ARABIC, CHINESE, MYANMAR, face_of
from packager.typeset.rows import Row, broken
from packager.typeset.sheet import Sheet

_SMALLEST = 40  # times smaller than the frame is wide


@dataclass(frozen=True, slots=True)
class Room:
    """What a title may take: pixels across and down, and rows."""

    width: float
    depth: float
    rows: int


@dataclass(frozen=True, slots=True)
class Lettering:
    """A title broken into rows of letters ``em`` pixels high."""

    rows: tuple[Row, ...]
    em: float


def lettered(title: str, page: Sheet, room: Room, largest: float) -> Lettering:
    """The largest letters, at most ``largest``, in which the title fits and no word is cut."""
    em = largest
    while True:
        rows = broken(title, room.width / em)
        whole = not any(row[0].glued and not _breakable(row[0].text) for row in rows)
        deep = len(rows) * em * page.leading * tightness(page) > room.depth
        if em <= page.width / _SMALLEST or (len(rows) <= room.rows and whole and not deep):
            return Lettering(rows, em)
        em *= 0.94


def tightness(page: Sheet) -> float:
    """Titles stand closer than text, as far as the script lets them."""
    return 0.8 if spaced(page) else 0.92


def spaced(page: Sheet) -> bool:
    """Whether letters may be set apart: not where they join or stack."""
    return page.face not in {ARABIC, MYANMAR}


def _breakable(text: str) -> bool:
    """Whether a row may start with this piece of a word: in Chinese, with any."""
    return face_of(text[0]) is CHINESE
