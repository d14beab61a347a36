"""Set the words of covers: square ones of music and audiobooks, tall ones of books.

Each shape has a handful of layouts. A layout says where title and small print stand and whether
their ground is light; ``picture`` paints that ground by the layout's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from packager.typeset.ass import Ink, Place, Span, row_event, script
from packager.typeset.lettering import Room, lettered, spaced, tightness
from packager.typeset.poster import Bill, scene
from packager.typeset.rows import broken
from packager.typeset.sheet import Sheet, sheet

_SPAN = Span(Fraction(0), Fraction(3600))
_BOOK = 1.55  # times as high as wide: nothing else is that tall
_DARK, _DARK_SOFT = "1C1A18", "3A3530"
_LIGHT, _LIGHT_SOFT = "F8F3E8", "E3DBCB"
_SMALL = 0.045  # of the cover's width, where there is room


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a cover, in shares of its width and height."""

    left: float
    top: float
    width: float
    height: float


class Ground(Enum):
    """What words stand on."""

    LIGHT = auto()
    DARK = auto()


class Side(Enum):
    """Where rows start."""

    LEAD = auto()  # where reading starts
    MIDDLE = auto()  # nowhere: they are centred


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the words stand."""

    name: str
    title: Box
    line: Box
    ground: Ground
    side: Side = Side.MIDDLE
    hang: float = 0.5  # of what is left of the title's box, how much stands above it
    caps: bool = False
    below: Ground | None = None  # what the small print stands on, where that differs

    @property
    def line_ground(self) -> Ground:
        """What the small print stands on."""
        return self.below or self.ground


SQUARE = (
    Layout(
        "disc",
        Box(0.07, 0.07, 0.86, 0.27),
        Box(0.07, 0.88, 0.86, 0.06),
        Ground.LIGHT,
        Side.LEAD,
        0.0,
    ),
    Layout(
        "bands",
        Box(0.07, 0.07, 0.86, 0.30),
        Box(0.07, 0.395, 0.86, 0.06),
        Ground.DARK,
        Side.LEAD,
        1.0,
    ),
    Layout(
        "tiles",
        Box(0.07, 0.735, 0.86, 0.145),
        Box(0.07, 0.89, 0.86, 0.06),
        Ground.LIGHT,
        Side.LEAD,
        0.5,
    ),
    Layout(
        "waves", Box(0.09, 0.08, 0.82, 0.17), Box(0.09, 0.875, 0.82, 0.06), Ground.DARK, caps=True
    ),
    Layout(
        "scene",
        Box(0.07, 0.66, 0.86, 0.20),
        Box(0.07, 0.88, 0.86, 0.06),
        Ground.DARK,
        Side.LEAD,
        1.0,
    ),
    Layout(
        "arches", Box(0.09, 0.08, 0.82, 0.20), Box(0.09, 0.285, 0.82, 0.05), Ground.LIGHT, caps=True
    ),
    Layout(
        "fields", Box(0.13, 0.16, 0.74, 0.24), Box(0.13, 0.885, 0.74, 0.05), Ground.DARK, hang=0.6
    ),
)
BOOK = (
    Layout("plate", Box(0.20, 0.24, 0.60, 0.24), Box(0.20, 0.535, 0.60, 0.06), Ground.LIGHT),
    Layout("window", Box(0.10, 0.13, 0.80, 0.20), Box(0.10, 0.065, 0.80, 0.05), Ground.LIGHT),
    Layout(
        "belt", Box(0.09, 0.40, 0.82, 0.17), Box(0.09, 0.585, 0.82, 0.05), Ground.DARK, caps=True
    ),
    Layout(
        "tiles",
        Box(0.09, 0.13, 0.82, 0.26),
        Box(0.09, 0.065, 0.82, 0.05),
        Ground.DARK,
        Side.LEAD,
        0.0,
    ),
    Layout(
        "sun",
        Box(0.21, 0.27, 0.58, 0.24),
        Box(0.10, 0.90, 0.80, 0.05),
        Ground.LIGHT,
        below=Ground.DARK,
    ),
    Layout("stripes", Box(0.13, 0.58, 0.74, 0.20), Box(0.13, 0.81, 0.74, 0.05), Ground.LIGHT),
    Layout(
        "peaks",
        Box(0.09, 0.08, 0.82, 0.24),
        Box(0.09, 0.335, 0.82, 0.05),
        Ground.LIGHT,
        Side.LEAD,
        0.0,
    ),
)


def layouts(frame: tuple[int, int]) -> tuple[Layout, ...]:
    """The layouts of covers of this shape; none for the shapes of films."""
    width, height = frame
    if width == height:
        return SQUARE
    return BOOK if height > width * _BOOK else ()


def layout(seed: bytes, frame: tuple[int, int]) -> Layout | None:
    """The same for the typesetter and the painter of one cover."""
    choices = layouts(frame)
    return choices[seed[2] % len(choices)] if choices else None


def poster(bill: Bill, frame: tuple[int, int]) -> str:
    """An ASS script with the words of ``bill``, as the shape of ``frame`` asks: cover or poster."""
    chosen = layout(bill.seed, frame)
    if chosen is None:
        return scene(bill, frame)
    page = sheet(frame, bill.language)
    return script(frame, [*_title(bill, chosen, page), *_line(bill, chosen, page)])


def _title(bill: Bill, chosen: Layout, page: Sheet) -> Iterator[str]:
    box = chosen.title
    text = bill.title.upper() if chosen.caps else bill.title
    depth = box.height * page.height
    most = max(3, round(box.height / box.width * 10))
    wide = box.width * page.width * (0.9 if chosen.caps else 0.97)  # letters stand apart
    setting = lettered(text, page, Room(wide, depth, most), page.width / 7.5)
    step = setting.em * page.leading * tightness(page)
    spare = max(0.0, depth - step * len(setting.rows))
    first = box.top * page.height + spare * chosen.hang + step * page.face.baseline
    colour = _DARK if chosen.ground is Ground.LIGHT else _LIGHT
    apart = setting.em * (0.06 if chosen.caps else 0.01) if spaced(page) else 0.0
    ink = Ink(setting.em, colour, colour, bold=True, spacing=apart)
    place = _start(box, chosen, page)
    for at, row in enumerate(setting.rows):
        spot = Place(place[0], first + step * at, place[1])
        yield row_event(row, spot, ink, _SPAN, right_to_left=page.right_to_left)


def _line(bill: Bill, chosen: Layout, page: Sheet) -> Iterator[str]:
    """The small print: one row, or two where it is long."""
    box = chosen.line
    room = Room(box.width * page.width, box.height * page.height * 1.6, 2)
    setting = lettered(bill.line, page, room, page.width * _SMALL)
    step = setting.em * page.leading
    colour = _DARK_SOFT if chosen.line_ground is Ground.LIGHT else _LIGHT_SOFT
    ink = Ink(setting.em, colour, colour, spacing=setting.em * 0.05 if spaced(page) else 0.0)
    place = _start(box, chosen, page)
    rows = broken(bill.line, box.width * page.width / setting.em)
    for at, row in enumerate(rows):
        spot = Place(place[0], box.top * page.height + step * (at + page.face.baseline), place[1])
        yield row_event(row, spot, ink, _SPAN, right_to_left=page.right_to_left)


def _start(box: Box, chosen: Layout, page: Sheet) -> tuple[float, int]:
    """The x of the rows' side, and which side it is."""
    if chosen.side is Side.MIDDLE:
        return (box.left + box.width / 2) * page.width, 0
    edge = box.left + box.width if page.right_to_left else box.left
    return edge * page.width, page.side
