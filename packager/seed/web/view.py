"""What the page shows, decided from the node's status: plain facts first. Pure."""

from dataclasses import dataclass

from packager.seed import health
from packager.seed.amounts import human, human_speed
from packager.seed.control import NodeStatus, ReleaseStatus, State, Status
from packager.seed.health import Check

PER_PAGE = 50
_SILENT = {
    "paused": "you paused it",
    "hours": "the plan of the week says off",
    "month-cap": "this month's traffic is used up",
    "consent": "your word is to be renewed",
    "route": "the route is gone",
}
_RISKS = {
    "real-title": "its name is that of a real work: its owners may send notices to your provider",
    "cover-licence": "it holds somebody else's film as a cover, by a licence that its author names",
}
_STATES = {
    State.CHECKING: "being checked, nothing is offered",
    State.SEEDING: "given to anyone who asks",
    State.PAUSED: "silent",
    State.MISSING: "its files are gone",
    State.ALTERED: "its files were changed",
    State.UNTRUSTED: "nobody you trust made it",
    State.FETCHING: "being fetched, nothing is offered",
    State.WITHDRAWN: "its publisher took it back: your word is needed",
    State.REPAIRING: "bytes went bad, fetched again",
    State.RESTING: "resting: given often or long enough",
}
_GOOD = frozenset({State.SEEDING, State.RESTING})
_BUSY = frozenset({State.CHECKING, State.FETCHING, State.PAUSED, State.REPAIRING})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which works are to be seen: those that hold ``query``, and the ``page`` of them from 1."""

    query: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Work:
    """One release."""

    id: str
    title: str
    folder: str
    publisher: str
    size: str
    given: str
    peers: int
    state: str
    mood: str  # good, busy, bad
    told: str
    note: str
    risks: tuple[str, ...]
    withdrawn: bool
    known: bool  # its title comes from a seal that was checked


@dataclass(frozen=True, slots=True)
class Use:
    """How much of something is used; ``limit`` 0 where there is none."""

    name: str
    told: str
    used: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """The whole page. ``running`` is False where no node answers; ``trouble`` says why."""

    running: bool
    trouble: str = ""
    headline: str = ""
    offering: bool = False
    paused: bool = False
    consent_due: bool = False
    silent: tuple[str, ...] = ()
    gives: str = ""
    seen_by: str = ""
    uses: tuple[Use, ...] = ()
    checks: tuple[Check, ...] = ()
    consent_until: str = ""
    version: str = ""
    notes: tuple[str, ...] = ()
    works: tuple[Work, ...] = ()
    found: int = 0
    held: int = 0
    page: int = 1
    pages: int = 1
    query: str = ""


def unseen(why: str) -> View:
    """The page where no node answers."""
    return View(running=False, trouble=why, headline="The node is not running")


def see(status: Status, wanted: Wanted) -> View:
    """The page of a running node."""
    node, works = status.node, status.releases
    found = [one for one in works if _fits(one, wanted.query.casefold())]
    found.sort(key=lambda one: (one.state is not State.WITHDRAWN, (one.title or one.name), one.id))
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, wanted.page), pages)
    given = [one for one in works if one.state is State.SEEDING]
    return View(
        running=True,
        headline=_headline(node, len(given)),
        offering=bool(given) and not node.silent,
        paused=node.paused,
        consent_due="consent" in node.silent,
        silent=tuple(_SILENT.get(why, why) for why in node.silent),
        gives=_gives(works),
        seen_by=seen_by(node),
        uses=_uses(node),
        checks=(*health.checks(node), *_reach(node)),
        consent_until=node.consent_until,
        version=node.version,
        notes=tuple(reversed(node.notes)),
        works=tuple(map(_work, found[(page - 1) * PER_PAGE : page * PER_PAGE])),
        found=len(found),
        held=len(works),
        page=page,
        pages=pages,
        query=wanted.query,
    )


def seen_by(node: NodeStatus) -> str:
    """To whom the node is visible."""
    kind, _, rest = node.route.partition(" ")
    if kind == "loopback":
        return "Nobody beyond this computer: the node speaks to nobody else."
    provider = "your provider sees that you use it, and how much"
    if kind == "socks5":
        return f"Peers and trackers see the other end of the proxy {rest}; {provider}."
    if kind in {"interface", "address"}:
        return f"Peers and trackers see the other end of {kind} {rest}; {provider}."
    return (
        "The swarm, the trackers and your provider see this computer's address, what it gives, "
        "and when it is on."
    )


def _headline(node: NodeStatus, given: int) -> str:
    if node.silent:
        return "The node is silent"
    return f"The node gives {_count(given, 'work')}" if given else "The node gives nothing yet"


def _gives(works: tuple[ReleaseStatus, ...]) -> str:
    """What is given right now, and what is only held."""
    given = [one for one in works if one.state is State.SEEDING]
    kept = len(works) - len(given)
    rest = f" {_count(kept, 'work')} held and not given." if kept else ""
    if not given:
        return f"Nothing right now.{rest}"
    names = sorted({one.publisher for one in given if one.publisher})
    by = f" by {_listed(names)}" if names else ""
    size = human(sum(one.size for one in given))
    return f"{_count(len(given), 'work')}{by}, {size}, to anyone who asks.{rest}"


def _listed(names: list[str], most: int = 5) -> str:
    more = len(names) - most
    return f"{', '.join(names[:most])} and {more} more" if more > 0 else ", ".join(names)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _fits(one: ReleaseStatus, query: str) -> bool:
    return not query or any(
        query in text.casefold() for text in (one.title, one.name, one.publisher, one.id)
    )


def _work(one: ReleaseStatus) -> Work:
    ratio = f", {one.uploaded / one.size:.1f} times" if one.size and one.uploaded else ""
    here = f"{human(one.done)} of {human(one.size)} here"
    return Work(
        id=one.id,
        title=one.title or one.name or one.id,
        folder=one.name,
        publisher=one.publisher or "not known yet",
        size=here if one.state is State.FETCHING and one.size else human(one.size),
        given=f"{human(one.uploaded)}{ratio}",
        peers=one.peers,
        state=str(one.state),
        mood="good" if one.state in _GOOD else "busy" if one.state in _BUSY else "bad",
        told=_STATES[one.state],
        note=one.note,
        risks=tuple(_RISKS.get(check, f"its author overruled: {check}") for check in one.overruled),
        withdrawn=one.state is State.WITHDRAWN,
        known=bool(one.title),
    )


def _uses(node: NodeStatus) -> tuple[Use, ...]:
    def speed(limit: int) -> str:
        return human_speed(None if limit < 0 else limit)

    change = f" until {node.limits_change}" if node.limits_change else ""
    return (
        _use("Sent this month", node.sent_this_month, node.month_cap),
        Use("Today", f"{human(node.sent_today)} sent, {human(node.received_today)} received"),
        _use("Disk", node.held, node.quota, f", {human(node.free)} free"),
        Use(
            "Allowed speed",
            f"up {speed(node.upload_limit)}, down {speed(node.download_limit)}{change}",
        ),
    )


def _use(name: str, used: int, limit: int, more: str = "") -> Use:
    told = f"{human(used)} of {human(limit)}" if limit >= 0 else f"{human(used)}, no cap"
    return Use(name, told + more, used, max(limit, 0))


def _reach(node: NodeStatus) -> tuple[Check, ...]:
    """Whether the port is open to the world: known once a peer from elsewhere came in."""
    if node.route == "loopback" or node.route.startswith("socks5"):
        return ()  # nobody from elsewhere can call
    told = "peers from elsewhere call and get through" if node.reached else "nobody called so far"
    return (Check("port", node.reached, told),)
