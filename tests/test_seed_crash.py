"""Killed at random moments, a node loses no release and shows no false state."""

import random
import shutil
import signal
import time
from pathlib import Path

import pytest
import sealed
from nodes import NAME, leech, node, packager, packed, until

from packager import torrent
from packager.keyring import Home
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
KILLS = 8


def test_a_node_killed_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "author")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    kept, other = tmp_path / "kept" / NAME, tmp_path / "other" / NAME
    packed(kept, desk, "http://127.0.0.1:9/announce")
    film = sealed.film_bytes("mkv", "testsrc")
    done = sealed.release(other / NAME, desk, film=film, told=sealed.terms(variant=b"w" * 32))
    data = torrent.build(NAME, done.files, done.piece_length, done.sha1_pieces, Kind.V1)
    (other / f"{NAME}.torrent").write_bytes(data)
    identity = (torrent.info_hashes(data).v1 or b"").hex()
    chance = random.Random(6)
    with node(home.path) as first:
        first.ask("add", str(kept))
        first.end(signal.SIGKILL)
    for number in range(KILLS):
        with node(home.path) as one:
            words = ("remove", identity) if number % 2 else ("add", str(other))
            packager(home.path, "seed", *words)
            time.sleep(chance.uniform(0, 0.5))
            one.end(signal.SIGKILL)
    with node(home.path) as last:
        until(lambda: last.states() == ["seeding"])
        told = last.told()
        assert told["notes"] == []
        assert told["held"] == sum(p.stat().st_size for p in (kept / NAME).iterdir())
        assert leech(kept, tmp_path / "copy", last.address) == 0
    assert not list((home.path / "seed").glob("*.damaged*"))
    shutil.rmtree(other)
