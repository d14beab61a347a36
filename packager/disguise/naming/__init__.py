"""Invented titles, people and release names, all drawn from a variant.

Nothing here is a real work, studio, site, group or person, and every word of a release's name
is true of the file: size class of the picture, sound, codec. Outsiders cannot list our names in
advance, because the variant is secret; release groups are invented anew for each release, or
one constant tag would give all of them away.
"""

import re
import unicodedata
from dataclasses import dataclass

from packager.disguise.naming import (
    belarusian,
    eastern,
    english,
    russian,
    spanish,
    ukrainian,
)
from packager.disguise.naming.draw import Draw
from packager.disguise.naming.lexicon import Lexicon
from packager.errors import InputRefused
from packager.media import AudioFacts
from packager.values import MAX_NAME_BYTES, Language, hidden_characters, name_problem, printable

FIRST_YEAR, LAST_YEAR = 2014, 2024
ROOM_FOR_ENDINGS = 12  # ".mp4.minisig" must still fit behind the name
MAX_RELEASE_BYTES = MAX_NAME_BYTES - ROOM_FOR_ENDINGS
MAX_TITLE_BYTES = MAX_RELEASE_BYTES - len(".2021.1080p.WEB-DL.AAC2.0.H.264-GROUPAB")

_LEXICONS = {
    Language.EN: english.LEXICON,
    Language.RU: russian.LEXICON,
    Language.UK: ukrainian.LEXICON,
    Language.BE: belarusian.LEXICON,
    Language.ES: spanish.LEXICON,
    Language.FA: eastern.PERSIAN,
    Language.AR: eastern.ARABIC,
    Language.ZH: eastern.CHINESE,
    Language.MY: eastern.BURMESE,
}
_OWN_SCRIPT_IN_FILES = frozenset({Language.EN, Language.RU, Language.UK, Language.BE, Language.ES})
_MAX_SHOWN_BYTES = 120  # a poster has room for forty letters of Burmese
_SLOT = re.compile(r"\{(\w+)\}")
_CONSONANTS, _VOWELS = "BDFGKLMNRTVXZ", "AEIOU"
_CLASSES = (240, 360, 480, 576, 720, 1080, 1440, 2160, 4320)
_AUDIO_TOKENS = {"aac": "AAC", "ac3": "DD", "eac3": "DDP", "opus": "Opus", "mp3": "MP3"}
_CHANNELS = {1: "1.0", 2: "2.0", 3: "2.1", 6: "5.1", 8: "7.1"}


@dataclass(frozen=True, slots=True)
class Title:
    """An invented title: ``shown`` on the poster, ``filed`` in names."""

    shown: str
    filed: str


def title(language: Language, variant: bytes) -> Title:
    """A title in ``language``; where its script is rare in file names, ``filed`` is English."""
    draw = Draw(variant, f"title {language}")
    if language in _OWN_SCRIPT_IN_FILES:
        title = _fill(_LEXICONS[language], draw, MAX_TITLE_BYTES)
        return Title(title, title)
    filed = _fill(english.LEXICON, Draw(variant, "title filed"), MAX_TITLE_BYTES)
    return Title(_fill(_LEXICONS[language], draw, _MAX_SHOWN_BYTES), filed)


def year(variant: bytes) -> int:
    """A year in which the film might have come out."""
    return Draw(variant, "year").between(FIRST_YEAR, LAST_YEAR)


def group(variant: bytes) -> str:
    """An invented release group: six or seven capitals that can be spoken."""
    draw = Draw(variant, "group")
    letters = [draw.pick(_VOWELS if place % 2 else _CONSONANTS) for place in range(6)]
    if draw.below(2):
        letters.append(draw.pick(_CONSONANTS))
    return "".join(letters)


def credit(language: Language, variant: bytes) -> str:
    """The poster's small print: an invented director."""
    lexicon = _LEXICONS[language]
    draw = Draw(variant, f"credit {language}")
    return lexicon.credit.format(name=_filled(lexicon.person, lexicon, draw))


