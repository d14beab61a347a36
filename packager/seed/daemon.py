"""The daemon: signals, the clock, the settings file, and a turn of the node every second.

This is the one room of the node that reads a clock.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version

from packager import files
from packager.errors import MachineFailed, PackagerError
from packager.keyring import Home
from packager.seed import config as settings
from packager.seed import notify, policy, routes
from packager.seed.config import Config
from packager.seed.control import Server
from packager.seed.ground import FOLDER, Ground
from packager.seed.journal import Journal
from packager.seed.node import Node
from packager.seed.policy import Address, Wiring
from packager.seed.session import Session
from packager.seed.store import Store
from packager.seed.zones import zone_of

_TICK = 1.0  # seconds between two looks around


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner asked for on the command line; ``listen`` None leaves it to the settings."""

    listen: Address | None
    offline: bool
    accepted_risk: bool


NOTHING = Wish(None, offline=False, accepted_risk=False)


@dataclass(slots=True)
class Signals:
    """Set by SIGTERM or SIGINT, and by SIGHUP."""

    stop: threading.Event
    reload: threading.Event


def run(home: Home, wish: Wish, say: Callable[[str], None]) -> None:
    """Seed until SIGTERM or SIGINT. ``say`` gets a line when the node listens."""

    def tell(text: str) -> None:
        with suppress(OSError):  # a log on a full disk must not end the node
            say(text)

    config = read_config(home)
    folder = home.folder(FOLDER)
    with _signals() as signals, Store(folder) as store:
        if wish.accepted_risk:
            store.consented = int(time.time())
        wiring = wire(home, wish, config, accepted=store.consented > 0)
        if problem := routes.problem(wiring.via):
            raise problem
        journal = Journal(folder, time.time)
        session = Session(wiring)
        ground = Ground(
            home, store, session, wiring, config, time.time, steady, signals.stop, journal
        )
        try:
            node = Node(ground)
        except BaseException:
            session.close()
            raise
        try:
            _serve(node, ground, signals, tell, wish)
        finally:
            try:
                node.close()
            except MachineFailed as error:
                tell(f"not all could be written down: {error.fact}")
            journal.write("stopped")


def _serve(
    node: Node, ground: Ground, signals: Signals, tell: Callable[[str], None], wish: Wish
) -> None:
    """Answer commands, and let the node look around."""
    server = Server(ground.home.folder(FOLDER), node.answer)
    try:
        for note in ground.store.notes:
            tell(note)
            ground.journal.write(note)
        tell(node.where)
        ground.journal.write(f"started, version {version('magnitizdat')}, {ground.wiring.shown}")
        watch(node, ground, signals, tell, wish)
    finally:
        server.close()


def steady() -> float:
    """Seconds since this computer started, also those in which it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def watch(
    node: Node, ground: Ground, signals: Signals, tell: Callable[[str], None], wish: Wish = NOTHING
) -> None:
    """Let the node look around until somebody asks to stop; its manager is told that it lives."""
    notify.tell(notify.READY)
    where = node.where
    while not signals.stop.wait(_TICK):
        if signals.reload.is_set():
            signals.reload.clear()
            try:
                config, accepted = read_config(ground.home), ground.store.consented > 0
                node.use(config, wire(ground.home, wish, config, accepted=accepted))
                tell("settings read again")
            except PackagerError as error:
                tell(f"settings stay as they were: {error.fact}")
        node.tick()
        if node.where != where:
            where = node.where
            tell(where)
        notify.tell(notify.ALIVE)
    notify.tell(notify.STOPPING)


def wire(home: Home, wish: Wish, config: Config, *, accepted: bool) -> Wiring:
    """What the session is told about the network; the command line goes first."""
    author = bool(home.publishers())
    offline = wish.offline or config.network.offline
    address, via = wish.listen or config.network.listen, config.network.route
    if via and not (wish.listen and wish.listen.loopback):
        address = policy.private_address(via, address.port if address else policy.DEFAULT_PORT)
    else:
        via = None
        address = address or policy.default_address(daily_key=author, offline=offline)
    wiring = Wiring(address, offline, via, config.network.lookup)
    if problem := policy.listen_problem(wiring, daily_key=author, accepted_risk=accepted):
        raise problem
    return wiring


def read_config(home: Home) -> Config:
    """The settings of a home; without a file, all have their usual values."""
    path = home.path / settings.NAME
    text = files.read_text(path, settings.MAX_BYTES) if path.exists() else ""
    return settings.parse(text, zone_of)


@contextmanager
def _signals() -> Iterator[Signals]:
    """Events that SIGTERM, SIGINT and SIGHUP set; a second one changes nothing.

    Afterwards they stay ignored: the process ends, and a late one must not make a crash of it.
    """
    signals = Signals(threading.Event(), threading.Event())
    events = {
        signal.SIGTERM: signals.stop,
        signal.SIGINT: signals.stop,
        signal.SIGHUP: signals.reload,
    }
    for number, event in events.items():
        signal.signal(number, lambda *_, event=event: event.set())
    try:
        yield signals
    finally:
        for number in events:
            signal.signal(number, signal.SIG_IGN)
