"""The releases in a node's hands: added, checked, watched, rested, let go.

Nothing is offered before its seal opened with a pin of this home and every piece was hashed here.
Long work (verifying, hashing) runs in a worker thread, one release at a time.
"""

import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from packager import words
from packager.errors import CheckFailed, InputRefused, MachineFailed, PackagerError
from packager.notice import Notice
from packager.seed import limits, meter, policy
from packager.seed.control import ReleaseStatus, State
from packager.seed.erasing import erase, erase_ours
from packager.seed.ground import Ground
from packager.seed.held import ROTTEN, Held, Look, first_state, grave, identity_of, keep, shown
from packager.seed.opening import Opened, changed, locate, open_release, take_prints
from packager.seed.session import STILL
from packager.seed.store import Answer, Kept
from packager.seed.tombs import Tombs, buried

_GLANCES = 500  # releases to look at in one turn, so that nobody waits
_GOODBYE = 3.0  # seconds to wait for the worker when stopping


class Holdings:
    """All releases of a node. Changing methods want ``ground.work`` to be held."""

    def __init__(self, ground: Ground, tombs: Tombs) -> None:
        self._ground = ground
        self._tombs = tombs
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._held = {
            one.identity: Held(one, first_state(one), one.uploaded)
            for one in ground.store.releases()
        }
        self._unkept: set[str] = set()  # what the store could not write down
        self._unchecked: set[str] = set()  # what the machine did not let us check
        self._counted = {identity: held.uploaded for identity, held in self._held.items()}
        self._unseen: list[str] = []  # of the round under way
        self._pins: tuple[object, frozenset[str]] | None = None
        self._worker = threading.Thread(target=self._work, name="checks", daemon=True)

    def start(self) -> None:
        """Have everything checked that was held before."""
        self._worker.start()
        identities = list(self._held)
        for first in range(0, len(identities), _GLANCES):
            self._check_again(*identities[first : first + _GLANCES])

    def submit(self, job: Callable[[], None]) -> None:
        """Have something done by the worker, with ``ground.work`` held."""
        self._jobs.put(job)

    def close(self) -> None:
        """Wait a moment for the check under way, and write down what was given."""
        self._jobs.put(None)
        self._worker.join(_GOODBYE)
        self._ground.session.settle()
        self.count()

    def add(self, path: Path, checks: Iterable[str]) -> str:
        """Offer a release whose files are here; its id. The errors of ``policy`` otherwise."""
        home = self._ground.home
        return self.take(open_release(*locate(path), home.pins(), home.known()), frozenset(checks))

    def take(self, opened: Opened, checks: frozenset[str], *, ours: bool = False) -> str:
        """Offer a release that was opened; ``ours`` are files that this node fetched."""
        ground = self._ground
        allowed = checks | ground.config.allow.checks
        who = words.spell(opened.pin.words) if opened.pin else ""
        self._tombs.refuse(buried(who, opened.metainfo.info_hashes, opened.roots))
        if problem := policy.offer_problem(opened.facts, allowed):
            raise problem
        identity = identity_of(opened.metainfo)
        if not ours:
            self._refuse_crowd(identity, opened.metainfo.total)
        self._let_go(identity)
        before = self._held.get(identity)
        now = int(ground.clock())
        added = before.kept.added if before else now
        kept = replace(keep(opened, allowed), added=added, scrubbed=now, ours=ours)
        try:
            self._hash(opened)
            ground.store.keep(kept)
        except BaseException:
            ground.session.drop(identity)
            self._check_again(identity)  # it may have been in our hands, from another folder
            raise
        if before and before.kept.ours and before.kept.folder != kept.folder:
            erase(before.kept)  # the owner brought their own
        look = Look(opened.prints, trusted=True)
        self._held[identity] = Held(kept, State.SEEDING, before.uploaded if before else 0, look)
        ground.session.release(identity)
        return identity

    def leave(self) -> None:
        """Leave all swarms; the worker joins them again, by the route that is set then."""
        for identity in [one for one, held in self._held.items() if held.state is State.SEEDING]:
            self._let_go(identity)
            self._check_again(identity)

    def holds(self, identity: str) -> bool:
        """Whether a release is in this node's hands, in whatever state."""
        return identity in self._held

    def remove(self, identity: str) -> None:
        """Offer and remember it no more; files that this node fetched go, others stay."""
        if identity not in self._held:
            raise InputRefused(
                "this node holds nothing with that id", "`packager seed status` lists them"
            )
        self._let_go(identity)
        kept = self._held[identity].kept
        erase_ours(kept, self._ground)  # first: what is forgotten is never deleted
        try:
            self._ground.store.forget(identity)
        except BaseException:
            self._check_again(identity)
            raise
        del self._held[identity]

    def matching(self, notice: Notice) -> tuple[int, int]:
        """Releases of a notice's publisher, and how many of them it names."""
        of = words.spell(notice.words)
        mine = [one.kept for one in self._held.values() if one.kept.words == of]
        return len(mine), sum(grave(one).named_by(notice) for one in mine)

    def bury(self) -> tuple[str, ...]:
        """Delete what was withdrawn; a sentence about each."""
        told, gone = [], []
        for identity, held in list(self._held.items()):
            kept = held.kept
            if self._tombs.state(grave(kept)) is Answer.OBEYED:
                self._let_go(identity)
                left = erase(kept)
                gone.append(identity)
                told.append(f"{kept.name} was withdrawn by its publisher and deleted")
                told += [f"could not be deleted: {path}" for path in left]
        for identity in gone:  # last: a store that cannot be written stops nothing
            del self._held[identity]
            with suppress(MachineFailed):  # the next start does it
                self._ground.store.forget(identity)
        return tuple(told)

    def settle(self, identity: str, *, obey: bool) -> bool:
        """The owner's word about a withdrawal; False if none waits for it."""
        held = self._held.get(identity)
        return held is not None and self._tombs.answer(grave(held.kept), obey=obey)

    def offered(self) -> list[Kept]:
        """What is given right now, or would be if the node were not silent."""
        held = list(self._held.values())
        return [one.kept for one in held if one.state in {State.SEEDING, State.RESTING}]

    def sound(self, identity: str) -> None:
        """All of a release was read again, and is as it was."""
        if held := self._held.get(identity):
            held.kept = replace(held.kept, scrubbed=int(self._ground.clock()))
            self._keep(held.kept)

    def rotten(self, identity: str) -> Kept | None:
        """Offer a release no more whose bytes changed; what is to be fetched again, if anything.

        Nothing is, if somebody touched the files: then it is no rot, and they are not ours to mend.
        """
        given = self._ground.session.drop(identity)
        held = self._held.get(identity)
        if held is None or held.state is State.REPAIRING:
            return None
        held.uploaded += given
        held.state = State.CHECKING
        touched = self._look(held.kept, frozenset()).prints != held.kept.prints
        held.kept = replace(held.kept, prints=(), scrubbed=0 if touched else ROTTEN)
        self._keep(held.kept)
        if touched:
            self._check_again(identity)
            return None
        held.state = State.REPAIRING
        return held.kept

    def rotting(self) -> list[Kept]:
        """What was to be fetched again when the node stopped."""
        return [one.kept for one in self._held.values() if one.state is State.REPAIRING]

    def hush(self, identity: str) -> None:
        """Offer a release no more, at once; wants no lock."""
        self._let_go(identity)

    def mended(self, identity: str) -> None:
        """A release was fetched again: look at it as at any other."""
        if (held := self._held.get(identity)) and held.state is State.REPAIRING:
            held.state = State.CHECKING
            self._check_again(identity)

    def look_around(self) -> bool:
        """Take what changed out of the swarm, and have it checked again.

        Looks at some hundred releases, and at the next ones when called again; whether the round
        is over.
        """
        self._check_again(*self._unchecked)
        self._unchecked.clear()
        self._unseen = self._unseen or list(self._held)
        turn, self._unseen = self._unseen[:_GLANCES], self._unseen[_GLANCES:]
        swarms, trusted = self._ground.session.swarms(), self._pinned()
        for identity in turn:
            held = self._held.get(identity)
            if held is None or held.state in {State.CHECKING, State.REPAIRING}:
                continue
            if self._look(held.kept, trusted) == held.seen:
                self._rest(identity, held, swarms.get(identity, STILL).uploaded)
                continue
            self._let_go(identity)
            self._check_again(identity)
        return not self._unseen

    def count(self) -> None:
        """Write down what was given, and what could not be written down before."""
        for identity in list(self._unkept):
            if held := self._held.get(identity):
                self._ground.store.keep(held.kept)
            self._unkept.discard(identity)
        swarms = self._ground.session.swarms()
        totals = {
            identity: held.uploaded + swarms.get(identity, STILL).uploaded
            for identity, held in list(self._held.items())
        }
        self._ground.store.count(dict(totals.items() - self._counted.items()))
        self._counted = totals

    def size(self) -> int:
        """Bytes of all releases."""
        return sum(held.kept.size for held in list(self._held.values()))

    def statuses(self, only: str, *, silent: bool) -> tuple[ReleaseStatus, ...]:
        """How they are, by id."""
        swarms = self._ground.session.swarms()
        return tuple(
            shown(held, swarms.get(identity, STILL), silent=silent)
            for identity, held in sorted(self._held.items())
            if only in {"", identity}
        )

    def _refuse_crowd(self, identity: str, size: int) -> None:
        ground = self._ground
        others = self.size() - (self._held[identity].kept.size if identity in self._held else 0)
        free = meter.free_bytes(ground.home.path)
        if problem := limits.room_problem(ground.config.disk, others, size, free, 0):
            raise problem

    def _hash(self, opened: Opened) -> None:
        """Hash all pieces; what was judged has to be what was hashed."""
        ground = self._ground
        trackers = policy.trackers(opened.metainfo.trackers, ground.wiring)
        identity = ground.session.hash_and_hold(
            opened.torrent, opened.content.parent, trackers, ground.stop.is_set
        )
        if identity is None and ground.stop.is_set():
            raise MachineFailed("the node stops", "add it again once it runs")
        if identity is None:
            raise CheckFailed(
                "the files are not those that the torrent names", "get the release again"
            )
        if take_prints(opened.content) != opened.prints:
            ground.session.drop(identity)
            raise changed()

    def _work(self) -> None:
        """The worker: one job after the other."""
        while (job := self._jobs.get()) is not None and not self._ground.stop.is_set():
            with self._ground.work:
                try:
                    job()
                except Exception as error:  # noqa: BLE001 -- the worker must outlive a mistake of ours
                    told = f"the node made a mistake: {type(error).__name__}: {error}"
                    self._ground.journal.add(told)

    def _check_again(self, *identities: str) -> None:
        self._jobs.put(partial(self._look_closely, identities))

    def _look_closely(self, identities: Iterable[str]) -> None:
        """Offer again what nobody touched; what has to be read first comes after all of that."""
        trusted = self._pinned()
        for identity in identities:
            held = self._held.get(identity)
            if held is None or held.state is not State.CHECKING:
                continue
            held.seen = self._look(held.kept, trusted)
            if (objection := held.seen.objection) is not None:
                held.state = objection
            elif policy.untouched(held.kept.prints, held.seen.prints):
                held.state = self._offer_known(held.kept)
            else:
                self._jobs.put(partial(self._read_again, held))

    def _offer_known(self, kept: Kept) -> State:
        self._ground.session.drop(kept.identity)
        try:
            self._ground.session.offer_known(kept.torrent, kept.folder, identity=kept.identity)
        except PackagerError:
            return State.ALTERED
        return State.SEEDING

    def _read_again(self, held: Held) -> None:
        """Offer a release again if it still is what it was when its owner added it."""
        if held.state is State.CHECKING and self._held.get(held.kept.identity) is held:
            held.seen = self._look(held.kept, self._pinned())
            try:
                held.state = held.seen.objection or self._check(held)
            except MachineFailed as error:  # that says nothing about the release
                self._ground.journal.write(f"{held.kept.name} waits: {error.fact}")
                self._unchecked.add(held.kept.identity)

    def _check(self, held: Held) -> State:
        kept, ground = held.kept, self._ground
        try:
            home = ground.home
            ground.journal.write(f"{kept.name} is checked again: its files were touched")
            opened = open_release(kept.torrent, kept.content, home.pins(), home.known())
            if policy.offer_problem(opened.facts, kept.allowed):
                return State.ALTERED
            self._hash(opened)
        except MachineFailed:
            raise
        except PackagerError:
            return State.ALTERED
        held.kept = replace(
            keep(opened, kept.allowed),
            added=kept.added,
            scrubbed=int(ground.clock()),
            ours=kept.ours,
        )
        self._keep(held.kept)
        ground.session.release(kept.identity)
        return State.SEEDING

    def _keep(self, kept: Kept) -> None:
        """Write down what is known of a release; if that cannot be now, then later."""
        try:
            self._ground.store.keep(kept)
        except MachineFailed:
            self._unkept.add(kept.identity)

    def _rest(self, identity: str, held: Held, lately: int) -> None:
        """Let a release rest that was given often or long enough, and wake it if rules change.

        ``lately`` are the bytes given since it was last added to the engine.
        """
        rule = self._ground.config.rest_of(held.kept.publisher)
        age = int(self._ground.clock()) - held.kept.added
        rests = rule.reached(held.uploaded + lately, held.kept.size, age)
        if rests and held.state is State.SEEDING:
            held.state = State.RESTING
            held.uploaded += self._ground.session.drop(identity)
        elif not rests and held.state is State.RESTING:
            held.state = State.CHECKING
            self._check_again(identity)

    def _let_go(self, identity: str) -> None:
        """Offer a release no more, until it was checked."""
        given = self._ground.session.drop(identity)
        if held := self._held.get(identity):
            held.uploaded += given
            held.state = State.CHECKING

    def _look(self, kept: Kept, trusted: frozenset[str]) -> Look:
        withdrawn = self._tombs.state(grave(kept)) is Answer.WAITING
        try:
            prints = take_prints(kept.content)
        except PackagerError:
            prints = ()
        return Look(prints, kept.words in trusted, withdrawn)

    def _pinned(self) -> frozenset[str]:
        """The words of everybody trusted, or nobody if they cannot be read.

        Read again when the pins change.
        """
        try:
            return self._read_pins()
        except PackagerError:
            return frozenset()

    def _read_pins(self) -> frozenset[str]:
        home = self._ground.home
        path = home.path / "pins"
        facts = path.stat() if path.exists() else None
        state = (facts and (facts.st_mtime_ns, facts.st_ino, facts.st_size), home.publishers())
        if self._pins is None or self._pins[0] != state:
            spelt = frozenset(words.spell(pin.words) for pin in home.pins())
            self._pins = (state, spelt)
        return self._pins[1]
