"""Counts what is sent and received, and tells the engine what it may use right now."""

import shutil
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from packager.errors import MachineFailed
from packager.seed import ledger, limits, schedule
from packager.seed.ground import Ground
from packager.seed.jumps import Jump
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
    """One a node. A turn is one thread's at a time: a command may silence the node at once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._turn = threading.Lock()
        self._ledger = ground.store.ledger()
        self._seen = (Traffic(), Traffic())  # the engines' counters at the last tick
        self._unwritten: set[str] = set()  # days
        self._written = 0.0
        self.problem = ""
        """Why the ledger could not be written; it goes on counting."""
        self.silence: set[Silence] = {Silence.OWNER} if ground.store.paused else set()

    def tick(self, quarantine: Traffic) -> Orders:
        """Count what came since the last tick, and give the orders of this instant.

        ``quarantine`` are the counters of the other engine.
        """
        with self._turn:
            orders = self._count(quarantine)
        if self._unwritten and self._ground.steady() - self._written >= _WRITE:
            self.write()
        return orders

    def _count(self, quarantine: Traffic) -> Orders:
        now = self._ground.now
        counted = (self._ground.session.traffic, quarantine)
        more = counted[0].since(self._seen[0]) + counted[1].since(self._seen[1])
        self._seen = counted
        if more != Traffic():
            self._ledger = self._ledger.with_more(self._day(now), more)
            self._unwritten.add(self._day(now))
        orders = self._orders(now)
        self._ground.session.limit(orders.upload, orders.download)
        self._ground.session.hush(silent=bool(orders.silence))
        return orders

    def write(self) -> None:
        """Put what was counted into the store; ``problem`` says if that cannot be."""
        self._written = self._ground.steady()
        with self._turn:
            days = {day: self._ledger.on(day) for day in sorted(self._unwritten)}
            self._unwritten.clear()
        try:
            self._ground.store.keep_days(days, int(self._ground.clock()))
        except MachineFailed as error:
            self.problem = error.fact
            with self._turn:
                self._unwritten |= days.keys()
        else:
            self.problem = ""

    def jumped(self, jump: Jump) -> None:
        """Begin no new month because a clock jumped."""
        zone = self._ground.config.rules.zone
        days = [
            ledger.day_of(datetime.fromtimestamp(at, UTC), zone) for at in (jump.before, jump.after)
        ]
        with self._turn:
            book = self._ledger.continued(*days)
            self._unwritten |= {day for day in book.days if book.on(day) != self._ledger.on(day)}
            self._ledger = book
        self.write()

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
