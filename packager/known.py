"""What a reader has already seen of a publisher: the longest key chain, the newest release.

A seal carries its own chain, so an old seal does not know that its key was stolen later. A home
remembers, and what it remembers speaks too. Nothing here blocks by date: old stays good.
"""

from dataclasses import dataclass, replace

from packager import chain as chains
from packager.chain import Chain
from packager.errors import InputRefused
from packager.values import MAX_INTEGER, canonical_json, parse_canonical_json

VERSION = 1
MAX_BYTES = 2 * chains.MAX_CHAIN_BYTES  # the chain stands in it as quoted text


@dataclass(frozen=True, slots=True)
class Known:
    """The memory of one publisher; ``serial`` and ``date`` are the highest seen."""

    chain: Chain
    serial: int = 0
    date: str = ""

    def encode(self) -> bytes:
        """Its record in a home."""
        return canonical_json(
            {
                "chain": self.chain.encode().decode("ascii"),
                "date": self.date,
                "serial": self.serial,
                "v": VERSION,
            }
        )

    def seen(self, chain: Chain, serial: int, date: str) -> "Known":
        """The memory after one more genuine seal; ``chain`` must agree with ours."""
        longer = chain if len(chain.links) > len(self.chain.links) else self.chain
        return replace(
            self, chain=longer, serial=max(self.serial, serial), date=max(self.date, date)
        )

    def is_newer_than(self, serial: int, date: str) -> bool:
        """Whether we have seen a later release; a serial of 0 and an empty date say nothing."""
        if serial and self.serial:
            return serial < self.serial
        return bool(date and self.date and date < self.date)


def parse(untrusted_bytes: bytes) -> Known:
    """Read a record; every defect is an InputRefused."""
    match parse_canonical_json(untrusted_bytes, MAX_BYTES):
        case {"chain": str(chain), "date": str(date), "serial": int(serial), "v": 1, **rest} if (
            not rest and 0 <= serial <= MAX_INTEGER
        ):
            return Known(chains.parse(chain.encode("ascii", "replace")), serial, date)
    raise InputRefused("a memory of a publisher is not in the form it must have")
