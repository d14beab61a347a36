"""What a body is made of: typed blocks and runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packager.values import RelativePath

_CELLS = " · "  # between the cells of a table that is read as text


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look; a line feed in ``text`` is a forced break."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""  # absolute and percent-encoded
    footnote: int = 0  # the mark of ``Article.footnotes[footnote - 1]``; ``text`` is its number


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 is the highest."""

    level: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; each item holds blocks. Ordered ones count from ``start``."""

    ordered: bool
    items: tuple[tuple["Block", ...], ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody else said."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the report's folder; ``caption`` may be empty, ``alt`` is for who cannot see."""

    path: RelativePath
    caption: str
    alt: str
    line: int  # of the report's text


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as ``header``; ``right``: columns set at their far side."""

    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines to be shown as they stand, such as commands."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A break between two thoughts."""


Block = Heading | Paragraph | Listing | Quote | Picture | Table | Verbatim | Rule


@dataclass(frozen=True, slots=True)
class Article:
    """The body of one text of the report."""

    blocks: tuple[Block, ...]
    footnotes: tuple[tuple[Block, ...], ...] = ()


def pictures(article: Article) -> tuple[Picture, ...]:
    """Every picture in order, those of footnotes last."""
    blocks = [*article.blocks, *(block for note in article.footnotes for block in note)]
    return tuple(block for block in _walk(blocks) if isinstance(block, Picture))


def plain(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The words alone, one paragraph each, as a voice says them; no footnote marks, no code."""
    return tuple(text for block in blocks for text in _said(block) if text)


def words(runs: Iterable[Run]) -> str:
    """The letters of ``runs`` without footnote marks."""
    return "".join(run.text for run in runs if not run.footnote)


def _walk(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Quote):
            yield from _walk(block.blocks)
        elif isinstance(block, Listing):
            for item in block.items:
                yield from _walk(item)


def _said(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield words(block.runs).replace("\n", " ").strip()
        case Quote():
            yield from plain(block.blocks)
        case Listing():
            for item in block.items:
                yield from plain(item)
        case Picture():
            yield block.caption
        case Table():
            for row in block.rows:
                pairs = zip(map(words, block.header), map(words, row), strict=True)
                yield _CELLS.join(f"{head}: {cell}" if head else cell for head, cell in pairs)
        case Verbatim() | Rule():
            return
