"""The node's memory: what survives crashes, damage and newer versions."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from packager.errors import InputRefused, MachineFailed
from packager.seed import database
from packager.seed.database import VERSION
from packager.seed.ledger import Traffic
from packager.seed.policy import Print
from packager.seed.store import Answer, Fetch, Kept, Received, Store
from packager.values import Digest, RelativePath

ONE = Kept(
    identity="0a" * 20,
    name=RelativePath("Quiet.Harbor.2019.720p"),
    publisher="desk",
    words="eight words",
    folder=Path("/disk/out") / os.fsdecode(b"caf\xe9"),
    torrent=b"d4:infod\0e",
    prints=(Print("film.mkv", 2**40, 2**62, 1, 7),),
    allowed=frozenset({"real-title", "synced-folder"}),
    size=2**40,
    added=1_700_000_000,
    scrubbed=1_700_000_001,
    roots=(Digest(b"r" * 32), Digest(b"s" * 32)),
    ours=True,
    title="The bridge",
)
OTHER = replace(ONE, identity="0b" * 20)
WRITER = """
import os, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_seed_store import ONE, OTHER
from packager.seed.store import Store
store = Store(Path(sys.argv[1]))
store.keep(ONE)
store.count({ONE.identity: 5})
store.paused = True
print("kept", flush=True)
while True:
    store.keep(OTHER)
    store.forget(OTHER.identity)
"""


def test_everything_comes_back(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert (store.releases(), store.paused, store.notes) == ((), False, ())
        store.keep(OTHER)
        store.keep(ONE)
        store.paused = True
    with Store(tmp_path) as store:
        assert (store.releases(), store.paused) == ((ONE, OTHER), True)
        store.forget(OTHER.identity)
        store.paused = False
    with Store(tmp_path) as store:
        assert (store.releases(), store.paused) == ((ONE,), False)


def test_what_was_given_away_outlives_a_new_add(tmp_path: Path) -> None:
    moved = replace(ONE, folder=Path("/other"), prints=(), publisher="desk-2")
    with Store(tmp_path) as store:
        store.keep(ONE)
        store.count({ONE.identity: 2**50, "ff" * 20: 1})
        store.keep(moved)
        assert store.releases() == (replace(moved, uploaded=2**50),)


@pytest.mark.slow
@settings(deadline=None)  # it waits for the disk
@given(
    some.lists(some.builds(Print, some.text(), *[some.integers(0, 2**63)] * 4)).map(tuple),
    some.binary(max_size=50),
)
def test_prints_and_torrents_come_back_exactly(prints: tuple[Print, ...], torrent: bytes) -> None:
    with TemporaryDirectory() as folder, Store(Path(folder)) as store:
        store.keep(replace(ONE, prints=prints, torrent=torrent))
        assert store.releases() == (replace(ONE, prints=prints, torrent=torrent),)


def test_files_are_private(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.keep(ONE)
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert set(modes) >= {"lock", "node.sqlite"}
    assert set(modes.values()) == {0o600}


def test_a_second_node_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    with Store(tmp_path), pytest.raises(InputRefused, match="already running"):
        Store(tmp_path)
    with Store(tmp_path) as store:
        assert store.releases() == ()


@pytest.mark.slow
def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    here = str(Path(__file__).parent)
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), here], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"kept\n"
            writer.send_signal(signal.SIGKILL)
        with Store(tmp_path) as store:
            assert store.notes == ()
            assert store.paused
            assert replace(ONE, uploaded=5) in store.releases()


def test_a_newer_state_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.keep(ONE)
    path = tmp_path / "node.sqlite"
    edit(path, f"PRAGMA user_version={VERSION + 1}")
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(InputRefused, match="newer packager"):
            Store(tmp_path)
    assert path.read_bytes() == before


def spoil_header(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def drop_table(path: Path) -> None:
    edit(path, "DROP TABLE node")


def foreign_row(path: Path) -> None:
    edit(path, "UPDATE release SET size = 'large'")


def odd_prints(path: Path) -> None:
    edit(path, "UPDATE release SET prints = x'5b5b315d5d'")


def climbing_name(path: Path) -> None:
    edit(path, "UPDATE release SET name = '../../etc'")


def edit(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as opened:
        opened.execute(statement)
    opened.close()


@pytest.mark.parametrize(
    "damage", [spoil_header, cut, drop_table, foreign_row, odd_prints, climbing_name]
)
def test_damage_is_moved_aside_and_told(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "node.sqlite"
    for number in (1, 2):
        with Store(tmp_path) as store:
            store.keep(ONE)
        assert callable(damage)
        damage(path)
        spoilt = path.read_bytes()
        with Store(tmp_path) as store:
            assert store.releases() == ()
            assert f"node.sqlite.damaged-{number}" in store.notes[0]
            assert "add your releases again" in store.notes[1]
            store.keep(ONE)
        aside = tmp_path / f"node.sqlite.damaged-{number}"
        assert aside.read_bytes() == spoilt
    with Store(tmp_path) as store:
        assert (store.releases(), store.notes) == ((ONE,), ())


@pytest.mark.parametrize("damage", [spoil_header, cut, drop_table, odd_prints])
def test_the_copy_takes_over_from_a_damaged_state(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "node.sqlite"
    with Store(tmp_path) as store:
        store.keep(ONE)
        store.keep_days({"2026-11-21": Traffic(5, 6)}, 7)
        store.save_copy()
        store.keep(OTHER)
    assert callable(damage)
    damage(path)
    for notes in (2, 0):
        with Store(tmp_path) as store:
            assert store.releases() == (ONE,)
            assert store.ledger().on("2026-11-21") == Traffic(5, 6)
            assert len(store.notes) == notes
            assert not notes or "the copy made before" in store.notes[1]
    assert (tmp_path / "node.sqlite.damaged-1").exists()


def remove(path: Path) -> None:
    path.unlink()


def leave_no_byte(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [remove, leave_no_byte])
def test_a_state_that_is_gone_is_not_a_new_beginning(tmp_path: Path, damage: object) -> None:
    """So a power cut leaves a file on some disks; the copy is not written over by nothing."""
    with Store(tmp_path) as store:
        store.keep(ONE)
        store.save_copy()
    assert callable(damage)
    damage(tmp_path / "node.sqlite")
    with Store(tmp_path) as store:
        assert store.releases() == (ONE,)
        assert "the copy made before took its place" in store.notes[1]


def test_what_cannot_be_read_just_now_is_no_damage(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.keep(ONE)
    with sqlite3.connect(tmp_path / "node.sqlite", isolation_level=None) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(MachineFailed, match="locked"):
            Store(tmp_path, patience=0.1)
        somebody.execute("ROLLBACK")
    somebody.close()
    with Store(tmp_path) as store:
        assert (store.releases(), store.notes) == ((ONE,), ())


def test_damage_is_never_copied_over_the_copy(tmp_path: Path) -> None:
    copy = tmp_path / "node.sqlite.previous"
    with Store(tmp_path) as store:
        store.keep(ONE)
        store.save_copy()
        before = copy.read_bytes()
        store.keep(OTHER)
        store._database.execute("UPDATE release SET size = 'large'")
        store._database.commit()
        with pytest.raises(MachineFailed, match="damaged on the disk"):
            store.save_copy()
    assert copy.read_bytes() == before
    assert not list(tmp_path.glob(".part*"))


def test_a_copy_holds_all_and_is_made_only_after_a_change(tmp_path: Path) -> None:
    copy = tmp_path / "node.sqlite.previous"
    with Store(tmp_path) as store:
        store.save_copy()
        first = copy.stat().st_ino
        store.save_copy()
        assert copy.stat().st_ino == first
        store.keep(ONE)
        store.save_copy()
        assert copy.stat().st_ino != first
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert {p.name for p in tmp_path.iterdir()} == {"lock", "node.sqlite", copy.name}


FIRST = """
CREATE TABLE release (id TEXT PRIMARY KEY, name TEXT NOT NULL, publisher TEXT NOT NULL,
    words TEXT NOT NULL, folder BLOB NOT NULL, torrent BLOB NOT NULL, prints BLOB NOT NULL,
    allowed TEXT NOT NULL, size INTEGER NOT NULL, uploaded INTEGER NOT NULL DEFAULT 0);
