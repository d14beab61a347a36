"""Blocks laid flat, as FB2 has them: no lists, and no picture, list or quote inside a quote."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from packager.article import (
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Runs,
    Table,
    Verbatim,
)
from packager.book.letters import Piece, pieces
from packager.values import RelativePath

_INDENT = "\u2003"  # as wide as a letter is high
_IN_QUOTES = frozenset({"p", "subtitle", "table"})


class Cell(NamedTuple):
    """Of a table: ``th`` or ``td``, ``left`` or ``right``."""

    tag: str
    side: str
    pieces: tuple[Piece, ...]


class Flat(NamedTuple):
    """An element of a section: ``p``, ``subtitle``, ``image``, ``table`` or ``cite``."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    path: RelativePath | None = None
    rows: tuple[tuple[Cell, ...], ...] = ()
    inner: tuple["Flat", ...] = ()


def flatten(blocks: Iterable[Block]) -> Iterator[Flat]:
    """``blocks`` as elements of a section."""
    for block in blocks:
        match block:
            case Heading():
                yield Flat("subtitle", pieces(block.runs))
            case Paragraph():
                yield Flat("p", pieces(block.runs))
            case Picture():
                yield from _picture(block)
            case Listing():
                yield from _listing(block)
            case Quote():
                yield from _quote(block)
            case Table():
                yield _table(block)
            case Verbatim():
                lines = block.text.split("\n")
                yield from (Flat("p", (Piece(line or " ", code=True),)) for line in lines)
            case Rule():
                yield Flat("subtitle", (Piece("* * *"),))


def _picture(block: Picture) -> Iterator[Flat]:
    yield Flat("image", path=block.path)
    if block.caption or block.alt:
        yield Flat("p", (Piece(block.caption or block.alt, italic=True),))


def _listing(block: Listing) -> Iterator[Flat]:
    """Each item with its mark; what belongs to an item is moved in."""
    for number, item in enumerate(block.items, start=block.start):
        mark = f"{number}. " if block.ordered else "• "
        for at, element in enumerate(flatten(item)):
            if element.kind != "p":
                yield element
                continue
            before = mark if at == 0 else _INDENT
            yield element._replace(pieces=(Piece(before), *element.pieces))


def _quote(block: Quote) -> Iterator[Flat]:
    """A quote, cut in two where a picture stands in it."""
    inner: list[Flat] = []
    for element in flatten(block.blocks):
        if element.kind == "cite":
            inner += element.inner
        elif element.kind in _IN_QUOTES:
            inner.append(element)
        else:
            if inner:
                yield Flat("cite", inner=tuple(inner))
            yield element
            inner = []
    if inner:
        yield Flat("cite", inner=tuple(inner))


def _table(block: Table) -> Flat:
    return Flat(
        "table",
        rows=(
            tuple(
                _cell("th", cell, right)
                for cell, right in zip(block.header, block.right, strict=True)
            ),
            *(
                tuple(
                    _cell("td", cell, right) for cell, right in zip(row, block.right, strict=True)
                )
                for row in block.rows
            ),
        ),
    )


def _cell(tag: str, runs: Runs, right: bool) -> Cell:  # noqa: FBT001 -- one of a row of flags
    return Cell(tag, "right" if right else "left", pieces(runs))
