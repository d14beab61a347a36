"""Lay an article out on screens: one thought a screen where that can be, never a crowded one."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from packager.article import Article, Block, Heading, words
from packager.report import Text
from packager.typeset.copy import DIM, SOFT, WHITE, Notes, Piece, Style, Typescript
from packager.typeset.copy import heading as heading_style
from packager.typeset.pages import ACCENT
from packager.typeset.rows import Atom, arranged, atoms
from packager.typeset.setter import Setter
from packager.typeset.sheet import Sheet, sheet
from packager.typeset.slides import Box, Slide

MOST_SECTIONS = 60  # parts of one film; later headings only begin a screen
_ROWS_DOWN = 16.5  # what the height is divided by: fewer and larger rows than on a card
_TITLE_SIZES = (2.0, 1.8, 1.6, 1.4, 1.2, 1.0)
_RULE = 0.85  # em above the title
_NOTE = Style(0.74, SOFT, gap=0.45, indent=2.2)


def article(
    text: Text, body: Article, frame: tuple[int, int], notes_heading: str
) -> tuple[tuple[Slide, ...], ...]:
    """The screens of each section, a section for each heading of the highest level.

    The first one opens with title, byline and summary; footnotes and the addresses behind words
    are numbered, and stand in a last section under ``notes_heading``.
    """
    page = replace(sheet(frame, text.language), em=frame[1] / _ROWS_DOWN)
    typescript = Typescript(text.language, Notes())
    sections = []
    for number, section in enumerate(_sections(text.title, body.blocks)):
        setter = Setter(page, text.language)
        if number == 0:
            _opening(setter, page, text)
        for piece in typescript.pieces(section, Style()):
            setter.put(piece, typescript)
        sections.append(setter.finish())
    sections.append(_notes(Setter(page, text.language), body, typescript, notes_heading))
    return _with_progress([section for section in sections if section], page)


def _sections(title: str, blocks: Sequence[Block]) -> list[list[Block]]:
    """``blocks`` cut at the headings that divide the whole, which become those of level 1."""
    rest = list(blocks)
    headings = [block for block in rest if isinstance(block, Heading)]
    if headings and [one.level for one in headings].count(headings[0].level) == 1:
        first = headings.pop(0)  # it is the title of all, not of a part
        if words(first.runs).strip().casefold() == title.strip().casefold():
            rest.remove(first)
    top = min((one.level for one in headings), default=1)
    sections: list[list[Block]] = [[]]
    for block in rest:
        if not isinstance(block, Heading):
            sections[-1].append(block)
            continue
        level = max(1, block.level - top + 1)
        if level == 1 and len(sections) < MOST_SECTIONS and any(block is one for one in headings):
            sections.append([])
        sections[-1].append(replace(block, level=level))
    return sections


def _opening(setter: Setter, page: Sheet, text: Text) -> None:
    """The first screen: what this is, who says it, and since when."""
    title = tuple(atoms(text.title))
    if not title:
        return
    origin = " · ".join(part for part in (text.byline, text.outlet, text.published) if part)
    below = [
        Piece((tuple(atoms(words)),), style)
        for words, style in (
            (origin, Style(0.78, DIM, gap=0.7)),
            (text.summary, Style(0.94, SOFT, gap=0.8)),
        )
        if words
    ]
    style = Style(1.0, WHITE, bold=True, opens=True)
    for size in _TITLE_SIZES:
        style = replace(style, size=size)
        if _RULE + sum(_height(one, page) for one in (Piece((title,), style), *below)) < page.depth:
            break
    for piece in (Piece((title,), style), *below):
        setter.piece(piece)
    setter.flush()


def _height(piece: Piece, page: Sheet) -> float:
    """What a piece of one sentence takes, in em."""
    style = piece.style
    rows = arranged(piece.sentences[0], page.room / style.size)
    return style.gap + len(rows) * style.size * page.leading


def _notes(
    setter: Setter, body: Article, typescript: Typescript, heading: str
) -> tuple[Slide, ...]:
    """Footnotes and addresses by their numbers; a note may bring further ones."""
    numbers = typescript.notes.numbers
    if numbers:
        style = replace(heading_style(1), size=1.3)
        setter.piece(Piece((tuple(atoms(heading)),), style))
    done = 0
    while done < len(numbers):
        key = list(numbers)[done]
        done += 1
        style = replace(_NOTE, label=str(done))
        if not key.startswith("[^"):
            setter.piece(Piece(((Atom(key, marked=True),),), style))
            continue
        for piece in typescript.pieces(body.footnotes[int(key[2:-1]) - 1], _NOTE):
            if isinstance(piece, Piece) and style.label:
                setter.piece(replace(piece, style=style))
            else:
                setter.put(piece, typescript)
            style = _NOTE
    return setter.finish()


def _with_progress(
    sections: Sequence[tuple[Slide, ...]], page: Sheet
) -> tuple[tuple[Slide, ...], ...]:
    """A thin line at the foot that grows from screen to screen."""
    total = sum((slide.seconds for section in sections for slide in section), Fraction(0))
    passed = Fraction(0)
    thick = max(2.0, page.height / 180)
    done = []
    for number, section in enumerate(sections):
        marked = []
        for slide in section:
            passed += slide.seconds
            wide = page.width * float(passed / total)
            corner = (page.width - wide if page.right_to_left else 0.0, page.height - thick)
            line = Box(corner, (wide, thick), ACCENT)
            marked.append(replace(slide, marks=(*slide.marks, line), ground=number))
        done.append(tuple(marked))
    return tuple(done)
