"""The node's settings: one TOML file in the home, every key known, every mistake with its line."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, NoReturn

from packager.errors import InputRefused, PackagerError
from packager.seed import amounts, policy, schedule
from packager.seed.limits import Disk, Month, Rest, Rules, Speeds
from packager.seed.policy import Address, Via
from packager.seed.schedule import Window
from packager.values import printable

NAME = "node.toml"
MAX_BYTES = 256 * 1024
ZoneOf = Callable[[str], tzinfo]
"""The time zone of a name; the empty name is this computer's. ValueError if there is none."""
_MAX_DAYS = 36_500
_MAX_RATIO = 1_000_000


@dataclass(frozen=True, slots=True)
class Network:
    """Where the node listens, and whether it looks for anybody."""

    listen: Address | None = None
    offline: bool = False
    route: Via | None = None  # None is direct
    lookup: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """How long the owner's word holds, in days; 0 is for ever."""

    days: int = 180


@dataclass(frozen=True, slots=True)
class Scrub:
    """How often everything is read again, in days (0: never), and how fast; None is unlimited."""

    days: int = 30
    rate: int | None = 4_000_000


@dataclass(frozen=True, slots=True)
class Watch:
    """A folder whose torrents, links and notices are taken; empty for none."""

    folder: str = ""


@dataclass(frozen=True, slots=True)
class Allow:
    """Checks that authors overruled and that the owner does not mind, in any release."""

    checks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. What is not written has the value that stands here."""

    network: Network = Network()
    disk: Disk = field(default_factory=Disk)
    rules: Rules = field(default_factory=Rules)
    consent: Consent = Consent()
    allow: Allow = Allow()
    scrub: Scrub = Scrub()
    watch: Watch = Watch()
    rest: Rest = field(default_factory=Rest)  # of publishers that are not named
    publishers: Mapping[str, Rest] = field(default_factory=lambda: MappingProxyType({}))

    def rest_of(self, publisher: str) -> Rest:
        """When releases of a publisher may rest."""
        return self.publishers.get(publisher, self.rest)


EXAMPLE = """\
# Settings of a packager node. Every line that starts with # is a remark: take the # away to set it.
# The node reads this file when it starts and when it gets SIGHUP.

[network]
# listen = "[::]:6881"        # where other computers reach this node; 0.0.0.0 is IPv4 alone
# offline = false             # true: look for nobody beyond this computer
# route = "direct"            # interface wg0, address 10.2.0.2, socks5 127.0.0.1:9050
# lookup = false              # with an interface or address: let this computer look up the names
                              # of trackers, past the route

[disk]
# folder = ""                 # where fetched releases go; empty: into the node's home
# quota = "50 GB"             # of all releases together, counted before a fetch begins
# keep_free = "1 GB"          # never fetch into the last of the disk

[speed]
# upload = "unlimited"        # 2 MB/s, 16 Mbit/s, off
# download = "unlimited"

# [[hours]]                   # other speeds at some hours; the first that fits holds
# days = "mon-fri"            # daily, mon-fri, sat sun
# from = "08:00"
# to = "18:00"                # earlier than `from`: past midnight
# upload = "500 kB/s"         # off: nothing is offered
# download = "1 MB/s"

[month]
# zone = "Europe/Vilnius"     # for days, months and hours; empty: this computer's
# upload = "300 GB"           # a calendar month; at the cap uploading stops

[rest]                        # a release rests when it was given often enough, or long enough
# ratio = 10.0                # times its size
# days = 365                  # since it was added

# [publisher.sever-desk]      # the same for one publisher, by its name in `packager pin list`
# ratio = 3.0

[scrub]                       # read again what is held: disks rot
# days = 30                   # 0: never by itself
# rate = "4 MB/s"

[watch]
# folder = "/home/me/drop"    # .torrent, .magnet and .notice files in it are taken

[consent]
# days = 180                  # then uploading pauses until `packager seed renew`; 0: never

