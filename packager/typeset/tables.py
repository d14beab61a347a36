"""Share out the width of a screen among the columns of a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packager.typeset.copy import DIM, SOFT, Piece, Style
from packager.typeset.rows import Atom, Row, arranged

_SIZES = (0.95, 0.86, 0.78, 0.72)
_BETWEEN = 1.2  # em between two columns
_NARROWEST = 5.0  # em of its own letters that a column may have
_MOST_ROWS = 4  # that a cell may be broken into

Cells = Sequence[Sequence[Sequence[Atom]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """The broken rows of one cell and where they stand."""

    rows: tuple[Row, ...]
    style: Style


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that fits; ``size`` of its letters and ``width`` in em of the page."""

    rows: tuple[tuple[Cell, ...], ...]
    size: float
    width: float

    def height(self, row: Sequence[Cell]) -> float:
        """In rows of full-sized text."""
        return max((len(cell.rows) for cell in row), default=1) * self.size


def grid(cells: Cells, right: Sequence[bool], room: float) -> Grid | None:
    """The table in the largest letters that let it fit into ``room`` em; None if none do."""
    for size in _SIZES:
        widths = _widths(cells, room / size - _BETWEEN * (len(right) - 1))
        if widths and (made := _grid(cells, right, widths, size)):
            return made
    return None


def records(cells: Cells) -> Iterator[Piece]:
    """Each row as lines of heading and cell."""
    head, *body = cells
    for row in body:
        for at, (name, cell) in enumerate(zip(head, row, strict=True)):
            label = tuple(Atom(a.text, a.marked, a.glued, bold=True) for a in name)
            style = Style(0.86, SOFT, gap=0.62 if at == 0 else 0.1, indent=1.5 if at else 0.0)
            if cell:
                yield Piece(((*label, *cell),), style)


def _widths(cells: Cells, room: float) -> list[float] | None:
    """What each column gets, in em of the table's letters."""
    natural = [
        max(sum(atom.width for atom in cell) for cell in column)
        for column in zip(*cells, strict=True)
    ]
    if sum(natural) <= room:
        return natural
    wide = [width for width in natural if width > room / len(natural)]
    left = room - (sum(natural) - sum(wide))
    shared = [width if width not in wide else left * width / sum(wide) for width in natural]
    return shared if min(shared) >= min(_NARROWEST, *natural) else None


def _grid(cells: Cells, right: Sequence[bool], widths: Sequence[float], size: float) -> Grid | None:
    rows = []
    for number, row in enumerate(cells):
        made = []
        x = 0.0
        for cell, far, width in zip(row, right, widths, strict=True):
            broken = tuple(arranged(cell, width + 0.01))
            if len(broken) > _MOST_ROWS:
                return None
            at = (x + width if far else x) * size
            colour = SOFT if number else DIM
            made.append(Cell(broken, Style(size, colour, indent=at, far=far)))
            x += width + _BETWEEN
        rows.append(tuple(made))
    return Grid(tuple(rows), size, (sum(widths) + _BETWEEN * (len(widths) - 1)) * size)
