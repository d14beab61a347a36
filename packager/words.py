"""Eight words that stand for a publisher: 88 bits of a slow hash of its first paper key.

The *value* is 11 bytes: scrypt(first root public key). It is shown as eight words of a BIP-39
list (11 bits a word, no checksum) and as 28 digits (the value in 27, then a Damm check digit).
The list a publisher's words are shown in does not matter: all spell the same value.
"""

import difflib
import hashlib
import unicodedata
from functools import cache, lru_cache
from typing import NewType

from mnemonic import Mnemonic

from packager.errors import InputRefused
from packager.values import Language, printable

Words = NewType("Words", bytes)
"""The 11 bytes that eight words spell."""

SIZE = 11
COUNT = 8
_BITS = 11
_DIGITS = 27
_SCRYPT_SALT = b"magnitizdat words v1"
_LISTS = (
    "english",
    "russian",
    "spanish",
    "chinese_simplified",
    "chinese_traditional",
    "french",
    "italian",
    "portuguese",
    "turkish",
    "czech",
    "korean",
    "japanese",
)
_OWN_LIST = {
    Language.RU: "russian",
    Language.UK: "russian",
    Language.BE: "russian",
    Language.ES: "spanish",
    Language.ZH: "chinese_simplified",
}
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


@lru_cache(maxsize=64)
def of_root(root_public_key: bytes) -> Words:
    """The value for a publisher's first paper key (32 bytes). Takes about 0.1 s and 32 MiB."""
    return Words(
        hashlib.scrypt(
            root_public_key, salt=_SCRYPT_SALT, n=2**15, r=8, p=1, maxmem=2**26, dklen=SIZE
        )
    )


def spell(value: Words, list_name: str = "english") -> str:
    """Eight words of one list, separated by spaces."""
    number = int.from_bytes(value, "big")
    picks = [(number >> (_BITS * (COUNT - 1 - at))) & 0x7FF for at in range(COUNT)]
    return " ".join(_words(list_name)[pick] for pick in picks)


def spell_in(value: Words, language: Language) -> str:
    """The words in a reader's own language where a list exists, else in English."""
    return spell(value, _OWN_LIST.get(language, "english"))


def digits(value: Words) -> str:
    """Seven groups of four digits; the last digit catches any single slip or swap."""
    text = str(int.from_bytes(value, "big")).rjust(_DIGITS, "0")
    text += str(_damm(text))
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def parse(untrusted_text: str) -> Words:
    """The value that somebody typed: eight words of any list, or the digits.

    A word that is in no list is named, with the nearest ones. The order matters and cannot be
    checked: another order is another publisher.
    """
    text = _fold(untrusted_text).strip()
    if text and all(c.isdigit() or c.isspace() or c == "-" for c in text):
        return _parse_digits("".join(c for c in text if c.isdigit()))
    given = text.replace(",", " ").split()
    if len(given) != COUNT:
        raise InputRefused(
            f"{len(given)} words were given, a publisher has {COUNT}",
            'put all eight in quotes: --words "one two three four five six seven eight"',
        )
    return _look_up(given)


def _look_up(given: list[str]) -> Words:
    indexes = max(
        (_index(name) for name in _LISTS), key=lambda index: sum(w in index for w in given)
    )
    for place, word in enumerate(given, 1):
        if word not in indexes:
            raise _unknown_word(place, word, list(indexes))
    number = 0
    for word in given:
        number = number << _BITS | indexes[word]
    return Words(number.to_bytes(SIZE, "big"))


def _unknown_word(place: int, word: str, known: list[str]) -> InputRefused:
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.6)
    hints = [f"did you mean: {', '.join(near)}?"] if near else []
    return InputRefused(
        f"word {place}, {printable(word[:40])!r}, is in no word list",
        *hints,
        "compare each word with where you heard or read it",
    )


def _parse_digits(text: str) -> Words:
    if len(text) != _DIGITS + 1:
        raise InputRefused(
            f"{len(text)} digits were given, a publisher has {_DIGITS + 1}",
            "give all seven groups of four",
        )
    number = int(text[:-1])
    if _damm(text) != 0 or number >> (8 * SIZE):
        raise InputRefused(
            "the digits do not fit together: one is wrong or two are swapped",
            "compare them again, group by group",
        )
    return Words(number.to_bytes(SIZE, "big"))


def _damm(text: str) -> int:
    state = 0
    for digit in text:
        state = int(_DAMM[state][int(digit)])
    return state


@cache
def _words(list_name: str) -> tuple[str, ...]:
    return tuple(Mnemonic(list_name).wordlist)


@cache
def _index(list_name: str) -> dict[str, int]:
    words = _words(list_name)
    return {_fold(word): at for at, word in enumerate(words)}


def _fold(text: str) -> str:
    """One spelling for capitals, accents and the Turkish dotless i."""
    return unicodedata.normalize("NFKD", text).lower().replace("\u0131", "i")
