"""One fetch under way: how far it has come, and what is known of it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packager import merkle, sweep, torrent, words
from packager.errors import InputRefused
from packager.seal import Seal
from packager.seed.carrying import QUARANTINE, RELEASES
from packager.seed.control import ReleaseStatus, State
from packager.seed.quarantine import Progress
from packager.seed.store import Fetch, Kept
from packager.seed.tombs import Buried, buried
from packager.torrent import FileHashes, InfoHashes, Metainfo

_LINK = b"magnet:"
_BLOCK = 512  # bytes, of st_blocks
_NOTHING = Progress(0, wanted_here=False, whole=False, peers=0, given=0, problem="")


class Stage(StrEnum):
    """How far a fetch has come."""

    METADATA = "metadata"
    SEALS = "seals"
    REST = "rest"
    JUDGING = "judging"
    MENDING = "mending"  # a release of ours, in its place
    WAITING = "waiting"  # the machine does not let it go on; it is tried again


@dataclass(slots=True)
class Job:
    """One fetch; ``kept`` is the release that is mended, if it is that."""

    fetch: Fetch
    trackers: tuple[str, ...]
    metainfo: Metainfo | None = None
    kept: Kept | None = None
    stage: Stage = Stage.METADATA
    tries: int = 0
    seals: tuple[Seal, ...] = ()
    progress: Progress = _NOTHING
    problem: str = ""  # of the machine
    again: float = 0.0  # when it is tried again, or noted, by the steady clock

    @property
    def size(self) -> int:
        """Bytes of all its files, as far as they are known."""
        return self.metainfo.total if self.metainfo else 0

    @property
    def known(self) -> Metainfo:
        """Its metadata, where a stage cannot be reached without."""
        if self.metainfo is None:
            raise ValueError(self.stage)
        return self.metainfo

    @property
    def folder(self) -> Path:
        """What is deleted with it."""
        return self.fetch.shelf / QUARANTINE / self.fetch.identity

    @property
    def content(self) -> Path:
        """The folder that travels."""
        return self.folder / self.known.name

    @property
    def target(self) -> Path:
        """Where its content goes once it was judged."""
        return self.fetch.shelf / RELEASES / self.fetch.identity

    @property
    def grave(self) -> Buried:
        """What a notice may name; nobody's before a seal was opened."""
        if not self.seals or self.metainfo is None:
            return Buried("", (), ())
        who = words.spell(words.of_root(self.seals[0].chain.first_root.raw))
        roots = [one.manifest.prefix_root for one in self.seals]
        return buried(who, self.metainfo.info_hashes, roots)

    @property
    def linked(self) -> bool:
        """Whether it began with a link, so that its metadata came from the swarm."""
        return is_link(self.fetch.source)

    def missing(self) -> int:
        """Bytes that are not on the disk yet."""
        found = sum(_blocks(self.content / one.path) for one in self.known.files)
        return max(0, self.known.total - found)

    def shown(self) -> ReleaseStatus:
        """It, for `seed status`."""
        return ReleaseStatus(
            id=self.fetch.identity,
            name=self.metainfo.name if self.metainfo else "",
            publisher="",
            state=State.FETCHING,
            size=self.size,
            uploaded=0,
            peers=self.progress.peers,
            done=self.progress.done,
            note=self.problem or str(self.stage),
            title="",
            overruled=(),
        )


def is_link(source: bytes) -> bool:
    """Whether a fetch begins with a magnet link, and not with a torrent."""
    return source.startswith(_LINK)


def hashes(untrusted_source: bytes) -> InfoHashes:
    """The info-hashes of a torrent or a magnet link."""
    if is_link(untrusted_source):
        return torrent.read_link(untrusted_source.decode("ascii", "replace")).info_hashes
    return torrent.info_hashes(untrusted_source)


def torrent_of(job: Job, content: Path) -> bytes:
    """The torrent: as it came, or made of what the swarm told and of the files."""
    if not job.linked:
        return job.fetch.source
    known = job.known
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


def _blocks(path: Path) -> int:
    try:
        facts = path.lstat()
    except OSError:
        return 0
    return min(facts.st_size, facts.st_blocks * _BLOCK)