CREATE TABLE node (paused INTEGER NOT NULL);
INSERT INTO node VALUES (1);
INSERT INTO release VALUES ('0a', 'Film', 'desk', 'eight words', x'2f', x'64', x'5b5d', '', 5, 7);
UPDATE release SET id = '0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a';
PRAGMA user_version=1;
"""


def test_the_state_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    opened = sqlite3.connect(tmp_path / "node.sqlite")
    opened.executescript(FIRST)
    opened.close()
    with Store(tmp_path) as store:
        (one,) = store.releases()
        assert (one.name, one.size, one.uploaded, one.added) == ("Film", 5, 7, 0)
        assert one.prints == ()  # so that it is looked at once more, and its roots are learned
        assert store.paused
        assert store.notes == ()


def test_a_fetch_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    steps = "".join(database._STEPS[:3])
    with sqlite3.connect(tmp_path / "node.sqlite") as before:
        before.executescript(f"{steps} PRAGMA user_version=3;")
        before.execute("INSERT INTO fetch VALUES (?, x'64', 'real-title', 9)", ("0a" * 20,))
    before.close()
    with Store(tmp_path) as store:
        (one,) = store.fetches()
        assert (one.started, one.resume, one.shelf.is_absolute()) == (9, b"", False)
        assert (store.seen, store.notes) == (0, ())


def test_fetches_notices_and_the_owners_word_come_back(tmp_path: Path) -> None:
    fetch = Fetch("0c" * 20, b"magnet:?", frozenset({"real-title"}), 5, Path("/shelf"))
    notice = Received(b"record", Answer.WAITING, 6, 7)
    with Store(tmp_path) as store:
        assert store.consented == 0
        store.consented = 1_800_000_000
        store.keep_fetch(fetch)
        store.keep_resume(fetch.identity, b"learned")
        store.keep_fetch(replace(fetch, identity="0d" * 20))
        store.forget_fetch("0d" * 20)
        store.keep_notice("n", replace(notice, weight=0))
        store.keep_notice("n", notice)
    with Store(tmp_path) as store:
        assert (store.fetches(), store.notices()) == (
            (replace(fetch, resume=b"learned"),),
            {"n": notice},
        )
        assert (store.consented, store.paused) == (1_800_000_000, False)


def test_the_ledger_comes_back(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.keep_days({"2026-11-20": Traffic(1, 2), "2026-11-21": Traffic(3, 4)}, 7)
        store.keep_days({"2026-11-21": Traffic(2**50, 4)}, 8)
    with Store(tmp_path) as store:
        assert store.ledger().in_month_of("2026-11-30") == Traffic(2**50 + 1, 6)
        assert store.seen == 8
