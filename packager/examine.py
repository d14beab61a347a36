"""Audit a finished release: take what its seals say, gather the facts, judge them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from packager import audit, evidence, files, report, shelf, verify, workroom
from packager.audit import Finding
from packager.errors import InputRefused, PackagerError
from packager.evidence import Told
from packager.pins import Pin
from packager.report import Report
from packager.seal import Seal
from packager.verify import Result

_BOOK = "no text of the report was found in its seals or its books"
_NOTHING: Mapping[str, str] = MappingProxyType({})


def release(path: Path, trusted: Sequence[Pin]) -> tuple[Finding, ...]:
    """All findings of ``OUT/NAME``, the travelling folder, the torrent beside it, or one file."""
    place = evidence.place(path).folder
    return judged(path, verify.release(place, trusted) if place and trusted else None)


def judged(path: Path, result: Result | None) -> tuple[Finding, ...]:
    """The same, of a release whose seals were read: they say what the report is."""
    place = evidence.place(path)
    seals = [one.seal for one in result.files if one.seal] if result else []
    bound = _bound(place.folder, result) if result and place.folder else {}
    with workroom.scratch() as work:
        return audit.findings(evidence.gather(place, told(seals, bound), work))


def folder(path: Path) -> Path:
    """What of ``path`` holds the files: the travelling folder of a torrent that was named."""
    found = evidence.place(path).folder
    if found is None:
        raise InputRefused(
            f"the files of {files.shown(path)} are not beside it",
            "give the folder; `packager audit` also takes a torrent alone",
        )
    return found


def told(seals: Iterable[Seal], bound: Mapping[str, str] = _NOTHING) -> Told:
    """What seals say of their release; ``bound`` are texts that stand in its books."""
    seals = tuple(seals)
    if not seals:
        return evidence.NOTHING
    stated = seals[0].manifest
    held = [*(seal.report for seal in seals), bound]
    reports = tuple(dict.fromkeys(one for texts in held for one in _reports(texts)))
    return Told(stated.disguise, stated.languages, reports, "" if reports else _BOOK)


def _bound(folder: Path, result: Result) -> dict[str, str]:
    """The report's texts out of genuine books; none where they cannot be read."""
    try:
        books = tuple(shelf.books(folder, result))
    except PackagerError:
        return {}
    return {str(name): text for book in books for name, text in book.texts.items()}


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
