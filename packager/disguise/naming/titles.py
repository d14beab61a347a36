"""Invented titles and people, in nine languages, drawn from a variant.

Each title has two spellings: ``shown`` on posters, covers and in tags, in the reader's language,
and ``filed`` in names of files and folders. Films and series of languages whose script is rare
in such names are filed in English; music, books and courses only where the script leaves no
room in a name. Nothing here is a real work or person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.disguise.naming import (
    arabic,
    belarusian,
    burmese,
    chinese,
    english,
    persian,
    russian,
    spanish,
    ukrainian,
)
from packager.disguise.naming.draw import Draw
from packager.disguise.naming.lexicon import Kind, Lexicon
from packager.disguise.naming.works import nearest
from packager.values import Language

FIRST_YEAR, LAST_YEAR = 2014, 2024
LEXICONS = {
    Language.EN: english.LEXICON,
    Language.RU: russian.LEXICON,
    Language.UK: ukrainian.LEXICON,
    Language.BE: belarusian.LEXICON,
    Language.ES: spanish.LEXICON,
    Language.FA: persian.LEXICON,
    Language.AR: arabic.LEXICON,
    Language.ZH: chinese.LEXICON,
    Language.MY: burmese.LEXICON,
}
FILED_BYTES = {  # so that every name made of them stays whole
    Kind.FILM: 65,
    Kind.SERIES: 62,
    Kind.EPISODE: 20,
    Kind.BAND: 40,
    Kind.ALBUM: 44,
    Kind.TRACK: 70,
    Kind.BOOK: 54,
    Kind.COURSE: 102,  # one byte more where a colon becomes a dash
    Kind.LESSON: 70,
}
PERSON_BYTES = 40
_LATIN = frozenset({Language.EN, Language.ES})
_CYRILLIC = frozenset({Language.RU, Language.UK, Language.BE})
_OWN_SCRIPT_IN_FILMS = _LATIN | _CYRILLIC
_OWN_SCRIPT_ELSEWHERE = _OWN_SCRIPT_IN_FILMS | {Language.FA, Language.AR, Language.ZH}
_LATIN_SERIES_BYTES = 42  # leaves room for the title of an episode
_SHOWN_BYTES = 120  # a poster has room for forty letters of Burmese
_SLOT = re.compile(r"\{(\w+)\}")
_CONSONANTS, _VOWELS = "BDFGKLMNRTVXZ", "AEIOU"
_GENRES = {
    "movie": "Drama Adventure Mystery Comedy Family Romance".split(),
    "series": "Drama Mystery Adventure Comedy Family".split(),
    "album": ("Folk", "Ambient", "Indie", "Acoustic", "Jazz", "Singer/Songwriter", "Chillout"),
    "audiobook": ("Audiobook",),
    "book": tuple(code for code in "prose_contemporary prose_classic adventure detective".split()),
    "course": ("Hobby", "Arts & Crafts", "Home & Garden"),
}


@dataclass(frozen=True, slots=True)
class Title:
    """An invented title or name: ``shown`` on the poster and in tags, ``filed`` in names."""

    shown: str
    filed: str


def title(language: Language, variant: bytes) -> Title:
    """A film's title, at most 65 bytes where it is filed."""
    return _titled(Kind.FILM, language, variant)


def series(language: Language, variant: bytes) -> Title:
    """A series' title, at most 62 bytes where it is filed."""
    return _titled(Kind.SERIES, language, variant)


def episode(language: Language, variant: bytes, number: int) -> Title:
    """The title of an episode, another for each ``number`` (from 1).

    ``filed`` is empty in Cyrillic: there it would not fit behind the series' title.
    """
    found = _numbered(Kind.EPISODE, language, variant, number)
    return Title(found.shown, "") if language in _CYRILLIC else found


def artist(language: Language, variant: bytes) -> Title:
    """A musician or a band, at most 40 bytes where it is filed."""
    return _titled(Kind.BAND, language, variant)


def album(language: Language, variant: bytes) -> Title:
    """An album's title, at most 44 bytes where it is filed."""
    return _titled(Kind.ALBUM, language, variant)


def track(language: Language, variant: bytes, number: int) -> Title:
    """A song's title, another for each ``number`` (from 1)."""
    return _numbered(Kind.TRACK, language, variant, number)


def author(language: Language, variant: bytes) -> Title:
    """A writer's name, at most 40 bytes where it is filed."""
    return _person(language, variant, "author")


def narrator(language: Language, variant: bytes) -> Title:
    """The name of who reads an audiobook."""
    return _person(language, variant, "narrator")


def book_title(language: Language, variant: bytes) -> Title:
    """A novel's title, at most 54 bytes where it is filed."""
    return _titled(Kind.BOOK, language, variant)


def course(language: Language, variant: bytes) -> Title:
    """The title of a course in a quiet hobby, at most 102 bytes where it is filed."""
    return _titled(Kind.COURSE, language, variant)


def lesson(language: Language, variant: bytes, number: int) -> Title:
    """The title of a lesson of any such course; from the thirty-first on they come again."""
    lexicon = LEXICONS[language]
    found = lexicon.words["lesson"]
    order = Draw(variant, "lessons").below(len(found)) if number > len(found) else 0
    shown = found[(number - 1 + order) % len(found)]
    if language in _OWN_SCRIPT_ELSEWHERE:
        return Title(shown, shown)
    english_words = english.LEXICON.words["lesson"]
    return Title(shown, english_words[(number - 1 + order) % len(english_words)])


