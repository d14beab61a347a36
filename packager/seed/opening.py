"""Open a release that somebody wants offered, and find out all that the policy asks about it."""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from packager import files, hashing, notice, report, survey, torrent, verify
from packager.errors import CheckFailed, InputRefused, PackagerError
from packager.known import Known
from packager.pins import Pin
from packager.seed import policy
from packager.seed.policy import Print, ReleaseFacts
from packager.torrent import FileHashes, Kind, Metainfo
from packager.torrent.metainfo import MAX_TORRENT
from packager.values import Digest, printable
from packager.words import Words

_HEADING = re.compile(r"(?m)^# (.+)$")


@dataclass(frozen=True, slots=True)
class Opened:
    """A release as it was found on disk."""

    torrent: bytes
    metainfo: Metainfo
    content: Path
    prints: tuple[Print, ...]
    facts: ReleaseFacts
    pin: Pin | None
    roots: tuple[Digest, ...]  # of what is sealed before the seals, sorted
    title: str  # of the report, as its seal tells it


def locate(path: Path) -> tuple[bytes, Path]:
    """The torrent and the folder that travels, given either of them or the folder around both.

    Where there is no torrent, it is made again from the files.
    """
    if path.is_file():
        data = files.read_limited(path, MAX_TORRENT)
        return data, path.parent / torrent.read(data).name
    inner = path / path.name
    content = inner if inner.is_dir() and not _beside(path).is_file() else path
    if not content.is_dir():
        raise InputRefused(
            f"{files.shown(path)} is not there", "give a release's folder or its .torrent"
        )
    if not _beside(content).is_file():
        return make_again(content), content
    return files.read_limited(_beside(content), MAX_TORRENT), content


def notice_at(path: Path) -> bytes | None:
    """The bytes of a notice, if the file is one."""
    if not path.is_file() or path.suffix == ".torrent":
        return None
    with suppress(InputRefused):
        data = files.read_limited(path, notice.MAX_BYTES)
        return data if data.startswith(notice.START) else None
    return None


def torrent_without_files(path: Path) -> bytes | None:
    """The torrent at ``path`` if the folder that it names is not beside it."""
    if not path.is_file() or path.suffix != ".torrent":
        return None
    data = files.read_limited(path, MAX_TORRENT)
    content = path.parent / torrent.read(data).name
    return None if os.path.lexists(content) else data


def _beside(content: Path) -> Path:
    return content.parent / f"{content.name}.torrent"


def make_again(content: Path) -> bytes:
    """The plain torrent of a folder, as `packager pack` makes it; it names no tracker."""
    entries = files.walk(content)
    length = torrent.piece_length(sum(entry.size for entry in entries))
    with hashing.Crew() as crew:
        pieces = hashing.Pieces(crew, length)
        for entry in entries:
            with os.fdopen(files.open_plain(entry.path), "rb", buffering=0) as file:
                for chunk in hashing.read_chunks(file.fileno(), entry.size):
                    pieces.feed(chunk)
        found = [FileHashes(entry.relative, entry.size) for entry in entries]
        try:
            return torrent.build(content.name, found, length, pieces.finish(), Kind.V1)
        except ValueError:
            raise changed() from None


def open_release(
    untrusted_torrent: bytes,
    content: Path,
    pins: Sequence[Pin],
    known: Mapping[Words, Known] = verify.NOTHING_KNOWN,
) -> Opened:
    """Find out all that the policy wants to know. Links, pipes and odd names are refused."""
    metainfo = torrent.read(untrusted_torrent)
    if content.name != metainfo.name or content.is_symlink() or not content.is_dir():
        raise InputRefused(
            f"there is no folder {files.shown(content)} that the torrent could be of",
            "keep a release's .torrent beside its folder, under the same name",
        )
    prints = take_prints(content)
    unsafe = tuple(one.message for one in survey.refusals(content))
    result = verify.release(content, pins, known)
    facts = _facts(metainfo, prints, unsafe, result)
    pin = result.sealed.pin if result.sealed else None
    roots = {one.seal.manifest.prefix_root for one in result.files if one.seal}
    title = _title(result)
    return Opened(
        untrusted_torrent, metainfo, content, prints, facts, pin, tuple(sorted(roots)), title
    )


def _title(result: verify.Result) -> str:
    """What the release really is; empty where its seal holds no text."""
    for one in result.files:
        if one.seal and one.seal.report:
            with suppress(PackagerError):
                main = report.parse(one.seal.report).main
                heading = _HEADING.search(main.body)
                return printable(main.title or (heading[1].strip() if heading else ""))
    return ""


def _facts(
    metainfo: Metainfo, prints: Sequence[Print], unsafe: tuple[str, ...], result: verify.Result
) -> ReleaseFacts:
    there = {one.path: one.size for one in prints}
    named = {str(one.path): one.length for one in metainfo.files}
    proved = {one.path for one in result.files if one.verdict is verify.Verdict.GENUINE}
    stated = [one.seal.manifest for one in result.files if one.seal]
    return ReleaseFacts(
        verdict=result.verdict,
        detail=result.detail,
        unsafe=unsafe,
        unproved=tuple(sorted(there.keys() - proved)),
        unlisted=tuple(sorted(there.keys() - named.keys())),
        absent=tuple(sorted(path for path in named if there.get(path) != named[path])),
        overruled=policy.overruled(stated),
    )


def changed() -> CheckFailed:
    """The refusal of files that do not keep still."""
    return CheckFailed("the files changed while they were checked", "add the release again")


def take_prints(content: Path) -> tuple[Print, ...]:
    """What will tell that a file was touched."""
    found = []
    try:
        for entry in files.walk(content):
            facts = entry.path.lstat()
            found.append(
                Print(
                    str(entry.relative),
                    facts.st_size,
                    facts.st_mtime_ns,
                    facts.st_ctime_ns,
                    facts.st_ino,
                )
            )
    except OSError as error:
        raise files.reading_failed(content, error) from None
    return tuple(found)
