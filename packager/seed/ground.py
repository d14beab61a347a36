"""What every part of a running node stands on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from packager.errors import MachineFailed
from packager.files import shown
from packager.keyring import Home
from packager.seed.config import Config
from packager.seed.journal import Journal
from packager.seed.policy import Wiring
from packager.seed.session import Session
from packager.seed.store import Store

FOLDER = "seed"  # of the home
Clock = Callable[[], float]
"""Seconds."""


@dataclass(slots=True)
class Ground:
    """Shared by the parts of one node; ``config`` is exchanged whole when it is read again."""

    home: Home
    store: Store
    session: Session
    wiring: Wiring
    config: Config
    clock: Clock  # since 1970; somebody may set it
    steady: Clock  # since some instant; nobody can set it, and it goes on while the computer sleeps
    stop: threading.Event
    journal: Journal
    work: threading.Lock = field(default_factory=threading.Lock)
    """Held while one release is added, checked or removed."""

    @property
    def shelf(self) -> Path:
        """Where fetched files go; a disk that is not there is not replaced by an empty folder."""
        chosen = self.config.disk.folder
        if not chosen:
            return self.home.folder(FOLDER)
        if not Path(chosen).is_dir():
            raise MachineFailed(
                f"the folder {shown(Path(chosen))} for fetched releases is not there",
                "plug in the disk, or change [disk] folder in node.toml",
            )
        return Path(chosen)

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)
