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
from hypothesis import given
from hypothesis import strategies as some

from packager.errors import InputRefused
from packager.seed.policy import Print
from packager.seed.store import VERSION, Kept, Store
from packager.values import RelativePath

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
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version={VERSION + 1}")
    database.close()
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
    with sqlite3.connect(path) as database:
        database.execute(statement)
    database.close()


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
            store.keep(ONE)
        aside = tmp_path / f"node.sqlite.damaged-{number}"
        assert aside.read_bytes() == spoilt
    with Store(tmp_path) as store:
        assert (store.releases(), store.notes) == ((ONE,), ())
