"""Set the card and the end pages: a heading, paragraphs, calm and large."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

from packager.typeset.ass import Ink, Place, Span, box_event, row_event, script
from packager.typeset.rows import Atom, Row, broken, plain
from packager.typeset.sheet import BOTTOM, TOP, Sheet, sheet
from packager.values import Language

BACKGROUND = "14171C"  # RRGGBB; what the caller puts behind the pages
ACCENT = "E3B04B"
_WHITE, _SOFT, _DIM = "F5F3EE", "C9CCD1", "6F757E"
_HEADING, _LEAD, _BODY, _SMALL = 1.4, 1.1, 1.0, 0.86  # in em
_GAP = 0.5  # before a paragraph, in em
_RULE = 1.1  # what the accent rule takes above the heading, in em
_GROWN = 1.3  # a card with little text may be this much larger
_TIGHT = 0.82  # how far the text of a page may shrink before there is another page
_SHRINK = tuple(1 - 0.05 * step for step in range(13))


class Screen(Protocol):
    """A page of text."""

    @property
    def heading(self) -> str:
        """Set large and bold; may be empty."""
        ...

    @property
    def lines(self) -> tuple[str, ...]:
        """Paragraphs; a line feed in one starts a new row."""
        ...

    @property
    def lead(self) -> bool:
        """Whether the first paragraph is the main message."""
        ...


@dataclass(frozen=True, slots=True)
class _Block:
    """The rows of one paragraph and how they look; sizes in em."""

    rows: tuple[Row, ...]
    size: float
    colour: str
    gap: float  # before it
    bold: bool = False

    def height(self, page: Sheet) -> float:
        """In em of the page."""
        return self.gap + len(self.rows) * self.size * page.leading


def pages(
    screens: Sequence[Screen], frame: tuple[int, int], seconds: Fraction, language: Language
) -> str:
    """An ASS script showing ``screens`` one after the other, equally long, in ``seconds``.

    ``frame`` is the picture in pixels. The ground behind is the caller's, in ``BACKGROUND``.
    """
    events: list[str] = []
    count = len(screens)
    for number, screen in enumerate(screens):
        end = seconds * (number + 1) / count + (1 if number == count - 1 else 0)
        span = Span(seconds * number / count, end)
        page = sheet(frame, language)
        events += _page(screen, page, span)
        if count > 1:
            events.append(_folio(f"{number + 1} / {count}", page, span))
    return script(frame, events)


def fit(screen: Screen, frame: tuple[int, int], language: Language) -> tuple[tuple[str, ...], ...]:
    """The lines of ``screen`` shared out over as many pages as keep the text large."""
    page = sheet(frame, language)
    page = replace(page, em=page.em * _TIGHT)
    heading = _RULE + _heading(screen.heading, page, 1.0).height(page)
    full = (page.depth - heading) / page.leading  # rows
    shared: list[tuple[str, ...]] = []
    current: list[str] = []
    left = full
    for line in screen.lines:
        for piece, rows in _pieces(line, page, int(full - _GAP)):
            needed = rows + _GAP / page.leading
            if current and needed > left:
                shared.append(tuple(current))
                current, left = [], full
            current.append(piece)
            left -= needed
    return (*shared, tuple(current)) if current else tuple(shared)


def _pieces(line: str, page: Sheet, most: int) -> Iterator[tuple[str, int]]:
    """``line``, cut where it has more than ``most`` rows, and the rows of each piece."""
    rows = broken(line, page.room)
    if len(rows) <= most:
        yield line, len(rows)
        return
    for at in range(0, len(rows), most):
        part = rows[at : at + most]
        yield plain(part), len(part)


def _page(screen: Screen, page: Sheet, span: Span) -> Iterator[str]:
    page, blocks = _shrunk(screen, page)
    height = _RULE + sum(block.height(page) for block in blocks)
    spare = max(page.depth - height, 0.0)
    top = page.height * TOP + page.em * spare * (0.5 if screen.lead else 0.0)
    rule = (2.2 * page.em, 0.13 * page.em)
    corner = page.edge - rule[0] if page.right_to_left else page.edge
    yield box_event((corner, top), rule, ACCENT, span)
    y = top + page.em * _RULE
    for block in blocks:
        y += block.gap * page.em
        yield from _rows(block, page, y, span)
        y += len(block.rows) * block.size * page.leading * page.em


def _rows(block: _Block, page: Sheet, top: float, span: Span) -> Iterator[str]:
    step = block.size * page.leading * page.em
    ink = Ink(block.size * page.em, block.colour, ACCENT, block.bold)
    for number, row in enumerate(block.rows):
        baseline = top + step * number + step * page.face.baseline
        place = Place(page.edge, baseline, page.side)
        yield row_event(row, place, ink, span, right_to_left=page.right_to_left)


def _shrunk(screen: Screen, page: Sheet) -> tuple[Sheet, list[_Block]]:
    """The largest size at which everything fits, and the blocks set in it."""
    smaller, blocks = page, _blocks(screen, page)
    largest = page.em * (_GROWN if screen.lead else 1)
    for factor in _SHRINK:
        smaller = replace(page, em=largest * factor)
        blocks = _blocks(screen, smaller)
        if _RULE + sum(block.height(smaller) for block in blocks) <= smaller.depth:
            break
    return smaller, blocks


def _blocks(screen: Screen, page: Sheet) -> list[_Block]:
    blocks = [_heading(screen.heading, page, 1.0)] if screen.heading else []
    for at, line in enumerate(screen.lines):
        if not screen.lead:
            look = (_BODY, _SOFT, _GAP)
        elif at == 0:
            look = (_LEAD, _WHITE, _GAP)
        else:
            look = (_SMALL, _SOFT, _GAP + (0.4 if at == 1 else 0.0))
        size, colour, gap = look
        blocks.append(_Block(broken(line, page.room / size), size, colour, gap))
    return blocks


def _heading(text: str, page: Sheet, size: float) -> _Block:
    size *= _HEADING
    return _Block(broken(text, page.room / size), size, _WHITE, 0.0, bold=True)


def _folio(text: str, page: Sheet, span: Span) -> str:
    """The page's number, small, in the lower corner."""
    place = Place(page.edge, page.height * (1 - BOTTOM * 0.45), page.side)
    ink = Ink(page.em * 0.6, _DIM, _DIM)
    row = tuple(Atom(word) for word in text.split())
    return row_event(row, place, ink, span, right_to_left=False)
