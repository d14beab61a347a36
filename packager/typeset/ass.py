"""Write ASS scripts in which no text from outside is ever a command."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from packager.typeset.faces import EMOJI, LATIN, Face, face_of
from packager.typeset.rows import Atom, Row
from packager.values import hidden_characters

_BOLD_STROKE = 0.012  # em: what libass makes of bold alone is too thin
_WORD_JOINER = "\u2060"  # after a backslash: the next letter no longer makes it a command
_KEYCAP = "\u20e3"  # around a digit; no font of ours has it
_LEFT_MARK, _RIGHT_MARK = "\u200e", "\u200f"
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_ISOLATE, _RELEASE = "\u2066", "\u2069"  # a link reads from left to right inside any text
_HEADER = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Text,Noto Sans,40,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,\
0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True, slots=True)
class Ink:
    """How a row is drawn."""

    em: float  # pixels
    colour: str  # RRGGBB
    mark_colour: str  # of links and commands
    bold: bool = False
    spacing: float = 0.0  # pixels between letters; never for joined scripts


@dataclass(frozen=True, slots=True)
class _Look:
    """What letters that are drawn together share."""

    face: Face
    marked: bool
    accent: bool
    isolated: bool
    bold: bool
    slanted: bool


@dataclass(frozen=True, slots=True)
class Span:
    """When an event is on the screen, in seconds."""

    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: ``x`` of its side, ``y`` of its baseline."""

    x: float
    y: float
    side: int  # -1 left, 0 middle, 1 right


def script(frame: tuple[int, int], events: Iterable[str]) -> str:
    """A whole script. The style's encoding -1 lets the text decide its direction."""
    width, height = frame
    return _HEADER.format(width=width, height=height) + "".join(f"{event}\n" for event in events)


def row_event(row: Row, place: Place, ink: Ink, span: Span, *, right_to_left: bool) -> str:
    """One row of text."""
    runs = list(_runs(row))
    ascents = (look.face.ascent * look.face.scale for look, _ in runs)
    ascent = max(ascents, default=LATIN.ascent) * ink.em
    text = "".join(_run_text(look, words, ink) for look, words in runs)
    top = place.y - ascent
    tags = f"\\an{8 + place.side}\\pos({place.x:.1f},{top:.1f})\\b{int(ink.bold)}"
    if ink.spacing:
        tags += f"\\fsp{ink.spacing:.1f}"
    first = runs[0][0].face if runs else LATIN
    mark = _RIGHT_MARK if right_to_left else _LEFT_MARK
    return _event(span, f"{{{tags}{_font(first, ink)}}}{mark}{text}")


def box_event(
    corner: tuple[float, float], size: tuple[float, float], colour: str, span: Span
) -> str:
    """A filled rectangle; ``corner`` is its upper left."""
    (x, y), (wide, high) = corner, size
    tags = f"\\an7\\pos({x:.1f},{y:.1f})\\1c{_colour(colour)}\\p1"
    path = f"m 0 0 l {wide:.1f} 0 l {wide:.1f} {high:.1f} l 0 {high:.1f}"
    return _event(span, f"{{{tags}}}{path}{{\\p0}}")


def escaped(untrusted_text: str) -> str:
    """``untrusted_text`` as libass must read it to draw it letter by letter."""
    text = _SPACES.sub(" ", untrusted_text).strip()
    hidden = {_KEYCAP, *hidden_characters(text)}
    shown = "".join(character for character in text if character not in hidden)
    return shown.replace("\\", "\\" + _WORD_JOINER).replace("{", "\\{")


def _runs(row: Row) -> Iterator[tuple[_Look, str]]:
    """Pieces of a row of one look; spaces stay with what is before them."""
    letters: list[tuple[_Look, str]] = []
    for at, atom in enumerate(row):
        space = "" if at == 0 or atom.glued else " "
        before = row[at - 1] if at else atom
        for character in space + atom.text:
            inside = not (space and character == " ")
            face = letters[-1][0].face if character == " " and letters else face_of(character)
            face = LATIN if face is EMOJI and character == " " else face  # its space is too wide
            letters.append((_look(face, atom, before, inside=inside), character))
    for look, group in groupby(letters, key=lambda letter: letter[0]):
        yield look, "".join(character for _, character in group)


def _look(face: Face, atom: Atom, before: Atom, *, inside: bool) -> _Look:
    """The look of one character; a space belongs to a mark only between two marks."""
    return _Look(
        face,
        marked=atom.marked and (inside or before.marked),
        accent=atom.accent and (inside or before.accent),
        isolated=atom.isolated and inside,
        bold=atom.bold and (inside or before.bold),
        slanted=atom.slanted and face is LATIN and (inside or before.slanted),
    )


def _run_text(look: _Look, words: str, ink: Ink) -> str:
    face = look.face
    colour = _colour(ink.mark_colour if look.marked or look.accent else ink.colour)
    stroke = face.stroke + (_BOLD_STROKE if ink.bold or look.bold else 0.0)
    tags = f"{_font(face, ink)}\\1c{colour}\\3c{colour}\\bord{stroke * ink.em:.1f}"
    tags += "\\b1" * (look.bold and not ink.bold) + "\\i1" * look.slanted
    lead = " " if words.startswith(" ") else ""
    tail = " " if words.endswith(" ") and words.strip() else ""
    text = lead + escaped(words) + tail
    shown = f"{_ISOLATE}{text}{_RELEASE}" if look.marked or look.isolated else text
    ends = "\\b0" * (look.bold and not ink.bold) + "\\i0" * look.slanted
    return f"{{{tags}}}{shown}" + (f"{{{ends}}}" if ends else "")


def _font(face: Face, ink: Ink) -> str:
    return f"\\fn{face.family}\\fs{face.font_size(ink.em):.1f}"


def _colour(colour: str) -> str:
    """RRGGBB in the order ASS wants."""
    return f"&H{colour[4:6]}{colour[2:4]}{colour[0:2]}&"


def _event(span: Span, text: str) -> str:
    return f"Dialogue: 0,{_clock(span.start)},{_clock(span.end)},Text,,0,0,0,,{text}"


def _clock(seconds: Fraction) -> str:
    hundredths = int(seconds * 100)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest // 100:02d}.{rest % 100:02d}"
