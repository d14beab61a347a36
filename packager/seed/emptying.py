"""Take away every file that a node made, look whether it is so, and name what stays.

No node may run meanwhile: its lock is taken.
"""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from packager.errors import InputRefused, PackagerError
from packager.files import shown
from packager.seed import database
from packager.seed.carrying import QUARANTINE, RELEASES
from packager.seed.store import Kept, Store

TRACES = (
    "the releases that you brought yourself, and their torrents: they are listed above",
    "whom you trust (`packager pin remove NAME`), and your settings in node.toml",
    "deleted files: experts may read them from the disk until it is written over, on SSDs for long",
    "backups and snapshots of this disk",
    "the history of your shell, the system's log, and lists of recent files",
    "what others wrote down: trackers, peers and your provider saw this computer's address",
)
_TURNS, _TURN = 100, 0.2  # looks, and seconds between them


@dataclass(frozen=True, slots=True)
class Emptied:
    """What went and what stayed."""

    removed: int  # files
    left: tuple[Path, ...]  # files of ours that could not be removed
    brought: tuple[Path, ...]  # the owner's own


def wait_until_stopped(folder: Path) -> None:
    """Return once no node runs here; InputRefused if that takes too long."""
    for turn in range(_TURNS, -1, -1):
        try:
            os.close(database.only_one(folder / "lock"))
        except InputRefused:
            if not turn:
                raise
            time.sleep(_TURN)
        else:
            return


def empty(folder: Path, shelf: Path) -> Emptied:
    """Remove the node's folder, and what was fetched below ``shelf`` or elsewhere."""
    held = _held(folder)
    brought = tuple(one.content for one in held if not one.ours)
    lock = database.only_one(folder / "lock")
    try:
        ours = {one.folder for one in held if one.ours} | {
            shelf / name for name in (QUARANTINE, RELEASES)
        }
        found = {file for path in (*ours, folder) for file in _files(path)}
        for path in (*ours, folder):  # its state last: until then a second call knows as much
            shutil.rmtree(path, ignore_errors=True)
        left = {file for path in (*ours, folder) for file in _files(path)}
    finally:
        os.close(lock)
    return Emptied(len(found - left), tuple(sorted(left)), brought)


def facts(done: Emptied) -> dict[str, object]:
    """For ``--json``."""
    return {
        "removed": done.removed,
        "left": [str(path) for path in done.left],
        "brought": [str(path) for path in done.brought],
        "traces": list(TRACES),
    }


def lines(done: Emptied) -> list[str]:
    """For people."""
    told = [f"{done.removed} files of the node were removed"]
    told.append("looked again: none is left" if not done.left else "these could NOT be removed:")
    told += [f"  {shown(path)}" for path in done.left]
    if done.brought:
        told.append("your own files stay where they are:")
        told += [f"  {shown(path)}" for path in done.brought]
    return [*told, "what this command cannot remove:", *(f"  {trace}" for trace in TRACES)]


def _held(folder: Path) -> tuple[Kept, ...]:
    """What the node held; nothing is known where its state cannot be read."""
    if not (folder / database.FILE).exists():
        return ()
    try:
        with Store(folder) as store:
            return store.releases()
    except PackagerError:
        return ()


def _files(path: Path) -> list[Path]:
    return [one for one in path.rglob("*") if not one.is_dir() or one.is_symlink()]
