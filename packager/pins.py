"""Pins: whom a reader or volunteer trusts, one line each.

    name ssh-ed25519 AAAA... word word word word word word word word
    name words word word word word word word word word

The first form holds the publisher's first paper key and doubles as an OpenSSH line; the second is
what somebody knows who heard eight words on the radio.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from packager import words as wording
from packager.errors import InputRefused
from packager.keys import PublicKey
from packager.sshsig import parse_public_line, public_line
from packager.values import name_problem, printable
from packager.words import Words

MAX_BYTES = 64 * 1024
_NAME = re.compile(r"^[^\s#/]{1,60}$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One publisher that somebody decided to trust."""

    name: str
    words: Words
    root: PublicKey | None = None

    @property
    def line(self) -> str:
        """Its line in a pin file."""
        middle = public_line(self.root) if self.root else "words"
        return f"{self.name} {middle} {wording.spell(self.words)}"


def check_name(untrusted_name: str) -> str:
    """A publisher's name: one word that is also a safe folder name."""
    if not _NAME.match(untrusted_name) or name_problem(untrusted_name):
        raise InputRefused(
            f"not a usable name: {printable(untrusted_name[:40])!r}",
            "use one word of letters, digits and dashes, such as sever-desk",
        )
    return untrusted_name


def parse(untrusted_text: str) -> tuple[Pin, ...]:
    """All pins of a file; a line that fails is an error, never skipped."""
    pins = []
    for number, line in enumerate(untrusted_text.splitlines(), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            try:
                pins.append(_parse_line(text.split()))
            except InputRefused as error:
                raise InputRefused(f"pin line {number}: {error.fact}", *error.hints) from None
    return tuple(pins)


def find(pins: Sequence[Pin], words: Words) -> Pin | None:
    """The pin with these words."""
    return next((pin for pin in pins if pin.words == words), None)


def of_words(words: Words) -> Pin:
    """A nameless pin for words given on the command line."""
    return Pin("these-words", words)


def _parse_line(fields: list[str]) -> Pin:
    if len(fields) == wording.COUNT + 2 and fields[1] == "words":
        return Pin(check_name(fields[0]), wording.parse(" ".join(fields[2:])))
    if len(fields) != wording.COUNT + 3:
        raise InputRefused(
            "not a pin", "a pin is: name ssh-ed25519 AAAA... and eight words, on one line"
        )
    try:
        root = parse_public_line(fields[1], fields[2])
    except ValueError:
        raise InputRefused(
            "the key in it is not an ssh-ed25519 key", "copy the whole line again"
        ) from None
    words = wording.of_root(root.raw)
    if words not in wording.readings(" ".join(fields[3:])):
        raise InputRefused(
            "the words do not belong to the key beside them",
            "this line was changed or mistyped; get it again, from somewhere else",
        )
    return Pin(check_name(fields[0]), words, root)
