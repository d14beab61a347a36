"""What every part of a running node stands on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from packager.keyring import Home
from packager.seed.config import Config
from packager.seed.policy import Wiring
from packager.seed.session import Session
from packager.seed.store import Store

Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(slots=True)
class Ground:
    """Shared by the parts of one node; ``config`` is exchanged whole when it is read again."""

    home: Home
    store: Store
    session: Session
    wiring: Wiring
    config: Config
    clock: Clock
    stop: threading.Event
    work: threading.Lock = field(default_factory=threading.Lock)
    """Held while one release is added, checked or removed."""

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)
