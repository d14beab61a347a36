"""Other speeds at other hours: a weekly plan by the clock on the wall.

A window that ends before it starts runs past midnight and belongs to the day on which it starts.
Everything follows local time: an hour that the clocks skip in spring never comes, and one that
they repeat in autumn counts twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from packager.seed.amounts import Speed

DAY = 24 * 60  # minutes
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STEP = timedelta(minutes=15)  # zones have changed their clocks at quarters of an hour only
_HORIZON = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Window:
    """Some hours of some days; ``start`` and ``end`` are minutes since midnight, 0 to ``DAY``."""

    days: frozenset[int]  # 0 is Monday
    start: int
    end: int
    upload: Speed
    download: Speed

    def covers(self, local: datetime) -> bool:
        """Whether the clock on the wall stands in it."""
        minute = local.hour * 60 + local.minute
        if self.start < self.end:
            return local.weekday() in self.days and self.start <= minute < self.end
        before = (local.weekday() - 1) % 7
        return (local.weekday() in self.days and minute >= self.start) or (
            before in self.days and minute < self.end
        )


def in_force(windows: Sequence[Window], now: datetime, zone: tzinfo) -> Window | None:
    """The first window that covers this instant; None between windows."""
    local = now.astimezone(zone)
    return next((one for one in windows if one.covers(local)), None)


def until(windows: Sequence[Window], now: datetime, zone: tzinfo) -> datetime | None:
    """When the window in force will change, to the minute; None if never."""
    held = in_force(windows, now, zone)
    at = now.replace(second=0, microsecond=0)
    while at < now + _HORIZON:
        if in_force(windows, at + _STEP, zone) != held:
            while in_force(windows, at, zone) == held or at <= now:
                at += timedelta(minutes=1)
            return at.astimezone(zone)
        at += _STEP
    return None


def parse_days(untrusted_text: str) -> frozenset[int]:
    """``daily``, ``mon-fri``, ``sat sun``, ``fri-mon``; ValueError with what is wanted."""
    if untrusted_text == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for word in untrusted_text.replace(",", " ").split():
        first, dash, last = word.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            found.clear()
            break
        start, end = DAYS.index(first), DAYS.index(last or first)
        found |= {(start + n) % 7 for n in range((end - start) % 7 + 1)}
    if not found:
        raise ValueError("days such as daily, mon-fri, or sat sun")
    return frozenset(found)


def parse_time(untrusted_text: str) -> int:
    """``08:30`` in minutes since midnight, ``24:00`` is the day's end; ValueError otherwise."""
    hours, colon, minutes = untrusted_text.partition(":")
    plain = len(hours) == len(minutes) == 2 and (hours + minutes).isascii()  # noqa: PLR2004
    if colon and plain and (hours + minutes).isdigit():
        found = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and found <= DAY:  # noqa: PLR2004 -- minutes of an hour
            return found
    raise ValueError("a time such as 08:30, from 00:00 to 24:00")
