"""The node itself: it opens releases, keeps an eye on their files, answers, and stops cleanly.

Nothing is offered before its seal opened with a pin of this home and every piece was hashed here.
Long work (verifying, hashing) runs in worker threads, one release at a time; the main thread
only looks around. This is the one room of the node that reads a clock.
"""

import queue
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from packager import torrent, words
from packager.errors import CheckFailed, InputRefused, PackagerError
from packager.keyring import Home
from packager.seed import policy
from packager.seed.control import NodeStatus, ReleaseStatus, Request, Server, State, Status, Verb
from packager.seed.opening import Opened, changed, locate, open_release, take_prints
from packager.seed.policy import Address, Print, Wiring
from packager.seed.session import Session, Swarm
from packager.seed.store import Kept, Store
from packager.torrent import Metainfo

_FOLDER = "seed"  # of the home
_TICK = 1.0  # seconds between two looks around
_SWEEP = 10.0  # seconds between two looks at all files
_GOODBYE = 5.0  # seconds to wait for a worker when stopping


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner asked for on the command line; ``listen`` None leaves it to the policy."""

    listen: Address | None
    offline: bool
    accepted_risk: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A glance at a release: if it differs from the last one, the release is checked again."""

    prints: tuple[Print, ...] = ()
    trusted: bool = False


@dataclass(slots=True)
class Held:
    """A release in this node's hands. ``uploaded`` counts what earlier sessions gave."""

    kept: Kept
    state: State
    uploaded: int
    seen: Look = Look()


def run(home: Home, wish: Wish, tell: Callable[[str], None]) -> None:
    """Seed until SIGTERM or SIGINT. ``tell`` gets a line when the node listens."""
    author = bool(home.publishers())
    address = wish.listen or policy.default_address(daily_key=author, offline=wish.offline)
    problem = policy.listen_problem(address, daily_key=author, accepted_risk=wish.accepted_risk)
    if problem:
        raise problem
    folder = home.folder(_FOLDER)
    with _stop_signals() as stop, Store(folder) as store:
        node = Node(home, store, Wiring(address, wish.offline), stop)
        try:
            server = Server(folder, node.answer)
            try:
                for note in store.notes:
                    tell(note)
                tell(f"listening on {node.address} ({node.wiring.route})")
                node.watch()
            finally:
                server.close()
        finally:
            node.close()


