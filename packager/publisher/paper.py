"""The paper key: twelve words on a card that are the root key. Shown once, stored nowhere."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from mnemonic import Mnemonic

from packager.errors import InputRefused
from packager.keys import SecretKey

COUNT = 12
CHECKED = 3  # words that are asked for after a card was written
_ENTROPY = 16  # bytes: twelve words


@dataclass(frozen=True, slots=True)
class PaperKey:
    """Twelve words of the English BIP-39 list that fit together."""

    secret_words: str = field(repr=False)

    @property
    def secret_key(self) -> SecretKey:
        """The root key."""
        entropy = bytes(Mnemonic("english").to_entropy(self.secret_words))
        return SecretKey.from_entropy(entropy, "paper key")


def draw(entropy: Callable[[int], bytes]) -> PaperKey:
    """A fresh paper key."""
    return PaperKey(Mnemonic("english").to_mnemonic(entropy(_ENTROPY)))


def parse(untrusted_secret_text: str) -> PaperKey:
    """The key that somebody typed from a card; capitals and commas do not matter.

    No refusal repeats a word or offers a near one: they are secret.
    """
    mnemonic = Mnemonic("english")
    text = unicodedata.normalize("NFKD", untrusted_secret_text).lower().replace(",", " ")
    given = [word for word in text.split() if not word.rstrip(".)").isdigit()]  # "1. word"
    if len(given) != COUNT:
        raise InputRefused(
            f"{len(given)} words were given, a paper key has {COUNT}",
            "type all twelve words of the card, in their order, with spaces between",
        )
    known = set(mnemonic.wordlist)
    for place, word in enumerate(given, 1):
        if word not in known:
            raise InputRefused(
                f"word {place} of the paper key is not a word that a card can hold",
                "look at its letters again: the first four decide",
            )
    words = " ".join(given)
    if not mnemonic.check(words):
        raise InputRefused(
            "the twelve words do not fit together: one is wrong, or two changed places",
            "read the card again, word by word",
        )
    return PaperKey(words)


def places_to_check(entropy: Callable[[int], bytes]) -> tuple[int, ...]:
    """Three places (1 to 12, rising) to ask for after a card was written."""
    left = list(range(1, COUNT + 1))
    chosen = [left.pop(int.from_bytes(entropy(8)) % len(left)) for _ in range(CHECKED)]
    return tuple(sorted(chosen))
