"""Releases that are not here yet: fetched in quarantine, judged, then handed to the holdings.

First the metadata is judged, before a byte of a file is asked for; then the tails, where seals
sit; the rest follows only if a pin opened one. What fails is deleted at once.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from packager import merkle, sweep, torrent, words
from packager.errors import CannotTell, InputRefused, MachineFailed, PackagerError
from packager.files import guarded_writes
from packager.seal import Seal
from packager.seed import limits, meter, pieces, policy
from packager.seed.control import ReleaseStatus, State
from packager.seed.ground import Ground
from packager.seed.holdings import Holdings
from packager.seed.ledger import Traffic
from packager.seed.opening import open_release
from packager.seed.peek import peek
from packager.seed.quarantine import Progress, Quarantine
from packager.seed.store import Fetch, Kept
from packager.seed.tombs import Buried, Tombs, buried
from packager.torrent import FileHashes, InfoHashes, Metainfo

_TRIES = 5  # looks at a tail that may not be on the disk yet
_NOTHING = Progress(0, wanted_here=False, whole=False, peers=0, given=0, problem="")


class Stage(StrEnum):
    """How far a fetch has come."""

    METADATA = "metadata"
    SEALS = "seals"
    REST = "rest"
    JUDGING = "judging"
    MENDING = "mending"  # a release of ours, in its place


@dataclass(slots=True)
class Job:
    """One fetch under way."""

    fetch: Fetch
    trackers: tuple[str, ...]
    metainfo: Metainfo | None = None
    stage: Stage = Stage.METADATA
    tries: int = 0
    seals: tuple[Seal, ...] = ()
    progress: Progress = _NOTHING

    @property
    def size(self) -> int:
        """Bytes of all its files, as far as they are known."""
        return self.metainfo.total if self.metainfo else 0


@dataclass(slots=True)
class Fetches:
    """All fetches of a node. Changing methods want ``ground.work`` to be held."""

    ground: Ground
    holdings: Holdings
    tombs: Tombs
    _jobs: dict[str, Job] = field(default_factory=dict)
    _session: Quarantine | None = None

    def start(self) -> None:
        """Go on with what was under way, and clear away what nobody waits for."""
        known = {one.identity: one for one in self.ground.store.fetches()}
        folder = self.ground.shelf / "quarantine"
        for left in folder.iterdir() if folder.is_dir() else ():
            if left.name not in known:
                shutil.rmtree(left, ignore_errors=True)
        for one in known.values():
            try:
                self._begin(one)
            except PackagerError as error:
                self._give_up(one.identity, error.fact)

    def add(self, untrusted_source: bytes, checks: frozenset[str]) -> str:
        """Fetch a torrent or the torrent of a magnet link; its id."""
        fetch = Fetch("", untrusted_source, checks, int(self.ground.clock()))
        hashes = _hashes(untrusted_source)
        identity = (hashes.v1 or hashes.v2 or b"").hex()[:40]
        if identity not in self._jobs and not self.holdings.holds(identity):
            fetch = Fetch(identity, fetch.source, checks, fetch.started)
            self._begin(fetch)
            self.ground.store.keep_fetch(fetch)
        return identity

    def mend(self, kept: Kept) -> None:
        """Fetch again what rotted of a release, into its own files."""
        metainfo = torrent.read(kept.torrent)
        fetch = Fetch(kept.identity, kept.torrent, kept.allowed, int(self.ground.clock()))
        urls = policy.trackers(metainfo.trackers, self.ground.wiring)
        self._engine().fetch(kept.torrent, kept.folder, urls)
        self._engine().want(kept.identity, None)
        self._jobs[kept.identity] = Job(fetch, urls, metainfo, Stage.MENDING)

    def remove(self, identity: str) -> bool:
        """Give a fetch up, and delete what was fetched; False if there is none."""
        if identity not in self._jobs:
            return False
        if self._jobs[identity].stage is Stage.MENDING:
            self._jobs.pop(identity)
            self._engine().drop(identity)
            return False  # the release itself is the business of the holdings
        self._clear(identity)
        return True

    def bury(self) -> None:
        """Give up what was withdrawn meanwhile."""
        for identity in list(self._jobs):
            job = self._jobs[identity]
            if job.stage is not Stage.MENDING and self.tombs.state(_grave(job)):
                self._give_up(identity, "its publisher has withdrawn it")

    def size(self) -> int:
        """Bytes of all that is to come."""
        jobs = list(self._jobs.values())
        return sum(job.size for job in jobs if job.stage is not Stage.MENDING)

    @property
    def traffic(self) -> Traffic:
        """Counters of the quarantine."""
        return self._session.traffic if self._session else Traffic()

    def tick(self, orders: limits.Orders) -> None:
        """Take each fetch one step further."""
        if self._session is None:
            return
        self._session.pulse()
        self._session.limit(orders.download)
        full = self._disk_is_full()
        hold = orders.silence - {limits.Silence.MONTH, limits.Silence.HOURS}
        self._session.hush(silent=bool(hold) or orders.download == 0 or full)
        for identity, job in list(self._jobs.items()):
            if job.stage is Stage.JUDGING:
                continue
            job.progress = self._session.progress(identity)
            try:
                self._step(identity, job)
            except PackagerError as error:
                self._give_up(identity, error.fact)

    def statuses(self, only: str) -> tuple[ReleaseStatus, ...]:
        """How they are, by id."""
        return tuple(
            ReleaseStatus(
                id=identity,
                name=job.metainfo.name if job.metainfo else "",
                publisher="",
                state=State.FETCHING,
                size=job.size,
                uploaded=0,
                peers=job.progress.peers,
                done=job.progress.done,
                note=job.progress.problem or str(job.stage),
                title="",
                overruled=(),
            )
            for identity, job in sorted(self._jobs.items())
            if only in {"", identity} and job.stage is not Stage.MENDING
        )

    def reopen(self) -> None:
        """The route is back."""
        if self._session:
            self._session.reopen()

    def close(self) -> None:
        """Leave the swarms; what was fetched so far stays for the next start."""
        if self._session:
            self._session.close()

    def _begin(self, fetch: Fetch) -> None:
        source = fetch.source
        folder = self._quarantine(fetch.identity)
        if source.startswith(b"magnet:"):
            link = torrent.read_link(source.decode("ascii", "replace"))
            job = Job(fetch, policy.trackers(link.trackers, self.ground.wiring))
            self._engine().follow(link.info_hashes, folder, job.trackers)
        else:
            metainfo = torrent.read(source)
            job = Job(fetch, policy.trackers(metainfo.trackers, self.ground.wiring))
            self._accept(job, metainfo)
            self._engine().fetch(source, folder, job.trackers)
        self._jobs[fetch.identity] = job
        with guarded_writes():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if job.metainfo:
            self._engine().want(fetch.identity, pieces.tails(job.metainfo))

    def _accept(self, job: Job, metainfo: Metainfo) -> None:
        """Judge the metadata; the next stage is the seals."""
        if problem := policy.metadata_problem(metainfo):
            raise problem
        held = self.holdings.size() + self.size() - job.size
        free = meter.free_bytes(self.ground.shelf)
        disk = self.ground.config.disk
        if problem := limits.room_problem(disk, held, metainfo.total, free, metainfo.total):
            raise problem
        job.metainfo, job.stage = metainfo, Stage.SEALS

    def _step(self, identity: str, job: Job) -> None:
        engine = self._engine()
        if job.progress.problem:
            raise MachineFailed(job.progress.problem)
        if job.stage is Stage.METADATA:
            if (info := engine.metadata(identity)) is not None:
                self._accept(job, torrent.read_info(info))
                engine.want(identity, pieces.tails(torrent.read_info(info)))
        elif job.stage is Stage.SEALS and job.progress.wanted_here:
            if self._seal_opens(job):
                engine.want(identity, None)
                job.stage = Stage.REST
        elif job.stage is Stage.MENDING and job.progress.whole:
            engine.drop(identity)
            del self._jobs[identity]
            self.holdings.mended(identity)
        elif job.stage is Stage.REST and job.progress.whole:
            job.tries += 1
            engine.flush(identity)
            if job.tries > 1:  # a turn after the flush
                job.stage = Stage.JUDGING
                self.holdings.submit(lambda: self._judge(identity))

    def _seal_opens(self, job: Job) -> bool:
        """Whether a pin opens a seal; False if the disk is to be asked again. Errors as found."""
        pins, known = self.ground.home.pins(), self.ground.home.known()
        content = self._quarantine(job.fetch.identity) / _known(job).name
        paths = [
            content / one.path for one in _known(job).files if one.path.suffix in policy.SEALED
        ]
        seals = [found for path in paths if path.exists() and (found := peek(path, pins, known))]
        if not seals:
            job.tries += 1
            if job.tries < _TRIES:
                return False
            raise CannotTell("no trusted publisher's words open a seal in it")
        job.seals = tuple(seals)
        self.tombs.refuse(_grave(job))
        checks = job.fetch.allowed | self.ground.config.allow.checks
        if problem := policy.stubborn_problem(
            policy.overruled(one.manifest for one in seals), checks
        ):
            raise problem
        job.tries = 0
        return True

    def _judge(self, identity: str) -> None:
        """All of it is here: judge it as any release, and offer it."""
        job = self._jobs.get(identity)
        if job is None:
            return
        self._engine().drop(identity)
        home = self.ground.home
        target = self.ground.shelf / "releases" / identity
        try:
            content = self._quarantine(identity) / _known(job).name
            data = _torrent_of(job, content)
            if problem := policy.offer_problem(
                open_release(data, content, home.pins(), home.known()).facts,
                job.fetch.allowed | self.ground.config.allow.checks,
            ):
                raise problem
            with guarded_writes():
                target.mkdir(parents=True, exist_ok=True, mode=0o700)
                content.rename(target / content.name)
            opened = open_release(data, target / content.name, home.pins(), home.known())
            self.holdings.take(opened, job.fetch.allowed, ours=True)
        except PackagerError as error:
            shutil.rmtree(target, ignore_errors=True)
            self._give_up(identity, error.fact)
        else:
            self._clear(identity)

    def _give_up(self, identity: str, why: str) -> None:
        job = self._jobs.get(identity)
        if job and job.stage is Stage.MENDING:
            self.ground.journal.add(f"{_known(job).name} could not be mended: {why}")
            del self._jobs[identity]
            self._engine().drop(identity)
            self.holdings.mended(identity)
            return
        self.ground.journal.add(f"what {identity} would have fetched was deleted: {why}")
        self._clear(identity)

    def _clear(self, identity: str) -> None:
        """Forget a fetch and delete what lies in quarantine of it."""
        self._jobs.pop(identity, None)
        if self._session:
            self._session.drop(identity)
        self.ground.store.forget_fetch(identity)
        shutil.rmtree(self._quarantine(identity), ignore_errors=True)

    def _disk_is_full(self) -> bool:
        if not self._jobs:
            return False
        with suppress(MachineFailed, OSError):
            return meter.free_bytes(self.ground.shelf) < self.ground.config.disk.keep_free
        return True

    def _engine(self) -> Quarantine:
        if self._session is None:
            self._session = Quarantine(self.ground.wiring)
        return self._session

    def _quarantine(self, identity: str) -> Path:
        return self.ground.shelf / "quarantine" / identity


def _grave(job: Job) -> Buried:
    """What a notice may name; nobody's before a seal was opened."""
    if not job.seals or job.metainfo is None:
        return Buried("", (), ())
    who = words.spell(words.of_root(job.seals[0].chain.first_root.raw))
    roots = [one.manifest.prefix_root for one in job.seals]
    return buried(who, job.metainfo.info_hashes, roots)