def seed(variant: bytes, purpose: str) -> bytes:
    """32 bytes for another artist: a poster's shapes must not give the variant away."""
    return Draw(variant, purpose).key


def size_class(frame: tuple[int, int]) -> str:
    """The usual name of a picture of this many pixels: ``720p`` for 1280x720 and 1280x536."""
    long, short = max(frame), min(frame)
    for lines in _CLASSES:
        if short <= lines and long <= (lines * 16 + 8) // 9 + 1:
            return f"{lines}p"
    return f"{_CLASSES[-1]}p"


def audio_token(audio: AudioFacts | None) -> str:
    """``AAC2.0`` and the like; empty where the sound has no usual name."""
    if audio is None or audio.codec not in _AUDIO_TOKENS or audio.channels not in _CHANNELS:
        return ""
    return _AUDIO_TOKENS[audio.codec] + _CHANNELS[audio.channels]


def release_name(filed: str, made: int, frame: tuple[int, int], audio: str, variant: bytes) -> str:
    """``Title.Words.2021.720p.WEB-DL.AAC2.0.H.264-GROUP``, at most 104 bytes.

    Raises InputRefused when nothing of the title can stand in a name.
    """
    size = size_class(frame)
    source = "WEB-DL" if min(frame) >= 540 else "WEBRip"  # noqa: PLR2004 -- below it nobody says DL
    tokens = [str(made), size, source, audio, f"H.264-{group(variant)}"]
    tail = "." + ".".join(token for token in tokens if token)
    name = safe_title(filed, MAX_RELEASE_BYTES - len(tail)) + tail
    if problem := name_problem(name):
        raise InputRefused(f"no file name can be made of this title: it {problem}", _OTHER_TITLE)
    return name


_OTHER_TITLE = "choose another --title: letters, digits and spaces"


def safe_title(untrusted_text: str, limit: int = MAX_TITLE_BYTES) -> str:
    """A title as dotted words of any script, at most ``limit`` bytes of UTF-8."""
    hidden = set(hidden_characters(untrusted_text))
    text = unicodedata.normalize("NFC", "".join(" " if c in hidden else c for c in untrusted_text))
    text = re.sub(r"(?<=\w)['’ʼ`´](?=\w)", "", text)
    words = "".join(c if _names_may_hold(c) else " " for c in text).split()
    dotted = ""
    for word in words:
        longer = f"{dotted}.{word}" if dotted else word
        if len(longer.encode("utf-8")) > limit:
            break
        dotted = longer
    if not dotted and words:
        dotted = _cut(words[0], limit)
    if not any(unicodedata.category(c)[0] in "LN" for c in dotted):
        shown = printable(untrusted_text[:40])
        raise InputRefused(f"the title {shown!r} has no letter or digit", _OTHER_TITLE)
    return dotted


def _names_may_hold(character: str) -> bool:
    """Letters, digits and the marks that belong to them; ZWNJ is spelling in Persian."""
    return unicodedata.category(character)[0] in "LMN" or character == "\u200c"


def _cut(word: str, limit: int) -> str:
    """The longest beginning of ``word`` in ``limit`` bytes that does not split a letter."""
    kept = word.encode("utf-8")[:limit].decode("utf-8", "ignore")
    while kept and len(kept) < len(word) and unicodedata.category(word[len(kept)])[0] == "M":
        kept = kept[:-1]
    return kept


def _fill(lexicon: Lexicon, draw: Draw, limit: int) -> str:
    """The first title of the stream of at most ``limit`` bytes that repeats no root."""
    while True:
        text = _filled(draw.pick(lexicon.titles), lexicon, draw)
        roots = [word[:3].casefold() for word in text.split() if len(word) > 3]  # noqa: PLR2004
        short = len(text.encode("utf-8")) <= limit
        if short and len(set(roots)) == len(roots):
            return text[0].upper() + text[1:]


def _filled(pattern: str, lexicon: Lexicon, draw: Draw) -> str:
    return _SLOT.sub(lambda slot: draw.pick(lexicon.words[slot[1]]), pattern)