def part(language: Language, pattern: str, number: int) -> Title:
    """The plain name of a part: ``pattern`` is "Part {number}" in ``language``."""
    shown = pattern.format(number=number)
    return Title(shown, shown if language in _OWN_SCRIPT_ELSEWHERE else f"Part {number}")


def year(variant: bytes) -> int:
    """A year in which the work might have come out."""
    return Draw(variant, "year").between(FIRST_YEAR, LAST_YEAR)


def season(variant: bytes) -> int:
    """The number of a season."""
    return Draw(variant, "season").between(1, 4)


def genre(disguise: str, variant: bytes) -> str:
    """A genre as files of this kind name it, in English; for books a code of FB2."""
    return Draw(variant, f"genre {disguise}").pick(_GENRES[disguise])


def group(variant: bytes) -> str:
    """An invented release group: six or seven capitals that can be spoken."""
    draw = Draw(variant, "group")
    letters = [draw.pick(_VOWELS if place % 2 else _CONSONANTS) for place in range(6)]
    if draw.below(2):
        letters.append(draw.pick(_CONSONANTS))
    return "".join(letters)


def credit(language: Language, variant: bytes) -> str:
    """The poster's small print: an invented director."""
    lexicon = LEXICONS[language]
    draw = Draw(variant, f"credit {language}")
    return lexicon.credit.format(name=_name(lexicon, draw, _SHOWN_BYTES))


def seed(variant: bytes, purpose: str) -> bytes:
    """32 bytes for another artist: a poster's shapes must not give the variant away."""
    return Draw(variant, purpose).key


def _titled(kind: Kind, language: Language, variant: bytes) -> Title:
    return next(_titles(kind, language, variant))


def _numbered(kind: Kind, language: Language, variant: bytes, number: int) -> Title:
    """The ``number``-th title of a stream in which none comes twice."""
    seen: set[str] = set()
    for found in _titles(kind, language, variant):
        if found.shown.casefold() in seen or found.filed.casefold() in seen:
            continue
        seen |= {found.shown.casefold(), found.filed.casefold()}
        number -= 1
        if number <= 0:
            break
    return found


def _titles(kind: Kind, language: Language, variant: bytes) -> Iterator[Title]:
    """The titles of one kind that ``variant`` gives, without end."""
    own = Draw(variant, f"{kind} {language}")
    other = Draw(variant, f"{kind} filed")
    limit = FILED_BYTES[kind]
    if kind is Kind.SERIES and language not in _CYRILLIC:
        limit = _LATIN_SERIES_BYTES
    while True:
        if _files_own_script(kind, language):
            text = _fill(kind, LEXICONS[language], own, limit)
            yield Title(text, text)
        else:
            shown = _fill(kind, LEXICONS[language], own, _SHOWN_BYTES)
            yield Title(shown, _fill(kind, english.LEXICON, other, limit))


def _files_own_script(kind: Kind, language: Language) -> bool:
    screen = kind in {Kind.FILM, Kind.SERIES, Kind.EPISODE}
    return language in (_OWN_SCRIPT_IN_FILMS if screen else _OWN_SCRIPT_ELSEWHERE)


def _person(language: Language, variant: bytes, purpose: str) -> Title:
    draw = Draw(variant, f"{purpose} {language}")
    if language in _OWN_SCRIPT_ELSEWHERE:
        shown = _name(LEXICONS[language], draw, PERSON_BYTES)
        return Title(shown, shown)
    shown = _name(LEXICONS[language], draw, _SHOWN_BYTES)
    return Title(shown, _name(english.LEXICON, Draw(variant, f"{purpose} filed"), PERSON_BYTES))


def _name(lexicon: Lexicon, draw: Draw, limit: int) -> str:
    """The first name of the stream of at most ``limit`` bytes that is no known artist's."""
    while True:
        name = _filled(lexicon.person, lexicon, draw)
        if len(name.encode("utf-8")) <= limit and nearest(name) is None:
            return name


def _fill(kind: Kind, lexicon: Lexicon, draw: Draw, limit: int) -> str:
    """The first title of the stream of at most ``limit`` bytes, no root twice, no real work."""
    while True:
        text = _filled(draw.pick(lexicon.patterns[kind]), lexicon, draw)
        roots = [word[:3].casefold() for word in text.split() if len(word) > 3]  # noqa: PLR2004
        short = len(text.encode("utf-8")) <= limit
        if short and len(set(roots)) == len(roots) and nearest(text) is None:
            return text[0].upper() + text[1:]


def _filled(pattern: str, lexicon: Lexicon, draw: Draw) -> str:
    """``pattern`` with its slots filled, none twice with the same word."""
    used: set[str] = set()

    def word(slot: re.Match[str]) -> str:
        choices = lexicon.words[slot[1]]
        found = draw.pick(choices)
        while found in used:
            found = draw.pick(choices)
        used.add(found)
        return found

    return _SLOT.sub(word, pattern)
