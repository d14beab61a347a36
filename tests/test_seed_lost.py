"""Nothing is lost: what a kill can cut in two is put together at the next start."""

import shutil
import signal
import socket
import time
from pathlib import Path

import pytest
import sealed
from nodes import NAME, info_hash, inside, leech, link_of, node, packed, same, seeded, until

from packager import torrent
from packager.demo.tracker import Tracker
from packager.errors import Exit
from packager.keyring import Home
from packager.seed.carrying import QUARANTINE, RELEASES
from packager.seed.control import ReleaseStatus, Request, Verb, ask
from packager.seed.policy import DEFAULT_PORT
from packager.seed.store import Fetch, Store
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow]


@pytest.fixture
def out(tmp_path: Path, desk: sealed.Desk, tracker: Tracker) -> Path:
    out = tmp_path / "out" / NAME
    packed(out, desk, tracker.url)
    return out


def alone(out: Path, folder: Path) -> str:
    """The torrent without its files."""
    folder.mkdir()
    return str(shutil.copy(out / f"{NAME}.torrent", folder))


def shelves(home: Path, out: Path) -> tuple[Path, Path]:
    """Where the release lies while it is fetched, and once it was judged."""
    identity = info_hash(out).hex()
    seed = Home(home).folder("seed")
    return seed / QUARANTINE / identity, seed / RELEASES / identity


def remember_fetch(home: Path, out: Path) -> None:
    data = (out / f"{NAME}.torrent").read_bytes()
    seed = Home(home).folder("seed")
    with Store(seed) as store:
        store.keep_fetch(Fetch(info_hash(out).hex(), data, frozenset(), 1, seed))


def test_killed_between_the_judge_and_the_shelf_it_is_judged_again(home: Path, out: Path) -> None:
    _, judged = shelves(home, out)
    shutil.copytree(out, judged)
    remember_fetch(home, out)
    with node(home) as one:
        until(lambda: one.states() == ["seeding"])
        assert not list((home / "seed" / QUARANTINE).iterdir())
    assert same(judged / NAME, out / NAME)


def test_killed_before_the_fetch_was_forgotten_it_is_not_fetched_over_the_release(
    home: Path, out: Path
) -> None:
    _, judged = shelves(home, out)
    shutil.copytree(out, judged)
    with node(home) as first:
        until(lambda: first.states() == ["seeding"])
        first.end(signal.SIGTERM)
    remember_fetch(home, out)
    with node(home) as second:
        until(lambda: second.states() == ["seeding"])
        second.end(signal.SIGTERM)
    with Store(home / "seed") as store:
        assert (len(store.releases()), store.fetches()) == (1, ())
    assert same(judged / NAME, out / NAME)


def test_a_fetched_release_comes_back_when_the_state_is_gone(home: Path, out: Path) -> None:
    _, judged = shelves(home, out)
    shutil.copytree(out, judged)
    odd = judged.parent / ("0" * 40)
    (odd / "Film").mkdir(parents=True)
    with node(home) as first:
        until(lambda: first.states() == ["seeding"])
        notes = " ".join(first.told()["notes"])
        assert f"{NAME} was not in the list; it was found and checked" in notes
        assert "it has no torrent" in notes
        first.end(signal.SIGKILL)
    for path in (home / "seed").glob("node.sqlite*"):
        path.unlink()
    with node(home) as second:
        until(lambda: second.states() == ["seeding"])
        second.ask("remove", info_hash(out).hex())
        assert second.states() == []
    assert not judged.exists()
    assert odd.exists()


def test_a_stop_while_it_is_judged_deletes_nothing(
    home: Path, out: Path, tmp_path: Path, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hashing is cut short, as a rule; that says nothing about the release."""
    monkeypatch.setattr("packager.seed.daemon._TICK", 0.1)
    with inside(home) as one, seeded(out, tracker.url):
        hashing = one._ground.session.hash_and_hold

        def stopped(*words: object) -> str | None:
            one._ground.stop.set()
            return hashing(*words)  # type: ignore[arg-type]

        monkeypatch.setattr(one._ground.session, "hash_and_hold", stopped)
        one.answer(Request(Verb.ADD, alone(out, tmp_path / "alone")))
        until(one._ground.stop.is_set)
    quarantine, judged = shelves(home, out)
    there = judged if judged.exists() else quarantine  # if all was hashed before the stop was seen
    assert same(there / NAME, out / NAME)
    with node(home) as again:  # nobody gives it any more
        until(lambda: again.states() == ["seeding"])


CASES = [(Kind.V1, False), (Kind.V2, True)]


@pytest.mark.parametrize(("kind", "linked"), CASES)
def test_half_a_release_is_not_fetched_again(
    home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker, kind: Kind, *, linked: bool
) -> None:
    """Killed half way; the pieces are hashed again, and a link needs nobody for its metadata."""
    out = tmp_path / "out" / NAME
    big(out, desk, tracker.url, kind)
    size = sum(path.stat().st_size for path in (out / NAME).iterdir())
    what = link_of(out) if linked else alone(out, tmp_path / "alone")
    (home / "node.toml").write_text(f"[speed]\ndownload = '{size // 15} B/s'\n")
    with seeded(out, tracker.url), node(home) as first:
        first.ask("add", what)
        until(lambda: status(home).done > size // 2, 60)  # of that, some seconds may be lost
        first.end(signal.SIGKILL)
    (home / "node.toml").unlink()
    with node(home) as second:
        until(lambda: status(home).done > size // 5)
        one = status(home)
        assert (one.state, one.name) == ("fetching", NAME)
        assert one.done < size
        assert leech(out, tmp_path / "hungry", second.address, 1) == Exit.NO
        second.end(signal.SIGKILL)
    with Store(home / "seed") as store:
        assert b"5:peers" not in store.fetches()[0].resume
        assert str(DEFAULT_PORT).encode() not in store.fetches()[0].resume
    with seeded(out, tracker.url) as giver, node(home) as third:
        until(lambda: third.states() == ["seeding"], 40)
        giver.settle()
        (swarm,) = giver.swarms().values()
        assert swarm.uploaded < size * 3 // 4


def status(home: Path) -> ReleaseStatus:
    (one,) = ask(home / "seed", Request(Verb.STATUS)).releases
    return one


def big(out: Path, desk: sealed.Desk, url: str, kind: Kind) -> None:
    """A release of many pieces."""
    done = sealed.release(out / NAME, desk, film=sealed.film_bytes("mkv", seconds=60), kind=kind)
    data = torrent.build(NAME, done.files, done.piece_length, done.sha1_pieces, kind, [url])
    (out / f"{NAME}.torrent").write_bytes(data)


def test_the_node_ends_within_seconds(home: Path, desk: sealed.Desk, tmp_path: Path) -> None:
    """Though a tracker takes calls and answers none, and there is work under way."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/announce"
        out, far = tmp_path / "out" / NAME, tmp_path / "far" / NAME
        packed(out, desk, url)
        big(far, desk, url, Kind.V1)
        with node(home) as one:
            one.ask("add", str(out))
            one.ask("add", link_of(far))
            one.ask("scrub")
            began = time.monotonic()
            one.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            assert one.end(signal.SIGTERM) == 0
            assert time.monotonic() - began < 10
        with node(home) as again:
            until(lambda: sorted(again.states()) == ["fetching", "seeding"])