class Node:
    """A running node. ``answer`` may be called from any thread."""

    def __init__(self, home: Home, store: Store, wiring: Wiring, stop: threading.Event) -> None:
        self._home = home
        self._store = store
        self.wiring = wiring
        self._stop = stop
        self._started = time.monotonic()
        self._work = threading.Lock()  # one release is added, checked or removed at a time
        self._jobs: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._held = {
            one.identity: Held(one, State.CHECKING, one.uploaded) for one in store.releases()
        }
        self._session = Session(wiring)
        self.address = self._session.wait_until_listening()
        self._troubled: frozenset[str] = frozenset()
        self._paused = store.paused
        if self._paused:
            self._session.pause()
        self._worker = threading.Thread(target=self._check_jobs, name="checks", daemon=True)
        self._worker.start()
        for identity in self._held:
            self._jobs.put(identity)

    def answer(self, request: Request) -> Status:
        """Do what was asked and tell how things are."""
        match request.verb:
            case Verb.ADD:
                with self._work:
                    return self._status(self._add(Path(request.subject), request.allowed))
            case Verb.REMOVE:
                with self._work:
                    self._remove(request.subject)
            case Verb.PAUSE:  # never waits: somebody may be at the door
                self._pause(paused=True)
            case Verb.RESUME:
                self._pause(paused=False)
            case Verb.STATUS:
                pass
        return self._status()

    def watch(self) -> None:
        """Look around until somebody asks to stop."""
        swept = time.monotonic()
        while not self._stop.wait(_TICK):
            self._troubled |= self._session.troubles()
            sweep = time.monotonic() - swept >= _SWEEP
            if (sweep or self._troubled) and self._work.acquire(blocking=False):
                try:
                    self._look_around()
                finally:
                    self._work.release()
                swept = time.monotonic()

    def close(self) -> None:
        """Stop offering, and write down what was given."""
        self._stop.set()
        self._jobs.put(None)
        self._worker.join(_GOODBYE)
        self._store.count(self._totals())
        self._session.close()

    def _add(self, path: Path, checks: Iterable[str]) -> str:
        self._refuse_author()
        allowed = frozenset(checks)
        opened = open_release(*locate(path), self._home.pins(), self._home.known())
        if problem := policy.offer_problem(opened.facts, allowed):
            raise problem
        identity = identity_of(opened.metainfo)
        self._let_go(identity)
        try:
            self._hash(opened)
        except BaseException:
            self._jobs.put(identity)  # it may have been in our hands, from another folder
            raise
        before = self._held.get(identity)
        kept = keep(opened, allowed)
        self._store.keep(kept)
        look = Look(opened.prints, trusted=True)
        self._held[identity] = Held(kept, State.SEEDING, before.uploaded if before else 0, look)
        self._session.release(identity)
        return identity

    def _remove(self, identity: str) -> None:
        if identity not in self._held:
            raise InputRefused(
                "this node holds nothing with that id", "`packager seed status` lists them"
            )
        self._session.drop(identity)
        self._store.forget(identity)
        del self._held[identity]

    def _pause(self, *, paused: bool) -> None:
        self._store.paused = self._paused = paused
        if paused:
            self._session.pause()
        else:
            self._session.resume()

    def _hash(self, opened: Opened) -> None:
        """Hash all pieces; what was judged has to be what was hashed."""
        trackers = policy.trackers(opened.metainfo.trackers, self.wiring)
        identity = self._session.hash_and_hold(
            opened.torrent, opened.content.parent, trackers, self._stop.is_set
        )
        if identity is None:
            raise CheckFailed(
                "the files are not those that the torrent names", "get the release again"
            )
        if take_prints(opened.content) != opened.prints:
            self._session.drop(identity)
            raise changed()

    def _check_jobs(self) -> None:
        """The worker: look closely at each release whose id it is given."""
        while (identity := self._jobs.get()) is not None and not self._stop.is_set():
            with self._work:
                held = self._held.get(identity)
                if held and held.state is State.CHECKING:
                    held.seen = self._look(held.kept)
                    held.state = self._check(held)

    def _check(self, held: Held) -> State:
        """Offer a release again if it still is what it was when its owner added it."""
        kept = held.kept
        if not held.seen.prints:
            return State.MISSING
        if not held.seen.trusted:
            return State.UNTRUSTED
        try:
            if policy.untouched(kept.prints, held.seen.prints):
                urls = policy.trackers(torrent.read(kept.torrent).trackers, self.wiring)
                self._session.offer_known(kept.torrent, kept.folder, urls)
                return State.SEEDING
            home = self._home
            opened = open_release(kept.torrent, kept.content, home.pins(), home.known())
            if policy.offer_problem(opened.facts, kept.allowed):
                return State.ALTERED
            self._hash(opened)
        except PackagerError:
            return State.ALTERED
        held.kept = keep(opened, kept.allowed)
        self._store.keep(held.kept)
        self._session.release(kept.identity)
        return State.SEEDING

    def _look_around(self) -> None:
        """Take what changed out of the swarm, and have it checked again."""
        self._refuse_author()
        for identity, held in self._held.items():
            if identity in self._troubled:  # the bytes went bad, whatever the dates say
                held.kept = replace(held.kept, prints=())
                self._store.keep(held.kept)
            elif held.state is State.CHECKING or self._look(held.kept) == held.seen:
                continue
            self._let_go(identity)
            self._jobs.put(identity)
        self._troubled = frozenset()
        self._store.count(self._totals())

    def _let_go(self, identity: str) -> None:
        """Offer a release no more, until it was checked."""
        if held := self._held.get(identity):
            held.uploaded = self._totals()[identity]
            held.state = State.CHECKING
        self._session.drop(identity)

    def _look(self, kept: Kept) -> Look:
        trusted = False
        with suppress(PackagerError):  # nobody is trusted while the pins cannot be read
            trusted = kept.words in {words.spell(pin.words) for pin in self._home.pins()}
        try:
            return Look(take_prints(kept.content), trusted)
        except PackagerError:
            return Look((), trusted)

    def _refuse_author(self) -> None:
        """A daily key may have come into the home since the node started."""
        author = bool(self._home.publishers())
        if problem := policy.listen_problem(
            self.wiring.listen, daily_key=author, accepted_risk=True
        ):
            raise problem

    def _totals(self) -> dict[str, int]:
        """Bytes given away, in all sessions."""
        swarms = self._session.swarms()
        return {
            identity: held.uploaded + (swarms[identity].uploaded if identity in swarms else 0)
            for identity, held in list(self._held.items())
        }

    def _status(self, only: str = "") -> Status:
        swarms = self._session.swarms()
        listening = self._session.listening()
        releases = tuple(
            self._release_status(held, swarms.get(identity, Swarm(0, 0)))
            for identity, held in sorted(self._held.items())
            if only in {"", identity}
        )
        node = NodeStatus(
            listening=listening is not None,
            address=str(self.address.host),
            port=self.address.port,
            route=self.wiring.route,
            offline=self.wiring.offline,
            paused=self._paused,
            version=version("magnitizdat"),
            uptime_seconds=int(time.monotonic() - self._started),
            notes=self._store.notes,
        )
        return Status(releases, node)

    def _release_status(self, held: Held, swarm: Swarm) -> ReleaseStatus:
        silent = self._paused and held.state is State.SEEDING
        return ReleaseStatus(
            id=held.kept.identity,
            name=held.kept.name,
            publisher=held.kept.publisher,
            state=State.PAUSED if silent else held.state,
            size=held.kept.size,
            uploaded=held.uploaded + swarm.uploaded,
            peers=swarm.peers,
        )


def keep(opened: Opened, allowed: frozenset[str]) -> Kept:
    """What the store remembers of a release that was found good."""
    return Kept(
        identity=identity_of(opened.metainfo),
        name=opened.metainfo.name,
        publisher=opened.pin.name if opened.pin else "",
        words=words.spell(opened.pin.words) if opened.pin else "",
        folder=opened.content.parent,
        torrent=opened.torrent,
        prints=opened.prints,
        allowed=allowed,
        size=opened.metainfo.total,
    )


def identity_of(metainfo: Metainfo) -> str:
    """40 hexadecimal digits: the v1 info-hash, or the start of the v2 one."""
    best = metainfo.info_hashes.v1 or metainfo.info_hashes.v2 or b""
    return best.hex()[:40]


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
