"""A thousand releases on a small machine: all offered, all announced, all told in one answer.

How long that takes is the business of `make bench-seed`: a machine that runs other tests is no
clock. Here only what no load explains fails.
"""

import time
from pathlib import Path

import pytest
import sealed
from nodes import node, until
from thousands import SIZE, keep_all, memory, thousands

from packager import words
from packager.demo.tracker import Tracker
from packager.keyring import Home
from packager.seed.control import Request, State, Verb, ask
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
COUNT = 1000


def test_a_thousand_releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packager.demo.tracker.MAX_SWARMS", COUNT)
    desk = sealed.desk(tmp_path / "author")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    pin = words.spell(desk.publisher.pin.words)
    with Tracker() as tracker:
        made = thousands(tmp_path / "films", COUNT, pin, tracker.url, Kind.V1)
        held = [bytes.fromhex(one.identity) for one in keep_all(home.folder("seed"), made)]
        with node(home.path) as running:

            def told() -> list[State]:
                answer = ask(home.path / "seed", Request(Verb.STATUS))
                assert answer.node.held == COUNT * SIZE
                return [one.state for one in answer.releases]

            until(lambda: told() == [State.SEEDING] * COUNT, 30)
            until(lambda: all(tracker.peers(one) for one in held), 60)
            assert memory(running.process.pid) < 300_000_000
            assert ask(home.path / "seed", Request(Verb.STATUS)).node.notes == ()
            began = time.monotonic()
            running.process.terminate()
            assert running.process.wait(60) == 0
            assert time.monotonic() - began < 30
