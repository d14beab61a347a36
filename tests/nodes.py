"""Nodes and foreign clients as people start them, for tests on loopback."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sealed

from packager import torrent
from packager.keyring import Home
from packager.seed import control, daemon
from packager.seed.control import Request, Verb
from packager.seed.ground import Ground
from packager.seed.journal import Journal
from packager.seed.node import Node as RunningNode
from packager.seed.policy import Wiring, parse_address
from packager.seed.session import Session
from packager.seed.store import Store
from packager.torrent import Kind

NAME = "Quiet.Harbor.2019.720p"
CLOSED = Wiring(parse_address("127.0.0.1:0"), offline=True)
PATIENCE = 4  # times what a quiet machine needs at most
PACKAGER = (sys.executable, "-m", "packager")


@dataclass
class Node:
    """A node of its own process; ``ask`` is the command line beside it."""

    home: Path
    process: subprocess.Popen[str]
    address: str

    def ask(self, *words: str) -> dict[str, object]:
        done = packager(self.home, "seed", *words, "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert isinstance(told, dict)
        return told

    def told(self) -> dict[str, Any]:
        """What it says of itself."""
        told = self.status()["node"]
        assert isinstance(told, dict)
        return told

    def status(self) -> dict[str, object]:
        """As the command line says it, but asked from here: tests ask ten times a second."""
        return control.ask(self.home / "seed", Request(Verb.STATUS)).facts()

    def releases(self, *words: str) -> list[dict[str, Any]]:
        told = (self.status() if words == ("status",) else self.ask(*words))["releases"]
        assert isinstance(told, list)
        return told

    def states(self) -> list[str]:
        return [one["state"] for one in self.releases("status")]

    def memory(self) -> int:
        """Bytes that it holds in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=20)
        return self.process.returncode


def packager(
    home: Path, *words: str, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, *PACKAGER, "--home", str(home), *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def node(
    home: Path,
    before: tuple[str, ...] = (),
    listen: str = "127.0.0.1:0",
    how: tuple[str, ...] | None = None,
) -> Iterator[Node]:
    given = ("--listen", listen, "--offline") if how is None else how
    words = ("--home", str(home), "seed", "run", *given)
    process = subprocess.Popen([*before, *PACKAGER, *words], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        found = re.fullmatch(r"listening on (\S+) \(loopback\)\n", line)
        assert found, line + process.stderr.read()
        yield Node(home, process, found[1])
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=20)
        process.stderr.close()


@contextlib.contextmanager
def inside(home: Path, clock: Callable[[], float] = time.time) -> Iterator[RunningNode]:
    """A node in this process; tests make it look around often, and set its clock."""
    signals = daemon.Signals(threading.Event(), threading.Event())
    wiring = CLOSED
    with Store(Home(home).folder("seed")) as store:
        session = Session(wiring)
        journal = Journal(home / "seed", clock)
        ground = Ground(
            *(Home(home), store, session, wiring, daemon.read_config(Home(home))),
            *(clock, daemon.steady, signals.stop, journal),
        )
        one = RunningNode(ground)
        watching = threading.Thread(target=daemon.watch, args=(one, ground, signals, print))
        watching.start()
        try:
            yield one
        finally:
            signals.stop.set()
            watching.join()
            one.close()


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + PATIENCE * seconds
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def packed(out: Path, desk: sealed.Desk, url: str, kind: Kind = Kind.V1) -> bytes:
    """An output folder as ``packager pack`` leaves it."""
    done = sealed.release(out / NAME, desk, kind=kind)
    data = torrent.build(NAME, done.files, done.piece_length, done.sha1_pieces, kind, [url])
    (out / f"{NAME}.torrent").write_bytes(data)
    return data


def info_hash(out: Path) -> bytes:
    found = torrent.info_hashes((out / f"{NAME}.torrent").read_bytes()).v1
    assert found
    return found


def leech(out: Path, into: Path, address: str, seconds: int = 20) -> int:
    return subprocess.run(
        [
            *(sys.executable, "-m", "packager.demo.leecher", str(out / f"{NAME}.torrent")),
            *(str(into), address, "--seconds", str(seconds)),
        ],
        check=False,
        timeout=60,
    ).returncode


def gave_all(release: dict[str, Any]) -> bool:
    """Whether a copy was counted; libtorrent forgets what is on its way when somebody hangs up."""
    return bool(release["uploaded"] > release["size"] / 2)


def same(one: Path, other: Path) -> bool:
    def read(folder: Path) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}

    return read(one) == read(other)


@contextlib.contextmanager
def seeded(out: Path, url: str) -> Iterator[Session]:
    """Somebody who has all of a release."""
    data = (out / f"{NAME}.torrent").read_bytes()
    session = Session(CLOSED)
    session.wait_until_listening()
    identity = session.hash_and_hold(data, out, [url], lambda: False)
    assert identity
    session.release(identity)
    try:
        yield session
    finally:
        session.drop(identity)
        time.sleep(0.2)  # to close it holds up all of Python, and a tracker here hears no goodbye
        session.close()


def link_of(out: Path) -> str:
    return torrent.magnet((out / f"{NAME}.torrent").read_bytes())


@contextlib.contextmanager
def running(*words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Somebody else's client, ended when the block is left."""
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    try:
        yield process
    finally:
        process.terminate()  # it says goodbye to the tracker
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def arrived(out: Path, into: Path) -> bool:
    return (into / NAME).is_dir() and same(out / NAME, into / NAME)
