"""The file that holds a node's state: one node at a time, known to be whole, never destroyed.

SQLite in write-ahead mode. A file of a newer packager is refused and left as it is; an older one
is brought up to date in one transaction. A damaged, empty or missing one is moved aside, and the
copy made last takes its place. A file that only cannot be read or written just now is left alone.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from packager.errors import InputRefused, MachineFailed, PackagerError
from packager.files import guarded_writes, shown

FILE = "node.sqlite"
COPY = "node.sqlite.previous"
_STEPS = (
    """
CREATE TABLE release (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    publisher TEXT NOT NULL,
    words TEXT NOT NULL,
    folder BLOB NOT NULL,
    torrent BLOB NOT NULL,
    prints BLOB NOT NULL,
    allowed TEXT NOT NULL,
    size INTEGER NOT NULL,
    uploaded INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE node (paused INTEGER NOT NULL);
INSERT INTO node VALUES (0);
""",
    """
ALTER TABLE release ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
ALTER TABLE release ADD COLUMN scrubbed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE release ADD COLUMN roots BLOB NOT NULL DEFAULT x'';
ALTER TABLE release ADD COLUMN ours INTEGER NOT NULL DEFAULT 0;
UPDATE release SET prints = CAST('[]' AS BLOB);
ALTER TABLE node ADD COLUMN consented INTEGER NOT NULL DEFAULT 0;
CREATE TABLE traffic (day TEXT PRIMARY KEY, sent INTEGER NOT NULL, received INTEGER NOT NULL);
CREATE TABLE fetch (
    id TEXT PRIMARY KEY,
    source BLOB NOT NULL,
    allowed TEXT NOT NULL,
    started INTEGER NOT NULL
);
CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    words TEXT NOT NULL,
    record BLOB NOT NULL,
    state TEXT NOT NULL,
    received INTEGER NOT NULL
);
""",
    """
ALTER TABLE release ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE notice ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
UPDATE release SET prints = CAST('[]' AS BLOB);
""",
    """
ALTER TABLE node ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE fetch ADD COLUMN shelf BLOB NOT NULL DEFAULT x'';
ALTER TABLE fetch ADD COLUMN resume BLOB NOT NULL DEFAULT x'';
""",
)
VERSION = len(_STEPS)
Look = Callable[[sqlite3.Connection], object]
"""Reads everything; TypeError, ValueError or InputRefused where a row is not one of ours."""


class Damaged(Exception):
    """The file is no database of ours."""


def only_one(path: Path) -> int:
    """Take the lock of this home's node; it goes away with the process, however that ends."""
    with guarded_writes():
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise InputRefused(
            "a node is already running in this home",
            "`packager seed status` asks it; stop it with Ctrl-C or SIGTERM before another starts",
        ) from None
    return lock


def connect(
    folder: Path, look: Look, patience: float
) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """The database, made where missing, and what its owner should know about it."""
    path, before = folder / FILE, folder / COPY
    with ours():
        try:
            return _connect(path, look, patience, make=not before.exists()), ()
        except Damaged:
            told = _told(_move_aside(path))
        try:
            with closing(_connect(before, look, patience, make=False)) as found:
                copy(found, path, look)
        except Damaged:
            return _connect(path, look, patience), (
                told,
                "add your releases again with `packager seed add`",
            )
        hint = "the copy made before took its place: look whether your last releases are in it"
        return _connect(path, look, patience), (told, hint)


def copy(database: sqlite3.Connection, target: Path, look: Look) -> None:
    """Write a whole copy, or leave what was there: damage is never copied over it."""
    part = target.with_name(f".part-{target.name}")
    with guarded_writes(), ours():
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
        try:
            with closing(sqlite3.connect(part)) as other:
                database.backup(other)
                other.execute("PRAGMA journal_mode=DELETE")
                _inspect(other, look)
            part.replace(target)
        except Damaged:
            raise _broken("the copy made before is kept") from None
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def ours() -> Iterator[None]:
    """Turn what SQLite cannot do just now (disk full, file locked) into our error."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise MachineFailed(
            f"the node cannot keep its state: {error}",
            "make room on the disk of its home, and look whether that can be written",
        ) from None
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # a mistake of ours
            raise
        raise _broken(str(error)) from None


def _connect(path: Path, look: Look, patience: float, *, make: bool = True) -> sqlite3.Connection:
    if not path.exists():
        if not make:
            raise Damaged
        with guarded_writes():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    database = sqlite3.connect(path, check_same_thread=False, timeout=patience)
    try:
        _prepare(database, look, make=make)
    except sqlite3.OperationalError as error:
        database.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # a table or column is not there
            raise Damaged from None
        raise
    except (PackagerError, Damaged):
        database.close()
        raise
    except sqlite3.DatabaseError:
        database.close()
        raise Damaged from None
    return database


def _prepare(database: sqlite3.Connection, look: Look, *, make: bool) -> None:
    database.execute("PRAGMA locking_mode=EXCLUSIVE")  # it needs no index in shared memory then
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise InputRefused(
            f"this home's node was last run by a newer packager (its state has version {version})",
            "get that packager again; nothing was changed",
        )
    if version == 0 and not make:  # a power cut can leave a file without a byte
        raise Damaged
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    if version < VERSION:
        steps = "".join(_STEPS[version:])
        database.executescript(f"BEGIN; {steps} PRAGMA user_version={VERSION}; COMMIT;")
    _inspect(database, look)


def _inspect(database: sqlite3.Connection, look: Look) -> None:
    """Damaged if a page or a row is not as it must be."""
    if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise Damaged
    try:
        look(database)
    except (TypeError, ValueError, InputRefused):
        raise Damaged from None


def _broken(detail: str) -> MachineFailed:
    return MachineFailed(
        f"the node's state is damaged on the disk ({detail})",
        "stop the node and start it again: the copy made before takes over; then look at the disk",
    )


def _told(aside: Path | None) -> str:
    where = f"was damaged; it lies in {shown(aside)} now" if aside else "was gone"
    return f"the list of releases {where}"


def _move_aside(path: Path) -> Path | None:
    """Give a damaged database a name that nobody uses; nothing is deleted. None if it is gone."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    there = path.exists()
    with guarded_writes():
        for tail in ("-wal", "-shm", ""):
            if (part := path.with_name(path.name + tail)).exists():
                part.rename(aside.with_name(aside.name + tail))
    return aside if there else None
