"""One release in a node's hands: what is kept of it, how it is, and how it is shown."""

from dataclasses import dataclass

from packager import words
from packager.seed.control import ReleaseStatus, State
from packager.seed.opening import Opened
from packager.seed.policy import Print
from packager.seed.session import Swarm
from packager.seed.store import Kept
from packager.seed.tombs import Buried
from packager.torrent import Metainfo

_NOTES = {
    State.REPAIRING: "its bytes went bad on the disk; they are fetched again",
    State.ALTERED: "its files are not what was sealed; add it again from a good copy",
    State.WITHDRAWN: "`packager seed accept ID` deletes it, `packager seed refuse ID` keeps it",
}
ROTTEN = -1  # instead of the time at which a release was found sound


@dataclass(frozen=True, slots=True)
class Look:
    """A glance at a release: if it differs from the last one, the release is checked again."""

    prints: tuple[Print, ...] = ()
    trusted: bool = False
    withdrawn: bool = False  # by a notice that waits for the owner

    @property
    def objection(self) -> State | None:
        """Why it can't be offered, before any byte is looked at."""
        if not self.prints:
            return State.MISSING
        if not self.trusted:
            return State.UNTRUSTED
        return State.WITHDRAWN if self.withdrawn else None


@dataclass(slots=True)
class Held:
    """A release in this node's hands. ``uploaded`` counts what earlier sessions gave."""

    kept: Kept
    state: State
    uploaded: int
    seen: Look = Look()
    told: "tuple[tuple[object, ...], ReleaseStatus] | None" = None  # as it was shown last


def first_state(kept: Kept) -> State:
    """How a release is before it was looked at."""
    return State.REPAIRING if kept.scrubbed == ROTTEN else State.CHECKING


def grave(kept: Kept) -> Buried:
    """How a notice may name it."""
    return Buried(kept.words, (kept.identity,), kept.roots)


def shown(held: Held, swarm: Swarm, *, silent: bool) -> ReleaseStatus:
    """It, for `seed status`; most are as they were shown a moment ago."""
    facts = (held.kept, held.state, held.uploaded, swarm, silent)
    if held.told is None or held.told[0] != facts:
        held.told = (facts, _shown(held, swarm, silent=silent))
    return held.told[1]


def _shown(held: Held, swarm: Swarm, *, silent: bool) -> ReleaseStatus:
    quiet = silent and held.state is State.SEEDING
    return ReleaseStatus(
        id=held.kept.identity,
        name=held.kept.name,
        publisher=held.kept.publisher,
        state=State.PAUSED if quiet else held.state,
        size=held.kept.size,
        uploaded=held.uploaded + swarm.uploaded,
        peers=swarm.peers,
        done=0 if held.state is State.MISSING else held.kept.size,
        note=_NOTES.get(held.state, ""),
        title=held.kept.title,
        overruled=tuple(sorted(held.kept.allowed)),
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
        allowed=allowed & frozenset(opened.facts.overruled),
        size=opened.metainfo.total,
        roots=opened.roots,
        title=opened.title,
    )


def identity_of(metainfo: Metainfo) -> str:
    """40 hexadecimal digits: the v1 info-hash, or the start of the v2 one."""
    best = metainfo.info_hashes.v1 or metainfo.info_hashes.v2 or b""
    return best.hex()[:40]
