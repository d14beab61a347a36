"""A thousand releases on a small machine: offered soon, all announced, commands stay quick."""

import json
import time
from hashlib import sha1
from pathlib import Path

import pytest
import sealed
from nodes import node

from packager import torrent, words
from packager.demo.tracker import Tracker
from packager.keyring import Home
from packager.seed.control import Request, Verb, ask
from packager.seed.opening import take_prints
from packager.seed.store import Kept, Store
from packager.torrent import FileHashes, Kind
from packager.values import RelativePath

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
COUNT = 1000
SIZE = 30_000
PIECE = 64 * 1024


def thousand(folder: Path, pin: str, url: str) -> list[Kept]:
    """Releases as the store keeps them; what is in them was judged when they were added."""
    found = []
    for number in range(COUNT):
        name = RelativePath(f"Film.{number:04}")
        data = number.to_bytes(4, "big") * (SIZE // 4)
        (folder / str(number) / name).mkdir(parents=True)
        (folder / str(number) / name / "film.mkv").write_bytes(data)
        pieces = sha1(data, usedforsecurity=False).digest()
        file = FileHashes(RelativePath("film.mkv"), len(data))
        made = torrent.build(name, [file], PIECE, pieces, Kind.V1, [url])
        identity = (torrent.info_hashes(made).v1 or b"").hex()
        prints = take_prints(folder / str(number) / name)
        now = int(time.time())
        place = folder / str(number)
        allowed: frozenset[str] = frozenset()
        found.append(
            Kept(identity, name, "desk", pin, place, made, prints, allowed, SIZE, now, now)
        )
    return found


def memory(pid: int) -> int:
    """Bytes that a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def test_a_thousand_releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packager.demo.tracker.MAX_SWARMS", COUNT)
    desk = sealed.desk(tmp_path / "author")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    pin = words.spell(desk.publisher.pin.words)
    with Tracker() as tracker:
        held = thousand(tmp_path / "films", pin, tracker.url)
        with Store(home.folder("seed")) as store:
            for one in held:
                store.keep(one)
        with node(home.path) as running:
            began = time.monotonic()
            while set(running.states()) != {"seeding"}:
                assert time.monotonic() - began < 30
            took = time.monotonic() - began
            assert memory(running.process.pid) < 1_200_000_000
            answers = []
            for _ in range(3):
                asked = time.monotonic()
                assert len(ask(home.path / "seed", Request(Verb.STATUS)).releases) == COUNT
                answers.append(time.monotonic() - asked)
            identities = [bytes.fromhex(one.identity) for one in held]
            deadline = time.monotonic() + 60
            while (silent := sum(not tracker.peers(i) for i in identities)) and (
                time.monotonic() < deadline
            ):
                time.sleep(0.5)
        print(json.dumps({"seeding": took, "answers": answers, "not announced": silent}))
        assert silent == 0
