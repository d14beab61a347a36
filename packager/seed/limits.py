"""What the node may use: hard limits, decided from the settings and what is true right now."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from packager.errors import InputRefused, MachineFailed, PackagerError
from packager.seed import schedule
from packager.seed.amounts import Speed, human
from packager.seed.schedule import Window

_DAY = 24 * 60 * 60  # seconds


class Silence(StrEnum):
    """Why nothing is offered at all."""

    OWNER = "paused"  # by `seed pause`
    HOURS = "hours"  # the plan of the week says off
    MONTH = "month-cap"
    CONSENT = "consent"  # to be renewed
    ROUTE = "route"  # gone


@dataclass(frozen=True, slots=True)
class Disk:
    """``quota`` None is no quota; ``keep_free`` is what stays free for others."""

    folder: str = ""
    quota: int | None = None
    keep_free: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Speeds:
    """Outside all windows of the week."""

    upload: Speed = None
    download: Speed = None


@dataclass(frozen=True, slots=True)
class Month:
    """``upload`` bytes a calendar month, or None."""

    upload: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """When a release was given often or long enough. None is never."""

    ratio: float | None = None  # bytes given for each of its bytes
    days: int | None = None  # since it was added

    def reached(self, uploaded: int, size: int, age: int) -> bool:
        """Whether a release of ``age`` seconds may rest now."""
        by_ratio = self.ratio is not None and size > 0 and uploaded >= self.ratio * size
        return by_ratio or (self.days is not None and age >= self.days * _DAY)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for uploads and downloads."""

    speeds: Speeds = Speeds()
    windows: tuple[Window, ...] = ()
    zone: tzinfo = UTC
    month: Month = Month()


@dataclass(frozen=True, slots=True)
class Orders:
    """What the engine is told."""

    upload: Speed
    download: Speed
    silence: frozenset[Silence]


def decide(
    rules: Rules, now: datetime, sent_this_month: int, others: frozenset[Silence] = frozenset()
) -> Orders:
    """The speeds of this hour; ``others`` are reasons for silence found elsewhere."""
    window = schedule.in_force(rules.windows, now, rules.zone)
    upload = window.upload if window else rules.speeds.upload
    download = window.download if window else rules.speeds.download
    silence = set(others)
    if upload == 0:
        silence.add(Silence.HOURS)
    if rules.month.upload is not None and sent_this_month >= rules.month.upload:
        silence.add(Silence.MONTH)
    return Orders(upload, download, frozenset(silence))


def room_problem(disk: Disk, held: int, size: int, free: int, missing: int) -> PackagerError | None:
    """Why a release of ``size`` bytes may not come on top of ``held``, or None.

    ``missing`` are its bytes that are not on the disk yet; ``free`` is what the disk has.
    """
    if disk.quota is not None and held + size > disk.quota:
        return InputRefused(
            f"the release has {human(size)}, and {human(max(disk.quota - held, 0))} of this node's"
            f" {human(disk.quota)} are left",
            "`packager seed remove ID` makes room, or raise [disk] quota in node.toml",
        )
    if missing and free - missing < disk.keep_free:
        return MachineFailed(
            f"{human(missing)} are to be fetched, but the disk has {human(free)} free"
            f" and {human(disk.keep_free)} are to stay free",
            "make room on the disk, or lower [disk] keep_free in node.toml",
        )
    return None
