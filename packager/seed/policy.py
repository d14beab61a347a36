"""What the node may do: facts in, a decision out.

A question is answered by the error that should stop the node, or by None. Nothing here looks at
the disk, the network or the clock.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address

from packager import safety
from packager.errors import CannotTell, CheckFailed, InputRefused, PackagerError, UsageMistake
from packager.manifest import Manifest
from packager.torrent import Metainfo
from packager.values import printable

DEFAULT_PORT = 6881  # what other clients use: a rare port would name the tool
MAX_PORT = 65535
MAX_TRACKERS = 20
COVER = "cover-licence"  # the name under which an owner allows somebody's cover film
SEALED = frozenset({".mkv", ".mp4", ".m4a", ".m4b", ".mp3", ".epub"})
_TRACKER = re.compile(
    r"(?i)(?:https?|udp)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::\d{1,5})?(?:/[!-~]*)?"
)


class Route(StrEnum):
    """How far the node's sockets reach."""

    LOOPBACK = "loopback"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a socket listens; port 0 lets the system choose."""

    host: IPv4Address | IPv6Address
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach it."""
        return self.host.is_loopback

    def __str__(self) -> str:
        if isinstance(self.host, IPv6Address):
            return f"[{self.host}]:{self.port}"
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the session is told about the network."""

    listen: Address
    offline: bool

    @property
    def route(self) -> Route:
        """Loopback addresses stay on this computer, all others are direct."""
        return Route.LOOPBACK if self.listen.loopback else Route.DIRECT

    @property
    def closed(self) -> bool:
        """Whether the node may look for nobody: no DHT, no trackers but those on loopback."""
        return self.offline or self.route is Route.LOOPBACK


@dataclass(frozen=True, slots=True)
class Print:
    """What tells that a file was touched since its bytes were hashed."""

    path: str
    size: int
    modified_ns: int
    changed_ns: int  # can't be set back the way the modification time can
    inode: int


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What was found out about a release that somebody asks the node to offer."""

    verdict: str  # genuine, not-genuine or cannot-tell
    detail: str  # why
    unsafe: tuple[str, ...]  # what `safety` says against files of it, as sentences
    unproved: tuple[str, ...]  # files that no seal speaks for
    unlisted: tuple[str, ...]  # files in the folder that the torrent does not name
    absent: tuple[str, ...]  # files of the torrent that are not there, or of another length
    overruled: tuple[str, ...]  # checks that its author overruled


def parse_address(untrusted_text: str) -> Address:
    """Read ``ADDR:PORT``; an IPv6 address stands in brackets."""
    host, _, port = untrusted_text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    try:
        if not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > MAX_PORT or "%" in host:
            raise ValueError(port)  # noqa: TRY301 -- one way out for all that is wrong
        address = ip_address(host[1:-1] if bracketed else host)
        if bracketed != (address.version == 6) or address.is_multicast:  # noqa: PLR2004
            raise ValueError(host)  # noqa: TRY301
    except ValueError:
        raise UsageMistake(
            f"{printable(untrusted_text[:60])!r} is not an address and a port",
            f"write --listen 127.0.0.1:{DEFAULT_PORT} or --listen [::1]:{DEFAULT_PORT}",
        ) from None
    return Address(address, int(port))


def default_address(*, daily_key: bool, offline: bool) -> Address:
    """Authors and offline nodes stay on loopback; volunteers listen to the world."""
    host = "127.0.0.1" if daily_key or offline else "0.0.0.0"  # noqa: S104 -- asked for by flag
    return Address(ip_address(host), DEFAULT_PORT)


def listen_problem(
    address: Address, *, daily_key: bool, accepted_risk: bool
) -> PackagerError | None:
    """Why the node may not listen on ``address``, or None."""
    if address.loopback:
        return None
    if daily_key:
        return InputRefused(
            "this home holds a daily key, so it seeds on loopback only",
            "the first seeder is the author: hand the release to a volunteer's node instead",
            f"to try it here, use --listen 127.0.0.1:{DEFAULT_PORT}",
        )
    if not accepted_risk:
        return UsageMistake(
            f"{address.host} can be reached from other computers",
            "read the lines above, then add --accept-risk",
            f"to try it on this computer alone, use --listen 127.0.0.1:{DEFAULT_PORT}",
        )
    return None


