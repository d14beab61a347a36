"""Turn the blocks of an article into pieces that can be set: sentences with a style."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from packager.article import (
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Table,
    Verbatim,
    words,
)
from packager.typeset.rows import Atom, atoms
from packager.values import Language

WHITE, SOFT, DIM = "F7F5F0", "E0DED8", "BDBEC1"
_ENDS = frozenset(".!?…。！？؟۔။")
_CLOSERS = "»”’\"')）」』】⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = {
    Language.FA: str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    Language.AR: str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    Language.MY: str.maketrans("0123456789", "၀၁၂၃၄၅၆၇၈၉"),
}
_INDENT = 1.5  # em, of one list or quote inside another


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece is set; lengths in em of the page."""

    size: float = 1.0
    colour: str = SOFT
    gap: float = 0.62  # before it
    indent: float = 0.0
    label: str = ""  # in front of the first row, inside the indent
    bars: tuple[float, ...] = ()  # indents at which a quote's bar stands
    bold: bool = False
    keep: int = 0  # rows that must follow on the same screen
    opens: bool = False  # it begins a screen, under a short rule
    far: bool = False  # it ends at its indent, as columns of numbers do


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, cut where a screen may end."""

    sentences: tuple[tuple[Atom, ...], ...]
    style: Style


@dataclass(frozen=True, slots=True)
class Line:
    """A short rule across the column."""


@dataclass(slots=True)
class Notes:
    """Numbers for footnotes and for addresses behind words, in the order they are met."""

    numbers: dict[str, int] = field(default_factory=dict)

    def mark(self, key: str) -> str:
        """The raised number of a footnote or address."""
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        return str(number).translate(_RAISED)


@dataclass(frozen=True, slots=True)
class Typescript:
    """Reads blocks into pieces, in one language."""

    language: Language
    notes: Notes

    def pieces(
        self, blocks: Iterable[Block], style: Style
    ) -> Iterator[Piece | Picture | Table | Line]:
        """``blocks`` in order, in ``style`` where they have none of their own."""
        for block in blocks:
            match block:
                case Heading():
                    yield from self.texts(block.runs, heading(block.level))
                case Paragraph():
                    yield from self.texts(block.runs, style)
                case Verbatim():
                    yield from self.verbatim(block, style)
                case Quote():
                    inner = replace(
                        style,
                        indent=style.indent + _INDENT * 0.8,
                        bars=(*style.bars, style.indent),
                        colour=WHITE,
                    )
                    yield from _together(list(self.pieces(block.blocks, inner)))
                case Listing():
                    yield from self.listing(block, style)
                case Rule():
                    yield Line()
                case Picture() | Table():
                    yield block

    def listing(self, block: Listing, style: Style) -> Iterator[Piece | Picture | Table | Line]:
        """The items, each with its label in front of its first paragraph."""
        inner = replace(style, indent=style.indent + _INDENT, label="", gap=style.gap * 0.7)
        for number, item in enumerate(block.items, block.start):
            label = f"{number}.".translate(_DIGITS.get(self.language, {})) if block.ordered else "•"
            for at, piece in enumerate(self.pieces(item, inner)):
                if at == 0 and isinstance(piece, Piece):
                    keep = min(2, len(block.items) - 1) if number == block.start else 0
                    yield replace(piece, style=replace(piece.style, label=label, keep=keep))
                else:
                    yield piece

    def texts(self, runs: Sequence[Run], style: Style) -> Iterator[Piece]:
        """One piece for each line that the author broke by hand."""
        for at, line in enumerate(self.lines(runs)):
            yield Piece(_sentences(line), style if at == 0 else replace(style, gap=0, label=""))

    def verbatim(self, block: Verbatim, style: Style) -> Iterator[Piece]:
        """Lines that read from left to right and are not evened out."""
        small = replace(style, size=style.size * 0.8)
        for at, line in enumerate(block.text.split("\n")):
            marked = tuple(Atom(word, marked=True) for word in line.split())
            if marked:
                yield Piece((marked,), small if at == 0 else replace(small, gap=0, label=""))

    def lines(self, runs: Sequence[Run]) -> list[list[Atom]]:
        """The atoms of each line; where words are a link, the number of its address follows."""
        lines: list[list[Atom]] = [[]]
        spaced = True
        for run, after in pairwise([*runs, Run("")]):
            for at, text in enumerate(run.text.split("\n")):
                if at:
                    lines.append([])
                    spaced = True
                made = list(self.styled(run, text))
                if made and not spaced and not text[:1].isspace():
                    made[0] = replace(made[0], glued=True)
                lines[-1] += made
                spaced = text[-1:].isspace() if text else spaced
            if run.url and run.url != after.url and words([run]) not in {run.url, _bare(run.url)}:
                lines[-1].append(
                    Atom(self.notes.mark(run.url), glued=True, accent=True, isolated=True)
                )
                spaced = False
        return lines

    def styled(self, run: Run, text: str) -> Iterator[Atom]:
        """The atoms of a piece of ``run``."""
        if run.footnote:
            yield Atom(
                self.notes.mark(f"[^{run.footnote}]"), glued=True, accent=True, isolated=True
            )
            return
        for atom in atoms(text):
            yield replace(
                atom,
                marked=atom.marked or run.code,
                bold=run.bold or (run.italic and not self.slants),
                slanted=run.italic and self.slants,
                accent=bool(run.url),
            )

    @property
    def slants(self) -> bool:
        """Whether the script has an italic; the others stress by weight."""
        return self.language not in {Language.AR, Language.FA, Language.ZH, Language.MY}


def _together(
    pieces: Sequence[Piece | Picture | Table | Line],
) -> Iterator[Piece | Picture | Table | Line]:
    """A quote with whoever said it below, on one screen."""
    for piece, after in pairwise([*pieces, None]):
        if isinstance(piece, Piece) and isinstance(after, Piece):
            yield replace(piece, style=replace(piece.style, keep=2))
        elif piece is not None:
            yield piece


def heading(level: int) -> Style:
    """The style of a heading; 1 is a section's own."""
    size = {1: 1.5, 2: 1.2}.get(level, 1.08)
    return Style(size, WHITE, gap=1.0, bold=True, keep=3, opens=level == 1)


def said(sentences: Iterable[Iterable[Atom]]) -> str:
    """The words of ``sentences`` without marks of notes."""
    text = "".join(
        ("" if atom.glued else " ") + atom.text
        for sentence in sentences
        for atom in sentence
        if not (atom.accent and not atom.text.strip(_CLOSERS))
    )
    return text.strip()


def _sentences(line: Sequence[Atom]) -> tuple[tuple[Atom, ...], ...]:
    sentences: list[tuple[Atom, ...]] = []
    sentence: list[Atom] = []
    for atom, after in pairwise([*line, Atom("")]):
        sentence.append(atom)
        closes = after.glued and not after.text.strip(_CLOSERS)
        if _ended(sentence[-3:]) and not closes:
            sentences.append(tuple(sentence))
            sentence = []
    if sentence:
        sentences.append(tuple(sentence))
    return tuple(sentences)


def _ended(sentence: Sequence[Atom]) -> bool:
    before = "".join(atom.text for atom in sentence).rstrip(_CLOSERS)
    return before[-1:] in _ENDS


def _bare(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/")
