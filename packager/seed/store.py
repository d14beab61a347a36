"""What survives: the releases a node seeds, what it gave away, and whether it is paused.

One SQLite file in write-ahead mode. Every change is on the disk when its call returns. A file of
a newer packager is refused and left as it is; a damaged one is moved aside and told about. One
node at a time: the lock goes away with the process, however that ends.
"""

import fcntl
import os
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from packager.errors import InputRefused, MachineFailed, PackagerError
from packager.files import guarded_writes, shown
from packager.seed.policy import Print
from packager.values import RelativePath, canonical_json, parse_canonical_json

VERSION = 1
_FILE = "node.sqlite"
_MAX_PRINTS = 8 * 1024 * 1024  # bytes of canonical JSON
_COLUMNS = (str, str, str, str, bytes, bytes, bytes, str, int, int)
_IDENTITY = re.compile(r"[0-9a-f]{40}")
_SCHEMA = """
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
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A release this node seeds."""

    identity: str  # 40 hexadecimal digits
    name: RelativePath
    publisher: str
    words: str  # of the pin that its seal opened with
    folder: Path  # the one that holds the folder that travels
    torrent: bytes  # exactly as it came
    prints: tuple[Print, ...]  # of its files, when they were hashed
    allowed: frozenset[str]  # overruled checks that the owner did not mind
    size: int  # bytes
    uploaded: int = 0  # bytes, in all sessions

    @property
    def content(self) -> Path:
        """The folder that travels."""
        return self.folder / self.name


class Store:
    """The node's memory; use it in a ``with`` block. Safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        self._lock = _only_one(folder / "lock")
        self._guard = threading.Lock()
        self.notes: tuple[str, ...] = ()
        try:
            self._database = self._open(folder / _FILE)
        except BaseException:
            os.close(self._lock)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._guard:
            self._database.close()
        os.close(self._lock)

    def releases(self) -> tuple[Kept, ...]:
        """All of them, by id."""
        with self._use() as database:
            return _releases(database)

    def keep(self, one: Kept) -> None:
        """Remember a release; what it gave away before still counts."""
        row = (*_row(one), one.uploaded)
        with self._use() as database:
            database.execute(
                "INSERT INTO release VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
                " name=excluded.name, publisher=excluded.publisher, words=excluded.words,"
                " folder=excluded.folder, torrent=excluded.torrent, prints=excluded.prints,"
                " allowed=excluded.allowed, size=excluded.size",
                row,
            )

    def forget(self, identity: str) -> None:
        """Forget a release; its files stay."""
        with self._use() as database:
            database.execute("DELETE FROM release WHERE id = ?", (identity,))

    def count(self, uploaded: Mapping[str, int]) -> None:
        """Write down how many bytes each release has given away altogether."""
        with self._use() as database:
            database.executemany(
                "UPDATE release SET uploaded = ? WHERE id = ?",
                [(total, identity) for identity, total in uploaded.items()],
            )

    @property
    def paused(self) -> bool:
        """Whether the owner asked for silence; that outlasts a restart."""
        with self._use() as database:
            return bool(database.execute("SELECT paused FROM node").fetchone()[0])

    @paused.setter
    def paused(self, paused: bool) -> None:
        with self._use() as database:
            database.execute("UPDATE node SET paused = ?", (int(paused),))

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            return _connect(path)
        except _Damaged:
            aside = _move_aside(path)
            self.notes = (
                f"the list of releases was damaged; it lies in {shown(aside)} now",
                "add your releases again with `packager seed add`",
            )
            return _connect(path)

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with self._guard, _ours(), self._database:
            yield self._database


class _Damaged(Exception):
    """The file is no database of ours."""


def _only_one(path: Path) -> int:
    """Take the lock of this home's node."""
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


def _connect(path: Path) -> sqlite3.Connection:
    """The database, made where missing, and known to be whole."""
    with _ours():
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        database = sqlite3.connect(path, check_same_thread=False, timeout=5)
        try:
            _prepare(database)
        except (sqlite3.OperationalError, PackagerError, _Damaged):
            database.close()
            raise
        except sqlite3.DatabaseError:
            database.close()
            raise _Damaged from None
    return database


def _prepare(database: sqlite3.Connection) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise InputRefused(
            f"this home's node was last run by a newer packager (its state has version {version})",
            "get that packager again; nothing was changed",
        )
    if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise _Damaged
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    if version == 0:
        database.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")
    try:
        _releases(database)
        database.execute("SELECT paused FROM node").fetchone()[0]
    except (sqlite3.OperationalError, TypeError, ValueError, InputRefused):
        raise _Damaged from None


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


def _row(one: Kept) -> tuple[object, ...]:
    prints = [[p.path, p.size, p.modified_ns, p.changed_ns, p.inode] for p in one.prints]
    return (
        one.identity,
        one.name,
        one.publisher,
        one.words,
        os.fsencode(one.folder),
        one.torrent,
        canonical_json(prints),
        " ".join(sorted(one.allowed)),
        one.size,
    )


def _releases(database: sqlite3.Connection) -> tuple[Kept, ...]:
    """Every row, checked; ValueError or TypeError if it is not one that ``_row`` wrote."""
    rows = database.execute(
        "SELECT id, name, publisher, words, folder, torrent, prints, allowed, size, uploaded"
        " FROM release ORDER BY id"
    )
    return tuple(_kept(row) for row in rows)


def _kept(untrusted_row: tuple[Any, ...]) -> Kept:
    if tuple(map(type, untrusted_row)) != _COLUMNS or not _IDENTITY.fullmatch(untrusted_row[0]):
        raise ValueError("a row of another shape")
    identity, name, publisher, words, folder, *rest = untrusted_row
    torrent, prints, allowed, size, uploaded = rest
    return Kept(
        identity,
        RelativePath(name),
        publisher,
        words,
        Path(os.fsdecode(folder)),
        torrent,
        _prints(prints),
        frozenset(allowed.split()),
        size,
        uploaded,
    )


def _prints(untrusted_bytes: bytes) -> tuple[Print, ...]:
    rows = parse_canonical_json(untrusted_bytes, _MAX_PRINTS)
    if not isinstance(rows, list):
        raise TypeError(rows)
    return tuple(Print(*row) for row in rows)


@contextmanager
def _ours() -> Iterator[None]:
    """Turn what SQLite cannot do just now (disk full, file locked) into our error."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise MachineFailed(
            f"the node cannot keep its state: {error}", "free some disk space, then start it again"
        ) from None
