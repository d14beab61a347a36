"""A node used as in years, within minutes: ``python tests/years.py --minutes 30``.

Releases are added, touched, given, fetched and removed again and again, settings and routes change;
afterwards its memory, open files, threads and state are to be what they were near the start. Not
collected by pytest.
"""

import argparse
import itertools
import signal
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

import crashes
from crashes import Work, World
from nodes import CLOSED, NAME, Node, arrived, leech, link_of, node, until

from packager.demo.ports import free_port
from packager.demo.tracker import Tracker
from packager.seed.control import Request, Verb, ask
from packager.seed.session import Session

SETTLED = 10  # rounds after which nothing is new any more
_NETWORK = "[network]\nlisten = '{}'\noffline = true\n"
_SPEED = "[speed]\nupload = '{} MB/s'\n"


@dataclass(frozen=True, slots=True)
class Size:
    """What a node takes of its computer."""

    memory: int  # MB
    files: int
    threads: int
    state: int  # kB

    @classmethod
    def of(cls, one: Node) -> "Size":
        folder = Path(f"/proc/{one.process.pid}")
        kept = sum(path.stat().st_size for path in (one.home / "seed").glob("*") if path.is_file())
        return cls(
            one.memory() // 1_000_000,
            len(list((folder / "fd").iterdir())),
            len(list((folder / "task").iterdir())),
            kept // 1000,
        )


def live(folder: Path, minutes: float) -> list[Size]:
    """Go through round after round; what the node took after each."""
    sizes = []
    with Tracker() as tracker:
        world = crashes.made(folder, 1, tracker.url)
        addresses = [f"127.0.0.{number}:{free_port()}" for number in (1, 2)]
        _set(world, addresses[0], 50)
        giver = _giver([work for work in world.works if work.kind == "far"], tracker.url)
        try:
            with node(world.home, how=("--accept-risk",)) as one:
                end = time.monotonic() + 60 * minutes
                for number in itertools.count():
                    _round(world, one, addresses[number // 5 % 2], number)
                    sizes.append(Size.of(one))
                    print(number, *astuple(sizes[-1]), sep="\t", flush=True)
                    if time.monotonic() > end and number > 2 * SETTLED:
                        break
                assert one.end(signal.SIGTERM) == 0
        finally:
            giver.close()
    return sizes


def _giver(works: list[Work], url: str) -> Session:
    giver = Session(CLOSED)
    giver.wait_until_listening()
    for work in works:
        data = (work.out / f"{NAME}.torrent").read_bytes()
        identity = giver.hash_and_hold(data, work.out, [url], lambda: False)
        assert identity
        giver.release(identity)
    return giver


def _set(world: World, address: str, speed: int) -> None:
    (world.home / "node.toml").write_text(_NETWORK.format(address) + _SPEED.format(speed))


def _round(world: World, one: Node, address: str, number: int) -> None:
    """Everything once."""
    brought = [work for work in world.works if work.kind == "brought"]
    far = [work for work in world.works if work.kind == "far"]
    _set(world, address, 50 + number % 2)
    one.process.send_signal(signal.SIGHUP)
    until(lambda: f"{one.told()['address']}:{one.told()['port']}" == address)
    for work in brought:
        _ask(one, Verb.ADD, str(work.out))
    for work in far:
        _ask(one, Verb.ADD, link_of(work.out))
    until(lambda: one.states() == ["seeding"] * len(brought + far), 60)
    with tempfile.TemporaryDirectory(dir=world.folder) as into:
        for work in (brought[0], far[0]):
            copy = Path(into) / work.kind
            assert leech(work.out, copy, address) == 0
            assert arrived(work.out, copy)
    _ask(one, Verb.SCRUB, "")
    for verb in (Verb.PAUSE, Verb.RESUME):
        _ask(one, verb, "")
    film = max((brought[1].out / NAME).iterdir(), key=lambda path: path.stat().st_size)
    film.touch()
    until(lambda: one.states() == ["seeding"] * len(brought + far))
    for work in far + brought[number % 2 :]:
        _ask(one, Verb.REMOVE, work.identity)


def _ask(one: Node, verb: Verb, subject: str) -> None:
    ask(one.home / "seed", Request(verb, subject))


def _judged(sizes: list[Size]) -> int:
    """0 if the last rounds took no more than those after the first ones."""
    count = max(1, (len(sizes) - SETTLED) // 3)
    early, late = sizes[SETTLED : SETTLED + count], sizes[-count:]
    grown = 0
    for place, name in enumerate(("memory, MB", "files", "threads", "state, kB")):
        before, after = (median(astuple(one)[place] for one in part) for part in (early, late))
        print(f"{name}: {before:.0f} early, {after:.0f} late")
        grown += after > 1.1 * before
    return int(grown > 0)


def main() -> int:
    """Run from the command line; the answer is the exit code."""
    parser = argparse.ArgumentParser(description="a node used as in years")
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        sizes = live(Path(folder), minutes)
    print(f"{len(sizes)} rounds")
    return _judged(sizes)


if __name__ == "__main__":
    sys.exit(main())
