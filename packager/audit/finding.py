"""What an audit says: one finding for each check that did not pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What a finding is about."""

    BETRAYS = "betrays"  # says what it is, who made it, or what it belongs to
    UNREAL = "unreal"  # does not look like what its name promises
    UNSAFE = "unsafe"  # may harm who opens it
    FRAGILE = "fragile"  # will not arrive, or not play, everywhere


class Severity(StrEnum):
    """Whether it stops a release."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"  # what could not be looked at; never stops anything


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that did not pass; ``message`` says what to do about it."""

    check: str
    group: Group
    severity: Severity
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """A thing to look for. ``limit`` is the threshold in words, ``source`` where it comes from."""

    name: str
    group: Group
    severity: Severity
    looks_for: str
    limit: str
    source: str
    fix: str

    def at(self, path: str, fact: str) -> Finding:
        """The finding that ``fact`` is not as it should be in ``path``."""
        return Finding(self.name, self.group, self.severity, path, f"{fact}; {self.fix}")


def stopping(
    findings: Iterable[Finding], allowed: Iterable[str], *, strict: bool = False
) -> tuple[Finding, ...]:
    """The findings that stop a release: errors, with ``strict`` warnings too, but none allowed."""
    named = set(allowed)
    stops = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return tuple(f for f in findings if f.severity in stops and f.check not in named)


def by_check(findings: Iterable[Finding]) -> tuple[tuple[Finding, int], ...]:
    """The first finding of each check, and in how many more places it was made."""
    places: dict[str, list[Finding]] = {}
    for one in findings:
        places.setdefault(one.check, []).append(one)
    return tuple((first, len(others)) for first, *others in places.values())