[allow]
# checks = ["real-title"]     # what an author may overrule: real-title, cover-licence, ...
"""


def parse(untrusted_text: str, zone_of: ZoneOf = lambda _: UTC) -> Config:
    """Read the settings; InputRefused with the line for whatever is not as it must be."""
    try:
        tables = tomllib.loads(untrusted_text)
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"{NAME} is not TOML: {error}", _HINT) from None
    reader = _Reader(untrusted_text, zone_of)
    reader.refuse_unknown(tables, _TABLES, ())
    month = dict(reader.table(tables, "month", {"zone": zone_of, "upload": amounts.parse_size}))
    zone = month.pop("zone", None) or zone_of("")
    return Config(
        network=replace(Network(), **reader.table(tables, "network", _NETWORK)),
        disk=replace(Disk(), **reader.table(tables, "disk", _DISK)),
        rules=Rules(
            speeds=replace(Speeds(), **reader.table(tables, "speed", _SPEED)),
            windows=tuple(reader.windows(tables)),
            zone=zone,
            month=replace(Month(), **month),
        ),
        consent=replace(Consent(), **reader.table(tables, "consent", {"days": _days})),
        scrub=replace(Scrub(), **reader.table(tables, "scrub", _SCRUB)),
        watch=replace(Watch(), **reader.table(tables, "watch", {"folder": _folder})),
        allow=replace(Allow(), **reader.table(tables, "allow", {"checks": _names})),
        rest=replace(Rest(), **reader.table(tables, "rest", _REST)),
        publishers=reader.publishers(tables),
    )


def _address(value: str) -> Address:
    try:
        return policy.parse_address(value)
    except PackagerError:
        raise ValueError("an address and a port, such as 0.0.0.0:6881 or [::]:6881") from None


def _flag(value: bool) -> bool:  # noqa: FBT001 -- it reads a value
    return value


def _folder(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError("a whole path that starts with /")
    return value


def _days(value: int) -> int:
    if not 0 <= value <= _MAX_DAYS:
        raise ValueError(f"a number of days, 0 to {_MAX_DAYS}")
    return value


def _steady(value: str) -> int | None:
    if (speed := amounts.parse_speed(value)) == 0:
        raise ValueError("a speed; `days = 0` ends it")
    return speed


def _ratio(value: float) -> float:
    if not 0 < value <= _MAX_RATIO:
        raise ValueError("a number above 0, such as 2.5")
    return float(value)


def _names(value: list[object]) -> frozenset[str]:
    if not all(isinstance(one, str) and re.fullmatch(r"[a-z-]{1,40}", one) for one in value):
        raise ValueError('a list of names of checks, such as ["real-title"]')
    return frozenset(map(str, value))


_Read = Callable[..., object]
_KINDS: dict[_Read, tuple[type, ...]] = {
    _flag: (bool,),
    _days: (int,),
    _ratio: (int, float),
    _names: (list,),
}
_WORDS = {bool: "true or false", int: "a whole number", float: "a number", list: "a list"}
_NETWORK: dict[str, _Read] = {
    "listen": _address,
    "offline": _flag,
    "route": policy.parse_via,
    "lookup": _flag,
}
_DISK: dict[str, _Read] = {
    "folder": _folder,
    "quota": amounts.parse_size,
    "keep_free": amounts.parse_size,
}
_SPEED: dict[str, _Read] = dict.fromkeys(("upload", "download"), amounts.parse_speed)
_REST: dict[str, _Read] = {"ratio": _ratio, "days": _days}
_HOURS: dict[str, _Read] = {
    "days": schedule.parse_days,
    "from": schedule.parse_time,
    "to": schedule.parse_time,
    **_SPEED,
}
_SCRUB: dict[str, _Read] = {"days": _days, "rate": _steady}
_TABLES = "network disk speed hours month rest publisher scrub watch consent allow".split()
_HINT = "`packager seed config --example` prints a whole one with remarks"


class _Reader:
    """The text, to find lines in, and what reads the values."""

    def __init__(self, untrusted_text: str, zone_of: ZoneOf) -> None:
        self._lines = untrusted_text.splitlines()
        self._zone_of = zone_of

    def table(
        self, tables: Mapping[str, object], name: str, known: Mapping[str, _Read]
    ) -> Mapping[str, Any]:
        """The values of one table, read."""
        return self._read(tables.get(name, {}), known, (name,))

    def windows(self, tables: Mapping[str, object]) -> Iterator[Window]:
        """``[[hours]]``, in the order of the file."""
        items = tables.get("hours", [])
        if not isinstance(items, list):
            self._refuse(("hours",), "it is written [[hours]], with two brackets")
        for number, item in enumerate(items):
            found = self._read(item, _HOURS, ("hours",), number)
            for key in ("days", "from", "to"):
                if key not in found:
                    self._refuse(("hours",), f"{key} is missing", number)
            if found["from"] == found["to"]:
                self._refuse(("hours", "to"), "it is the same time as `from`", number)
            start, end = found["from"], found["to"]
            yield Window(found["days"], start, end, found.get("upload"), found.get("download"))

    def publishers(self, tables: Mapping[str, object]) -> Mapping[str, Rest]:
        """``[publisher.NAME]``."""
        named = tables.get("publisher", {})
        if not isinstance(named, dict):
            self._refuse(("publisher",), "it is written [publisher.NAME]")
        return MappingProxyType(
            {
                name: replace(Rest(), **self._read(item, _REST, ("publisher", name)))
                for name, item in named.items()
            }
        )

    def refuse_unknown(
        self, found: Iterable[str], known: Collection[str], above: tuple[str, ...], nth: int = 0
    ) -> None:
        """Refuse a key that nobody reads: it may be a limit that was misspelt."""
        for key in found:
            if key not in known:
                near = get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are: {' '.join(known)}"
                shown = printable(".".join((*above, key))[:80])
                line = self._line((*above, key), nth)
                raise InputRefused(f"{NAME}{line}: nothing is called {shown!r} there", hint, _HINT)

    def _read(
        self, found: object, known: Mapping[str, _Read], above: tuple[str, ...], nth: int = 0
    ) -> dict[str, Any]:
        if not isinstance(found, dict):
            self._refuse(above, f"it is written [{'.'.join(above)}]", nth)
        self.refuse_unknown(found, known, above, nth)
        read = {}
        for key, value in found.items():
            kinds = _KINDS.get(known[key], (str,))
            if type(value) not in kinds:
                wanted = _WORDS.get(kinds[0], "a text in quotes")
                self._refuse((*above, key), f"it must be {wanted}", nth)
            try:
                read[key] = known[key](value)
            except ValueError as error:
                self._refuse((*above, key), f"it must be {error}", nth)
        return read

    def _refuse(self, path: tuple[str, ...], fact: str, nth: int = 0) -> NoReturn:
        shown = printable(".".join(path)[:80])
        raise InputRefused(f"{NAME}{self._line(path, nth)}: {shown}: {fact}", _HINT)

    def _line(self, path: tuple[str, ...], nth: int = 0) -> str:
        """``, line 7`` for a table or key as people write them; empty where it is not found."""
        return next((f", line {n}" for n, at in self._places(nth) if at == path), "")

    def _places(self, nth: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Tables and keys with their lines; of a table that repeats, only the ``nth``."""
        above: tuple[str, ...] = ()
        seen: dict[tuple[str, ...], int] = {}
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                above = _split(header["name"])
                seen[above] = seen.get(above, -1) + 1
                wanted = not header["many"] or seen[above] == nth
                if not wanted:
                    above = ("",)
            elif key := _KEY.match(line):
                yield number, (*above, *_split(key["name"]))
                continue
            else:
                continue
            for depth in range(1, len(above) + 1):
                yield number, above[:depth]


_BARE = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"(?P<name>{_BARE}(?:\s*\.\s*{_BARE})*)"
_HEADER = re.compile(rf"\s*\[(?P<many>\[?)\s*{_DOTTED}\s*\]")
_KEY = re.compile(rf"\s*{_DOTTED}\s*=")


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(one.strip("\"'") for one in re.findall(_BARE, dotted))
