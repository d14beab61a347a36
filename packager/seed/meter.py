"""Counts what is sent and received, and tells the engine what it may use right now."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packager.seed import ledger, limits, schedule
from packager.seed.ground import Ground
from packager.seed.ledger import Traffic
from packager.seed.limits import Orders, Silence

_WRITE = 5.0  # seconds between two entries


@dataclass(frozen=True, slots=True)
class Reading:
    """What the meter shows."""

    orders: Orders
    change: str
    today: Traffic
    month: Traffic


class Meter:
    """One a node. ``tick`` belongs to the main thread."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._ledger = ground.store.ledger()
        self._seen = (Traffic(), Traffic())  # the engines' counters at the last tick
        self._unwritten: set[str] = set()  # days
        self._written = 0.0
        self.silence: set[Silence] = {Silence.OWNER} if ground.store.paused else set()

    def tick(self, quarantine: Traffic) -> Orders:
        """Count what came since the last tick, and give the orders of this instant.

        ``quarantine`` are the counters of the other engine.
        """
        now = self._ground.now
        counted = (self._ground.session.traffic, quarantine)
        more = counted[0].since(self._seen[0]) + counted[1].since(self._seen[1])
        self._seen = counted
        if more != Traffic():
            self._ledger = self._ledger.with_more(self._day(now), more)
            self._unwritten.add(self._day(now))
        if self._unwritten and abs(now.timestamp() - self._written) >= _WRITE:
            self.write()
        orders = self._orders(now)
        self._ground.session.limit(orders.upload, orders.download)
        self._ground.session.hush(silent=bool(orders.silence))
        return orders

    def write(self) -> None:
        """Put what was counted into the store."""
        for day in sorted(self._unwritten):
            self._ground.store.keep_day(day, self._ledger.on(day))
            self._unwritten.discard(day)
        self._written = self._ground.clock()

    def reading(self) -> Reading:
        """What is shown to the owner."""
        now, rules = self._ground.now, self._ground.config.rules
        day = self._day(now)
        change = schedule.until(rules.windows, now, rules.zone) if rules.windows else None
        return Reading(
            orders=self._orders(now),
            change=change.isoformat(timespec="minutes") if change else "",
            today=self._ledger.on(day),
            month=self._ledger.in_month_of(day),
        )

    def _orders(self, now: datetime) -> Orders:
        sent = self._ledger.in_month_of(self._day(now)).sent
        return limits.decide(self._ground.config.rules, now, sent, frozenset(self.silence))

    def _day(self, now: datetime) -> str:
        return ledger.day_of(now, self._ground.config.rules.zone)


def free_bytes(folder: Path) -> int:
    """What the disk of a folder that exists has left for us."""
    return shutil.disk_usage(folder).free