def _known(job: Job) -> Metainfo:
    if job.metainfo is None:
        raise ValueError(job.stage)
    return job.metainfo


def _hashes(untrusted_source: bytes) -> InfoHashes:
    if untrusted_source.startswith(b"magnet:"):
        return torrent.read_link(untrusted_source.decode("ascii", "replace")).info_hashes
    return torrent.info_hashes(untrusted_source)


def _torrent_of(job: Job, content: Path) -> bytes:
    """The torrent: as it came, or made of what the swarm told and of the files."""
    if not job.fetch.source.startswith(b"magnet:"):
        return job.fetch.source
    known = _known(job)
    files = known.files
    if known.kind.has_v2:
        files = tuple(_with_layer(one, content / one.path, known.piece_length) for one in files)
    try:
        made = torrent.build(
            known.name, files, known.piece_length, known.pieces, known.kind, job.trackers
        )
    except ValueError:
        made = b""
    if not made or torrent.info_hashes(made) != known.info_hashes:
        raise InputRefused("its torrent is not of the form that `packager pack` makes")
    return made


def _with_layer(file: FileHashes, path: Path, piece_length: int) -> FileHashes:
    if file.length <= piece_length:
        return file
    layer = sweep.file_tree(path)[1].layer(piece_length // merkle.BLOCK)
    return FileHashes(file.path, file.length, file.root, layer)
