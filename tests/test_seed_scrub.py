"""Rot is found by reading again, and mended; what comes by hand is taken."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sealed
from hypothesis import given, settings
from hypothesis import strategies as some
from nodes import (
    NAME,
    arrived,
    info_hash,
    inside,
    leech,
    node,
    packager,
    packed,
    seeded,
    until,
)
from trees import PIECE, built, write

from packager import torrent
from packager.demo.tracker import Tracker
from packager.errors import Exit
from packager.seed import carrying, scrub
from packager.seed.control import Request, Verb
from packager.seed.node import Node
from packager.seed.opening import take_prints
from packager.torrent import Kind

LENGTHS = some.dictionaries(
    some.sampled_from(["a.mkv", "b/c.mp3", "d.txt", "e.epub"]),
    some.integers(0, 3 * PIECE),
    min_size=1,
).filter(lambda lengths: any(lengths.values()))


@settings(max_examples=40)
@given(LENGTHS, some.sampled_from(Kind), some.integers(0, 2**30), some.integers(0, 1))
def test_every_byte_is_read_and_every_rotten_one_is_found(
    lengths: dict[str, int], kind: Kind, where: int, shorten: int
) -> None:
    read = torrent.read(built(lengths, kind))
    with TemporaryDirectory() as folder:
        content = write(Path(folder), lengths)
        found = list(scrub.reread(read, content))
        assert all(piece.good for piece in found)
        assert sum(piece.length for piece in found) >= sum(lengths.values())
        at = where % sum(lengths.values())
        for name, length in sorted(lengths.items()):
            if at < length:
                path = content / name
                data = bytearray(path.read_bytes())
                data[at] ^= 1
                path.write_bytes(data[: len(data) - shorten])
                break
            at -= length
        assert not all(piece.good for piece in scrub.reread(read, content))


def test_a_release_that_is_gone_is_not_good(tmp_path: Path) -> None:
    read = torrent.read(built({"a.mkv": 5}, Kind.V1))
    assert [piece.good for piece in scrub.reread(read, tmp_path)] == [False]


def test_a_watched_folder_is_asked_until_it_no_longer_grows(tmp_path: Path) -> None:
    watched = carrying.Watched()
    assert watched.ready(tmp_path / "none") == ()
    (tmp_path / "a.torrent").write_bytes(b"1")
    (tmp_path / "other.txt").write_bytes(b"1")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert watched.ready(tmp_path) == ()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "film.mkv").write_bytes(b"1")  # it grows
    assert watched.ready(tmp_path) == ()
    assert watched.ready(tmp_path) == (tmp_path / "a.torrent",)
    assert watched.ready(tmp_path) == ()
    (tmp_path / "b.notice").write_bytes(b"1")
    (tmp_path / "a.torrent").write_bytes(b"12")
    assert watched.ready(tmp_path) == ()
    assert watched.ready(tmp_path) == (tmp_path / "b.notice", tmp_path / "a.torrent")


# From here on with real nodes

swarm = pytest.mark.swarm
slow = pytest.mark.slow


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    """One that has never heard of the same release in another test."""
    with Tracker() as running:
        yield running


def rot(film: Path) -> None:
    """Change one byte as a disk does: the dates stay as they are, the inode too."""
    times = film.stat()
    with film.open("r+b") as file:
        file.seek(times.st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(film, ns=(times.st_atime_ns, times.st_mtime_ns))


def unnoticed(one: Node, identity: str) -> None:
    """A disk that rots changes no date; writing does. So the node is told the dates of now."""
    held = one._holdings._held[identity]
    prints = take_prints(held.kept.content)
    held.kept = replace(held.kept, prints=prints)
    held.seen = replace(held.seen, prints=prints)


@swarm
@slow
def test_rot_is_offered_no_more_and_mended_from_the_swarm(
    home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker
) -> None:
    out = tmp_path / "out" / NAME
    packed(out, desk, tracker.url)
    good = Path(shutil.copytree(out, tmp_path / "good" / NAME))
    film = next((out / NAME).glob("*.mkv"))
    with inside(home) as one:
        identity = one.answer(Request(Verb.ADD, str(out))).releases[0].id
        with one._ground.work:
            rot(film)
            unnoticed(one, identity)
        one.answer(Request(Verb.SCRUB))
        until(lambda: one.answer(Request(Verb.STATUS)).releases[0].state == "repairing")
        assert "went bad" in one.answer(Request(Verb.STATUS)).node.notes[0]
        assert leech(out, tmp_path / "none", str(one.address), 2) == Exit.NO
    with node(home) as again:
        assert again.states() == ["repairing"], (again.told()["notes"], again.releases("status"))
        with seeded(good, tracker.url):
            until(lambda: again.states() == ["seeding"], 40)
        assert leech(out, tmp_path / "copy", again.address) == 0
    assert arrived(good, tmp_path / "copy")
    assert film.read_bytes() == (good / NAME / film.name).read_bytes()


@swarm
@slow
def test_files_that_somebody_changed_are_not_mended(
    home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker
) -> None:
    out = tmp_path / "out" / NAME
    packed(out, desk, tracker.url)
    film = next((out / NAME).glob("*.mkv"))
    with node(home) as one:
        one.ask("add", str(out))
        rot(film)
        changed = film.read_bytes()
        one.ask("scrub", info_hash(out).hex())
        until(lambda: one.states() == ["altered"])
        assert film.read_bytes() == changed
        done = packager(home, "seed", "scrub", "0" * 40)
        assert done.returncode == Exit.REFUSED


@swarm
@slow
def test_a_stick_is_copied_and_can_go(home: Path, desk: sealed.Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    packed(stick / "films" / NAME, desk, "http://127.0.0.1:9/announce")
    bad = stick / "bad" / "Other"
    shutil.copytree(stick / "films" / NAME, bad)
    film = next((bad / NAME).glob("*.mkv"))
    film.write_bytes(film.read_bytes()[:-1])
    original = Path(shutil.copytree(stick / "films" / NAME, tmp_path / "kept" / NAME))
    (stick / "bad" / "broken.notice").write_text("no")
    with node(home) as one:
        assert packager(home, "seed", "import-stick", str(tmp_path)).returncode == 0
        shutil.rmtree(stick)
        assert one.states() == ["seeding"]
        notes = " ".join(one.told()["notes"])
        assert "broken.notice was not taken" in notes
        assert leech(original, tmp_path / "copy", one.address) == 0
        one.end(signal.SIGTERM)
    assert arrived(original, tmp_path / "copy")
    with node(home) as again:
        until(lambda: again.states() == ["seeding"])
        done = packager(home, "seed", "import-stick", str(tmp_path / "copy" / NAME))
        assert (done.returncode, "no release" in done.stderr) == (Exit.REFUSED, True)


@swarm
@slow
def test_what_lies_in_the_watched_folder_is_taken(
    home: Path, desk: sealed.Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packager.seed.daemon._TICK", 0.1)
    monkeypatch.setattr("packager.seed.node._SWEEP", 0.5)
    drop, out = tmp_path / "drop", tmp_path / "out"
    drop.mkdir()
    (home / "node.toml").write_text(f"[watch]\nfolder = '{drop}'\n")
    packed(out, desk, "http://127.0.0.1:9/announce")
    with inside(home) as one:

        def states() -> list[str]:
            return [release.state for release in one.answer(Request(Verb.STATUS)).releases]

        for path in sorted(out.iterdir()):
            path.rename(drop / path.name)
        until(lambda: states() == ["seeding"])
        done = packager(desk.home.path, "withdraw", str(drop / NAME), "--reason", "error")
        assert done.returncode == 0, done.stderr
        until(lambda: states() == [])
        assert not (drop / NAME).exists()


@swarm
@slow
def test_removing_deletes_what_the_node_copied_and_nothing_else(
    home: Path, desk: sealed.Desk, tmp_path: Path
) -> None:
    stick, mine = tmp_path / "stick" / NAME, tmp_path / "mine" / NAME
    packed(stick, desk, "http://127.0.0.1:9/announce")
    with node(home) as one:
        one.ask("import-stick", str(tmp_path / "stick"))
        identity = info_hash(stick).hex()
        assert list((home / "seed" / "releases").iterdir())
        one.ask("remove", identity)
        assert not list((home / "seed" / "releases").iterdir())
        assert one.told()["held"] == 0
        shutil.copytree(stick, mine)
        one.ask("add", str(mine))
        one.ask("remove", identity)
        assert (mine / NAME).is_dir()
        assert (stick / NAME).is_dir()
