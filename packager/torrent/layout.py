"""How files lie in a torrent: their order, the padding between them, the length of a piece."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from packager.errors import InputRefused
from packager.values import Digest, RelativePath

KIB = 1024
MIN_PIECE = 64 * KIB
MAX_PIECE = 16 * KIB * KIB
_WANTED_PIECES = 1000  # 20 kB of SHA-1; loading a thousand such torrents stays cheap


class Kind(StrEnum):
    """The kinds of torrent."""

    V1 = "v1"  # what every client reads
    HYBRID = "hybrid"  # both; some older clients refuse or misread it
    V2 = "v2"

    @property
    def has_v1(self) -> bool:
        """Whether it holds SHA-1 pieces."""
        return self is not Kind.V2

    @property
    def has_v2(self) -> bool:
        """Whether it holds SHA-256 trees."""
        return self is not Kind.V1


@dataclass(frozen=True, slots=True)
class FileHashes:
    """One file; ``root`` is None if it is empty, or in a v1 torrent that was read.

    ``layer`` has a digest for each piece, and is empty for a file of at most one piece.
    """

    path: RelativePath
    length: int  # bytes
    root: Digest | None = None
    layer: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the byte stream that SHA-1 pieces are cut from; zeros if ``path`` is None."""

    path: RelativePath | None
    length: int  # bytes


def piece_length(total: int) -> int:
    """A power of two for ``total`` bytes: 1000 to 2000 pieces, of 64 KiB to 16 MiB."""
    wanted = max(total // _WANTED_PIECES, 1)
    return min(max(1 << (wanted.bit_length() - 1), MIN_PIECE), MAX_PIECE)


def v1_layout(
    lengths: Mapping[RelativePath, int], kind: Kind, piece_length: int
) -> tuple[Span, ...]:
    """The spans, in order, that SHA-1 pieces run over; none in a v2 torrent.

    In a hybrid every file begins at a piece, and the last piece is filled up too, unless there
    is one file only.
    """
    if not kind.has_v1:
        return ()
    spans: list[Span] = []
    for path in order(lengths, kind):
        spans.append(Span(path, lengths[path]))
        padding = -lengths[path] % piece_length
        if kind is Kind.HYBRID and len(lengths) > 1 and padding:
            spans.append(Span(None, padding))
    return tuple(spans)


def order(paths: Iterable[RelativePath], kind: Kind) -> list[RelativePath]:
    """v1: sorted as whole strings. Others: as BEP 52 walks the tree, name by name.

    The two differ for `a.txt` beside a folder `a`. There libtorrent 2.1 sorts its hybrids as
    strings, and then cannot load what it wrote; ours load.
    """
    if kind is Kind.V1:
        return sorted(paths)
    return sorted(paths, key=lambda path: path.split("/"))


def refuse_collisions(paths: Iterable[RelativePath]) -> None:
    """Refuse names that are one name on Windows or macOS, and a file that is also a folder."""
    spelling: dict[str, str] = {}
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        if path.casefold() in files:
            raise InputRefused(f"two files of a torrent are called {path!r} on some systems")
        files.add(path.casefold())
        names = path.split("/")
        for depth in range(1, len(names)):
            folder = "/".join(names[:depth])
            folders.add(folder.casefold())
            if spelling.setdefault(folder.casefold(), folder) != folder:
                raise InputRefused(f"a folder of a torrent is spelt two ways: {folder!r}")
    if both := files & folders:
        raise InputRefused(f"{min(both)!r} is a file and a folder of a torrent")


def refuse_ambiguous(name: str, paths: Iterable[RelativePath], kind: Kind) -> None:
    """Refuse a v2 folder that holds one file of its own name: it would read as that file alone."""
    if kind is Kind.V2 and list(paths) == [name]:
        raise InputRefused(
            f"a v2 torrent cannot hold the folder {name!r} with one file of the same name",
            "make a v1 or hybrid torrent",
        )
