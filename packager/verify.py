"""Is this file, or this folder, what a trusted publisher sealed? No network, no media code.

Who trusts nobody gets ``cannot-tell``. A folder takes the verdict of its worst file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from packager import container, files, pins, seal, sweep
from packager import reel as reels
from packager.chain import State
from packager.errors import CannotTell, InputRefused
from packager.files import Entry
from packager.known import Known
from packager.manifest import Sibling
from packager.merkle import BLOCK
from packager.pins import Pin
from packager.reel import Reel
from packager.seal import Seal
from packager.sweep import Sweep
from packager.values import printable
from packager.words import Words

_MAX_TRIES = 16
NOTHING_KNOWN: Mapping[Words, Known] = MappingProxyType({})


class Verdict(StrEnum):
    """The three answers."""

    GENUINE = "genuine"
    NOT_GENUINE = "not-genuine"
    CANNOT_TELL = "cannot-tell"


class Reason(StrEnum):
    """Why; the list is closed (docs/seal.md part 8)."""

    COMPLETE = "complete"
    ALTERED = "altered"
    MOVED = "moved-from-another-file"
    TRAILING = "bytes-after-the-seal"
    FORGED = "seal-altered"
    FOREIGN = "another-publishers-key"
    STOLEN = "key-stolen"
    FORKED = "key-chains-differ"
    UNSAFE = "unsafe-extra-file"
    NO_SEAL = "tail-gone-or-never-sealed"
    NO_PIN = "no-trusted-words-open-it"
    NEWER = "newer-format"
    UNSEALED = "no-container-for-a-seal"


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file: the verdict and how much of it is as sealed.

    ``altered_at`` is the first byte that may be another, where that is known: the start of a piece
    or of the SUFFIX. ``extra_bytes`` stand after the seal, signed by nobody.
    """

    path: str
    verdict: Verdict
    reason: Reason
    detail: str
    pieces_ok: int = 0
    pieces: int = 0
    altered_at: int | None = None
    extra_bytes: int = 0
    seal: Seal | None = None
    pin: Pin | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A file or a folder."""

    verdict: Verdict
    reason: Reason
    detail: str
    files: tuple[FileResult, ...]
    extra: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What else a reader should know; none of it changes the verdict."""
        return tuple(dict.fromkeys(note for file in self.files for note in file.notes))

    @property
    def sealed(self) -> FileResult | None:
        """The file whose seal spoke."""
        return next((file for file in self.files if file.seal), None)

    @property
    def publisher(self) -> str:
        """The trusted name; empty where no seal opened."""
        return self.sealed.pin.name if self.sealed and self.sealed.pin else ""


def release(
    path: Path,
    trusted: Sequence[Pin],
    known: Mapping[Words, Known] = NOTHING_KNOWN,
    reel: Reel | None = None,
) -> Result:
    """Judge a file, the folder that travels, or the output folder around it.

    ``known`` is what this reader has seen of the publishers before; nothing is remembered here.
    ``reel`` is the file at ``path``, where it was opened already.
    """
    if reel is None and not path.exists() and not path.is_symlink():
        raise InputRefused(f"{files.shown(path)} is not there", "check the path")
    if reel is None and path.is_dir() and not path.is_symlink():
        return _folder(travelling_folder(path), trusted, known)
    if reel is None:
        one = file(path, path.name, trusted, known)
    else:
        one = _file(reel, printable(path.name), trusted, known)
    return Result(one.verdict, one.reason, one.detail, (one,))


def travelling_folder(path: Path) -> Path:
    """``OUT/NAME/NAME`` for ``OUT/NAME``; any other folder is itself."""
    inner = path / path.absolute().name
    return inner if inner.is_dir() and (path / f"{path.absolute().name}.torrent").exists() else path


def file(
    path: Path,
    shown: str,
    trusted: Sequence[Pin],
    known: Mapping[Words, Known] = NOTHING_KNOWN,
) -> FileResult:
    """Judge one file by its own seal, whatever its name is."""
    with reels.opened(path) as reel:
        return _file(reel, printable(shown), trusted, known)


def _file(
    reel: Reel, name: str, trusted: Sequence[Pin], known: Mapping[Words, Known]
) -> FileResult:
    if reel.kind is None:
        return FileResult(
            name,
            Verdict.CANNOT_TELL,
            Reason.UNSEALED,
            "not a kind of file that carries a seal; it is checked through a film beside it",
        )
    for slot in _candidates(reel, reel.kind):
        opened = seal.unlock(_payload(reel, reel.kind, slot), [pin.words for pin in trusted])
        if opened:
            pin = pins.find(trusted, opened.words)
            memory = known.get(opened.words)
            return replace(_judge(reel, name, slot, opened, memory), pin=pin)
    return _unopened(reel, name, reel.kind)


