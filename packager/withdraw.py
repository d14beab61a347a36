"""Withdraw a release: write a signed notice that nodes obey."""

import os
from dataclasses import dataclass
from pathlib import Path

from packager import files, torrent, verify
from packager.errors import InputRefused
from packager.keyring import Publisher
from packager.keys import SecretKey
from packager.notice import SUFFIX, Notice, Reason, Withdrawal, sign
from packager.torrent.metainfo import MAX_TORRENT
from packager.values import Digest


@dataclass(frozen=True, slots=True)
class Named:
    """What a release is known by."""

    name: str
    infohashes: tuple[str, ...]
    roots: tuple[Digest, ...]


def name_release(path: Path, publisher: Publisher) -> Named:
    """The names of a release: its torrent's, and those of the files that ``publisher`` sealed.

    ``path`` is its folder, the folder around it, or its ``.torrent``, alone if need be.
    """
    if path.is_file() and path.suffix == ".torrent":
        inner, file = path.with_suffix(""), path
    else:
        inner = verify.travelling_folder(path)
        file = inner.parent / f"{inner.name}.torrent"
    hashes = _infohashes(file) if file.is_file() else ()
    roots: set[Digest] = set()
    if inner.exists():
        result = verify.release(inner, [publisher.pin])
        roots = {one.seal.manifest.prefix_root for one in result.files if one.seal}
        if not roots:
            raise InputRefused(
                f"{publisher.name!r} sealed nothing in {files.shown(path)}",
                "only who sealed a release can withdraw it; with several publishers: --publisher",
            )
    if not hashes and not roots:
        raise InputRefused(
            f"{files.shown(path)} is not there", "give a release's folder or its .torrent"
        )
    return Named(inner.name, hashes, tuple(sorted(roots)))


def withdraw(
    named: Named, reason: Reason, date: str, publisher: Publisher, key: SecretKey
) -> Notice:
    """The notice, signed by ``key``: the daily key or the paper key in use."""
    stated = Withdrawal(named.infohashes, named.roots, reason, date, key.public)
    return sign(stated, publisher.chain, key)


def write(notice: Notice, target: Path) -> None:
    """Put a notice into a new file."""
    if os.path.lexists(target):
        raise files.already_there(target)
    files.write_atomic(target, notice.encode())


def place_of(path: Path, named: Named) -> Path:
    """Where a notice goes if nobody says: beside the folder that travels."""
    beside = path.parent if path.is_file() else verify.travelling_folder(path).parent
    return beside / f"{named.name}{SUFFIX}"


def _infohashes(file: Path) -> tuple[str, ...]:
    found = torrent.info_hashes(files.read_limited(file, MAX_TORRENT))
    return tuple(one.hex() for one in (found.v1, found.v2) if one)
