"""What survives: the releases a node seeds, what it gave away, what its owner said.

Every change is on the disk when its call returns. ``save_copy`` keeps a second file for the day on
which the first one is damaged.
"""

import os
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from packager.merkle import split
from packager.seed import database
from packager.seed.ledger import Ledger, Traffic
from packager.seed.policy import Print
from packager.values import Digest, RelativePath, canonical_json, parse_canonical_json

_MAX_PRINTS = 8 * 1024 * 1024  # bytes of canonical JSON
_NAMES = (
    "id, name, publisher, words, folder, torrent, prints, allowed, size, added, scrubbed, roots,"
    " ours, title, uploaded"
)
_COLUMNS = (str, str, str, str, bytes, bytes, bytes, str, int, int, int, bytes, int, str, int)
_CHANGED = ", ".join(
    f"{name}=excluded.{name}"
    for name in _NAMES.split(", ")
    if name not in {"id", "added", "uploaded"}
)
_KEEP = (
    f"INSERT INTO release ({_NAMES}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 -- names above
    f" ON CONFLICT (id) DO UPDATE SET {_CHANGED}"
)
_FETCH = "id, source, allowed, started, shelf, resume"
_FETCHED = (str, bytes, str, int, bytes, bytes)
_IDENTITY = re.compile(r"[0-9a-f]{40}")


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
    added: int = 0  # seconds since 1970; stays when it is added again
    scrubbed: int = 0  # the same, of the last time all of it was read again
    roots: tuple[Digest, ...] = ()  # of the sealed files: what a notice may name
    ours: bool = False  # this node fetched it, so its files go with it
    title: str = ""  # of the report in it, from the verified seal
    uploaded: int = 0  # bytes, in all sessions

    @property
    def content(self) -> Path:
        """The folder that travels."""
        return self.folder / self.name


@dataclass(frozen=True, slots=True)
class Fetch:
    """Something that is to be fetched: a torrent's bytes, or a magnet link in ASCII."""

    identity: str
    source: bytes
    allowed: frozenset[str]
    started: int  # seconds since 1970
    shelf: Path  # the folder for fetched files that was set when it began
    resume: bytes = b""  # what libtorrent learned of a link; no pieces, no peers


class Answer(StrEnum):
    """What became of a notice."""

    OBEYED = "obeyed"
    WAITING = "waiting"  # for the owner's word; nothing of it is offered meanwhile
    REFUSED = "refused"  # by the owner


@dataclass(frozen=True, slots=True)
class Received:
    """A notice that holds."""

    record: bytes
    answer: Answer
    received: int  # seconds since 1970
    weight: int  # releases that it took, if a daily key alone signed it; else 0


