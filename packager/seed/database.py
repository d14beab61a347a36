"""The file that holds a node's state: one node at a time, known to be whole, never destroyed.

SQLite in write-ahead mode. A file of a newer packager is refused and left as it is; an older one
is brought up to date in one transaction. A damaged one is moved aside, and the copy made last
takes its place.
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


def connect(folder: Path, look: Look) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """The database, made where missing, and what its owner should know about it."""
    path = folder / FILE
    with ours():
        try:
            return _connect(path, look), ()
        except Damaged:
            aside = _move_aside(path)
        lost = f"the list of releases was damaged; it lies in {shown(aside)} now"
        try:
            with closing(_connect(folder / COPY, look, make=False)) as before:
                copy(before, path)
        except Damaged:
            return _connect(path, look), (lost, "add your releases again with `packager seed add`")
        hint = "the copy made before took its place: look whether your last releases are in it"
        return _connect(path, look), (lost, hint)


def copy(database: sqlite3.Connection, target: Path) -> None:
    """Write a whole copy, or leave what was there."""
    part = target.with_name(f".part-{target.name}")
    with guarded_writes(), ours():
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
        try:
            with closing(sqlite3.connect(part)) as other:
                database.backup(other)
                other.execute("PRAGMA journal_mode=DELETE")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def ours() -> Iterator[None]:
    """Turn what SQLite cannot do just now (disk full, file locked) into our error."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise MachineFailed(
            f"the node cannot keep its state: {error}", "free some disk space, then start it again"
        ) from None


def _connect(path: Path, look: Look, *, make: bool = True) -> sqlite3.Connection:
    if not path.exists():
        if not make:
            raise Damaged
        with guarded_writes():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    database = sqlite3.connect(path, check_same_thread=False, timeout=5)
    try:
        _prepare(database, look)
    except (sqlite3.OperationalError, PackagerError, Damaged):
        database.close()
        raise
    except sqlite3.DatabaseError:
        database.close()
        raise Damaged from None
    return database


def _prepare(database: sqlite3.Connection, look: Look) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise InputRefused(
            f"this home's node was last run by a newer packager (its state has version {version})",
            "get that packager again; nothing was changed",
        )
    if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise Damaged
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    if version < VERSION:
        steps = "".join(_STEPS[version:])
        database.executescript(f"BEGIN; {steps} PRAGMA user_version={VERSION}; COMMIT;")
    try:
        look(database)
    except (sqlite3.OperationalError, TypeError, ValueError, InputRefused):
        raise Damaged from None


def _move_aside(path: Path) -> Path:
    """Give a damaged database a name that nobody uses; nothing is deleted."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    with guarded_writes():
        for tail in ("-wal", "-shm", ""):
            if (part := path.with_name(path.name + tail)).exists():
                part.rename(aside.with_name(aside.name + tail))
    return aside
