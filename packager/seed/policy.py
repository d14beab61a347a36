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
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")
_TRACKER = re.compile(
    r"(?i)(?:https?|udp)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::\d{1,5})?(?:/[!-~]*)?"
)


class Route(StrEnum):
    """Which way the node's packets go."""

    LOOPBACK = "loopback"
    DIRECT = "direct"
    INTERFACE = "interface"
    ADDRESS = "address"
    SOCKS5 = "socks5"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a socket listens; port 0 lets the system choose. `[::]` stands for IPv4, too."""

    host: IPv4Address | IPv6Address
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach it."""
        return self.host.is_loopback

    @property
    def sockets(self) -> tuple["Address", ...]:
        """What to open for it."""
        if self.host != ip_address("::"):
            return (self,)
        return Address(ip_address("0.0.0.0"), self.port), self  # noqa: S104 -- as was asked for

    def __str__(self) -> str:
        if isinstance(self.host, IPv6Address):
            return f"[{self.host}]:{self.port}"
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Via:
    """A private route: everything goes this way, or nothing goes."""

    kind: Route  # INTERFACE, ADDRESS or SOCKS5
    name: str = ""  # of the interface
    host: IPv4Address | IPv6Address | None = None  # of this computer, or of the proxy
    port: int = 0  # of the proxy

    def __str__(self) -> str:
        if self.host is None:
            return f"{self.kind} {self.name}"
        return f"{self.kind} {Address(self.host, self.port) if self.port else self.host}"


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the session is told about the network; ``via`` None is no private route."""

    listen: Address
    offline: bool
    via: Via | None = None
    lookup: bool = False  # let the system look up names, past an interface or address

    @property
    def local(self) -> bool:
        """Whether nobody beyond this computer is ever spoken to."""
        return self.via is None and self.listen.loopback

    @property
    def route(self) -> Route:
        """Loopback addresses stay on this computer, all others are direct."""
        if self.via:
            return self.via.kind
        return Route.LOOPBACK if self.listen.loopback else Route.DIRECT

    @property
    def shown(self) -> str:
        """The route in words."""
        return str(self.via or self.route)

    @property
    def closed(self) -> bool:
        """Whether the node may look for nobody: no DHT, no trackers but those on loopback."""
        return self.offline or self.local

    @property
    def names_resolved(self) -> bool:
        """Whether the name of a tracker may be looked up, and by whom it may be known.

        A proxy looks names up itself; for an interface or an address the system would, past it.
        """
        return self.route in {Route.DIRECT, Route.SOCKS5} or self.lookup


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


def parse_via(untrusted_text: str) -> Via | None:
    """Read a route: ``direct`` (None), ``interface wg0``, ``address A`` or ``socks5 A:PORT``.

    ValueError with what is wanted.
    """
    kind, _, rest = untrusted_text.partition(" ")
    try:
        if untrusted_text == Route.DIRECT:
            return None
        if kind == Route.INTERFACE and _INTERFACE.fullmatch(rest):
            return Via(Route.INTERFACE, name=rest)
        if kind == Route.ADDRESS and not (host := ip_address(rest)).is_unspecified:
            return Via(Route.ADDRESS, host=host)
        if kind == Route.SOCKS5 and (proxy := parse_address(rest)).port:
            return Via(Route.SOCKS5, host=proxy.host, port=proxy.port)
    except (ValueError, PackagerError):
        pass
    raise ValueError("direct, interface wg0, address 10.2.0.2, or socks5 127.0.0.1:9050")


def private_address(via: Via, port: int) -> Address:
    """Where a node on a private route listens; behind a proxy nobody can call it."""
    if via.kind is Route.ADDRESS and via.host is not None:
        return Address(via.host, port)
    if via.kind is Route.SOCKS5:
        return Address(ip_address("127.0.0.1"), port)
    return Address(ip_address("0.0.0.0"), port)  # noqa: S104 -- bound to the interface


def default_address(*, daily_key: bool, offline: bool) -> Address:
    """Authors and offline nodes stay on loopback; volunteers listen to the world."""
    host = "127.0.0.1" if daily_key or offline else "::"
    return Address(ip_address(host), DEFAULT_PORT)


def listen_problem(wiring: Wiring, *, daily_key: bool, accepted_risk: bool) -> PackagerError | None:
    """Why the node may not be wired like this, or None."""
    address = wiring.listen
    if wiring.local:
        return None
    if daily_key and wiring.via is None:
        return InputRefused(
            "this home holds a daily key, so it seeds on loopback or a private route only",
            "the first seeder is the author: hand the release to a volunteer's node instead",
            f"to try it here, use --listen 127.0.0.1:{DEFAULT_PORT}",
        )
    if not accepted_risk:
        return UsageMistake(
            f"{address} can be reached from other computers",
            "read the lines above, then add --accept-risk",
            f"to try it on this computer alone, use --listen 127.0.0.1:{DEFAULT_PORT}",
        )
    return None


def trackers(untrusted_urls: Iterable[str], wiring: Wiring) -> tuple[str, ...]:
    """The trackers that may be announced to.

    WebSocket trackers are always dropped: their code obeys neither address nor proxy. A closed
    node keeps only literal loopback addresses: a name would have to be looked up. On a private
    route a name is kept only if nobody outside is asked for it, and nothing on loopback is.
    """
    kept = [url for url in untrusted_urls if _tracker_allowed(url, wiring)]
    return tuple(dict.fromkeys(kept))[:MAX_TRACKERS]


def _tracker_allowed(url: str, wiring: Wiring) -> bool:
    match = _TRACKER.fullmatch(url)
    if match is None or (wiring.route is Route.SOCKS5 and url.lower().startswith("udp:")):
        return False  # few proxies carry UDP
    try:
        loopback = ip_address(match["host"].strip("[]")).is_loopback
    except ValueError:
        return not wiring.closed and wiring.names_resolved
    if wiring.via:
        return not loopback and not wiring.closed
    return loopback or not wiring.closed


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
