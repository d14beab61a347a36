"""Private folders for what is not finished: on the disk of what will be, or in memory only.

Linux keeps the files of some folders in memory (tmpfs). Nothing of them is on a disk, but what the
kernel swaps out; whether that can be read later is judged here.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from packager import files
from packager.errors import MachineFailed

SPARE = 64 << 20  # bytes that must be free beside what is needed
_MOUNTS, _SWAPS, _AMOUNTS = Path("/proc/self/mountinfo"), Path("/proc/swaps"), Path("/proc/meminfo")
_BLOCKS = Path("/sys/class/block")
_SWAP = (
    "swap space is on and not known to be encrypted ({}): parts of memory, and so of the report,"
    " may have been written there; `swapoff -a` before packing prevents it"
)
_LEAVE = "leave --work-in memory out: files that are not finished then lie in the --out folder"


class Place(StrEnum):
    """Where unfinished files lie."""

    DISK = "disk"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Room:
    """A private folder to work in; ``landing`` is one on the disk of what will be."""

    path: Path
    landing: Path

    def deliver(self, made: Path, target: Path) -> None:
        """Let ``made`` appear as ``target``, whole or not at all."""
        if self.path == self.landing:
            files.move_into_place(made, target)
            return
        copy = self.landing / target.name
        try:
            _copy(made, copy)
        except OSError as error:
            problem = files.writing_failed(error)
            fact = f"the finished release cannot be put into place: {problem.fact}"
            raise MachineFailed(fact, *problem.hints) from None
        files.move_into_place(copy, target)


@contextmanager
def opened(beside: Path, place: Place = Place.DISK, need: int = 0) -> Iterator[Room]:
    """A room, gone at the end whatever happens; ``need`` in bytes, about, of one in memory.

    Raises MachineFailed where there is no folder in memory, or too little room in it.
    """
    chosen = in_memory(need) if place is Place.MEMORY else None
    with files.workspace(beside) as landing:
        if chosen is None:
            yield Room(landing, landing)
            return
        with _told_when_full(), files.workspace(chosen) as room:
            yield Room(room, landing)


@contextmanager
def scratch() -> Iterator[Path]:
    """A private folder among the computer's temporary ones, for a little while."""
    with files.workspace(_temporary()) as folder:
        yield folder


def unnamed() -> BinaryIO:
    """An open file without a name; in memory where the system can."""
    made = getattr(os, "memfd_create", None)
    if made:
        return os.fdopen(made("part"), "w+b")
    with tempfile.TemporaryFile() as file:
        return os.fdopen(os.dup(file.fileno()), "w+b")


def sweep(*beside: Path) -> tuple[Path, ...]:
    """Remove the rooms that runs which broke off left: in ``beside`` and wherever else we work."""
    places = dict.fromkeys((*beside, _temporary(), *_folders()))
    return tuple(room for place in places for room in files.sweep(place))


def _temporary() -> Path:
    """The computer's folder for temporary files, told without trying it out by a file."""
    usual = "/tmp" if os.name == "posix" else ""  # noqa: S108 -- the rooms are private
    named = (*(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")), usual)
    there = (Path(one) for one in named if one and Path(one).is_dir())
    return next(there, None) or Path(tempfile.gettempdir())


def told(swept: Sequence[Path]) -> Iterator[str]:
    """What ``sweep`` removed, for people."""
    for folder in dict.fromkeys(room.parent for room in swept):
        count = sum(room.parent == folder for room in swept)
        where = files.shown(folder)
        yield f"removed {count} folders in {where} that a run which broke off left there"


def in_memory(need: int, folders: Sequence[Path] | None = None) -> Path:
    """The folder in memory that has ``need`` bytes to spare; MachineFailed if there is none."""
    rooms = {one: _free(one) for one in (_folders() if folders is None else folders)}
    if not rooms:
        raise MachineFailed("this computer has no folder that is kept in memory", _LEAVE)
    fits = [one for one, free in rooms.items() if free >= need + SPARE]
    if fits:
        return fits[0]
    most = max(rooms.values()) >> 20
    raise MachineFailed(
        f"about {need + SPARE >> 20} MiB are needed in memory, and {most} MiB are free",
        "close other programs, or make a shorter release",
        _LEAVE,
    )


def warnings(place: Place) -> tuple[str, ...]:
    """What memory cannot keep to itself: swap space may be read on a disk later."""
    swaps = unsafe_swaps(_read(_SWAPS), _BLOCKS) if place is Place.MEMORY else ()
    return (_SWAP.format(", ".join(swaps)),) if swaps else ()


def unsafe_swaps(swaps: str, blocks: Path) -> tuple[str, ...]:
    """Those of ``/proc/swaps`` that are neither compressed memory nor known to be encrypted."""
    names = [line.split()[0] for line in swaps.splitlines()[1:] if line.split()]
    return tuple(name for name in names if not _is_safe(Path(name).name, blocks))


def _is_safe(device: str, blocks: Path) -> bool:
    return device.startswith("zram") or _read(blocks / device / "dm" / "uuid").startswith("CRYPT-")


def _folders() -> tuple[Path, ...]:
    """Folders in memory that we may write to; first the one that is the user's own."""
    if sys.platform != "linux":
        return ()
    own = os.environ.get("XDG_RUNTIME_DIR")
    kept = tmpfs_devices(_read(_MOUNTS))
    named = [Path(one) for one in (own, "/dev/shm") if one]  # noqa: S108 -- the rooms are private
    return tuple(one for one in named if _device(one) in kept and os.access(one, os.W_OK | os.X_OK))


def tmpfs_devices(mounts: str) -> frozenset[str]:
    """Numbers, as ``0:27``, of the file systems of ``/proc/self/mountinfo`` that are in memory."""
    found = set()
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        if after.split(" ")[0] == "tmpfs":
            found.add(before.split()[2])
    return frozenset(found)


def _device(folder: Path) -> str:
    try:
        number = folder.stat().st_dev
    except OSError:
        return ""
    return f"{os.major(number)}:{os.minor(number)}"


def _free(folder: Path) -> int:
    """Bytes of the folder, or of memory if that is less: it may promise more than there is."""
    free = shutil.disk_usage(folder).free
    for line in _read(_AMOUNTS).splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return min(free, int(rest.split()[0]) << 10)
    return free


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except MachineFailed as error:
        if error.fact != files.DISK_FULL:
            raise
        raise MachineFailed(
            "there is no more room in memory for files that are not finished", _LEAVE
        ) from None


def _copy(made: Path, copy: Path) -> None:
    """A folder and all in it; one error at a time, which ``shutil.copytree`` would gather."""
    copy.mkdir()
    for path in sorted(made.rglob("*")):
        if path.is_dir():
            (copy / path.relative_to(made)).mkdir()
        else:
            shutil.copyfile(path, copy / path.relative_to(made))
