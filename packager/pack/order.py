"""What the journalist asked for, checked as far as it can be before work begins."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from packager import audit, files
from packager.disguise import DISGUISES
from packager.disguise.base import Options
from packager.disguise.naming import works
from packager.errors import UsageMistake
from packager.signatures import Also
from packager.source import BareWords
from packager.torrent import Kind, tracker_url, webseed_url
from packager.workroom import Place

CHECKS = (
    "real-title",  # said by the author of --title; nodes refuse it unless their owner allows it
    "synced-folder",
    *audit.NAMES,
)
AUDIENCES = ("asked", "public")
_DATE = re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
_MAX_DECISION = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Order:
    """One release to make."""

    source: Path
    out: Path
    disguise: str
    options: Options
    bare: BareWords
    cover: Path | None = None
    cover_licence: str = ""
    variant: str | None = None
    date: str = ""
    expires: str = ""
    serial: int = 0
    kind: Kind = Kind.V1
    trackers: tuple[str, ...] = ()
    webseeds: tuple[str, ...] = ()
    audience: str = "asked"
    decision: Path | None = None
    also: tuple[Also, ...] = ()
    allowed: tuple[str, ...] = field(default=())
    strict: bool = False  # warnings of the audit stop it too
    work_in: Place = Place.DISK  # what is not finished lies there

    def check(self) -> None:
        """Refuse what cannot work, before anything is read."""
        if self.disguise not in DISGUISES:
            raise UsageMistake(
                f"there is no disguise {self.disguise!r}", f"disguises: {' '.join(DISGUISES)}"
            )
        for date in (self.date, self.expires):
            if date and not _DATE.match(date):
                raise UsageMistake(f"not a date: {date!r}", "write it as 2026-05-31")
        if self.expires and self.expires < self.date:
            raise UsageMistake(
                f"it would expire on {self.expires}, before its own date {self.date}",
                "give a later --expires, or leave it out",
            )
        if self.audience == "public" and self.decision is None:
            raise UsageMistake(
                "a release for public indexes needs a decision",
                "write down who decided it, when and why, and give the note: --decision FILE",
            )
        if self.cover is not None and not self.cover_licence:
            raise UsageMistake(
                "a cover film needs the right to use it",
                'say what that is: --cover-licence "CC BY 4.0, Jane Doe"',
            )
        for url in self.trackers:
            tracker_url(url)
        for url in self.webseeds:
            webseed_url(url)
        self._check_policy()

    def _check_policy(self) -> None:
        """Refuse what is unwise, unless it is allowed by name."""
        if self.options.title is not None and "real-title" not in self.allowed:
            works.refuse(self.options.title)
        if "synced-folder" not in self.allowed:
            files.refuse_synced(self.source)
            files.refuse_synced(self.out)

    @property
    def overruled(self) -> tuple[str, ...]:
        """What the seal tells of the checks allowed: not those that stop nothing by themselves."""
        return tuple(sorted(set(self.allowed) - audit.MILD))

    def decision_digest(self) -> bytes:
        """SHA-256 of the decision note; empty for readers who asked."""
        if self.decision is None:
            return b""
        return sha256(files.read_limited(self.decision, _MAX_DECISION)).digest()
