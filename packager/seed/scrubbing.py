"""The scrub of a node: one release after the other, slowly, for ever."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from packager import torrent
from packager.seed import scrub
from packager.seed.ground import Ground
from packager.seed.store import Kept

_DAY = 24 * 60 * 60
_GRACE = 7 * _DAY  # a node that was off for some days is not behind
_PAUSE = 5.0  # seconds between two looks for work
Due = Callable[[], Kept | None]
"""The release to read next: one that was asked for, or the one not read for the longest."""


@dataclass(slots=True)
class Scrub:
    """A thread of its own: it reads beside everything else and takes no lock."""

    ground: Ground
    candidates: Callable[[], list[Kept]]
    rotten: Callable[[str], None]
    sound: Callable[[str], None]
    _asked: set[str] = field(default_factory=set)
    _awake: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="scrub", daemon=True)
        self._thread.start()

    def ask(self, identities: set[str]) -> None:
        """Read these before any other, now."""
        self._asked |= identities
        self._awake.set()

    def behind(self) -> int:
        """How many releases should have been read again a week ago."""
        days, now = self.ground.config.scrub.days, self.ground.clock()
        late = days * _DAY + _GRACE
        return sum(now - one.scrubbed > late for one in self.candidates()) if days else 0

    def close(self) -> None:
        """Stop reading; ``ground.stop`` is set."""
        self._awake.set()
        if self._thread:
            self._thread.join(_PAUSE)

    def _run(self) -> None:
        while not self.ground.stop.is_set():
            one = self._due()
            if one is None:
                self._awake.wait(_PAUSE)
                self._awake.clear()
                continue
            self._asked.discard(one.identity)
            try:
                self._read(one)
            except Exception as error:  # noqa: BLE001 -- the machine, or a mistake of ours
                self.ground.journal.write(f"{one.name} could not be read again: {error}")
                self.ground.stop.wait(_PAUSE)

    def _due(self) -> Kept | None:
        held = self.candidates()
        asked = [one for one in held if one.identity in self._asked]
        self._asked &= {one.identity for one in held}
        days = self.ground.config.scrub.days
        old = [one for one in held if days and self._old(one, days)]
        return min(asked or old, key=lambda one: one.scrubbed, default=None)

    def _old(self, one: Kept, days: int) -> bool:
        """Also what was read at a time that is still to come: a clock was wrong then."""
        return not -_DAY <= self.ground.clock() - one.scrubbed <= days * _DAY

    def _read(self, one: Kept) -> None:
        for piece in scrub.reread(torrent.read(one.torrent), one.content):
            if not piece.good:
                self.rotten(one.identity)
                return
            rate = self.ground.config.scrub.rate
            if self.ground.stop.wait(piece.length / rate if rate else 0):
                return
        self.sound(one.identity)
