"""Withdrawn releases leave real nodes, and a stolen key deletes little."""

import shutil
import signal
from pathlib import Path

import pytest
import sealed
from nodes import NAME, info_hash, leech, node, packager, packed, seeded, until

from packager import torrent
from packager.demo.tracker import Tracker
from packager.errors import Exit
from packager.keyring import Home
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
TRACKER = "http://127.0.0.1:9/announce"


@pytest.fixture
def desk(tmp_path: Path) -> sealed.Desk:
    return sealed.desk(tmp_path / "author")


def withdrawn(desk: sealed.Desk, release: Path, *more: str) -> Path:
    done = packager(desk.home.path, "withdraw", str(release), "--reason", "error", *more)
    assert done.returncode == 0, done.stderr
    return release.parent / f"{NAME}.notice" if release.is_file() else release / f"{NAME}.notice"


def test_a_notice_deletes_and_outlives_restarts_and_new_adds(
    home: Path, out: Path, desk: sealed.Desk, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(out, tmp_path / "copy" / NAME))
    (out / NAME / "notes").mkdir()
    shutil.rmtree(out / NAME / "notes")
    notice = withdrawn(desk, out)
    with node(home) as first:
        first.ask("add", str(out))
        (out / "mine.txt").write_text("not of the release\n")
        assert first.releases("add", str(notice)) == []
        assert not (out / NAME).exists()
        assert not (out / f"{NAME}.torrent").exists()
        assert (out / "mine.txt").exists()
        assert "withdrawn by its publisher" in first.told()["notes"][0]
        first.end(signal.SIGTERM)
    with node(home) as second:
        done = packager(home, "seed", "add", str(copy))
        assert (done.returncode, "has withdrawn" in done.stderr) == (Exit.NO, True)
        data = (copy / f"{NAME}.torrent").read_bytes()
        read = torrent.read(data)
        other = torrent.build(read.name, read.files, read.piece_length, read.pieces, Kind.V1)
        (copy / f"{NAME}.torrent").unlink()  # made again, with other trackers or none
        assert torrent.info_hashes(other) == read.info_hashes
        done = packager(home, "seed", "add", str(copy / NAME))
        assert (done.returncode, "has withdrawn" in done.stderr) == (Exit.NO, True)
        assert second.states() == []
        assert leech(tmp_path / "copy" / NAME, tmp_path / "x", second.address, 1) != 0


def test_what_was_withdrawn_is_not_fetched_again(
    home: Path, out: Path, desk: sealed.Desk, tmp_path: Path
) -> None:
    with Tracker() as tracker:
        fresh = tmp_path / "fresh" / NAME
        data = packed(fresh, desk, tracker.url)
        with seeded(fresh, tracker.url), node(home) as one:
            one.ask("add", str(withdrawn(desk, out)))
            one.ask("add", torrent.magnet(data))
            until(lambda: one.states() == [])
            assert "has withdrawn" in one.told()["notes"][-1]


def test_the_same_film_in_another_torrent_is_withdrawn_too(
    home: Path, out: Path, desk: sealed.Desk, tmp_path: Path
) -> None:
    """The notice names the seals as well as the info-hash."""
    notice = withdrawn(desk, out)
    hybrid = tmp_path / "hybrid" / NAME
    packed(hybrid, desk, TRACKER, Kind.HYBRID)
    assert info_hash(out) != info_hash(hybrid)
    with node(home) as one:
        one.ask("add", str(hybrid))
        assert one.releases("add", str(notice)) == []
        assert not (hybrid / NAME).exists()


def several(desk: sealed.Desk, folder: Path, count: int) -> list[Path]:
    made = []
    for number in range(count):
        out = folder / str(number) / NAME
        told = sealed.terms(variant=bytes([number]) * 32)
        film = sealed.film_bytes("mkv", ("testsrc2", "testsrc", "smptebars")[number])
        done = sealed.release(out / NAME, desk, film=film, told=told)
        data = torrent.build(NAME, done.files, done.piece_length, done.sha1_pieces, Kind.V1)
        (out / f"{NAME}.torrent").write_bytes(data)
        made.append(out)
    return made


def test_more_than_a_tenth_waits_for_the_owner(
    home: Path, desk: sealed.Desk, tmp_path: Path
) -> None:
    outs = several(desk, tmp_path / "several", 3)
    notices = [withdrawn(desk, out) for out in outs]
    with node(home) as first:
        for out in outs:
            first.ask("add", str(out))
        first.ask("add", str(notices[0]))
        assert not (outs[0] / NAME).exists()
        for notice in notices[1:]:
            first.ask("add", str(notice))
        until(lambda: first.states() == ["withdrawn"] * 2)
        assert all((out / NAME).exists() for out in outs[1:])
        assert leech(outs[1], tmp_path / "x", first.address, 1) == Exit.NO
        first.end(signal.SIGKILL)
    with node(home) as second:
        until(lambda: second.states() == ["withdrawn"] * 2)
        second.ask("refuse", info_hash(outs[1]).hex())
        second.ask("accept", info_hash(outs[2]).hex())
        assert not (outs[2] / NAME).exists()
        until(lambda: second.states() == ["seeding"])
        done = packager(home, "seed", "accept", info_hash(outs[1]).hex())
        assert done.returncode == Exit.REFUSED
        assert leech(outs[1], tmp_path / "y", second.address) == 0


def test_the_paper_key_needs_nobodys_word(home: Path, desk: sealed.Desk, tmp_path: Path) -> None:
    outs = several(desk, tmp_path / "several", 3)
    card = tmp_path / "card"
    card.write_text(desk.paper_words)
    with node(home) as one:
        for out in outs:
            one.ask("add", str(out))
        for out in outs:
            one.ask("add", str(withdrawn(desk, out, "--paper-key-file", str(card))))
        assert one.states() == []
        assert not any((out / NAME).exists() for out in outs)


def test_only_who_sealed_it_can_withdraw_it(
    home: Path, out: Path, desk: sealed.Desk, tmp_path: Path
) -> None:
    stranger = sealed.desk(tmp_path / "stranger", "stranger")
    done = packager(stranger.home.path, "withdraw", str(out), "--reason", "error")
    assert (done.returncode, "sealed nothing" in done.stderr) == (Exit.REFUSED, True)
    alone = tmp_path / "alone" / f"{NAME}.torrent"
    alone.parent.mkdir()
    shutil.copy(out / f"{NAME}.torrent", alone)
    forged = withdrawn(stranger, alone)
    with node(home) as one:
        one.ask("add", str(out))
        done = packager(home, "seed", "add", str(forged))
        assert (done.returncode, "does not trust" in done.stderr) == (Exit.CANNOT_TELL, True)
        assert one.states() == ["seeding"]
        home_now = Home(home)
        home_now.save_pins((desk.publisher.pin, stranger.publisher.pin))
        one.ask("add", str(forged))  # both are trusted; still it is not the stranger's release
        assert one.states() == ["seeding"]
        assert (out / NAME).exists()
    done = packager(desk.home.path, "withdraw", str(out), "--reason", "whim")
    assert done.returncode == Exit.USAGE
