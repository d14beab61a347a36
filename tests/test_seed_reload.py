"""Another address, port or route by SIGHUP: taken at once, never past the one that is wanted."""

import signal
from pathlib import Path

import pytest
import sealed
from nodes import NAME, Node, leech, link_of, node, packed, seeded, until

from packager.demo.ports import free_port
from packager.demo.tracker import Tracker
from packager.errors import Exit
from packager.keyring import Home

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
START = "[network]\nlisten = '127.0.0.1:{}'\noffline = true\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    desk = sealed.desk(tmp_path / "author")
    packed(tmp_path / "out" / NAME, desk, "http://127.0.0.1:9/announce")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    return home.path


def reload(one: Node, settings: str, *wanted: str) -> None:
    """Exchange the settings, and wait for what the node says about that."""
    (one.home / "node.toml").write_text(settings)
    one.process.send_signal(signal.SIGHUP)
    assert one.process.stderr
    for line in wanted:
        assert line in one.process.stderr.readline()


def given(one: Node) -> int:
    return int(one.releases("status")[0]["uploaded"])


def test_a_route_is_changed_while_it_runs(home: Path, tmp_path: Path) -> None:
    out, here, there = tmp_path / "out" / NAME, free_port(), free_port()
    (home / "node.toml").write_text(START.format(here))
    with node(home, how=("--accept-risk",)) as one:
        one.ask("add", str(out))
        assert leech(out, tmp_path / "a", f"127.0.0.1:{here}") == 0
        until(lambda: given(one) > 0)
        before = given(one)
        moved = f"[network]\nlisten = '127.0.0.2:{there}'\noffline = true\n"
        reload(one, moved, "settings read again", f"listening on 127.0.0.2:{there} (loopback)")
        until(lambda: one.states() == ["seeding"])
        assert leech(out, tmp_path / "b", f"127.0.0.1:{here}", 1) == Exit.NO
        assert leech(out, tmp_path / "b", f"127.0.0.2:{there}") == 0
        until(lambda: given(one) > before)
        private = f"[network]\nroute = 'address 127.0.0.3'\nlisten = '0.0.0.0:{here}'\n"
        reload(one, private, "settings read again", f"127.0.0.3:{here} (address 127.0.0.3)")
        until(lambda: one.told()["silent"] == [])
        until(lambda: one.states() == ["seeding"])
        assert leech(out, tmp_path / "c", f"127.0.0.3:{here}") == 0
        assert leech(out, tmp_path / "d", f"127.0.0.2:{there}", 1) == Exit.NO
        assert one.told()["route"] == "address 127.0.0.3"
        assert one.end(signal.SIGTERM) == 0


def test_a_route_that_is_not_there_is_taken_all_the_same(home: Path, tmp_path: Path) -> None:
    """To go on by the old one is what its owner wants to end."""
    out, here = tmp_path / "out" / NAME, free_port()
    (home / "node.toml").write_text(START.format(here))
    with node(home, how=("--accept-risk",)) as one:
        one.ask("add", str(out))
        reload(one, "[network]\nroute = 'interface nosuch0'\n", "read again", "cannot listen on")
        told = one.told()
        assert (told["silent"], told["listening"]) == (["route"], False)
        assert leech(out, tmp_path / "a", f"127.0.0.1:{here}", 2) == Exit.NO
        wrong = "[network]\nlisten = '127.0.0.1:0'\nroute = 'nowhere'\n"
        reload(one, wrong, "settings stay as they were: node.toml, line 3")
        assert one.told()["silent"] == ["route"]
        reload(one, START.format(here), "read again", f"listening on 127.0.0.1:{here}")
        until(lambda: one.states() == ["seeding"])
        assert leech(out, tmp_path / "a", f"127.0.0.1:{here}") == 0


def test_what_nobody_accepted_is_not_taken(home: Path) -> None:
    here = free_port()
    (home / "node.toml").write_text(START.format(here))
    with node(home, how=()) as one:
        reload(one, "[network]\nlisten = '0.0.0.0:6881'\n", "settings stay as they were")
        assert (one.told()["port"], one.told()["route"]) == (here, "loopback")


def test_a_fetch_goes_on_by_the_new_route(home: Path, tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "another")
    Home(home).save_pins((desk.publisher.pin,))
    (home / "node.toml").write_text(START.format(free_port()))
    with Tracker() as tracker, node(home, how=()) as one:
        far = tmp_path / "far" / NAME
        packed(far, desk, tracker.url)
        one.ask("add", link_of(far))
        reload(one, START.format(free_port()), "settings read again", "listening on")
        assert one.states() == ["fetching"]
        with seeded(far, tracker.url):
            until(lambda: one.states() == ["seeding"], 40)