def _candidates(reel: Reel, kind: container.Kind) -> list[container.Slot]:
    """Where a seal may be: what the walk found, the last first, then what stands at the tail."""
    slots = list(reversed(reel.layout.slots[-_MAX_TRIES:]))
    limit = kind.room(seal.MAX_PAYLOAD)
    spare = container.at_tail(kind, reel.read_at, reel.size, limit)
    return [*slots, spare] if spare and spare not in slots else slots


def _payload(reel: Reel, kind: container.Kind, slot: container.Slot) -> bytes:
    """What a payload could be; empty where nothing of the right size and spelling stands."""
    fits = kind.room(seal.MIN_PAYLOAD) <= slot.length <= kind.room(seal.MAX_PAYLOAD)
    if not fits or slot.end > reel.size:
        return b""
    return kind.payload(reel.read_at(slot.start, slot.length)) or b""


def _unopened(reel: Reel, name: str, kind: container.Kind) -> FileResult:
    layout = reel.layout
    last = layout.slots[-1] if layout.slots else None
    if layout.end != reel.size:
        detail = "the file breaks off or is damaged: its end is missing, or it was never sealed"
    elif last and last.stop == reel.size and _payload(reel, kind, last):
        detail = "no trusted publisher's words open the seal that may be in it"
        return FileResult(name, Verdict.CANNOT_TELL, Reason.NO_PIN, detail)
    else:
        detail = (
            "never sealed, or a player or messenger wrote it anew without the seal: "
            "ask for the original file"
        )
    return FileResult(name, Verdict.CANNOT_TELL, Reason.NO_SEAL, detail)


def _judge(
    reel: Reel, name: str, slot: container.Slot, opened: seal.Opened, memory: Known | None
) -> FileResult:
    try:
        found = seal.check(opened)
    except seal.Forged as error:
        return FileResult(name, Verdict.NOT_GENUINE, _FORGERIES[type(error)], error.fact)
    except CannotTell as error:
        return FileResult(name, Verdict.CANNOT_TELL, Reason.NEWER, error.fact)
    objection = _objection(found, memory) if memory else None
    if objection:
        return FileResult(name, Verdict.NOT_GENUINE, *objection)
    result = _after(reel, name, slot, found)
    if result is None:
        ready = reel.hashed.length == slot.start
        hashed = reel.hashed if ready else Sweep(reel.descriptor, slot.start)
        result = _compare(name, hashed, found)
    return replace(result, notes=_notes(found, memory))


def _after(reel: Reel, name: str, slot: container.Slot, found: Seal) -> FileResult | None:
    """What is wrong behind the payload: bytes too many, too few, or others; None if nothing."""
    count = reel.size - slot.stop
    if count > 0:
        detail = f"{count} bytes stand after the seal that nobody signed"
        trailing = FileResult(name, Verdict.NOT_GENUINE, Reason.TRAILING, detail, seal=found)
        return replace(trailing, extra_bytes=count)
    if count < 0:
        detail = f"the last {-count} bytes of the file are missing"
        return FileResult(name, Verdict.CANNOT_TELL, Reason.NO_SEAL, detail, seal=found)
    if sha256(reel.read_at(slot.end, slot.suffix)).digest() != found.manifest.suffix:
        detail = f"altered from byte {slot.end} on, behind the seal"
        altered = FileResult(name, Verdict.NOT_GENUINE, Reason.ALTERED, detail, seal=found)
        return replace(altered, altered_at=slot.end)
    return None


def _objection(found: Seal, memory: Known) -> tuple[Reason, str] | None:
    """What a home remembers against a seal that holds by itself."""
    number = memory.chain.parts_from(found.chain)
    if number:
        detail = f"its key statement {number} is not the one that you have seen from this publisher"
        return Reason.FORKED, f"{detail}: somebody else holds a paper key of theirs"
    if memory.chain.state_of(found.manifest.signer) is State.STOLEN:
        return (
            Reason.STOLEN,
            "a later word of the publisher says that the key of this seal was stolen",
        )
    return None


def _notes(found: Seal, memory: Known | None) -> tuple[str, ...]:
    """What a reader should know of the key and the age of a seal that holds."""
    stated = found.manifest
    newest = max((found.chain, *([memory.chain] if memory else ())), key=lambda c: len(c.links))
    state = newest.state_of(stated.signer)
    notes = [_STATES[state]] if state in _STATES else []
    if memory and memory.is_newer_than(stated.serial, stated.date):
        notes.append("it is older than what you already have from this publisher")
    return tuple(notes)


_STATES = {
    State.RETIRED: "the publisher signs with another key now; what this one signed stays good",
    State.LOST: "the publisher lost the key of this seal; be wary if it was published lately",
}


_FORGERIES = {
    seal.Forged: Reason.FORGED,
    seal.ForeignKey: Reason.FOREIGN,
    seal.StolenKey: Reason.STOLEN,
}


