"""Named checks over a release: facts in, findings out (``plans`` has those before rendering).

An error stops the release unless its check is allowed by name; a warning is told, and stops it
only where somebody asked for that; a note says what could not be looked at.
"""

from packager.audit import (
    bands,
    books,
    disclosure,
    filesystems,
    names,
    noise,
    players,
    tags,
    torrents,
    words,
)
from packager.audit.checks import CHECKS, MILD, NAMES
from packager.audit.facts import Book, FileFacts, Noise, Release
from packager.audit.finding import Check, Finding, Group, Severity, by_check, stopping

__all__ = [
    "CHECKS",
    "MILD",
    "NAMES",
    "Book",
    "Check",
    "FileFacts",
    "Finding",
    "Group",
    "Noise",
    "Release",
    "Severity",
    "by_check",
    "by_weight",
    "findings",
    "stopping",
]

_ROOMS = (
    filesystems,
    disclosure,
    words,
    tags,
    names,
    bands,
    noise,
    books,
    torrents,
    players,
)
_WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def findings(release: Release) -> tuple[Finding, ...]:
    """All findings of a finished release, each once, errors first."""
    found = dict.fromkeys(one for room in _ROOMS for one in room.findings(release))
    return by_weight(tuple(found))


def by_weight(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Errors first, notes last."""
    return tuple(sorted(found, key=lambda one: _WEIGHT.index(one.severity)))