class Store:
    """The node's memory; use it in a ``with`` block. Safe to use from many threads.

    ``patience`` is how many seconds to wait for a file that somebody else has locked.
    """

    def __init__(self, folder: Path, patience: float = 5.0) -> None:
        self._folder = folder
        self._lock = database.only_one(folder / "lock")
        self._guard = threading.Lock()
        try:
            self._database, self.notes = database.connect(folder, _everything, patience)
        except BaseException:
            os.close(self._lock)
            raise
        self._copied = -1  # changes of the database that the copy holds
        self.fresh = False
        """Whether what is held changed since the copy was made; traffic alone can wait."""

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

    def save_copy(self) -> None:
        """Make the copy that takes over if the database is damaged."""
        with self._guard:
            changes = self._database.total_changes
            if changes != self._copied:
                database.copy(self._database, self._folder / database.COPY, _everything)
                self._copied = changes
            self.fresh = False

    def releases(self) -> tuple[Kept, ...]:
        """All of them, by id."""
        with self._use() as opened:
            return _releases(opened)

    def keep(self, one: Kept) -> None:
        """Remember a release; what it gave away before and when it first came stay."""
        with self._use(fresh=True) as opened:
            opened.execute(_KEEP, _row(one))

    def forget(self, identity: str) -> None:
        """Forget a release; its files stay."""
        with self._use(fresh=True) as opened:
            opened.execute("DELETE FROM release WHERE id = ?", (identity,))

    def count(self, uploaded: Mapping[str, int]) -> None:
        """Write down how many bytes each release has given away altogether."""
        with self._use() as opened:
            opened.executemany(
                "UPDATE release SET uploaded = ? WHERE id = ? AND uploaded != ?",
                [(total, identity, total) for identity, total in uploaded.items()],
            )

    def fetches(self) -> tuple[Fetch, ...]:
        """What is to be fetched, by id."""
        with self._use() as opened:
            return _fetches(opened)

    def keep_fetch(self, one: Fetch) -> None:
        """Remember what is to be fetched."""
        names, shelf = " ".join(sorted(one.allowed)), os.fsencode(one.shelf)
        row = (one.identity, one.source, names, one.started, shelf, one.resume)
        with self._use(fresh=True) as opened:
            opened.execute("INSERT OR REPLACE INTO fetch VALUES (?, ?, ?, ?, ?, ?)", row)

    def keep_resume(self, identity: str, data: bytes) -> None:
        """Remember what was learned of a fetch under way."""
        with self._use() as opened:
            opened.execute("UPDATE fetch SET resume = ? WHERE id = ?", (data, identity))

    def forget_fetch(self, identity: str) -> None:
        """It is here, or given up."""
        with self._use(fresh=True) as opened:
            opened.execute("DELETE FROM fetch WHERE id = ?", (identity,))

    def notices(self) -> dict[str, Received]:
        """All notices, by their ids."""
        with self._use() as opened:
            return _notices(opened)

    def keep_notice(self, identity: str, one: Received) -> None:
        """Remember a notice, and what became of it."""
        row = (identity, one.record, str(one.answer), one.received, one.weight)
        with self._use(fresh=True) as opened:
            opened.execute(
                "INSERT OR REPLACE INTO notice (id, words, record, state, received, weight)"
                " VALUES (?, '', ?, ?, ?, ?)",
                row,
            )

    def ledger(self) -> Ledger:
        """Traffic by day."""
        with self._use() as opened:
            return _ledger(opened)

    def keep_days(self, days: Mapping[str, Traffic], seen: int) -> None:
        """Write down what went on some days altogether, and what the clock shows."""
        with self._use() as opened:
            opened.executemany(
                "INSERT INTO traffic VALUES (?, ?, ?) ON CONFLICT (day) DO UPDATE SET"
                " sent=excluded.sent, received=excluded.received",
                [(day, total.sent, total.received) for day, total in days.items()],
            )
            opened.execute("UPDATE node SET seen = ?", (seen,))

    @property
    def paused(self) -> bool:
        """Whether the owner asked for silence; that outlasts a restart."""
        with self._use() as opened:
            return bool(opened.execute("SELECT paused FROM node").fetchone()[0])

    @paused.setter
    def paused(self, paused: bool) -> None:
        with self._use() as opened:
            opened.execute("UPDATE node SET paused = ?", (int(paused),))

    @property
    def consented(self) -> int:
        """When the owner accepted the risk last, in seconds since 1970; 0 is never."""
        with self._use() as opened:
            return int(opened.execute("SELECT consented FROM node").fetchone()[0])

    @consented.setter
    def consented(self, seconds: int) -> None:
        with self._use() as opened:
            opened.execute("UPDATE node SET consented = ?", (seconds,))

    @property
    def seen(self) -> int:
        """What the clock showed when traffic was written down last, in seconds since 1970."""
        with self._use() as opened:
            return int(opened.execute("SELECT seen FROM node").fetchone()[0])

    @contextmanager
    def _use(self, *, fresh: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction; ``fresh`` where it changes what is held."""
        with self._guard, database.ours(), self._database:
            yield self._database
            self.fresh |= fresh


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
        one.added,
        one.scrubbed,
        b"".join(one.roots),
        int(one.ours),
        one.title,
        one.uploaded,
    )


def _everything(opened: sqlite3.Connection) -> None:
    """Every row, checked; TypeError, ValueError or InputRefused if it is not one of ours."""
    _releases(opened)
    _ledger(opened)
    _fetches(opened)
    _notices(opened)
    if opened.execute("SELECT paused, consented, seen FROM node").fetchone() is None:
        raise ValueError("a row is missing")


def _releases(opened: sqlite3.Connection) -> tuple[Kept, ...]:
    rows = opened.execute(f"SELECT {_NAMES} FROM release ORDER BY id")  # noqa: S608 -- names above
    return tuple(_kept(row) for row in rows)


def _fetches(opened: sqlite3.Connection) -> tuple[Fetch, ...]:
    rows = opened.execute(f"SELECT {_FETCH} FROM fetch ORDER BY id").fetchall()  # noqa: S608 -- names above
    if not all(tuple(map(type, row)) == _FETCHED and _IDENTITY.fullmatch(row[0]) for row in rows):
        raise ValueError("a row of another shape")
    return tuple(
        Fetch(one, data, frozenset(names.split()), at, Path(os.fsdecode(shelf)), resume)
        for one, data, names, at, shelf, resume in rows
    )


def _notices(opened: sqlite3.Connection) -> dict[str, Received]:
    rows = opened.execute("SELECT id, record, state, received, weight FROM notice").fetchall()
    if not all(type(row[1]) is bytes for row in rows):
        raise ValueError("a row of another shape")
    return {one: Received(data, Answer(state), at, weight) for one, data, state, at, weight in rows}


def _ledger(opened: sqlite3.Connection) -> Ledger:
    rows = opened.execute("SELECT day, sent, received FROM traffic")
    return Ledger({str(day): Traffic(int(sent), int(received)) for day, sent, received in rows})


def _kept(untrusted_row: tuple[Any, ...]) -> Kept:
    if tuple(map(type, untrusted_row)) != _COLUMNS or not _IDENTITY.fullmatch(untrusted_row[0]):
        raise ValueError("a row of another shape")
    identity, name, publisher, words, folder, torrent, *rest = untrusted_row
    prints, allowed, size, added, scrubbed, roots, ours, title, uploaded = rest
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
        added,
        scrubbed,
        split(roots),
        bool(ours),
        title,
        uploaded,
    )


def _prints(untrusted_bytes: bytes) -> tuple[Print, ...]:
    rows = parse_canonical_json(untrusted_bytes, _MAX_PRINTS)
    if not isinstance(rows, list):
        raise TypeError(rows)
    return tuple(Print(*row) for row in rows)
