"""A running node: one facade for commands and tests over its holdings, its meter and its engine."""

from importlib.metadata import version
from pathlib import Path

from packager.errors import InputRefused, MachineFailed
from packager.seed import jumps, meter, opening, policy, routes
from packager.seed.arriving import Arrivals
from packager.seed.config import Config
from packager.seed.consent import Word
from packager.seed.control import NodeStatus, Request, Status, Verb
from packager.seed.fetching import Fetches
from packager.seed.ground import Ground
from packager.seed.holdings import Holdings
from packager.seed.jumps import Jump, Jumps
from packager.seed.ledger import Traffic
from packager.seed.limits import Silence
from packager.seed.meter import Meter
from packager.seed.policy import Wiring
from packager.seed.scrubbing import Scrub
from packager.seed.session import Session
from packager.seed.store import Answer
from packager.seed.tombs import Tombs

_SWEEP = 10.0  # seconds between two looks at all files
_ROUTE = 2.0  # seconds between two looks at a private route
_COPY = 600.0  # seconds between two copies of the state
_COPY_SOON = 30.0  # the same after what is held changed
_COPY_SHARE = 100  # of the node's time; a large state is copied less often


class Node:
    """``answer`` may be called from any thread, ``tick`` from one."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._started = self._copied = ground.steady()
        self._swept = self._started
        self._copying = 0.0  # seconds that the last copy took
        self._clocks = Jumps(ground.clock(), self._started)
        self._troubled: frozenset[str] = frozenset()
        self.address = ground.session.wait_until_listening()
        self._wanted = ground.wiring
        self._problem = ""
        self._route_seen = -_ROUTE
        self._silence: frozenset[Silence] | None = None
        self._meter = Meter(ground)
        self._consented = ground.store.consented
        self._mind_consent()
        self._meter.tick(Traffic())
        self._tombs = Tombs(ground.home, ground.store)
        self._mind_clock(jumps.since_start(ground.store.seen, ground.clock()))
        self._holdings = Holdings(ground, self._tombs)
        self._fetches = Fetches(ground, self._holdings, self._tombs)
        self._fetches.start()
        self._arrivals = Arrivals(
            ground,
            self._holdings,
            lambda subject: self._add(subject, frozenset()),
            self._fetches.size,
            lambda identity: self._holdings.holds(identity) or self._fetches.holds(identity),
        )
        self._arrivals.adopt()
        self._bury()
        for kept in self._holdings.rotting():
            self._fetches.mend(kept)
        self._holdings.start()
        self._scrub = Scrub(ground, self._holdings.offered, self._rotten, self._holdings.sound)
        self._scrub.start()

    def answer(self, request: Request) -> Status:
        """Do what was asked and tell how things are."""
        subject, only = request.subject, ""
        match request.verb:
            case Verb.STATUS:
                pass
            case Verb.PAUSE | Verb.RESUME:  # never waits: somebody may be at the door
                self._pause(paused=request.verb is Verb.PAUSE)
            case Verb.RENEW:
                self._renew()
            case Verb.STOP:
                self._ground.stop.set()
            case Verb.SCRUB:
                self._scrub_now(subject)
            case _:
                with self._ground.work:
                    only = self._change(request.verb, subject, frozenset(request.allowed))
        return self._status(only)

    def _change(self, verb: Verb, subject: str, checks: frozenset[str]) -> str:
        """What changes the holdings; the id that the answer is about, or none."""
        self._ground.journal.write(f"{verb} {subject}")
        if verb is Verb.ADD:
            self._refuse_author()
            return self._add(subject, checks)
        if verb is Verb.IMPORT:
            self._refuse_author()
            self._arrivals.take_stick(Path(subject))
        elif verb is Verb.REMOVE:
            if not self._fetches.remove(subject):
                self._holdings.remove(subject)
        else:
            self._settle(subject, obey=verb is Verb.ACCEPT)
        return ""

    def use(self, config: Config, wiring: Wiring) -> None:
        """Go by other settings from now on; until another route is taken, nothing is offered."""
        self._ground.config = config
        self._swept = -_SWEEP
        self._wanted = wiring
        if wiring != self._ground.wiring:
            self._meter.silence.add(Silence.ROUTE)
            self._meter.tick(self._fetches.traffic)
            self._fetches.hush()

    @property
    def where(self) -> str:
        """Where it listens, in words."""
        there = "listening on" if self._ground.session.listening() else "cannot listen on"
        return f"{there} {self.address} ({self._ground.wiring.shown})"

    def tick(self) -> None:
        """Look around: often at the engine and the meter, now and then at all files."""
        try:
            self._turn(self._ground.steady())
        except MachineFailed as error:  # a full disk must not end the node; it says so
            self._problem = error.fact

    def _turn(self, now: float) -> None:
        self._troubled |= self._ground.session.troubles()
        self._mind_clock(self._clocks.look(self._ground.clock(), now))
        self._mind_consent()
        self._mind_route(now)
        orders = self._meter.tick(self._fetches.traffic)
        if orders.silence != self._silence:
            self._silence = orders.silence
            why = ", ".join(sorted(orders.silence))
            self._ground.journal.write(f"silent: {why}" if why else "offering")
        if self._ground.work.acquire(blocking=False):
            try:
                self._fetches.tick(orders)
            finally:
                self._ground.work.release()
        sweep = now - self._swept >= _SWEEP
        if (sweep or self._troubled) and self._ground.work.acquire(blocking=False):
            try:
                self._sweep(now)
            finally:
                self._ground.work.release()
        self._copy(now)

    def _sweep(self, now: float) -> None:
        self._refuse_author()
        self._swept = now
        for identity in self._troubled:
            self._rot(identity)
        self._troubled = frozenset()
        if not self._holdings.look_around():
            self._swept = -_SWEEP  # the next turn goes on with it
            return
        self._arrivals.look_at_watched()
        self._holdings.count()
        self._problem = ""  # the store was written

    def _copy(self, now: float) -> None:
        wait = _COPY_SOON if self._ground.store.fresh else _COPY
        if now - self._copied < max(wait, _COPY_SHARE * self._copying):
            return
        self._copied = now
        self._ground.store.save_copy()
        self._copying = self._ground.steady() - now

    def close(self) -> None:
        """Stop offering, and write down what was given. MachineFailed if that could not be."""
        self._ground.stop.set()
        try:
            self._scrub.close()
            self._holdings.close()
            self._meter.tick(self._fetches.traffic)
            self._meter.write()
            self._ground.store.save_copy()
        finally:
            self._fetches.close()
            self._ground.session.close()

    def _mind_clock(self, jump: Jump | None) -> None:
        """The clock may be wrong; no limit is looser for it."""
        if jump:
            self._ground.journal.add(jump.told)
            self._meter.jumped(jump)
            self._tombs.jumped(jump)

    def _scrub_now(self, identity: str) -> None:
        held = {one.identity for one in self._holdings.offered()}
        if identity and identity not in held:
            raise InputRefused(
                "this node offers nothing with that id", "`packager seed status` lists them"
            )
        self._scrub.ask({identity} if identity else held)

    def _rotten(self, identity: str) -> None:
        """The scrub found bytes that went bad: not one more is offered, whatever else is done."""
        self._holdings.hush(identity)
        with self._ground.work:
            self._rot(identity)

    def _rot(self, identity: str) -> None:
        kept = self._holdings.rotten(identity)
        if kept:
            self._ground.journal.add(
                f"bytes of {kept.name} went bad on the disk; they are fetched again"
            )
            self._fetches.mend(kept)

    def _pause(self, *, paused: bool) -> None:
        if paused:  # at once, also where it cannot be written down
            self._meter.silence.add(Silence.OWNER)
            self._meter.tick(self._fetches.traffic)
        self._ground.store.paused = paused
        if not paused:
            self._meter.silence.discard(Silence.OWNER)
            self._meter.tick(self._fetches.traffic)

    def _add(self, subject: str, checks: frozenset[str] = frozenset()) -> str:
        """Offer what is here, fetch what is not; the id."""
        if subject.startswith("magnet:"):
            return self._fetches.add(subject.encode("ascii", "replace"), checks)
        path = Path(subject)
        if record := opening.notice_at(path):
            now = int(self._ground.clock())
            if self._tombs.receive(record, self._holdings.matching, now) is Answer.OBEYED:
                self._bury()
            self._swept = -_SWEEP  # so that what waits is offered no more
            return ""
        if source := opening.torrent_without_files(path):
            return self._fetches.add(source, checks)
        return self._holdings.add(path, checks)

    def _bury(self) -> None:
        for told in self._holdings.bury():
            self._ground.journal.add(told)
        self._fetches.bury()

    def _settle(self, identity: str, *, obey: bool) -> None:
        """The owner's word about a withdrawal."""
        if not self._holdings.settle(identity, obey=obey):
            raise InputRefused(
                "no withdrawal of that release waits for your word",
                "look at `packager seed status`",
            )
        self._bury()
        self._swept = -_SWEEP

    def _renew(self) -> None:
        self._consented = self._ground.store.consented = int(self._ground.clock())
        self._mind_consent()
        self._meter.tick(self._fetches.traffic)

    def _word(self) -> Word:
        return Word(self._consented, self._ground.config.consent.days)

    def _mind_route(self, now: float) -> None:
        """Offer nothing while a private route is gone, or another one is to be taken."""
        via = self._ground.wiring.via
        if self._wanted != self._ground.wiring:
            self._move()
            return
        if via is None:
            self._meter.silence.discard(Silence.ROUTE)
            return
        if now - self._route_seen < _ROUTE:
            return
        self._route_seen = now
        gone = Silence.ROUTE in self._meter.silence
        if routes.problem(via):
            self._meter.silence.add(Silence.ROUTE)
        elif gone:
            self._ground.session.reopen()
            self._fetches.reopen()
            self._meter.silence.discard(Silence.ROUTE)

    def _move(self) -> None:
        """Leave every swarm by the old route, and come back by the new one."""
        ground = self._ground
        if not ground.work.acquire(blocking=False):
            return  # the next turn
        try:
            self._holdings.leave()
            self._fetches.leave()
            ground.session.close()
            ground.wiring = self._wanted
            ground.session = Session(ground.wiring)
            self.address = ground.wiring.listen
            self._route_seen = -_ROUTE
            self._mind_consent()
            self._meter.tick(Traffic())
        finally:
            ground.work.release()
        try:
            self.address = ground.session.wait_until_listening()
        except MachineFailed as error:  # it does not go back to where it was not to be
            ground.journal.add(error.fact)
        ground.journal.write(self.where)

    def _mind_consent(self) -> None:
        """Only who listens on loopback alone needs nobody's word."""
        ground = self._ground
        lapsed = not ground.wiring.local and self._word().lapsed(ground.clock())
        (self._meter.silence.add if lapsed else self._meter.silence.discard)(Silence.CONSENT)

    def _refuse_author(self) -> None:
        """A daily key may have come into the home since the node started."""
        author = bool(self._ground.home.publishers())
        wiring = self._ground.wiring
        if problem := policy.listen_problem(wiring, daily_key=author, accepted_risk=True):
            raise problem

    def _status(self, only: str = "") -> Status:
        reading, ground = self._meter.reading(), self._ground
        silence = reading.orders.silence
        problem = self._problem or self._meter.problem or self._fetches.problem
        node = NodeStatus(
            listening=ground.session.listening() is not None,
            reached=ground.session.reached,
            address=str(self.address.host),
            port=self.address.port,
            route=ground.wiring.shown,
            offline=ground.wiring.offline,
            paused=Silence.OWNER in silence,
            silent=tuple(sorted(silence)),
            upload_limit=_or_none(reading.orders.upload),
            download_limit=_or_none(reading.orders.download),
            limits_change=reading.change,
            sent_today=reading.today.sent,
            received_today=reading.today.received,
            sent_this_month=reading.month.sent,
            month_cap=_or_none(ground.config.rules.month.upload),
            consent_until=self._word().until,
            held=self._holdings.size() + self._fetches.size(),
            quota=_or_none(ground.config.disk.quota),
            free=meter.free_bytes(ground.home.path),
            version=version("magnitizdat"),
            uptime_seconds=int(ground.steady() - self._started),
            scrub_behind=self._scrub.behind(),
            problem=problem,
            notes=(*ground.store.notes, *ground.journal, *filter(None, [problem])),
        )
        held = self._holdings.statuses(only, silent=bool(silence))
        return Status(held + self._fetches.statuses(only), node)


def _or_none(limit: int | None) -> int:
    return -1 if limit is None else limit