def trackers(untrusted_urls: Iterable[str], wiring: Wiring) -> tuple[str, ...]:
    """The trackers that may be announced to.

    WebSocket trackers are always dropped: their code obeys neither address nor proxy. A closed
    node keeps only literal loopback addresses: a name would have to be looked up.
    """
    kept = [url for url in untrusted_urls if _tracker_allowed(url, closed=wiring.closed)]
    return tuple(dict.fromkeys(kept))[:MAX_TRACKERS]


def _tracker_allowed(url: str, *, closed: bool) -> bool:
    match = _TRACKER.fullmatch(url)
    if match is None:
        return False
    try:
        return ip_address(match["host"].strip("[]")).is_loopback or not closed
    except ValueError:
        return not closed


def offer_problem(facts: ReleaseFacts, allowed: frozenset[str]) -> PackagerError | None:
    """Why a release may not be offered, or None: it has to be genuine and nothing more.

    ``allowed`` are the overruled checks that this node's owner does not mind.
    """
    if facts.unsafe:
        return InputRefused(f"the release is not safe to pass on: {facts.unsafe[0]}")
    if facts.verdict == "not-genuine":
        return CheckFailed(f"the release is not genuine: {facts.detail}", "do not pass it on")
    if facts.verdict != "genuine":
        return CannotTell(
            f"cannot tell whether the release is genuine: {facts.detail}",
            "`packager pin add FILE-OR-WORDS` tells this node whom you trust",
        )
    if odd := facts.unproved or facts.unlisted or facts.absent:
        return CheckFailed(
            f"the release is not exactly what its seal and torrent say: {_first(odd)}",
            "take away what does not belong there, or get the release again",
        )
    return stubborn_problem(facts.overruled, allowed)


def overruled(stated: Iterable[Manifest]) -> tuple[str, ...]:
    """The checks that an author overruled, by the manifests of a release."""
    found = set()
    for one in stated:
        found |= set(one.allowed) | ({COVER} if one.cover_licence else set())
    return tuple(sorted(found))


def stubborn_problem(
    overruled_checks: Iterable[str], allowed: frozenset[str]
) -> PackagerError | None:
    """The refusal of a check that its author overruled and this owner does mind."""
    if not (stubborn := sorted(set(overruled_checks) - allowed)):
        return None
    return InputRefused(
        f"its author overruled a check: {_first(stubborn)}"
        if stubborn[0] != COVER
        else "it holds somebody else's film as a cover, by a licence that its author names",
        f"if you accept that on your computer, add --allow {printable(stubborn[0])}",
    )


def metadata_problem(metainfo: Metainfo) -> PackagerError | None:
    """Why not a byte of a torrent may be fetched, or None: names, types, sizes, their number."""
    paths = [str(file.path) for file in metainfo.files]
    found = [*safety.folder_problems(paths)]
    for file in metainfo.files:
        found += safety.name_problems(str(file.path), file.length)
    if found:
        return InputRefused(f"the torrent is not safe to fetch: {found[0].message}")
    if not any(file.path.suffix in SEALED for file in metainfo.files):
        return InputRefused("the torrent holds no file that could carry a seal")
    return None


def too_many(held: int, taken: int, more: int) -> bool:
    """Whether a daily key alone asks for too much: over a tenth of its releases in a week.

    ``held`` are releases of its publisher here, ``taken`` those that it took within the week.
    One is always obeyed.
    """
    return taken + more > max(1, (held + taken) // 10)


def untouched(then: Sequence[Print], now: Sequence[Print]) -> bool:
    """Whether no file was touched, so its hashes still hold. Unsure means False."""
    return bool(then) and tuple(then) == tuple(now)


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return repr(printable(names[0])) + more
