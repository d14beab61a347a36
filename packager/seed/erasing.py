"""Delete the files of a release: those that its torrent names, and no others."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from packager import files, torrent
from packager.errors import MachineFailed, PackagerError
from packager.seed.carrying import RELEASES
from packager.seed.ground import Ground
from packager.seed.store import Kept
from packager.torrent import Metainfo


def erase(kept: Kept) -> tuple[Path, ...]:
    """Delete a release from the disk; what could not be deleted."""
    metainfo = torrent.read(kept.torrent)
    left = []
    for path in _paths(kept.content, metainfo):
        try:
            path.unlink(missing_ok=True)
        except OSError:
            left.append(path)
    for folder in _folders(kept.content, metainfo):
        with suppress(OSError):  # somebody else's files are in it
            folder.rmdir()
    _erase_torrent(kept)
    if kept.ours:
        with suppress(OSError):
            kept.folder.rmdir()
    return tuple(left)


def erase_ours(kept: Kept, ground: Ground) -> None:
    """Delete what this node fetched of a release, also what a kill left when it was replaced."""
    if kept.ours:
        erase(kept)
        return
    with suppress(MachineFailed):  # the disk of fetched files may not be there
        place = ground.shelf / RELEASES / kept.identity
        if place.is_dir():
            erase(replace(kept, folder=place, ours=True))


def _paths(content: Path, metainfo: Metainfo) -> list[Path]:
    """The files, without what a link leads out of the folder."""
    found = [content / one.path for one in metainfo.files]
    inside = content.resolve()
    return [path for path in found if path.parent.resolve().is_relative_to(inside)]


def _folders(content: Path, metainfo: Metainfo) -> list[Path]:
    """The folders in it and itself, the deepest first."""
    found = {content}
    for one in metainfo.files:
        names = one.path.split("/")[:-1]
        found |= {content.joinpath(*names[: depth + 1]) for depth in range(len(names))}
    return sorted(found, key=lambda folder: len(folder.parts), reverse=True)


def _erase_torrent(kept: Kept) -> None:
    beside = kept.folder / f"{kept.name}.torrent"
    with suppress(OSError, PackagerError):
        if files.read_limited(beside, len(kept.torrent)) == kept.torrent:
            beside.unlink()
