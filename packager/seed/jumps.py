"""Did the clock on the wall jump? A second clock, which nobody can set, tells."""

from dataclasses import dataclass
from datetime import UTC, datetime

_NOTABLE = 120.0  # seconds; less is a clock that is put right
_DAY, _HOUR = 24 * 60 * 60, 60 * 60


@dataclass(frozen=True, slots=True)
class Jump:
    """What the clock would have shown, and what it shows, in seconds since 1970."""

    before: float
    after: float

    @property
    def told(self) -> str:
        """It, as a sentence."""
        size = abs(self.after - self.before)
        way = "back" if self.after < self.before else "forward"
        far = f"{size / _DAY:.0f} days" if size > 2 * _DAY else f"{size / _HOUR:.1f} hours"
        return (
            f"the clock jumped {far} {way}, from {_shown(self.before)} to {_shown(self.after)}:"
            " look whether it is right; no new month of traffic begins by that"
        )


@dataclass(slots=True)
class Jumps:
    """What both clocks showed at the last look."""

    wall: float
    steady: float

    def look(self, wall: float, steady: float) -> Jump | None:
        """The jump since the last look, if there was one."""
        jump = between(self.wall + steady - self.steady, wall)
        self.wall, self.steady = wall, steady
        return jump


def between(wanted: float, wall: float) -> Jump | None:
    """A jump from what the clock should show to what it shows, unless it is small."""
    return Jump(wanted, wall) if abs(wall - wanted) >= _NOTABLE else None


def since_start(seen: float, wall: float) -> Jump | None:
    """A jump while no node ran: only backward can be told. ``seen`` 0 is never."""
    return between(seen, wall) if seen and wall < seen else None


def _shown(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="minutes")[:16]
