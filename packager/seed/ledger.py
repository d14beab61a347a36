"""How much was sent and received, day by day: what a provider would count.

The engine's counters start at zero with the program; the ledger does not. Days are of the owner's
zone. A clock that jumps writes to another day and loses nothing, and opens no new month.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType

KEPT = 400  # days


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes on the wire, with the headers of their packets."""

    sent: int = 0
    received: int = 0

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(self.sent + other.sent, self.received + other.received)

    def since(self, before: "Traffic") -> "Traffic":
        """What came on top of ``before``; a counter that fell has started again."""
        return Traffic(_grown(before.sent, self.sent), _grown(before.received, self.received))


@dataclass(frozen=True, slots=True)
class Ledger:
    """Traffic by day, as ``2026-11-21``."""

    days: Mapping[str, Traffic] = field(default_factory=lambda: MappingProxyType({}))

    def with_more(self, day: str, more: Traffic) -> "Ledger":
        """The ledger after ``more`` on ``day``; the oldest days of other months fall away."""
        days = dict(self.days)
        days[day] = days.get(day, Traffic()) + more
        kept = {*sorted(days)[-KEPT:], *(one for one in days if _month(one) == _month(day))}
        return Ledger({one: days[one] for one in sorted(kept)})

    def continued(self, before: str, after: str) -> "Ledger":
        """The ledger after the clock jumped from one day to another.

        Nobody knows which month it really is: the one that is shown now has given at least as much
        as the one that was. What it has not written itself stands under the month alone.
        """
        more = self.in_month_of(before).sent - self.in_month_of(after).sent
        return self.with_more(_month(after), Traffic(sent=more)) if more > 0 else self

    def on(self, day: str) -> Traffic:
        """What went on one day."""
        return self.days.get(day, Traffic())

    def in_month_of(self, day: str) -> Traffic:
        """What went in the calendar month of ``day``."""
        month = _month(day)
        return sum((one for key, one in self.days.items() if _month(key) == month), Traffic())


def day_of(now: datetime, zone: tzinfo) -> str:
    """The day it is for the owner."""
    return now.astimezone(zone).date().isoformat()


def _month(day: str) -> str:
    return day[: len("2026-11")]


def _grown(before: int, now: int) -> int:
    return now - before if now >= before else now
