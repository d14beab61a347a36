"""Releases that are not here yet: fetched in quarantine, judged, then handed to the holdings.

First the metadata is judged, before a byte of a file is asked for; then the tails, where seals
sit; the rest follows only if a pin opened one. What fails is deleted at once.
"""

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from packager import torrent
from packager.errors import CannotTell, InputRefused, MachineFailed, PackagerError
from packager.files import guarded_writes
from packager.seed import carrying, jobs, limits, meter, pieces, policy
from packager.seed.amounts import human
from packager.seed.carrying import QUARANTINE
from packager.seed.control import ReleaseStatus
from packager.seed.ground import Ground
from packager.seed.holdings import Holdings
from packager.seed.jobs import Job, Stage
from packager.seed.ledger import Traffic
from packager.seed.opening import open_release
from packager.seed.peek import peek
from packager.seed.quarantine import Quarantine
from packager.seed.store import Fetch, Kept
from packager.seed.tombs import Tombs
from packager.torrent import Metainfo

_TRIES = 5  # looks at a tail that may not be on the disk yet
_AGAIN = 10.0  # seconds until something is tried again that the machine refused
_HOLD = 2.0  # seconds of fetching that a kill may lose
_NOTE = 100_000  # bytes a second, at most, to note what was learned


@dataclass(slots=True)
class Fetches:
    """All fetches of a node. Changing methods want ``ground.work`` to be held."""

    ground: Ground
    holdings: Holdings
    tombs: Tombs
    problem: str = ""
    """Why nothing is fetched just now, such as a full disk; or empty."""
    _jobs: dict[str, Job] = field(default_factory=dict)
    _session: Quarantine | None = None
    _flushed: float = 0.0
    _silent: bool = True  # until the first orders

    def start(self) -> None:
        """Go on with what was under way, and clear away what nobody waits for."""
        known = {one.identity: one for one in self.ground.store.fetches()}
        with suppress(MachineFailed):
            _sweep(self.ground.shelf / QUARANTINE, known.keys())
        for one in known.values():
            self._go_on(one)

    def _go_on(self, fetch: Fetch) -> None:
        identity = fetch.identity
        if not fetch.shelf.is_absolute():  # of an older version's state
            with suppress(MachineFailed):
                fetch = replace(fetch, shelf=self.ground.shelf)
        job = self._jobs[identity] = Job(fetch, ())
        if self.holdings.holds(identity):  # it was taken, and then the power went
            with suppress(MachineFailed):
                self._clear(identity)
            return
        if job.target.is_dir():  # it was not
            carrying.take_back(job.target, job.folder)
        self._try(identity, job, self._begin)

    def add(self, untrusted_source: bytes, checks: frozenset[str]) -> str:
        """Fetch a torrent or the torrent of a magnet link; its id."""
        found = jobs.hashes(untrusted_source)
        identity = (found.v1 or found.v2 or b"").hex()[:40]
        if identity in self._jobs or self.holdings.holds(identity):
            return identity
        ground = self.ground
        now = int(ground.clock())
        job = Job(Fetch(identity, untrusted_source, checks, now, ground.shelf), ())
        self._jobs[identity] = job
        try:
            self._begin(job)
            ground.store.keep_fetch(job.fetch)
        except BaseException:
            self._clear(identity)
            raise
        return identity

    def mend(self, kept: Kept) -> None:
        """Fetch again what rotted of a release, into its own files."""
        fetch = Fetch(kept.identity, kept.torrent, kept.allowed, 0, kept.folder)
        metainfo = torrent.read(kept.torrent)
        job = self._jobs[kept.identity] = Job(fetch, (), metainfo, kept)
        self._try(kept.identity, job, self._begin)

    def holds(self, identity: str) -> bool:
        """Whether it is being fetched."""
        return identity in self._jobs

    def remove(self, identity: str) -> bool:
        """Give a fetch up, and delete what was fetched; False if there is none."""
        if identity not in self._jobs:
            return False
        if self._jobs[identity].kept:
            self._forget(identity)
            return False  # the release itself is the business of the holdings
        self._clear(identity)
        return True

    def bury(self) -> None:
        """Give up what was withdrawn meanwhile."""
        for identity in list(self._jobs):
            job = self._jobs[identity]
            if job.kept is None and self.tombs.state(job.grave):
                self._give_up(identity, "its publisher has withdrawn it")

    def size(self) -> int:
        """Bytes of all that is to come."""
        return sum(job.size for job in list(self._jobs.values()) if job.kept is None)

    @property
    def traffic(self) -> Traffic:
        """Counters of the quarantine."""
        return self._session.traffic if self._session else Traffic()

    def tick(self, orders: limits.Orders) -> None:
        """Take each fetch one step further."""
        self.problem = self._crowded() if self._jobs else ""
        if self._session:
            self._session.pulse()
            self._session.limit(orders.download)
            hold = orders.silence - {limits.Silence.MONTH, limits.Silence.HOURS}
            self._silent = bool(hold) or orders.download == 0 or bool(self.problem)
            self._session.hush(silent=self._silent)
            self._note()
        for identity, job in list(self._jobs.items()):
            if job.stage is Stage.WAITING:
                if self.ground.steady() >= job.again:
                    self._try(identity, job, self._begin)
            elif job.stage is not Stage.JUDGING:
                job.progress = self._engine().progress(identity)
                self._try(identity, job, self._step)

    def statuses(self, only: str) -> tuple[ReleaseStatus, ...]:
        """How they are, by id."""
        return tuple(
            job.shown()
            for identity, job in sorted(self._jobs.items())
            if only in {"", identity} and job.kept is None
        )

    def reopen(self) -> None:
        """The route is back."""
        if self._session:
            self._session.reopen()

    def hush(self) -> None:
        """Fetch nothing until the next orders; wants no lock."""
        self._silent = True
        if self._session:
            self._session.hush(silent=True)

    def leave(self) -> None:
        """Leave the swarms; the next turn joins them again, by the route that is set then."""
        self.close()
        self._session, self._silent = None, True
        for job in self._jobs.values():
            if job.stage is not Stage.JUDGING:
                job.stage, job.problem, job.again = Stage.WAITING, "", 0.0

    def close(self) -> None:
        """Leave the swarms; what was fetched so far stays for the next start."""
        if self._session:
            self._session.close()

    def _try(self, identity: str, job: Job, step: Callable[[Job], None]) -> None:
        """Do something for a fetch; only what is wrong with it itself ends it."""
        try:
            step(job)
        except MachineFailed as error:
            self._wait(identity, job, error.fact)
        except PackagerError as error:
            self._give_up(identity, error.fact)

    def _wait(self, identity: str, job: Job, why: str) -> None:
        """Let a fetch rest that the machine cannot go on with; nothing of it is lost."""
        if self._session:
            self._session.drop(identity)
        if job.problem != why:
            self.ground.journal.write(f"{identity} waits: {why}")
        job.stage, job.problem, job.again = Stage.WAITING, why, self.ground.steady() + _AGAIN

    def _begin(self, job: Job) -> None:
        """Join a swarm. What lies in quarantine of it is hashed, whatever was written down."""
        source, identity = job.fetch.source, job.fetch.identity
        engine, wiring = self._engine(), self.ground.wiring
        job.tries = 0
        if job.kept is None:
            self._there(job)
        if jobs.is_link(source):
            link = torrent.read_link(source.decode("ascii", "replace"))
            job.trackers = policy.trackers(link.trackers, wiring)
            engine.follow(link.info_hashes, job.folder, job.trackers, job.fetch.resume)
            job.stage = Stage.METADATA
        else:
            metainfo = torrent.read(source)
            job.trackers = policy.trackers(metainfo.trackers, wiring)
            if job.kept is None:
                self._accept(job, metainfo)
            engine.fetch(source, job.kept.folder if job.kept else job.folder, job.trackers)
            engine.want(identity, None if job.kept else pieces.tails(metainfo))
            job.stage = Stage.MENDING if job.kept else Stage.SEALS
        job.problem = ""

    def _there(self, job: Job) -> None:
        """See that its folder is there; a disk that is not is not replaced by an empty folder."""
        if not job.fetch.shelf.is_dir():
            raise MachineFailed("the disk that it was fetched to is not there")
        with guarded_writes():
            job.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _accept(self, job: Job, metainfo: Metainfo) -> None:
        """Judge the metadata."""
        if problem := policy.metadata_problem(metainfo):
            raise problem
        held = self.holdings.size() + self.size() - job.size
        job.metainfo = metainfo
        free = meter.free_bytes(job.fetch.shelf)
        disk = self.ground.config.disk
        if problem := limits.room_problem(disk, held, metainfo.total, free, job.missing()):
            raise problem

    def _step(self, job: Job) -> None:
        engine, identity = self._engine(), job.fetch.identity
        if job.progress.problem:
            raise (InputRefused if job.progress.bad else MachineFailed)(job.progress.problem)
        if job.stage is Stage.METADATA:
            if (info := engine.metadata(identity)) is not None:
                self._accept(job, torrent.read_info(info))
                engine.go_on(identity, job.folder, job.trackers, job.fetch.resume)
                engine.note(identity)
                engine.want(identity, pieces.tails(job.known))
                job.stage = Stage.SEALS
        elif job.stage is Stage.SEALS and job.progress.wanted_here:
            if self._seal_opens(job):
                engine.want(identity, None)
                job.stage = Stage.REST
        elif job.stage is Stage.MENDING and job.progress.whole:
            self._forget(identity)
            self.holdings.mended(identity)
        elif job.stage is Stage.REST and job.progress.whole:
            job.tries += 1
            engine.flush(identity)
            if job.tries > 1:  # a turn after the flush
                job.stage = Stage.JUDGING
                self.holdings.submit(lambda: self._try(identity, job, self._judge))

    def _seal_opens(self, job: Job) -> bool:
        """Whether a pin opens a seal; False if the disk is to be asked again. Errors as found."""
        pins, known = self.ground.home.pins(), self.ground.home.known()
        paths = [
            job.content / one.path for one in job.known.files if one.path.suffix in policy.SEALED
        ]
        seals = [found for path in paths if path.exists() and (found := peek(path, pins, known))]
        if not seals:
            job.tries += 1
            if job.tries < _TRIES:
                return False
            raise CannotTell("no trusted publisher's words open a seal in it")
        job.seals = tuple(seals)
        self.tombs.refuse(job.grave)
        checks = job.fetch.allowed | self.ground.config.allow.checks
        if problem := policy.stubborn_problem(
            policy.overruled(one.manifest for one in seals), checks
        ):
            raise problem
        job.tries = 0
        return True

    def _judge(self, job: Job) -> None:
        """All of it is here: judge it as any release, and offer it."""
        identity, ground = job.fetch.identity, self.ground
        if self._jobs.get(identity) is not job:
            return
        self._engine().drop(identity)
        data = jobs.torrent_of(job, job.content)
        opened = open_release(data, job.content, ground.home.pins(), ground.home.known())
        checks = job.fetch.allowed | ground.config.allow.checks
        if problem := policy.offer_problem(opened.facts, checks):
            raise problem
        try:
            content = carrying.shelve(job.content, job.target, data)
            self.holdings.take(replace(opened, content=content), job.fetch.allowed, ours=True)
        except BaseException:
            carrying.take_back(job.target, job.folder)
            raise
        self._clear(identity)

    def _give_up(self, identity: str, why: str) -> None:
        job = self._jobs[identity]
        if job.kept:
            self.ground.journal.add(f"{job.kept.name} could not be mended: {why}")
            self._forget(identity)
            self.holdings.mended(identity)
            return
        self.ground.journal.add(f"what {identity} would have fetched was deleted: {why}")
        with suppress(MachineFailed):  # it is judged again at the next start
            self._clear(identity)

    def _clear(self, identity: str) -> None:
        """Forget a fetch and delete what lies in quarantine of it."""
        job = self._jobs[identity]
        self._forget(identity)
        shutil.rmtree(job.folder, ignore_errors=True)
        self.ground.store.forget_fetch(identity)

    def _forget(self, identity: str) -> None:
        del self._jobs[identity]
        if self._session:
            self._session.drop(identity)

    def _note(self) -> None:
        """Have on the disk what came, and what was learned of links: metadata, hashes of pieces.

        libtorrent counts pieces as done that it still holds back; a kill would lose those.
        """
        engine, now = self._engine(), self.ground.steady()
        if now - self._flushed >= _HOLD:
            self._flushed = now
            for identity, job in self._jobs.items():
                if job.stage in {Stage.SEALS, Stage.REST, Stage.MENDING}:
                    engine.flush(identity)
                    if job.linked and now >= job.again:
                        job.again = now + len(job.fetch.resume) / _NOTE
                        engine.note(identity)
        for identity, data in engine.notes():
            under_way = self._jobs.get(identity)
            if under_way and under_way.fetch.resume != data:
                under_way.fetch = replace(under_way.fetch, resume=data)
                with suppress(MachineFailed):  # the swarm knows it, too
                    self.ground.store.keep_resume(identity, data)

    def _crowded(self) -> str:
        """Why nothing more may be written, or nothing."""
        floor = self.ground.config.disk.keep_free
        try:
            free = meter.free_bytes(self.ground.shelf)
        except MachineFailed as error:
            return error.fact
        except OSError as error:
            return f"the folder for fetched releases cannot be looked at: {error.strerror}"
        if free >= floor:
            return ""
        return f"the disk has {human(free)} free and {human(floor)} are to stay free"

    def _engine(self) -> Quarantine:
        if self._session is None:
            self._session = Quarantine(self.ground.wiring)
            self._session.hush(silent=self._silent)
        return self._session


def _sweep(folder: Path, known: Collection[str]) -> None:
    """Delete what lies in quarantine and belongs to nobody."""
    for left in folder.iterdir() if folder.is_dir() else ():
        if left.name not in known:
            shutil.rmtree(left, ignore_errors=True)
