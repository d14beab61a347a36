"""A node killed at random moments: ``python tests/crashes.py --kills 100`` tells what it saw.

Meanwhile releases are added, fetched, copied from a stick, read again, removed, withdrawn, and the
node is emptied. What was answered has to hold ever after; of what was not, either.
"""

import argparse
import contextlib
import json
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sealed
from nodes import CLOSED, NAME, PACKAGER, leech, link_of, packager, same, until

from packager import torrent
from packager.demo.tracker import Tracker
from packager.errors import MachineFailed, PackagerError
from packager.keyring import Home
from packager.seed.control import Request, Status, Verb, ask
from packager.seed.session import Session
from packager.torrent import Kind

BROUGHT, FAR, WITHDRAWN = 3, 2, 3
PAUSE = 2.5  # seconds, at most, from the start to the kill
OURS = ("damaged", "was gone", "could not be mended", "the node made a mistake", "was deleted:")


@dataclass
class Work:
    """A release of the world outside; ``fate`` None is unknown: nobody answered."""

    out: Path
    kind: str  # brought, far or doomed
    identity: str
    fate: bool | None = False
    notice: Path | None = None


@dataclass
class World:
    """Everything around the node that is killed."""

    folder: Path
    desk: sealed.Desk
    home: Path
    chance: random.Random
    works: list[Work] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def seed(self) -> Path:
        return self.home / "seed"

    def of(self, *kinds: str) -> Work:
        return self.chance.choice([work for work in self.works if work.kind in kinds])


def made(folder: Path, seed: int, url: str) -> World:
    """A publisher, a home that trusts it, and releases of all kinds."""
    desk = sealed.desk(folder / "author")
    home = Home(folder / "home")
    home.save_pins((desk.publisher.pin,))
    world = World(folder, desk, home.path, random.Random(seed))
    for kind, count, seconds in (
        ("brought", BROUGHT, 2),
        ("far", FAR, 30),
        ("doomed", WITHDRAWN, 2),
    ):
        film = sealed.film_bytes("mkv", "testsrc", seconds)
        for number in range(count):
            world.works.append(_work(world, kind, number, film, url))
    largest = max(_size(work) for work in world.works)
    (home.path / "node.toml").write_text(f"[speed]\ndownload = '{largest // 3} B/s'\n")
    return world


def _work(world: World, kind: str, number: int, film: bytes, url: str) -> Work:
    out = world.folder / kind / str(number) / NAME
    told = sealed.terms(variant=f"{kind}{number}".encode().ljust(32))
    done = sealed.release(out / NAME, world.desk, film=film, told=told)
    data = torrent.build(NAME, done.files, done.piece_length, done.sha1_pieces, Kind.V1, [url])
    (out / f"{NAME}.torrent").write_bytes(data)
    work = Work(out, kind, (torrent.info_hashes(data).v1 or b"").hex())
    if kind == "doomed":
        asked = ("withdraw", str(out), "--reason", "error", "--paper-key-file")
        card = world.folder / "card"
        card.write_text(world.desk.paper_words)
        card.chmod(0o600)
        told_ = packager(world.desk.home.path, *asked, str(card))
        assert told_.returncode == 0, told_.stderr
        work.notice = out / f"{NAME}.notice"
    return work


def _size(work: Work) -> int:
    return sum(path.stat().st_size for path in (work.out / NAME).iterdir())


def kill_often(folder: Path, kills: int, seed: int) -> Counter[str]:
    """Kill a node that often; AssertionError if anything was lost or false. What was seen."""
    with Tracker() as tracker:
        world = made(folder, seed, tracker.url)
        giver = Session(CLOSED)
        giver.wait_until_listening()
        for work in world.works:
            if work.kind == "far":
                data = (work.out / f"{NAME}.torrent").read_bytes()
                identity = giver.hash_and_hold(data, work.out, [tracker.url], lambda: False)
                assert identity
                giver.release(identity)
        try:
            for number in range(kills):
                emptied = world.chance.random() < 0.05
                (_empty_and_kill if emptied else _kill)(world, number)
            _last(world)
        finally:
            giver.close()
    return world.seen


@contextlib.contextmanager
def _running(world: World) -> Iterator[subprocess.Popen[bytes]]:
    words = ("--home", str(world.home), "seed", "run", "--listen", "127.0.0.1:0", "--offline")
    with (world.folder / "told").open("w") as told:
        process = subprocess.Popen([*PACKAGER, *words], stderr=told)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _kill(world: World, number: int) -> None:
    with _running(world) as process:
        if world.chance.random() < 0.2:  # while it starts
            time.sleep(world.chance.uniform(0, 1))
            world.seen["killed at the start"] += 1
            return
        _check(world, _first(world, process), number)
        act, name = _choice(world)
        working = threading.Thread(target=act)
        working.start()
        time.sleep(world.chance.uniform(0, PAUSE) ** 2 / PAUSE)
        process.send_signal(signal.SIGKILL)
        working.join()
        world.seen[name] += 1


def _first(world: World, process: subprocess.Popen[bytes]) -> Status:
    """The first answer; a node that does not start is told."""
    for _ in range(400):
        with contextlib.suppress(MachineFailed):
            return ask(world.seed, Request(Verb.STATUS))
        assert process.poll() is None, (world.folder / "told").read_text()
        time.sleep(0.05)
    raise AssertionError("the node does not answer")


