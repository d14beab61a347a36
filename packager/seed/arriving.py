"""Takes what comes by hand: a stick that was plugged in, and the watched folder."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from packager import files, torrent
from packager.errors import InputRefused, MachineFailed, PackagerError
from packager.seed import carrying, limits, meter, policy
from packager.seed.carrying import LINK, QUARANTINE, RELEASES, Watched
from packager.seed.ground import Ground
from packager.seed.held import identity_of
from packager.seed.holdings import Holdings
from packager.seed.opening import locate, open_release
from packager.torrent.metainfo import MAX_TORRENT

_MAX_LINK = 20_000  # bytes
_NAME = 40  # digits of an id


@dataclass(slots=True)
class Arrivals:
    """``add`` is what `seed add` does. Methods want ``ground.work`` to be held."""

    ground: Ground
    holdings: Holdings
    add: Callable[[str], object]
    coming: Callable[[], int]
    """Bytes that fetches under way will take."""
    known: Callable[[str], bool]
    """Whether an id is held or being fetched."""
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

    def adopt(self) -> None:
        """Offer what this node fetched or copied and no longer knows: its state was damaged.

        What may not be offered is told and left where it is.
        """
        with suppress(MachineFailed, OSError):
            for folder in sorted((self.ground.shelf / RELEASES).glob("?" * _NAME)):
                if not self.known(folder.name):
                    self.holdings.submit(partial(self._adopt, folder))

    def _adopt(self, folder: Path) -> None:
        home, journal = self.ground.home, self.ground.journal
        try:
            (beside,) = folder.glob("*.torrent")
            opened = open_release(*locate(beside), home.pins(), home.known())
            self.holdings.take(opened, frozenset(), ours=True)
        except (PackagerError, ValueError) as error:
            why = error.fact if isinstance(error, PackagerError) else "it has no torrent"
            journal.add(f"{folder} belongs to no release that is held ({why}); it is left there")
        else:
            journal.add(f"{opened.metainfo.name} was not in the list; it was found and checked")

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
        folder = ground.shelf / QUARANTINE / f"copy-{identity}"
        target = ground.shelf / RELEASES / identity
        try:
            carrying.copy(source, folder / metainfo.name)
            opened = open_release(data, folder / metainfo.name, pins, known)
            content = carrying.shelve(opened.content, target, data)
            try:
                self.holdings.take(replace(opened, content=content), frozenset(), ours=True)
            except BaseException:
                carrying.take_back(target, folder)
                raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)
