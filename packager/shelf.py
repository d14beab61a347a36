"""The genuine books of a release, opened: their pages hold the report that their seals do not."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from packager import files, merkle, verify
from packager.book.unbind import MAX_BOOK, Unbound, unbind
from packager.container import Kind
from packager.errors import CheckFailed
from packager.seal import Seal, proves
from packager.values import Digest
from packager.verify import Result, Verdict


def books(path: Path, result: Result) -> Iterator[Unbound]:
    """The report's files out of each genuine EPUB; ``result`` is the verdict on ``path``.

    Raises CheckFailed where a book is not any more what was judged, InputRefused where it cannot
    be read.
    """
    folder = verify.travelling_folder(path) if path.is_dir() else None
    for one in result.files:
        if one.verdict is Verdict.GENUINE and one.seal and _is_book(one.seal):
            yield unbind(sealed_bytes(folder / one.path if folder else path, one.seal))


def sealed_bytes(path: Path, seal: Seal) -> bytes:
    """The book without its seal, compared once more: what was judged may have been exchanged."""
    data = files.read_limited(path, MAX_BOOK)[: seal.manifest.prefix_length]
    blocks = range(0, len(data), merkle.BLOCK)
    leaves = [Digest(sha256(data[at : at + merkle.BLOCK]).digest()) for at in blocks]
    if not proves(seal, merkle.root(leaves), len(data)):
        raise CheckFailed(f"{files.shown(path)} changed while it was read", "try again")
    return data


def _is_book(seal: Seal) -> bool:
    return seal.manifest.container == Kind.EPUB
