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
from packager.values import printable

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
    return " ".join(_words(list_name)[pick] for pick in _picks(value))


def digits(value: Words) -> str:
    """Seven groups of four digits; the last digit catches any single slip or swap."""
    text = str(int.from_bytes(value, "big")).rjust(_DIGITS, "0")
    text += str(_damm(text))
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def parse(untrusted_text: str) -> Words:
    """The value that somebody typed: eight words of any list, or the digits.

    A word that is in no list is named, with the nearest ones. The order matters and cannot be
    checked: another order is another publisher (``other_orders``).
    """
    found = readings(untrusted_text)
    if len(found) > 1:
        raise InputRefused(
            "these words stand in two word lists and mean two publishers",
            "give the 28 digits instead, or the words in English",
        )
    return found[0]


def readings(untrusted_text: str) -> tuple[Words, ...]:
    """Every value that the text may mean: two lists can share all eight words (Chinese)."""
    text = _fold(untrusted_text).strip()
    if text and all(c.isdigit() or c.isspace() or c == "-" for c in text):
        return (_parse_digits("".join(c for c in text if c.isdigit())),)
    given = _split(text)
    if len(given) != COUNT:
        raise InputRefused(
            f"{len(given)} words were given, a publisher has {COUNT}",
            'put all eight in quotes: --words "one two three four five six seven eight"',
        )
    fitting = [name for name in _same_letters(given[0]) if all(w in _index(name) for w in given)]
    if not fitting:
        raise _misfit(given)
    return tuple(dict.fromkeys(_value([_index(name)[w] for w in given]) for name in fitting))


def other_orders(value: Words) -> dict[Words, str]:
    """Values a slip of order away, each with what happened: for a hint, never a verdict."""
    picks = _picks(value)
    half = COUNT // 2
    orders = {_value(picks[half:] + picks[:half]): "the two lines of four words changed places"}
    orders[_value(picks[::-1])] = "the words are in reverse"
    for one in range(COUNT):
        for two in range(one + 1, COUNT):
            swapped = picks.copy()
            swapped[one], swapped[two] = picks[two], picks[one]
            orders[_value(swapped)] = f"words {one + 1} and {two + 1} changed places"
    orders.pop(value, None)
    return orders


def _same_letters(word: str) -> list[str]:
    """Lists that may hold a folded word: Latin ones or the others; a list has one script."""
    return [name for name in _LISTS if _fold(_words(name)[0]).isascii() is word.isascii()]


def _split(text: str) -> list[str]:
    """The words of a line; numbers before them and signs between do not matter."""
    for sign in ",;|/·":
        text = text.replace(sign, " ")
    given = [word for word in text.split() if not word.rstrip(".)").isdigit()]
    if len(given) == 1 and len(text) == COUNT and not text.isascii():
        return list(text)  # Chinese, written without spaces
    return [word.strip(".\"'«»“”„") for word in given]


def _misfit(given: list[str]) -> InputRefused:
    """Why no single list holds all words: a typo, or words of two lists."""
    best = max(_LISTS, key=lambda name: sum(word in _index(name) for word in given))
    everywhere = {word for name in _LISTS for word in _index(name)}
    for place, word in enumerate(given, 1):
        if word not in everywhere:
            return _unknown_word(place, word, best)
    place = next(at for at, word in enumerate(given, 1) if word not in _index(best))
    other = next(name for name in _LISTS if given[place - 1] in _index(name))
    near = _near(given[place - 1], best)
    return InputRefused(
        f"the words come from two lists: most are {_title(best)}, word {place} is {_title(other)}",
        *near,
        "take all eight from one list; a publisher has words in each, and any of them will do",
    )


def _unknown_word(place: int, word: str, list_name: str) -> InputRefused:
    return InputRefused(
        f"word {place}, {printable(word[:40])!r}, is in no word list",
        *_near(word, list_name),
        "compare each word with where you heard or read it",
    )


def _near(word: str, list_name: str) -> list[str]:
    index = _index(list_name)
    near = difflib.get_close_matches(word, list(index), n=3, cutoff=0.6)
    written = _words(list_name)
    return [f"did you mean: {', '.join(written[index[one]] for one in near)}?"] if near else []


def _title(list_name: str) -> str:
    return list_name.replace("_", " ").title()


def _picks(value: Words) -> list[int]:
    number = int.from_bytes(value, "big")
    return [(number >> (_BITS * (COUNT - 1 - at))) & 0x7FF for at in range(COUNT)]


def _value(picks: list[int]) -> Words:
    number = 0
    for pick in picks:
        number = number << _BITS | pick
    return Words(number.to_bytes(SIZE, "big"))


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
    """One spelling for capitals, accents and the Turkish dotless i; no list loses a word by it."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("\u0131", "i")
    return "".join(c for c in plain if unicodedata.category(c) != "Mn")
