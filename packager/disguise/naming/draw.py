"""A deterministic stream of choices drawn from a variant."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_BITS = 64


class Draw:
    """Choices that only the 32 bytes of ``variant`` and a ``purpose`` decide.

    Each purpose has its own stream, so a new choice in one never moves the others.
    """

    def __init__(self, variant: bytes, purpose: str) -> None:
        self.key = hmac.digest(variant, purpose.encode("utf-8"), hashlib.sha256)
        self._counter = 0

    def below(self, bound: int) -> int:
        """A whole number from 0 up to, but without, ``bound``; the bias is below 2**-40."""
        block = hmac.digest(self.key, self._counter.to_bytes(8, "big"), hashlib.sha256)
        self._counter += 1
        return int.from_bytes(block[: _BITS // 8], "big") % bound

    def pick(self, choices: Sequence[T]) -> T:
        """One of ``choices``."""
        return choices[self.below(len(choices))]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + self.below(high - low + 1)