def _compare(name: str, hashed: Sweep, found: Seal) -> FileResult:
    tree, length = hashed.tree(), hashed.length
    stated = found.manifest
    total = max(1, seal.piece_count(stated.prefix_length, stated.piece))
    if seal.proves(found, tree.root, length):
        detail = "every byte is as the publisher sealed it"
        return FileResult(name, Verdict.GENUINE, Reason.COMPLETE, detail, total, total, seal=found)
    actual = tree.layer(stated.piece // BLOCK)
    good = [a == b for a, b in zip(actual, found.layer, strict=False)]
    right = sum(good)
    if right == 0 and (total > 1 or length != stated.prefix_length):
        detail = "the seal belongs to another file"
        return FileResult(name, Verdict.NOT_GENUINE, Reason.MOVED, detail, 0, total, seal=found)
    at = stated.piece * (good.index(False) if False in good else len(good))
    detail = f"{right} of {total} pieces are as sealed; altered from byte {at} on"
    altered = FileResult(name, Verdict.NOT_GENUINE, Reason.ALTERED, detail, right, total)
    return replace(altered, altered_at=at, seal=found)


def _folder(root: Path, trusted: Sequence[Pin], known: Mapping[Words, Known]) -> Result:
    from packager import survey  # noqa: PLC0415 -- a lone file needs no rules for folders

    try:
        entries = files.walk(root, skip=survey.is_passed_over)
    except InputRefused as error:
        return Result(Verdict.NOT_GENUINE, Reason.UNSAFE, error.fact, ())
    if not entries:
        raise InputRefused(f"{files.shown(root)} is empty", "give a release folder or a file")
    results = {e.relative: file(e.path, e.relative, trusted, known) for e in entries}
    listed: dict[str, Sibling] = {}
    under_another_name: set[str] = set()
    for one in results.values():
        if one.seal:
            listed |= {str(sibling.path): sibling for sibling in one.seal.manifest.siblings}
            under_another_name.add(str(one.seal.manifest.path))
    extra = []
    there = {str(entry.relative) for entry in entries}
    for entry in entries:
        found, told = results[entry.relative], listed.get(entry.relative)
        if told and not told.sealed and not found.seal:
            results[entry.relative] = _sibling(entry, told)
        elif told and told.sealed and found.seal:
            results[entry.relative] = _companion(found, found.seal, told)
        elif found.reason is Reason.UNSEALED:  # a film is judged by its own seal or the lack of it
            extra.append(entry)
            results[entry.relative] = _extra(entry, found, there.__contains__, known=bool(listed))
    if not listed:
        extra = [one for one in extra if results[one.relative].reason is Reason.UNSAFE]
    present = there | under_another_name
    missing = tuple(sorted(set(listed) - present))
    return _worst(tuple(results.values()), tuple(str(e.relative) for e in extra), missing)


def _sibling(entry: Entry, stated: Sibling) -> FileResult:
    length, tree = sweep.file_tree(entry.path)
    if length == stated.length and tree.root == stated.root:
        detail = "as listed in the seal of the film beside it"
        return FileResult(entry.relative, Verdict.GENUINE, Reason.COMPLETE, detail, 1, 1)
    detail = "not the file that the seal of the film beside it lists"
    return FileResult(entry.relative, Verdict.NOT_GENUINE, Reason.ALTERED, detail, 0, 1)


def _companion(found: FileResult, own: Seal, told: Sibling) -> FileResult:
    """A sealed file beside others: each may be genuine, and yet they may not belong together."""
    if own.manifest.prefix_root == told.root:
        return found
    note = "it is of another release than the files beside it, which list another file of this name"
    return replace(found, notes=(*found.notes, f"{found.path}: {note}"))


def _extra(
    entry: Entry, found: FileResult, exists: Callable[[str], bool], *, known: bool
) -> FileResult:
    from packager import survey  # noqa: PLC0415 -- as above

    refusals = survey.of_entry(entry, exists)
    if refusals:
        detail = f"not part of the release, and unsafe: {refusals[0].message}"
        return FileResult(entry.relative, Verdict.NOT_GENUINE, Reason.UNSAFE, detail)
    return replace(found, detail="not part of the release") if known else found


def _worst(
    results: tuple[FileResult, ...], extra: tuple[str, ...], missing: tuple[str, ...]
) -> Result:
    judged = [one for one in results if one.path not in extra or one.reason is Reason.UNSAFE]
    judged.sort(key=lambda one: (one.seal is None, one.reason is Reason.UNSEALED))  # films first
    for verdict in (Verdict.NOT_GENUINE, Verdict.CANNOT_TELL, Verdict.GENUINE):
        for one in judged:
            if one.verdict is verdict:
                return Result(verdict, one.reason, one.detail, results, extra, missing)
    detail = "nothing in it carries a seal"
    return Result(Verdict.CANNOT_TELL, Reason.NO_SEAL, detail, results, extra, missing)
