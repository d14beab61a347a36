"""The node as people run it: real commands, real clients, on loopback only."""

import os
import re
import shutil
import signal
import socket
from pathlib import Path

import pytest
import sealed
from nodes import (
    NAME,
    arrived,
    gave_all,
    info_hash,
    inside,
    leech,
    node,
    packager,
    packed,
    until,
)
from tools import tool

from packager import torrent
from packager.demo.tracker import Tracker
from packager.errors import Exit
from packager.keyring import Home
from packager.seed.control import Request, Verb
from packager.torrent import FileHashes, Kind
from packager.values import RelativePath

pytestmark = pytest.mark.swarm


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk, tracker: Tracker) -> Path:
    out = tmp_path_factory.mktemp("out") / NAME
    packed(out, desk, tracker.url)
    return out


@pytest.fixture
def out(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "out" / NAME))


@pytest.mark.slow
def test_a_client_gets_every_byte_also_after_a_crash(home: Path, out: Path, tmp_path: Path) -> None:
    with node(home) as first:
        release = first.releases("add", str(out))[0]
        promised = {"id", "name", "publisher", "state", "size", "uploaded", "peers"}
        assert set(release) == promised | {"done", "note", "title", "overruled"}
        assert (release["id"], release["state"]) == (info_hash(out).hex(), "seeding")
        assert (release["name"], release["publisher"]) == (NAME, "desk")
        assert leech(out, tmp_path / "one", first.address) == 0
        first.end(signal.SIGKILL)
    assert arrived(out, tmp_path / "one")
    with node(home) as second:
        until(lambda: second.states() == ["seeding"])
        assert leech(out, tmp_path / "two", second.address) == 0
        assert second.end(signal.SIGTERM) == 0
    assert arrived(out, tmp_path / "two")
    assert not (home / "seed" / "node.sock").exists()
    with node(home) as third:
        until(lambda: third.states() == ["seeding"])
        said = third.ask("status")  # by the command line
        release, told = third.releases("status")[0], said["node"]
        assert gave_all(release)
    assert said["releases"] == [release]
    assert isinstance(told, dict)
    assert (told["listening"], told["route"], told["offline"]) == (True, "loopback", True)
    assert f"{told['address']}:{told['port']}" == third.address


@pytest.mark.parametrize("kind", [Kind.HYBRID, Kind.V2])
def test_newer_torrents_are_seeded_too(
    kind: Kind, home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker
) -> None:
    out = tmp_path / "new" / NAME
    hashes = torrent.info_hashes(packed(out, desk, tracker.url, kind))
    with node(home) as running_node:
        release = running_node.releases("add", str(out))[0]
        assert release["id"] == (hashes.v1 or hashes.v2 or b"").hex()[:40]
        assert leech(out, tmp_path / "copy", running_node.address) == 0
    assert arrived(out, tmp_path / "copy")


def test_a_lost_torrent_is_made_again(home: Path, out: Path) -> None:
    wanted = info_hash(out)
    (out / f"{NAME}.torrent").unlink()
    with node(home) as running_node:
        assert running_node.releases("add", str(out / NAME))[0]["id"] == wanted.hex()
        assert running_node.releases("add", str(out))[0]["id"] == wanted.hex()
        assert running_node.states() == ["seeding"]


