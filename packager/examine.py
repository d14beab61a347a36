"""Audit a finished release: take what its seals say, gather the facts, judge them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from packager import audit, evidence, files, report, verify
from packager.audit import Finding
from packager.errors import InputRefused
from packager.evidence import Told
from packager.pins import Pin
from packager.report import Report
from packager.seal import Seal
from packager.verify import Result

_BOOK = "a book carries its text openly, and its seal holds none to compare with"


def release(path: Path, trusted: Sequence[Pin]) -> tuple[Finding, ...]:
    """All findings of ``OUT/NAME``, the travelling folder, the torrent beside it, or one file."""
    place = evidence.place(path).folder
    return judged(path, verify.release(place, trusted) if place and trusted else None)


def judged(path: Path, result: Result | None) -> tuple[Finding, ...]:
    """The same, of a release whose seals were read: they say what the report is."""
    seals = [one.seal for one in result.files if one.seal] if result else []
    return audit.findings(evidence.gather(evidence.place(path), told(seals)))


def folder(path: Path) -> Path:
    """What of ``path`` holds the files: the travelling folder of a torrent that was named."""
    found = evidence.place(path).folder
    if found is None:
        raise InputRefused(
            f"the files of {files.shown(path)} are not beside it",
            "give the folder; `packager audit` also takes a torrent alone",
        )
    return found


def told(seals: Iterable[Seal]) -> Told:
    """What seals say of their release."""
    seals = tuple(seals)
    if not seals:
        return evidence.NOTHING
    stated = seals[0].manifest
    reports = tuple(dict.fromkeys(one for seal in seals for one in _reports(seal.report)))
    return Told(stated.disguise, stated.languages, reports, "" if reports else _BOOK)


def _reports(texts: Mapping[str, str]) -> Iterable[Report]:
    """The reports whose texts a seal holds: of several, each has a folder."""
    folders: dict[str, dict[str, str]] = {}
    for name, text in texts.items():
        path = PurePosixPath(name)
        folders.setdefault(str(path.parent), {})[path.name] = text
    for own in folders.values():
        try:
            yield report.parse(own)
        except InputRefused:
            continue
