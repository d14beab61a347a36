"""Torrents that mean harm cost a node a line in its log, and nothing else."""

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from hashlib import sha1
from pathlib import Path
from urllib.parse import quote

import peers
import pytest
import sealed
from nodes import NAME, Node, arrived, leech, node, packed, seeded, until

from packager import torrent
from packager.demo.tracker import Tracker
from packager.keyring import Home
from packager.seed import control
from packager.seed.control import Request, Verb

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
HUGE = 2**31 - 1
PIECE = 1 << 16
GROWTH = 100_000_000  # bytes of memory that a torrent may cost


def info(**changes: object) -> bytes:
    """An info dictionary of one small film; ``changes`` go on top."""
    film = [{b"length": 40_000, b"path": [b"film.mkv"]}]
    fields = {b"files": film, b"name": b"Film", b"piece length": PIECE, b"pieces": bytes(20)}
    fields |= {key.replace("_", " ").encode(): value for key, value in changes.items()}
    return torrent.encode(fields)  # type: ignore[arg-type]


def beside(*names: bytes, **more: object) -> bytes:
    """With a second file of that path, and ``more`` fields."""
    film = {b"length": 40_000, b"path": [b"film.mkv"]}
    other = {b"length": 0, b"path": list(names)}
    return info(files=[film, other | {key.encode(): value for key, value in more.items()}])


def disagreeing() -> bytes:
    """A hybrid whose SHA-1 pieces are of zeros, and whose SHA-256 tree is of something else."""
    leaf = {b"": {b"length": 40_000, b"pieces root": b"x" * 32}}
    pieces = sha1(bytes(40_000), usedforsecurity=False).digest()
    return info(**{"file tree": {b"film.mkv": leaf}, "meta version": 2, "pieces": pieces})


TORRENTS = {
    "100,000 files": info(
        files=[{b"length": 0, b"path": [b"%d.srt" % n]} for n in range(100_000)]
        + [{b"length": 40_000, b"path": [b"film.mkv"]}]
    ),
    "a path that climbs": beside(b"..", b"..", b"..", b"climbed.srt"),
    "a path from the root": beside(b"", b"tmp", b"rooted.srt"),
    "a link": beside(b"link.srt", attr=b"l", **{"symlink path": [b"..", b"..", b"home"]}),
    "padding of much": beside(b".pad", b"1", attr=b"p", length=2**40),
    "padding of less than nothing": beside(b".pad", b"1", attr=b"p", length=-1),
    "padding that is a film": beside(b"z.mkv", attr=b"p"),
    "two cases": beside(b"FILM.MKV"),
    "two spellings": info(
        files=[
            {b"length": 20_000, b"path": ["caf\u00e9.mkv".encode()]},
            {b"length": 20_000, b"path": ["cafe\u0301.mkv".encode()]},
        ]
    ),
    "a name of nothing": beside(b""),
    "a NUL in a name": beside(b"a\0b.srt"),
    "a name that turns round": beside("a\u202egpj.exe".encode()),
    "pieces of nothing": info(piece_length=0),
    "pieces of too much": info(piece_length=2**30),
    "a number of 400 digits": info().replace(b"i40000e", b"i" + b"9" * 400 + b"e"),
    "lists within lists": info(zz=0)[:-4] + b"l" * 5000 + b"e" * 5001,
}


@pytest.fixture(scope="module")
def tracker() -> Iterator[Tracker]:
    with Tracker() as running:
        yield running


@pytest.fixture
def taker(tmp_path: Path, desk: sealed.Desk) -> Iterator[Node]:
    home = Home(tmp_path / "taker")
    home.save_pins((desk.publisher.pin,))
    with node(home.path) as one:
        yield one


def link(info_hash: bytes, url: str) -> str:
    return f"magnet:?xt=urn:btih:{info_hash.hex()}&tr={quote(url, safe='')}"


def quarantined(one: Node) -> set[str]:
    """Files and links in quarantine; its empty folders say nothing."""
    found = set()
    for above, folders, files in os.walk(one.home / "seed" / "quarantine"):
        found |= {*files, *(name for name in folders if Path(above, name).is_symlink())}
    return found


def follow(one: Node, source: str) -> None:
    control.ask(one.home / "seed", Request(Verb.ADD, source))


@contextlib.contextmanager
def known(scripts: Sequence[peers.Metadata], tracker: Tracker) -> Iterator[None]:
    """A neighbour for each of them, which the tracker names."""
    with contextlib.ExitStack() as stack:
        for script in scripts:
            neighbour = stack.enter_context(peers.Neighbour(script))
            neighbour.announce(tracker.url, script.info_hash)
        yield


def test_nothing_of_a_bad_torrent_touches_the_disk(taker: Node, tracker: Tracker) -> None:
    """All at once: links to torrents, whose metadata come from a neighbour as they are."""
    memory = taker.memory()
    scripts = {case: peers.Metadata(one, data=bytes(40_000)) for case, one in TORRENTS.items()}
    with known(list(scripts.values()), tracker):
        for script in scripts.values():
            follow(taker, link(script.info_hash, tracker.url))
        seen: set[str] = set()
        for _ in range(100):
            seen |= quarantined(taker)
            time.sleep(0.02)
        until(lambda: taker.states() == [])
    assert seen == set()
    assert [one.given + one.got for one in scripts.values()] == [0] * len(scripts)
    assert [case for case, one in scripts.items() if not one.asked] == []
    assert taker.memory() < memory + GROWTH
    notes = [note for note in taker.told()["notes"] if "would have fetched was deleted" in note]
    assert len(notes) == len(scripts)


def test_a_lie_about_the_size_of_metadata_takes_no_memory(taker: Node, tracker: Tracker) -> None:
    memory = taker.memory()
    scripts = [
        peers.Metadata(info(name=b"%d" % size), claimed=size)
        for size in (1, 10_000_000, 20_000_000, 500_000_000, HUGE)
    ]
    with known(scripts, tracker):
        for script in scripts:
            follow(taker, link(script.info_hash, tracker.url))
        until(lambda: all(one.asked > 50 for one in scripts))
        began = time.monotonic()
        assert taker.states() == ["fetching"] * len(scripts)
        assert time.monotonic() - began < 3  # with a command's own start
    assert taker.memory() < memory + GROWTH
    assert quarantined(taker) == set()


def test_two_versions_that_disagree_are_given_up(taker: Node, tracker: Tracker) -> None:
    script = peers.Metadata(disagreeing(), data=bytes(40_000))
    with known([script], tracker):
        follow(taker, link(script.info_hash, tracker.url))
        until(lambda: taker.states() == [])
    assert "do not describe the same data" in taker.told()["notes"][-1]
    assert script.given == 40_000
    assert script.got == 0
    assert quarantined(taker) == set()


def test_bad_blocks_are_thrown_away_and_good_ones_taken(
    taker: Node, tracker: Tracker, desk: sealed.Desk, tmp_path: Path
) -> None:
    out = tmp_path / "out" / NAME
    data = packed(out, desk, tracker.url)
    outer = torrent.decode(data, len(data))
    assert isinstance(outer, dict)
    liar = peers.Metadata(torrent.encode(outer[b"info"]), data=b"bad!" * 100_000)
    with known([liar], tracker):
        follow(taker, torrent.magnet(data))
        until(lambda: liar.given > 0)
        assert taker.states() == ["fetching"]
        with seeded(out, tracker.url):
            until(lambda: taker.states() == ["seeding"], 60)
    assert liar.got == 0
    assert leech(out, tmp_path / "copy", taker.address) == 0
    assert arrived(out, tmp_path / "copy")
