"""What a walk through a container finds."""

from collections.abc import Callable
from dataclasses import dataclass

ReadAt = Callable[[int, int], bytes]
"""``read_at(offset, length)``: at most ``length`` bytes; fewer only at the end of the file."""

MAX_ELEMENTS = 4_000_000


@dataclass(frozen=True, slots=True)
class Slot:
    """The payload of a skippable element; everything before it is the PREFIX."""

    start: int
    length: int

    @property
    def end(self) -> int:
        """The first byte after the payload."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Layout:
    """``end`` is where the structure says the file ends.

    It is the file's size where all is well, more where the tail is gone, less where bytes were
    added or the structure broke.
    """

    slots: tuple[Slot, ...]
    end: int
