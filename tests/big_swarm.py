"""A publisher, nodes and leechers in a slow, lossy network, where nodes are killed at random.

``python tests/big_swarm.py [--nodes 5] [--leechers 20] [--kills 6] ...`` makes fresh namespaces and
a disk in memory (all of which vanish with it, however it ends), starts everybody, kills and
restarts nodes, and waits until everybody has all of the release. One line of JSON says how it was;
it ends with 1 if a copy is missing or wrong, or a node gave anything before it had judged all.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import sealed
from nodes import NAME, PACKAGER, same
from wires import address, inside

from packager import torrent
from packager.errors import PackagerError
from packager.keyring import Home
from packager.seed import control
from packager.seed.control import Request, Verb
from packager.torrent import Kind

NAMESPACES = ("unshare", "-Urnmpf", "--mount-proc", "--kill-child")
TRACKER, PUBLISHER, FIRST_NODE = 1, 2, 3
TRACK = """
import sys, time
from packager.demo.tracker import Tracker
with Tracker(7000, sys.argv[1]):
    time.sleep(10_000)
"""
URL = f"http://{address(TRACKER)}:7000/announce"
HERE = Path(__file__).parent
SMALL_AND_SLOW = "[speed]\nupload = '300 kB/s'\n[disk]\nkeep_free = '1 MB'\n"


def start(place: int, *words: str) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    command = [*inside(place), *words]
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=subprocess.DEVNULL)


@dataclass
class Node:
    """A node; ``unjudged`` is the last moment at which it surely had not judged all of it."""

    place: int
    home: Path
    process: subprocess.Popen[bytes] | None = None
    listen: tuple[str, ...] = ()
    unjudged: float = 0.0
    judged: bool = False
    seeding: bool = False

    def start(self) -> None:
        words = ("--home", str(self.home), "seed", "run", "--accept-risk", *self.listen)
        self.process = start(self.place, *PACKAGER, *words)

    def end(self) -> None:
        assert self.process
        self.process.kill()  # by its id: nsenter has become the node
        self.process.wait()
        self.seeding = False

    def insist(self, source: str) -> None:
        """Have it take a release, as soon as it answers."""
        for _ in range(300):
            if self._states(Verb.ADD, source):
                return
            time.sleep(0.1)
        raise SystemExit(f"the node at place {self.place} takes nothing")

    def look(self) -> None:
        before = time.monotonic()
        states = self._states(Verb.STATUS)
        self.seeding = states == ["seeding"]
        self.judged = self.judged or self.seeding
        if states and not self.judged:
            self.unjudged = before

    def _states(self, verb: Verb, source: str = "") -> list[str]:
        """Of its releases; none while it does not answer."""
        try:
            answer = control.ask(self.home / "seed", Request(verb, source))
        except PackagerError:
            return []
        return [str(one.state) for one in answer.releases]


@dataclass
class Leecher:
    """Somebody else's client; ``seen`` is where it writes down who gave it anything, if it does."""

    into: Path
    seen: Path
    process: subprocess.Popen[bytes]

    def whole(self, original: Path) -> bool:
        copy = self.into / NAME
        return copy.is_dir() and same(original, copy)


