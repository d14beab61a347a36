"""Takes what comes by hand: a stick that was plugged in, and the watched folder."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from packager import files, torrent
from packager.errors import InputRefused, PackagerError
from packager.seed import carrying, limits, meter, policy
from packager.seed.carrying import LINK, Watched
from packager.seed.ground import Ground
from packager.seed.held import identity_of
from packager.seed.holdings import Holdings
from packager.seed.opening import open_release
from packager.torrent.metainfo import MAX_TORRENT

_MAX_LINK = 20_000  # bytes


@dataclass(slots=True)
class Arrivals:
    """``add`` is what `seed add` does. Methods want ``ground.work`` to be held."""

    ground: Ground
    holdings: Holdings
    add: Callable[[str], object]
    coming: Callable[[], int]
    """Bytes that fetches under way will take."""
    _watched: Watched = field(default_factory=Watched)

    def take_stick(self, folder: Path) -> None:
        """Obey its notices, copy its releases into this node and offer them.

        One that is refused stops no other; all that happened is in the journal.
        """
        found = carrying.look(folder)
        if not found.notices + found.torrents:
            raise InputRefused(
                "there is no release and no notice on it", "name the folder that holds them"
            )
        for path in found.notices:
            self._try(path, lambda path: self.add(str(path)))
        for path in found.torrents:
            self._try(path, self._copy)

    def look_at_watched(self) -> None:
        """Take what is new in the watched folder."""
        folder = self.ground.config.watch.folder
        for path in self._watched.ready(Path(folder)) if folder else ():
            self._try(path, self._add)

    def _try(self, path: Path, take: Callable[[Path], object]) -> None:
        try:
            take(path)
        except PackagerError as error:
            self.ground.journal.add(f"{path.name} was not taken: {error.fact}")
        else:
            self.ground.journal.add(f"{path.name} was taken")

    def _add(self, path: Path) -> None:
        if path.suffix == LINK:
            self.add(files.read_text(path, _MAX_LINK).strip())
        else:
            self.add(str(path))

    def _copy(self, path: Path) -> None:
        """Judge a release where it lies, copy it, and judge the copy."""
        ground = self.ground
        data = files.read_limited(path, MAX_TORRENT)
        metainfo = torrent.read(data)
        identity = identity_of(metainfo)
        if self.holdings.holds(identity):
            return
        pins, known = ground.home.pins(), ground.home.known()
        source = path.parent / metainfo.name
        facts = open_release(data, source, pins, known).facts
        if problem := policy.offer_problem(facts, ground.config.allow.checks):
            raise problem
        held, free = self.holdings.size() + self.coming(), meter.free_bytes(ground.shelf)
        disk, size = ground.config.disk, metainfo.total
        if problem := limits.room_problem(disk, held, size, free, size):
            raise problem
        target = ground.shelf / "releases" / identity
        carrying.copy(source, target / metainfo.name)
        try:
            opened = open_release(data, target / metainfo.name, pins, known)
            self.holdings.take(opened, frozenset(), ours=True)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
