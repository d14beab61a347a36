"""What comes by hand: releases and notices on a stick, or laid into the watched folder."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from packager.errors import InputRefused, PackagerError
from packager.files import guarded_writes, shown, write_atomic
from packager.notice import SUFFIX

_DEPTH = 3  # folders below the one that was named
_MOST = 10_000  # entries
LINK = ".magnet"
QUARANTINE, RELEASES = "quarantine", "releases"  # below the folder for fetched files


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds for a node: notices first, since they withdraw."""

    notices: tuple[Path, ...]
    torrents: tuple[Path, ...]
    links: tuple[Path, ...] = ()


def look(folder: Path) -> Found:
    """Everything below a folder that a node could take."""
    if not folder.is_dir():
        raise InputRefused(f"{shown(folder)} is not a folder", "name the folder of the stick")
    found = sorted(_walk(folder, _DEPTH))
    return Found(
        tuple(path for path in found if path.suffix == SUFFIX),
        tuple(path for path in found if path.suffix == ".torrent"),
        tuple(path for path in found if path.suffix == LINK),
    )


def copy(content: Path, target: Path) -> None:
    """Copy a folder that travels; the copy is whole or gone."""
    with guarded_writes():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            shutil.copytree(content, target, symlinks=True)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise


def shelve(content: Path, target: Path, torrent: bytes) -> Path:
    """Move a folder that was judged into ``target``, beside its torrent; where it is then.

    The torrent goes first: what lies there and is not known can be told, whenever the power goes.
    """
    with guarded_writes():
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(target / f"{content.name}.torrent", torrent, 0o600)
        content.rename(target / content.name)
    return target / content.name


def take_back(target: Path, folder: Path) -> None:
    """Undo ``shelve``; the disk may not let us."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in target.iterdir():
            if left.is_dir():  # it is whole, whatever lies in the folder
                shutil.rmtree(folder / left.name, ignore_errors=True)
                left.rename(folder / left.name)
        shutil.rmtree(target, ignore_errors=True)


@dataclass(slots=True)
class Watched:
    """Tells what is new in a folder, once it no longer grows."""

    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _done: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def ready(self, folder: Path) -> tuple[Path, ...]:
        """What came since it was asked last: notices first. Nothing where there is no folder."""
        try:
            found = look(folder)
        except PackagerError:
            return ()
        now = {}
        for path in (*found.notices, *found.torrents, *found.links):
            beside = path.with_suffix("")
            now[path] = _size_and_date(path, beside)
        ready = tuple(
            path for path, at in now.items() if self._seen.get(path) == at != self._done.get(path)
        )
        self._seen = now
        self._done = {path: at for path, at in self._done.items() if path in now}
        self._done |= {path: now[path] for path in ready}
        return ready


def _size_and_date(path: Path, beside: Path) -> tuple[int, int]:
    size = date = 0
    for one in (path, *_walk(beside, _DEPTH)):
        try:
            facts = one.lstat()
        except OSError:
            continue
        size += facts.st_size
        date = max(date, facts.st_mtime_ns)
    return size, date


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    """The plain files below a folder, no link followed; of a crowd, only the first."""
    if folder.is_symlink() or not folder.is_dir():
        return
    try:
        entries = sorted(folder.iterdir())[:_MOST]
    except OSError:
        return
    for path in entries:
        if path.is_symlink():
            continue
        if path.is_dir() and depth and not path.name.startswith("."):
            yield from _walk(path, depth - 1)
        elif path.is_file():
            yield path
