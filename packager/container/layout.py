"""What a walk through a container finds, and what each container must know to carry a seal."""

from collections.abc import Callable
from dataclasses import dataclass

ReadAt = Callable[[int, int], bytes]
"""``read_at(offset, length)``: at most ``length`` bytes; fewer only at the end of the file."""

Patch = tuple[int, bytes]
"""Where to overwrite, and with what."""

MAX_ELEMENTS = 100_000  # at the level where seals sit; a film of many hours has some thousands


@dataclass(frozen=True, slots=True)
class Slot:
    """The body of a skippable element; everything before it is the PREFIX.

    ``suffix`` is how many bytes the container puts behind the body.
    """

    start: int
    length: int
    suffix: int = 0

    @property
    def end(self) -> int:
        """The first byte after the body."""
        return self.start + self.length

    @property
    def stop(self) -> int:
        """The first byte after the element."""
        return self.end + self.suffix


@dataclass(frozen=True, slots=True)
class Layout:
    """``end`` is where the structure says the file ends.

    It is the file's size where all is well, more where the tail is gone, less where bytes were
    added or the structure broke.
    """

    slots: tuple[Slot, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Format:
    """How one container carries a seal. ``room`` is the length of the element's body.

    ``patch`` says what to overwrite in an unsealed file of a given size, and is an InputRefused
    where the file cannot take a seal; ``restore`` says what to put back when the seal whose body
    starts at a given offset goes. ``at_tail`` looks for an element that ends where the file ends.
    """

    header_size: int
    header: Callable[[int], bytes]
    suffix: Callable[[int], bytes]
    patch: Callable[[ReadAt, int, int], Patch | None]
    restore: Callable[[ReadAt, int, int], Patch | None]
    walk: Callable[[ReadAt, int], Layout]
    at_tail: Callable[[ReadAt, int, int], Slot | None]
    armoured: bool = False
