"""Seal one file that is no release, and give back the file that was sealed.

The original is never written to: what comes out is a new file, whole or not at all.
"""

import hmac
import os
import shutil
from dataclasses import dataclass
from datetime import date as calendar
from hashlib import sha256
from pathlib import Path

from packager import container, files, hashing, sweep, verify
from packager.container import Kind
from packager.errors import CannotTell, CheckFailed, InputRefused, UsageMistake
from packager.keyring import Publisher
from packager.keys import SecretKey
from packager.pack.sealing import Signer, Terms, Unsealed, seal_folder
from packager.pins import Pin
from packager.torrent import Kind as Torrent
from packager.values import Digest, RelativePath, canonical_json
from packager.verify import FileResult, Verdict
from packager.words import Words


@dataclass(frozen=True, slots=True)
class Lone:
    """A lone file that was sealed."""

    path: Path
    root: Digest  # of the PREFIX, as the manifest has it
    words: Words
    serial: int


def seal_file(
    path: Path,
    out: Path | None,
    publisher: Publisher,
    daily: SecretKey,
    *,
    date: str = "",
    serial: int = 0,
) -> Lone:
    """Write the sealed copy of ``path`` to ``out``, or beside it as ``NAME.sealed.EXT``."""
    _check_date(date)
    target = out or path.with_name(f"{path.stem}.sealed{path.suffix}")
    name = RelativePath(target.name)
    _refuse_existing(target)
    with files.workspace(target.absolute().parent) as room:
        folder = room / "sealed"
        folder.mkdir()
        copy = _copy(path, folder / name)
        _refuse_sealed(path, copy, publisher)
        terms = Terms("", (), _variant(copy, daily), date, serial)
        signer = Signer(publisher.chain, daily)
        sealed = seal_folder(folder, [Unsealed(name)], terms, signer, Torrent.V1)
        files.move_into_place(copy, target)
    return Lone(target, sealed.manifest.prefix_root, publisher.pin.words, serial)


def unseal(path: Path, out: Path, trusted: tuple[Pin, ...]) -> FileResult:
    """Write the file as it was before it was sealed to ``out``; only genuine files are opened."""
    _refuse_existing(out)
    with files.workspace(out.absolute().parent) as room:
        copy = _copy(path, room / "unsealed")
        found = verify.file(copy, path.name, trusted)
        if found.verdict is not Verdict.GENUINE:
            raise _not_genuine(found)
        _take_out(copy)
        files.move_into_place(copy, out)
    return found


def _take_out(copy: Path) -> None:
    """Cut the seal's element off and put back the size above it."""
    with copy.open("r+b", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size

        def read_at(offset: int, length: int) -> bytes:
            return os.pread(file.fileno(), length, offset) if offset < size else b""

        kind = _kind(read_at(0, container.HEAD))
        slot = container.walk(kind, read_at, size).slots[-1]
        patch = kind.restore(read_at, slot)
        if patch:
            os.pwrite(file.fileno(), patch[1], patch[0])
        file.truncate(slot.start - kind.header_size)


def _kind(head: bytes) -> Kind:
    kind = container.kind_of(head)
    if kind is None:  # it was genuine a moment ago
        raise InputRefused("the file is not of a kind that carries a seal")
    return kind


def _copy(path: Path, target: Path) -> Path:
    """A private copy, read from one descriptor of a plain file."""
    with os.fdopen(files.open_plain(path), "rb") as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, hashing.CHUNK)
    return target


def _variant(copy: Path, daily: SecretKey) -> bytes:
    """Equal files get equal seals; nobody without the daily key can compute it."""
    root = sweep.file_tree(copy)[1].root
    return hmac.digest(daily.derive("variant"), canonical_json({"lone": root.hex()}), sha256)


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise files.already_there(target, "give another name: --out FILE")


def _refuse_sealed(path: Path, copy: Path, publisher: Publisher) -> None:
    if verify.file(copy, path.name, (publisher.pin,)).seal:
        raise InputRefused(
            f"{files.shown(path)} holds a seal of this publisher already",
            "take it out first: packager unseal FILE --out NEW",
        )


def _check_date(date: str) -> None:
    try:
        fits = not date or str(calendar.fromisoformat(date)) == date
    except ValueError:
        fits = False
    if not fits:
        raise UsageMistake(f"not a date: {date!r}", "write it as 2026-05-31")


def _not_genuine(found: FileResult) -> CheckFailed | CannotTell:
    hint = "nothing was written: a seal is only taken out of a file that is genuine"
    if found.verdict is Verdict.NOT_GENUINE:
        return CheckFailed(f"not genuine: {found.detail}", hint)
    return CannotTell(
        f"cannot tell who sealed this: {found.detail}", hint, 'give their words: --words "..."'
    )
