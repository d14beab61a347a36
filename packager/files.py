"""The door to the disk: walk, read with limits, write whole or not at all."""

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from packager.errors import InputRefused, MachineFailed, PackagerError
from packager.values import RelativePath, printable

MAX_ENTRIES = 100_000
MAX_DEPTH = 16
DISK_FULL = "the disk is full"
_WORKSPACE = ".packager-"
_NO_TIME = 315_619_200  # 2 January 1980 in every zone: FAT32 knows nothing earlier
_CLOUD = (
    "onedrive",
    "icloud",
    "dropbox",
    "google drive",
    "googledrive",
    "yandex.disk",
    "nextcloud",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file below a folder that was walked."""

    relative: RelativePath
    path: Path
    size: int


def walk(root: Path, skip: Callable[[Path], bool] = lambda _: False) -> tuple[Entry, ...]:
    """Every file below ``root``, sorted by relative path; without files and folders to ``skip``.

    Links, devices, pipes and names that are unsafe anywhere are refused, not skipped.
    """
    return tuple(sorted(_walk(root, "", 0, skip), key=lambda entry: entry.relative))


def _walk(folder: Path, prefix: str, depth: int, skip: Callable[[Path], bool]) -> Iterator[Entry]:
    if depth > MAX_DEPTH:
        raise InputRefused(f"folders more than {MAX_DEPTH} deep in {shown(folder)}")
    with os.scandir(folder) as found:
        for number, entry in enumerate(found):
            if number > MAX_ENTRIES:
                raise InputRefused(f"more than {MAX_ENTRIES} files in {shown(folder)}")
            if not entry.is_symlink() and skip(Path(entry.path)):
                continue
            relative = RelativePath(prefix + entry.name)
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{relative}/", depth + 1, skip)
            elif entry.is_file(follow_symlinks=False):
                size = entry.stat(follow_symlinks=False).st_size
                yield Entry(relative, Path(entry.path), size)
            else:
                raise InputRefused(
                    f"{printable(relative)} is not a plain file but a link, pipe or device",
                    "copy the file itself into the folder",
                )


def open_plain(path: Path) -> int:
    """A descriptor of a regular file: never a link, pipe or device, never blocks."""
    flags = os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise reading_failed(path, error) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputRefused(f"{shown(path)} is not a plain file", "give the file itself")
    return descriptor


@dataclass(frozen=True, slots=True)
class Plain:
    """An open regular file, as long as it was when it was opened."""

    descriptor: int
    size: int  # bytes

    def read_at(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes; fewer only at the end of the file."""
        return os.pread(self.descriptor, length, offset) if offset < self.size else b""


@contextmanager
def plain(path: Path) -> Iterator[Plain]:
    """Open a regular file to be read here and there: see ``open_plain``."""
    descriptor = open_plain(path)
    try:
        yield Plain(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def read_limited(path: Path, limit: int) -> bytes:
    """All bytes of a regular file of at most ``limit`` bytes."""
    with os.fdopen(open_plain(path), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise InputRefused(f"{shown(path)} is larger than {limit} bytes")
    return data


def read_text(path: Path, limit: int) -> str:
    """A UTF-8 text; its bytes come back unchanged from ``encode``."""
    try:
        return read_limited(path, limit).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"{shown(path)} is not UTF-8 text (byte {error.start})",
            "save it as UTF-8 in your editor",
        ) from None


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write the whole file or leave what was there."""
    with guarded_writes():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(mode)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


@contextmanager
def workspace(beside: Path) -> Iterator[Path]:
    """A private folder on the disk of ``beside``, gone at the end whatever happens.

    Folders above that had to be made go too, if nothing came to stand in them. While it is used
    it is locked, so that ``sweep`` tells it from one that a crash left behind.
    """
    made = [parent for parent in (beside, *beside.parents) if not parent.exists()]
    with guarded_writes():
        beside.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=beside, prefix=_WORKSPACE))
    lock = _lock(folder)
    try:
        with guarded_writes():
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)
        for parent in made:
            with suppress(OSError):
                parent.rmdir()


def sweep(beside: Path) -> tuple[Path, ...]:
    """Remove the workspaces in a folder that nobody uses: a power cut or a crash left them.

    In folders that all may write to, those of others are not ours to touch.
    """
    if not beside.is_dir():
        return ()
    left = [path for path in beside.glob(f"{_WORKSPACE}*") if _is_left(path)]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(left)


def _is_left(path: Path) -> bool:
    with suppress(OSError):
        about = path.lstat()
        ours = sys.platform == "win32" or about.st_uid == os.geteuid()
        return ours and stat.S_ISDIR(about.st_mode) and not held(path)
    return False


def held(path: Path) -> bool:
    """Whether a running program holds the lock of ``path``; yes where that cannot be told."""
    lock = _lock(path)
    if lock is None:
        return True
    os.close(lock)
    return False


def _lock(path: Path) -> int | None:
    """An open descriptor that holds the lock, until it is closed or the process ends."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 -- Windows has no such module

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def move_into_place(folder: Path, target: Path) -> None:
    """One atomic rename; an existing target is refused."""
    if os.path.lexists(target):
        raise already_there(target)
    with guarded_writes():
        for path in (*folder.rglob("*"), folder):
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (_NO_TIME, _NO_TIME))
        folder.rename(target)


def already_there(
    target: Path, hint: str = "choose another --out folder, or move the old release away"
) -> InputRefused:
    """The refusal to overwrite."""
    return InputRefused(f"{shown(target)} is already there", hint)


def refuse_synced(path: Path) -> None:
    """Refuse a place that a cloud service copies to somebody else's computer."""
    for part in path.absolute().parts:
        if part.lower().startswith(_CLOUD):
            raise InputRefused(
                f"{shown(path)} lies in a synced cloud folder ({printable(part)})",
                "use a folder that stays on this computer, or --allow synced-folder",
            )


@contextmanager
def guarded_writes() -> Iterator[None]:
    """Turn the system's own errors while writing into ours."""
    try:
        yield
    except PackagerError:
        raise
    except OSError as error:
        raise writing_failed(error) from None


def writing_failed(error: OSError) -> PackagerError:
    """Our error for a write that failed."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return MachineFailed(DISK_FULL, "free some space, or choose another --out folder")
    where = f" {shown(Path(str(error.filename)))}" if error.filename else ""
    return MachineFailed(
        f"cannot write{where}: {error.strerror}", "choose a place that you may write to"
    )


def reading_failed(path: Path, error: OSError) -> PackagerError:
    """Our error for a file that cannot be read."""
    if error.errno == errno.ELOOP:
        return InputRefused(f"{shown(path)} is a link", "give the file itself")
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return InputRefused(f"{shown(path)} is not there", "check the path")
    return InputRefused(
        f"cannot read {shown(path)}: {error.strerror}",
        "check who may read it, and the disk it is on",
    )


def shown(path: Path) -> str:
    """A path as people may see it: safe for a terminal, in quotes."""
    return f"'{printable(str(path))}'"
