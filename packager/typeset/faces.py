"""The font families of all our pages, and how wide their letters are.

Widths are in em. They are estimates that err on the wide side, so that no row is ever clipped;
nothing here opens a font file.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Face:
    """One family. libass sizes it by ``ascent + descent``, both in em, as the font states them."""

    family: str
    ascent: float
    descent: float
    scale: float  # makes its letters look as large as those of the other families
    leading: float  # distance of two baselines in em, before ``scale``
    baseline: float  # how far down in that distance the letters stand
    stroke: float = 0.0  # em added around thin letters: libass knows only a font's default weight

    def font_size(self, em: float) -> float:
        """What the size tag must say for letters of ``em`` pixels."""
        return em * self.scale * (self.ascent + self.descent)


LATIN = Face("Noto Sans", 1.124, 0.395, 1.0, 1.42, 0.76)  # Greek and Cyrillic too
ARABIC = Face("Noto Sans Arabic", 1.431, 0.738, 1.1, 1.5, 0.68)
MYANMAR = Face("Noto Sans Myanmar", 1.324, 0.860, 0.95, 1.74, 0.62)
CHINESE = Face("Noto Sans CJK SC", 1.160, 0.288, 0.96, 1.62, 0.72, 0.016)
EMOJI = Face("Noto Emoji", 0.928, 0.245, 0.9, 1.42, 0.76)  # in one colour, like letters


def _guest(script: str, ascent: float, descent: float) -> Face:
    """The family of a script that none of our languages is written in; it is only quoted."""
    return Face(f"Noto Sans {script}", ascent, descent, 1.0, 1.42, 0.76)


SYMBOLS = _guest("Symbols", 1.48, 0.57)
_BLOCKS = (
    (0x0530, 0x058F, _guest("Armenian", 1.068, 0.292)),
    (0x0590, 0x05FF, _guest("Hebrew Light", 1.068, 0.292)),
    (0x0600, 0x06FF, ARABIC),
    (0x0750, 0x077F, ARABIC),
    (0x08A0, 0x08FF, ARABIC),
    (0xFB50, 0xFDFF, ARABIC),
    (0xFE70, 0xFEFC, ARABIC),
    (0x0900, 0x097F, _guest("Devanagari", 1.348, 0.558)),
    (0x0980, 0x09FF, _guest("Bengali", 0.995, 0.408)),
    (0x0B80, 0x0BFF, _guest("Tamil", 0.87, 0.37)),
    (0x0E00, 0x0E7F, _guest("Thai", 1.061, 0.45)),
    (0x0E80, 0x0EFF, _guest("Lao", 1.183, 0.462)),
    (0x1000, 0x109F, MYANMAR),
    (0x10A0, 0x10FF, _guest("Georgian", 1.086, 0.292)),
    (0xA9E0, 0xA9FF, MYANMAR),
    (0xAA60, 0xAA7F, MYANMAR),
    (0x1100, 0x11FF, CHINESE),
    (0x1200, 0x139F, _guest("Ethiopic", 1.069, 0.293)),
    (0x1780, 0x17FF, _guest("Khmer", 1.155, 0.707)),
    (0x2190, 0x259F, SYMBOLS),
    (0x25A0, 0x25FF, CHINESE),
    (0x2600, 0x27BF, EMOJI),
    (0x2800, 0x2BFF, SYMBOLS),
    (0x2E80, 0xA4CF, CHINESE),
    (0xAC00, 0xD7FF, CHINESE),
    (0xF900, 0xFAFF, CHINESE),
    (0xFE30, 0xFE4F, CHINESE),
    (0xFF00, 0xFFEF, CHINESE),
    (0x1F200, 0x1F2FF, CHINESE),
    (0x1F000, 0x1FAFF, EMOJI),
    (0x20000, 0x3FFFF, CHINESE),
)
_FIRST_BLOCK = 0x0530
_BOLD = 1.08  # how much wider bold letters are
_ASCII = tuple(
    int(advance) / 1000
    for advance in (
        "260 269 408 646 572 831 732 225 300 300 551 572 268 322 268 372 572 572 572 572 572 572 "
        "572 572 572 572 268 268 572 572 572 434 899 639 650 632 730 556 519 728 741 339 273 619 "
        "524 907 760 781 605 781 622 549 556 731 600 930 586 566 572 329 372 329 572 444 281 561 "
        "615 480 615 564 344 615 618 258 258 534 258 935 618 605 615 615 413 479 361 618 508 786 "
        "529 510 470 380 551 380 572"
    ).split()
)
_WIDE_BURMESE = frozenset("ကဃဆညဏတထဘယလသဟအဢဣဤဩဪဿ")
_NARROW = frozenset("іїјІЇЈ.,:;!|'’‘·ا")
_BROAD = frozenset("жмшщыюфЖМШЩЫЮФДѢ—…æœÆŒ")


def face_of(character: str) -> Face:
    """The family that draws ``character``."""
    point = ord(character)
    if point < _FIRST_BLOCK:
        return LATIN
    return next((face for low, high, face in _BLOCKS if low <= point <= high), LATIN)


@cache
def width(character: str) -> float:
    """An estimate of the advance of ``character`` in em of the text around it."""
    point = ord(character)
    if 0x20 <= point < 0x7F:  # noqa: PLR2004 -- printable ASCII
        return _ASCII[point - 0x20]
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return 0.0
    face = face_of(character)
    if face is MYANMAR:
        return face.scale * _burmese(character, category)
    if face is ARABIC:
        return face.scale * (0.27 if character in _NARROW else 0.58)
    if face is CHINESE:
        return face.scale
    return _european(character, category)


def _burmese(character: str, category: str) -> float:
    if category == "Mc":
        return 0.46
    return 1.13 if character in _WIDE_BURMESE else 0.7


def _european(character: str, category: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.15
    if character in _NARROW:
        return 0.34
    if character in _BROAD:
        return 1.0
    return 0.76 if category == "Lu" else 0.62


def bold_width(text: str) -> float:
    """The width of ``text`` in em when it is set bold."""
    return _BOLD * sum(map(width, text))
