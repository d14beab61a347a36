"""Fill screen after screen with pieces of text, pictures and tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from math import ceil

from packager.article import Picture, Table, plain
from packager.typeset import tables
from packager.typeset.ass import Ink, Place
from packager.typeset.copy import DIM, Line, Piece, Style, Typescript, said
from packager.typeset.pages import ACCENT
from packager.typeset.rows import Atom, Row, arranged, atoms
from packager.typeset.sheet import TOP, Sheet
from packager.typeset.slides import Box, Slide, Words, reading
from packager.values import Language

_ROOMY = 0.55  # a screen this full is not filled up with half a paragraph
_LOOSE = 0.42  # how much of the spare height stands above
_LIGHT = 1.06  # rows are measured as if they were bold
_BAR = 0.14  # em: a quote's bar, a heading's rule
_RULE = (2.2, 0.85)  # em: its length, and what it takes above a heading
_MANY = 60  # sentences: beyond that screens are not evened out
_CAPTION = 0.78
_CAPTION_ROWS = 4
_EDGE = 0.06  # of the frame, around a picture with a caption


@dataclass(frozen=True, slots=True)
class _Set:
    """A row on the screen being filled; ``top`` in em below the first one's."""

    row: Row
    top: float
    style: Style
    labelled: bool


class Setter:
    """Fills the screens of one section; lengths are in em of the page unless they say pixels."""

    def __init__(self, page: Sheet, language: Language) -> None:
        self._page = page
        self._language = language
        self._slides: list[Slide] = []
        self._clear()

    def _clear(self) -> None:
        self._rows: list[_Set] = []
        self._rules: list[tuple[float, float, float]] = []  # indent, top, length
        self._spoken: list[str] = []
        self._used = 0.0

    def finish(self) -> tuple[Slide, ...]:
        """All screens."""
        self.flush()
        return tuple(self._slides)

    def put(self, piece: Piece | Picture | Table | Line, typescript: Typescript) -> None:
        """Set what comes next."""
        match piece:
            case Piece():
                self.piece(piece)
            case Picture():
                self.picture(piece)
            case Table():
                self.table(piece, typescript)
            case Line():
                self._rules.append((0.0, self._used + 0.7, _RULE[0]))
                self._used += 0.7 + _BAR

    def piece(self, piece: Piece) -> None:
        """A paragraph, on as many screens as it needs; they end where sentences do."""
        style, rest = piece.style, list(piece.sentences)
        if style.opens:
            self.flush()
            self._rules.append((0.0, 0.0, _RULE[0]))
            self._used = _RULE[1]
        while rest:
            kept = style.keep * self._page.leading if self._text else 0.0
            count = self._fitting(rest, style, kept)
            if count == len(rest):
                self._place(rest, style)
                return
            if self._text and (count == 0 or style.keep or self._used > _ROOMY * self._depth):
                self.flush()
            elif count == 0:
                self._long(rest.pop(0), style)
                style = replace(style, label="")
            else:
                count = self._even(rest, style, count)
                self._place(rest[:count], style)
                del rest[:count]
                style = replace(style, label="")
                self.flush()

    def picture(self, picture: Picture) -> None:
        """A screen of its own, the caption below."""
        self.flush()
        page = self._page
        rows = arranged(atoms(picture.caption), page.room / _CAPTION)
        under, over = rows[:_CAPTION_ROWS], rows[_CAPTION_ROWS:]
        step = _CAPTION * page.leading * page.em
        foot = page.height * (1 - _EDGE)
        area = (0, 0, page.width, page.height)
        if under:
            edge = round(page.height * _EDGE)
            high = foot - step * len(under) - edge * 1.5
            area = (edge, edge, page.width - 2 * edge, round(high))
        ink = Ink(_CAPTION * page.em, Style().colour, ACCENT)
        marks = tuple(
            Words(
                row,
                Place(page.width / 2, foot - step * (len(under) - at - page.face.baseline), 0),
                ink,
            )
            for at, row in enumerate(under)
        )
        spoken = (picture.caption,) if picture.caption else ()
        seconds = reading(spoken, self._language, looked_at=True)
        self._slides.append(Slide(marks, seconds, spoken, picture.path, area))
        if over:
            self.piece(Piece((tuple(chain.from_iterable(over)),), Style(_CAPTION)))

    def table(self, table: Table, typescript: Typescript) -> None:
        """Rows and columns where they fit, otherwise each row as a list of its cells."""
        page = self._page
        spoken = plain([table])
        cells = [
            [list(chain.from_iterable(typescript.lines(cell))) for cell in row]
            for row in (table.header, *table.rows)
        ]
        grid = tables.grid(cells, table.right, page.room)
        if grid is None:
            for record in tables.records(cells):
                self.piece(record)
            return
        if self._used > _ROOMY * self._depth:
            self.flush()
        head, *body = grid.rows
        for at, row in enumerate(body or [()]):
            if at == 0 or self._used + grid.height(row) * page.leading > self._depth:
                if at:
                    self.flush()
                self._grid_row(head, grid, 0.6 if self._used else 0.0)
                self._rules.append((0.0, self._used + 0.1, grid.width))
                self._used += 0.2
            self._grid_row(row, grid, 0.3)
            self._spoken += spoken[at : at + 1]

    def flush(self) -> None:
        """End this screen, if there is anything on it."""
        if self._rows:
            spare = max(0.0, self._depth - self._used) * _LOOSE
            top = self._page.height * TOP + spare * self._page.em
            marks: tuple[Box | Words, ...] = (*self._boxes(top), *self._words(top))
            seconds = reading(self._spoken, self._language)
            self._slides.append(Slide(marks, seconds, tuple(self._spoken)))
        self._clear()

    @property
    def _text(self) -> bool:
        """Whether anything but headings stands on this screen, so that it may end here."""
        return any(not (one.style.bold and one.style.keep) for one in self._rows)

    @property
    def _depth(self) -> float:
        return self._page.depth

    def _fitting(self, rest: Sequence[tuple[Atom, ...]], style: Style, kept: float) -> int:
        """How many sentences still fit, and ``kept`` below them."""
        gap = style.gap if self._rows else 0.0
        most = int((self._depth - self._used - gap - kept) / (style.size * self._page.leading))
        wide = most * self._room(style)
        count = 0
        for sentence in rest:
            wide -= sum(atom.width for atom in sentence)
            if wide < 0:
                break
            count += 1
        while count and len(self._broken(chain.from_iterable(rest[:count]), style)) > most:
            count -= 1
        return count

    def _even(self, rest: Sequence[tuple[Atom, ...]], style: Style, most: int) -> int:
        """The sentences of this screen, at most ``most``, so that all screens are as full."""
        if len(rest) > _MANY:
            return most
        heights = [sum(atom.width for atom in sentence) for sentence in rest]
        full = (self._page.room - style.indent) / style.size
        full *= self._depth / (style.size * self._page.leading)
        share = sum(heights) / ceil(sum(heights) / full * 1.1)
        for count in range(1, most + 1):
            if sum(heights[:count]) >= share * 0.9:
                return count
        return most

    def _long(self, sentence: tuple[Atom, ...], style: Style) -> None:
        """One that is longer than a screen, cut between rows."""
        rows = self._broken(sentence, style)
        most = int(self._depth / (style.size * self._page.leading))
        each = ceil(len(rows) / ceil(len(rows) / most))
        for at in range(0, len(rows), each):
            self.flush()
            self._set(rows[at : at + each], style if at == 0 else replace(style, label=""))
            self._spoken.append(said(rows[at : at + each]))

    def _place(self, sentences: Sequence[tuple[Atom, ...]], style: Style) -> None:
        self._set(self._broken(chain.from_iterable(sentences), style), style)
        self._spoken.append(said(sentences))

    def _broken(self, line: "chain[Atom] | Sequence[Atom]", style: Style) -> list[Row]:
        return arranged(line, self._room(style))

    def _room(self, style: Style) -> float:
        """The width of a row, in em of its letters."""
        room = (self._page.room - style.indent) / style.size
        return room if style.bold else room * _LIGHT

    def _set(self, rows: Sequence[Row], style: Style) -> None:
        self._used += style.gap if self._rows else 0.0
        for at, row in enumerate(rows):
            self._rows.append(_Set(row, self._used, style, at == 0))
            self._used += style.size * self._page.leading

    def _grid_row(self, row: Sequence[tables.Cell], grid: tables.Grid, gap: float) -> None:
        self._used += gap
        step = grid.size * self._page.leading
        for cell in row:
            for at, line in enumerate(cell.rows):
                self._rows.append(_Set(line, self._used + at * step, cell.style, labelled=False))
        self._used += grid.height(row) * self._page.leading

    def _words(self, top: float) -> Iterator[Words]:
        page = self._page
        for one in self._rows:
            style = one.style
            y = top + (one.top + style.size * page.leading * page.face.baseline) * page.em
            ink = Ink(style.size * page.em, style.colour, ACCENT, style.bold)
            side = -page.side if style.far else page.side
            yield Words(one.row, Place(self._x(style.indent), y, side), ink)
            if style.label and one.labelled:
                place = Place(self._x(style.indent - 0.5), y, -page.side)
                yield Words((Atom(style.label),), place, replace(ink, colour=DIM))

    def _boxes(self, top: float) -> Iterator[Box]:
        em = self._page.em
        for indent, y, length in self._rules:
            yield self._box(indent, top + y * em, length, _BAR * (0.5 if length > _RULE[0] else 1))
        for bars, group in groupby(self._rows, key=lambda one: one.style.bars):
            rows = list(group)
            start, end = rows[0].top, rows[-1].top + rows[-1].style.size * self._page.leading
            for indent in bars:
                yield self._box(indent, top + start * em, _BAR, end - start)

    def _box(self, indent: float, y: float, wide: float, high: float) -> Box:
        """From ``indent`` on towards the end of the row; ``y`` in pixels."""
        em = self._page.em
        x = self._x(indent) - (wide * em if self._page.right_to_left else 0.0)
        return Box((x, y), (wide * em, high * em), ACCENT)

    def _x(self, indent: float) -> float:
        """Pixels from the left for a distance from the side where rows start."""
        return self._page.edge - self._page.side * indent * self._page.em
