"""The owner's word: given once for a page of plain facts, and to be renewed."""

from dataclasses import dataclass
from datetime import UTC, datetime

PAGE = """\
What it gives: every release you add, to anyone who asks for it.
Who sees it: the swarm, the trackers and your provider see this computer's address, what it
gives, and when it is on.
The law: giving these files away may be punished where you live. Ask somebody who knows.
The contract: a host may close your account for it. Do not run this on somebody else's machine
without asking.
Where not: inside the country that the reports are about, or where its address leads to
somebody who lives there.
How to stop: `packager seed pause`, or Ctrl-C. `packager seed empty` takes away what it made."""
_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Word:
    """When it was given, in seconds since 1970 (0: never), and for how many days (0: for ever)."""

    given: int
    days: int

    def lapsed(self, now: float) -> bool:
        """Whether uploading waits for it to be given again.

        A word of a day that is still to come was given under a wrong clock, and says nothing.
        """
        if not self.given or not self.days:
            return not self.given
        return not -_DAY <= now - self.given <= self.days * _DAY

    @property
    def until(self) -> str:
        """The last day on which it holds, ISO; empty where it has none."""
        if not self.given or not self.days:
            return ""
        return datetime.fromtimestamp(self.given + self.days * _DAY, UTC).date().isoformat()
