"""Remove everything that packager keeps on this computer, and name what nobody can remove."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from packager import files, workroom
from packager.errors import InputRefused

_OURS = ("publishers", "pins", "known", "seed")
_SECRET = (".key", ".json", ".sqlite", "pins")  # endings of what is overwritten first
_LOCK = Path("seed/lock")

TRACES = (
    "releases, review sheets and reports in folders that you chose: no list of them is kept",
    "work that a power cut broke off, in folders that you gave with --out: the next pack cleans",
    "what the file system's journal, snapshots and backups hold of the removed files",
    "cells that an SSD or USB stick keeps for itself: only a disk encrypted from the start helps",
    "your shell's history: packager pack, --out and file names may stand in it",
    "the desktop's lists of recent files and its thumbnails, if you opened a release with it",
    "swap space and hibernation, if the computer used them while packager ran",
)
"""What wiping does not reach."""


@dataclass(frozen=True, slots=True)
class Wiped:
    """What went, and what is not ours and stayed."""

    removed: tuple[Path, ...]
    left: tuple[Path, ...]


def inventory(home: Path) -> tuple[Path, ...]:
    """Every file of ours in ``home``, sorted; links are named, not followed."""
    return tuple(sorted(path for name in _OURS for path in _under(home / name)))


def wipe(home: Path) -> Wiped:
    """Remove them all. InputRefused while a node runs in this home."""
    _refuse_running(home)
    removed = inventory(home)
    rooms = workroom.sweep()
    with files.guarded_writes():
        for path in removed:
            _remove(path)
        for name in _OURS:
            _prune(home / name)
        with suppress(OSError):
            home.rmdir()
    return Wiped((*removed, *rooms), _strangers(home))


def _under(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.is_dir():
        if os.path.lexists(path):
            yield path
        return
    for inside in path.iterdir():
        yield from _under(inside)


def _remove(path: Path) -> None:
    """Overwrite what held keys or names, then unlink. On many disks that overwrites nothing."""
    if not path.is_symlink() and path.is_file() and path.name.endswith(_SECRET):
        with path.open("r+b", buffering=0) as file:
            file.write(bytes(path.stat().st_size))
            os.fsync(file.fileno())
    path.unlink()


def _prune(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        return
    for inside in folder.iterdir():
        _prune(inside)
    with suppress(OSError):
        folder.rmdir()


def _strangers(home: Path) -> tuple[Path, ...]:
    return tuple(sorted(home.iterdir())) if home.is_dir() else ()


def _refuse_running(home: Path) -> None:
    lock = home / _LOCK
    if lock.exists() and files.held(lock):
        raise InputRefused(
            "a node is running in this home", "stop it first: Ctrl-C, or end its service"
        )