def _check(world: World, status: Status, number: int) -> None:
    """What was answered before holds."""
    told = {one.id: one for one in status.releases}
    for note in status.node.notes:
        assert not any(word in note for word in OURS), (number, note)
    for work in world.works:
        place = world.seed / "releases" / work.identity
        if work.fate is None and (work.identity in told or not place.exists()):
            work.fate = work.identity in told  # otherwise it is being found and checked
        assert work.fate is None or work.fate == (work.identity in told), (
            number,
            work,
            told,
        )
        if work.fate:
            _check_state(world, work, str(told[work.identity].state))
    assert not list(world.seed.glob("*.damaged*"))


def _check_state(world: World, work: Work, state: str) -> None:
    world.seen[f"{work.kind} {state}"] += 1
    assert state in {"checking", "seeding", "fetching", "paused"}, (work, state)
    if state == "seeding":  # every byte is here
        place = world.seed / "releases" / work.identity
        here = place if place.exists() else work.out
        assert same(here / NAME, work.out / NAME), work


def _choice(world: World) -> tuple[Callable[[], None], str]:
    kind = world.chance.choice(
        ["add", "add", "remove", "fetch", "fetch", "watch", "watch", "scrub", "withdraw", "stick"]
    )
    if kind == "add":
        return _settling(world.of("brought", "doomed"), Verb.ADD, world), kind
    if kind == "remove":
        return _settling(world.of("brought", "far"), Verb.REMOVE, world), kind
    if kind == "fetch":
        return _settling(world.of("far"), Verb.ADD, world), kind
    if kind == "stick":
        return _stick(world, world.of("brought")), kind
    if kind == "withdraw":
        return _settling(world.of("doomed"), Verb.ADD, world, withdraw=True), kind
    request = Request(Verb.SCRUB if kind == "scrub" else Verb.STATUS)

    def act() -> None:
        _asked(world, request)

    return act, kind


def _settling(
    work: Work, verb: Verb, world: World, *, withdraw: bool = False
) -> Callable[[], None]:
    """Ask for something that decides the fate of a release."""
    if work.notice and not work.notice.exists():
        return lambda: None  # it was withdrawn before
    if verb is Verb.REMOVE:
        request, then = Request(verb, work.identity), False
    elif withdraw:
        request, then = Request(verb, str(work.notice)), False
    elif work.kind == "far":
        request, then = Request(verb, link_of(work.out)), True
    else:
        request, then = Request(verb, str(work.out)), True

    def act() -> None:
        before, work.fate = work.fate, None
        answered = _asked(world, request)
        if answered is not None:
            work.fate = then if answered else before
        if withdraw and work.notice and answered:
            work.notice.unlink()

    return act


def _stick(world: World, work: Work) -> Callable[[], None]:
    def act() -> None:
        before, work.fate = work.fate, None
        answered = _asked(world, Request(Verb.IMPORT, str(work.out)))
        if answered is not None:
            work.fate = True if answered else before

    return act


def _asked(world: World, request: Request) -> bool | None:
    """Whether it was done; None if nobody answered."""
    try:
        ask(world.seed, request)
    except MachineFailed:
        return None
    except PackagerError:
        return False
    return True


def _empty_and_kill(world: World, number: int) -> None:
    """Kill the node, or the command, while it is emptied; then empty it for good."""
    words = ("--home", str(world.home), "seed", "empty")
    with _running(world) as process:
        _check(world, _first(world, process), number)
        with subprocess.Popen([*PACKAGER, *words], stdout=subprocess.DEVNULL) as command:
            time.sleep(world.chance.uniform(0.2, 1.5))
            world.chance.choice([command, process]).kill()
            command.wait()
    done = packager(world.home, "seed", "empty")
    assert done.returncode == 0, done.stderr
    assert not world.seed.exists() or not list(world.seed.iterdir())
    for work in world.works:
        work.fate = False
        assert (work.out / NAME).is_dir() or work.kind == "doomed", work
    world.seen["empty"] += 1


def _last(world: World) -> None:
    """Started once more, everything comes to its end and is given whole."""
    with _running(world) as process:
        _check(world, _first(world, process), -1)
        for work in world.works:
            if work.kind == "far" and not work.fate:
                _settling(work, Verb.ADD, world)()
        until(
            lambda: all(
                one.state == "seeding" for one in ask(world.seed, Request(Verb.STATUS)).releases
            ),
            60,
        )
        _check(world, ask(world.seed, Request(Verb.STATUS)), -1)
        status = ask(world.seed, Request(Verb.STATUS))
        address = f"{status.node.address}:{status.node.port}"
        for work in world.works:
            if work.fate:
                into = world.folder / "copies" / work.identity
                assert leech(work.out, into, address) == 0, work
    log = (world.seed / "log").read_text()
    assert "is checked again" not in log
    world.seen["given whole at the end"] = sum(bool(work.fate) for work in world.works)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_often(Path(folder), asked.kills, asked.seed)
    print(json.dumps(dict(sorted(seen.items())), indent=1))
    print(f"{asked.kills} kills in {time.monotonic() - began:.0f} s, nothing lost")


if __name__ == "__main__":
    main()
