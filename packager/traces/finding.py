"""What a file gives away: one trace, and what kind of thing it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from packager.values import printable

MAX_VALUE = 200  # characters that are shown
ReadAt = Callable[[int, int], bytes]
"""``read_at(offset, length)``: bytes of the file, fewer at its end."""


class What(StrEnum):
    """What a trace tells; the order is that of the answer."""

    LOCATION = "location"
    PERSON = "person"
    DEVICE = "device"
    TIME = "time"
    COMPUTER = "computer"
    SOFTWARE = "software"
    STREAM = "stream"
    PICTURE = "picture"
    COLOUR = "colour"
    HIDDEN = "hidden"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """One thing found; ``where`` is the place in the file, in plain words."""

    what: What
    where: str
    value: str
    path: str = ""


def trace(what: What, where: str, untrusted_value: str) -> Trace:
    """A trace whose words are safe to show, and short."""
    value = printable(" ".join(untrusted_value.split()))
    cut = value if len(value) <= MAX_VALUE else value[: MAX_VALUE - 1] + "…"
    return Trace(what, printable(where), cut)
