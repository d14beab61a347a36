"""Break a paragraph into rows that fit, in any of our scripts.

Latin, Cyrillic and Arabic break at spaces; Chinese between any two characters, but never before
a closing mark; Burmese at spaces, and between syllables where a phrase is too long. Links and
commands in backticks are marked, and break where it hurts least.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from packager.typeset.faces import CHINESE, bold_width, face_of

_MARKED = re.compile(
    r"`([^`]+)`|((?:[a-z][a-z0-9+.-]{1,15}://|www\.|magnet:)[^\s`]+)", re.IGNORECASE
)
_ADDRESS = re.compile(r"((?:[a-z][a-z0-9+.-]{1,15}://|www\.|magnet:)[^\s]+)", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # not those that hold words together
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SYLLABLE = re.compile(
    r"(?<!\u1039)(?=[\u1000-\u102a\u103f\u1040-\u1049\u104c-\u104f](?![\u1039\u103a]))"
)
_BURMESE = re.compile(r"[\u1000-\u109f]")
_LINK_PIECE = re.compile(r"[^/.?&=_\-#%]*[/.?&=_\-#%]+|[^/.?&=_\-#%]+")
_NEVER_FIRST = frozenset("，。、；：！？）》」』】〉〕”’…—·,.;:!?)]}%၊။」")
_NEVER_LAST = frozenset("（《「『【〈〔“‘([{")
_PAUSES = frozenset("，。、；：！？,.;:!?…—၊။،؛؟")
_TRIES = 12
_PIECE = 8  # characters of a word that is wider than its row


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of text that is not broken. ``glued``: no space stands before it."""

    text: str
    marked: bool = False  # a link or a command
    glued: bool = False
    bold: bool = False
    slanted: bool = False
    accent: bool = False  # in the colour of marks, but part of the sentence
    isolated: bool = False  # it reads from left to right inside any text

    @property
    def width(self) -> float:
        """In em, set bold, with the space before it."""
        return bold_width(self.text if self.glued else " " + self.text)


Row = tuple[Atom, ...]


def broken(paragraph: str, room: float) -> tuple[Row, ...]:
    """The rows of ``paragraph``, none wider than ``room`` em, and as even as they can be.

    A line feed starts a new row. An empty paragraph has no rows.
    """
    rows: list[Row] = []
    for line in paragraph.split("\n"):
        rows += arranged(_atoms(line, _MARKED), room)
    return tuple(rows)


def arranged(atoms: Iterable[Atom], room: float) -> list[Row]:
    """``atoms`` in rows none wider than ``room`` em, and as even as they can be."""
    return _even([part for atom in atoms for part in _small_enough(atom, room)], room)


def atoms(line: str) -> Iterator[Atom]:
    """Words, addresses, Chinese characters; a backtick is a letter like any other.

    Thousands are kept together, or their groups would change places from right to left.
    """
    return _atoms(_THOUSANDS.sub("\u00a0", line), _ADDRESS)


def plain(rows: tuple[Row, ...]) -> str:
    """Text that ``broken`` would read as these rows' atoms again."""
    pieces = [
        ("" if atom.glued else " ") + (f"`{atom.text}`" if atom.marked else atom.text)
        for row in rows
        for atom in row
    ]
    return "".join(pieces).strip()


def _atoms(line: str, marks: re.Pattern[str]) -> Iterator[Atom]:
    """Words, links and commands, Chinese characters."""
    end = 0
    for match in marks.finditer(line):
        yield from _words(line[end : match.start()])
        glued = match.start() > 0 and not line[match.start() - 1].isspace()
        for at, word in enumerate(match[match.lastindex or 0].split()):
            yield Atom(word, marked=True, glued=glued and at == 0)
        end = match.end()
    tail = line[end:]
    glued = end > 0 and bool(tail) and not tail[0].isspace()
    for at, atom in enumerate(_words(tail)):
        yield replace(atom, glued=True) if glued and at == 0 else atom


def _words(text: str) -> Iterator[Atom]:
    for word in _SPACES.split(text.strip()) if text.strip() else ():
        date = _DATE.match(word) is not None
        for at, piece in enumerate(_chinese_pieces(word)):
            yield Atom(piece, glued=at > 0, isolated=date)


def _chinese_pieces(word: str) -> list[str]:
    """``word`` cut wherever a row may end inside it."""
    pieces = [word[0]]
    for before, after in pairwise(word):
        chinese = face_of(before) is CHINESE or face_of(after) is CHINESE
        if chinese and after not in _NEVER_FIRST and before not in _NEVER_LAST:
            pieces.append(after)
        else:
            pieces[-1] += after
    return pieces


def _small_enough(atom: Atom, room: float) -> Iterator[Atom]:
    """``atom``, cut into glued pieces if it takes a large part of a row."""
    burmese = _BURMESE.search(atom.text) is not None
    if atom.width <= (room / 2 if burmese else room):
        yield atom
        return
    pieces = [p for p in _cuts(atom, burmese=burmese) if p]
    for at, piece in enumerate(pieces):
        yield replace(atom, text=piece, glued=atom.glued if at == 0 else True)


def _cuts(atom: Atom, *, burmese: bool) -> list[str]:
    if burmese and not atom.marked:
        return _SYLLABLE.split(atom.text)
    pieces = _LINK_PIECE.findall(atom.text) if atom.marked else [atom.text]
    return [part[at : at + _PIECE] for part in pieces for at in range(0, len(part), _PIECE)]


def _even(atoms: list[Atom], room: float) -> list[Row]:
    """As few rows as ``room`` allows, of even length, ending at punctuation where they can."""
    rows = _greedy(atoms, room)
    best = rows
    for step in range(1, _TRIES):
        narrower = _greedy(atoms, room * (1 - step / 2 / _TRIES))
        if len(narrower) > len(rows) or _widest(narrower) > room:
            break
        if _pauses(narrower) >= _pauses(best):
            best = narrower
    return best


def _pauses(rows: list[Row]) -> int:
    """How many rows but the last end where a reader pauses."""
    return sum(row[-1].text[-1] in _PAUSES for row in rows[:-1])


def _greedy(atoms: list[Atom], room: float) -> list[Row]:
    rows: list[Row] = []
    row: list[Atom] = []
    used = 0.0
    for atom in atoms:
        if row and used + atom.width > room:
            rows.append(tuple(row))
            row, used = [], 0.0
        row.append(atom)
        used += atom.width
    return [*rows, tuple(row)] if row else rows


def _widest(rows: list[Row]) -> float:
    return max((sum(atom.width for atom in row) for row in rows), default=0.0)