class Swarm:
    """Everybody. First the publisher is there, later only nodes are."""

    def __init__(self, folder: Path, asked: argparse.Namespace) -> None:
        self.folder, self.asked = folder, asked
        self.chance = random.Random(asked.seed)
        self.deadline = time.monotonic() + asked.limit
        self.nodes: list[Node] = []
        self.leechers: list[Leecher] = []
        self.kills = 0
        self.desk = sealed.desk(folder / "publisher")
        self.out = folder / "out" / NAME
        film = sealed.film_bytes("mkv", seconds=asked.seconds)
        done = sealed.release(self.out / NAME, self.desk, film=film)
        hashes, length = done.sha1_pieces, done.piece_length
        data = torrent.build(NAME, done.files, length, hashes, Kind.V1, [URL])
        (self.out / f"{NAME}.torrent").write_bytes(data)
        self.link = torrent.magnet(data)

    def run(self) -> dict[str, Any]:
        """Two waves of leechers; who has all of it leaves before the second."""
        start(TRACKER, sys.executable, "-c", TRACK, address(TRACKER))
        publisher = Node(PUBLISHER, self.desk.home.path)
        settings = f"[network]\nroute = 'interface wire{PUBLISHER}'\n[speed]\nupload = '500 kB/s'\n"
        (publisher.home / "node.toml").write_text(settings)
        publisher.start()
        publisher.insist(str(self.out))
        half = self.asked.leechers // 2
        self._join(half)
        self._wait()
        publisher.end()
        for one in self.leechers:
            one.process.kill()
            one.process.wait()
        for _ in range(half, self.asked.leechers):
            self._leecher()
        self._wait()
        return self._told()

    def _join(self, leechers: int) -> None:
        """Nodes that know no more than a link, and the first wave, which is hungry meanwhile."""
        for number in range(self.asked.nodes):
            home = Home(self.folder / f"node{number}")
            home.save_pins((self.desk.publisher.pin,))
            (home.path / "node.toml").write_text(SMALL_AND_SLOW)
            place = FIRST_NODE + number
            one = Node(place, home.path, listen=("--listen", f"{address(place)}:6881"))
            one.start()
            self.nodes.append(one)
        for _ in range(leechers):
            self._leecher()
        for one in self.nodes:
            one.insist(self.link)

    def _leecher(self) -> None:
        """Of two kinds, by link and by file."""
        number = len(self.leechers)
        into, seen = self.folder / f"leecher{number}", self.folder / f"seen{number}"
        into.mkdir()
        source = self.link if number % 4 < 2 else str(self.out / f"{NAME}.torrent")
        words: list[str] = [sys.executable, str(HERE / "bare.py"), source, str(into), str(seen)]
        if number % 2:
            words = [
                *("aria2c", "--no-conf", "--seed-time=9999", f"--dir={into}"),
                *("--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false"),
                *("--listen-port=6881", "--disable-ipv6=true", "--file-allocation=none", source),
            ]
        place = FIRST_NODE + self.asked.nodes + number
        self.leechers.append(Leecher(into, seen, start(place, *words)))

    def _wait(self) -> None:
        """Kill some nodes, now and then, until everybody here has all of it."""
        stop, again = self.kills + self.asked.kills // 2, time.monotonic() + 2
        while time.monotonic() < self.deadline:
            for one in self.nodes:
                one.look()
            if self.kills < stop and time.monotonic() > again:
                self.kills += 1
                again = time.monotonic() + self.chance.uniform(1, 3)
                one = self.chance.choice(self.nodes)
                one.end()
                one.start()
            if self.kills == stop and all(one.seeding for one in self.nodes) and not self._left():
                return
            time.sleep(0.1)

    def _left(self) -> int:
        return sum(not one.whole(self.out / NAME) for one in self.leechers)

    def _told(self) -> dict[str, Any]:
        given = [
            (float(when), who)
            for one in self.leechers
            if one.seen.exists()
            for when, who in map(str.split, one.seen.read_text().splitlines())
        ]
        unjudged = {address(one.place): one.unjudged for one in self.nodes}
        return {
            "leechers": len(self.leechers),
            "whole": len(self.leechers) - self._left(),
            "genuine": sum(self._genuine(one) for one in (self.leechers[0], self.leechers[-1])),
            "nodes": len(self.nodes),
            "seeding": sum(one.seeding for one in self.nodes),
            "kills": self.kills,
            "early": sorted({who for when, who in given if when < unjudged.get(who, 0)}),
            "givers": len(unjudged.keys() & {who for _, who in given}),
            "bytes": sum(path.stat().st_size for path in (self.out / NAME).iterdir()),
        }

    def _genuine(self, one: Leecher) -> bool:
        words = ("--home", str(self.nodes[0].home), "verify", str(one.into / NAME))
        return subprocess.run([*PACKAGER, *words], capture_output=True, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=5)
    parser.add_argument("--leechers", type=int, default=20)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seconds", type=int, default=30, help="of film; about 90 kB each")
    parser.add_argument("--delay", type=float, default=20, help="milliseconds, one way")
    parser.add_argument("--loss", type=float, default=1, help="percent of packets")
    parser.add_argument("--limit", type=float, default=180, help="seconds")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if "SWARM_INSIDE" not in os.environ:
        os.environ["SWARM_INSIDE"] = "1"
        os.execvp(NAMESPACES[0], [*NAMESPACES, sys.executable, *sys.argv])  # noqa: S606
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
    folder = Path("/run/swarm")
    folder.mkdir()
    return report(folder, asked)


def report(folder: Path, asked: argparse.Namespace) -> int:
    places = FIRST_NODE - 1 + asked.nodes + asked.leechers
    words = [sys.executable, str(HERE / "wires.py"), str(places), str(asked.delay), str(asked.loss)]
    began, swarm = time.monotonic(), Swarm(folder, asked)
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as wires:
        assert wires.stdout
        if wires.stdout.readline() != "ready\n":
            raise SystemExit("no network")
        found = swarm.run()
        told, _ = wires.communicate("", timeout=10)
    found |= {"packets": json.loads(told), "took": round(time.monotonic() - began, 1)}
    print(json.dumps(found))
    whole = (found["whole"], found["seeding"]) == (asked.leechers, asked.nodes)
    return 0 if whole and found["genuine"] == 2 and not found["early"] else 1


if __name__ == "__main__":
    sys.exit(main())