def spoil_film(out: Path) -> None:
    film = next((out / NAME).glob("*.mkv"))
    data = bytearray(film.read_bytes())
    data[len(data) // 2] ^= 1
    film.write_bytes(data)


def add_program(out: Path) -> None:
    (out / NAME / "codec.exe").write_bytes(b"MZ" + bytes(100))


def add_text(out: Path) -> None:
    (out / NAME / "more.txt").write_text("Read this too.\n")


def drop_text(out: Path) -> None:
    (out / NAME / "ReadMe.txt").unlink()


def add_link(out: Path) -> None:
    (out / NAME / "more.txt").symlink_to("/etc/hostname")


def add_pipe(out: Path) -> None:
    os.mkfifo(out / NAME / "more.txt")


def swap_torrent(out: Path) -> None:
    """A torrent of the same names and sizes, but of other bytes."""
    path = out / f"{NAME}.torrent"
    read = torrent.read(path.read_bytes())
    other = torrent.build(read.name, read.files, read.piece_length, read.pieces[::-1], read.kind)
    path.write_bytes(other)


def name_program(out: Path) -> None:
    read = torrent.read((out / f"{NAME}.torrent").read_bytes())
    more = FileHashes(RelativePath("codec.exe"), 1)
    files = sorted((*read.files, more), key=lambda one: one.path)
    other = torrent.build(NAME, files, read.piece_length, read.pieces, Kind.V1)
    (out / f"{NAME}.torrent").write_bytes(other)


def hide_in_torrent(out: Path) -> None:
    path = out / f"{NAME}.torrent"
    fields = torrent.decode(path.read_bytes(), 1 << 20)
    assert isinstance(fields, dict)
    path.write_bytes(torrent.encode(fields | {b"nodes": [[b"192.0.2.1", 6881]]}))


REFUSED = {
    spoil_film: (Exit.NO, "not genuine"),
    add_program: (Exit.REFUSED, "not safe"),
    add_text: (Exit.NO, "more.txt"),
    drop_text: (Exit.NO, "ReadMe.txt"),
    add_link: (Exit.REFUSED, "link"),
    add_pipe: (Exit.REFUSED, "pipe"),
    swap_torrent: (Exit.NO, "not those that the torrent names"),
    name_program: (Exit.NO, "codec.exe"),
    hide_in_torrent: (Exit.REFUSED, "nodes"),
}


@pytest.mark.slow
def test_what_is_not_exactly_genuine_is_never_offered(
    home: Path, original: Path, tmp_path: Path
) -> None:
    with node(home) as running_node:
        for defect, (code, word) in REFUSED.items():
            out = Path(shutil.copytree(original, tmp_path / defect.__name__ / NAME))
            defect(out)
            done = packager(home, "seed", "add", str(out / f"{NAME}.torrent"))
            assert (done.returncode, word in done.stderr) == (code, True), done.stderr
        assert running_node.states() == []
        assert leech(original, tmp_path / "copy", running_node.address, 2) == Exit.NO


def test_who_trusts_nobody_seeds_nothing(tmp_path: Path, out: Path) -> None:
    home = tmp_path / "nobody"
    with node(home) as running_node:
        done = packager(home, "seed", "add", str(out))
        assert done.returncode == Exit.CANNOT_TELL
        assert "hint: `packager pin add" in done.stderr
        assert running_node.states() == []


@pytest.mark.slow
def test_what_was_altered_while_it_slept_is_not_offered_again(
    home: Path, out: Path, tmp_path: Path
) -> None:
    with node(home) as first:
        first.ask("add", str(out))
        first.end(signal.SIGINT)
    film = next((out / NAME).glob("*.mkv"))
    times = film.stat()
    spoil_film(out)
    os.utime(film, ns=(times.st_atime_ns, times.st_mtime_ns))
    with node(home) as second:
        until(lambda: second.states() == ["altered"])
        assert leech(out, tmp_path / "copy", second.address, 2) == Exit.NO


@pytest.mark.slow
def test_an_untouched_copy_put_in_its_place_is_checked_and_offered(home: Path, out: Path) -> None:
    with node(home) as first:
        first.ask("add", str(out))
        first.end(signal.SIGTERM)
    shutil.copytree(out / NAME, out / "again")
    shutil.rmtree(out / NAME)
    (out / "again").rename(out / NAME)
    with node(home) as second:
        until(lambda: second.states() == ["seeding"])


def test_what_is_altered_while_it_runs_leaves_the_swarm(
    home: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packager.seed.daemon._TICK", 0.1)
    monkeypatch.setattr("packager.seed.node._SWEEP", 0.1)
    film = next((out / NAME).glob("*.mkv"))
    shutil.copy2(film, tmp_path / "kept")
    with inside(home) as one:
        assert one.answer(Request(Verb.ADD, str(out))).releases[0].state == "seeding"

        def becomes(state: str) -> None:
            until(lambda: one.answer(Request(Verb.STATUS)).releases[0].state == state)

        spoil_film(out)
        becomes("altered")
        shutil.copy2(tmp_path / "kept", film)
        becomes("seeding")
        shutil.rmtree(out / NAME)
        becomes("missing")
        assert leech(out, tmp_path / "copy", str(one.address), 1) == Exit.NO
        assert not (out / NAME).exists()


@pytest.mark.slow
def test_a_publisher_no_longer_trusted_is_no_longer_seeded(home: Path, out: Path) -> None:
    with node(home) as first:
        first.ask("add", str(out))
        first.end(signal.SIGTERM)
    Home(home).save_pins(())
    with node(home) as second:
        until(lambda: second.states() == ["untrusted"])


@pytest.mark.slow
def test_pause_outlasts_a_restart_and_remove_forgets(home: Path, out: Path, tmp_path: Path) -> None:
    with node(home) as first:
        first.ask("pause")
        assert first.releases("add", str(out))[0]["state"] == "paused"
        first.end(signal.SIGTERM)
    with node(home) as second:
        until(lambda: second.states() == ["paused"])
        assert leech(out, tmp_path / "nothing", second.address, 1) == Exit.NO
        second.ask("resume")
        assert leech(out, tmp_path / "all", second.address) == 0
        assert second.releases("remove", info_hash(out).hex().upper()) == []
        assert leech(out, tmp_path / "gone", second.address, 1) == Exit.NO
        assert packager(home, "seed", "remove", "0" * 40).returncode == Exit.REFUSED
        second.end(signal.SIGTERM)
    assert (out / NAME).is_dir()
    with node(home) as third:
        assert third.states() == []


def test_two_nodes_do_not_share_a_home(home: Path) -> None:
    with node(home) as first:
        done = packager(home, "seed", "run", "--listen", "127.0.0.1:0", "--offline")
        assert done.returncode == Exit.REFUSED
        assert "already running" in done.stderr
        assert first.states() == []


def test_a_taken_port_is_said(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = packager(home, "seed", "run", "--listen", address, "--offline")
    assert done.returncode == Exit.MACHINE
    assert "choose another one with --listen" in done.stderr


@pytest.mark.parametrize("options", [(), ("--accept-risk",), ("--offline", "--accept-risk")])
def test_a_home_with_a_daily_key_stays_on_loopback(
    desk: sealed.Desk, options: tuple[str, ...]
) -> None:
    done = packager(desk.home.path, "seed", "run", "--listen", "0.0.0.0:0", *options)
    assert done.returncode == Exit.REFUSED
    assert "the first seeder is the author" in done.stderr


def test_the_world_is_not_reached_without_accepting_the_risk(home: Path) -> None:
    done = packager(home, "seed", "run", "--listen", "0.0.0.0:0")
    assert done.returncode == Exit.USAGE
    assert "The law:" in done.stderr
    assert "--accept-risk" in done.stderr


def test_without_a_node_the_hint_says_how_to_start_one(home: Path) -> None:
    done = packager(home, "seed", "status")
    assert done.returncode == Exit.MACHINE
    assert "hint: start it with `packager seed run`" in done.stderr


@pytest.mark.slow
@pytest.mark.tool
def test_offline_speaks_to_loopback_only(home: Path, out: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    watched = (
        tool("strace"),
        "-D",
        "-f",
        "-o",
        str(trace),
        "-e",
        "trace=connect,bind,sendto,sendmsg,sendmmsg",
    )
    with node(home, before=watched) as running_node:
        running_node.ask("add", str(out))
        assert leech(out, tmp_path / "copy", running_node.address) == 0
    told = re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', trace.read_text())
    assert {one or other for one, other in told} == {"127.0.0.1"}
