"""Small folders for torrent tests: made of seeded bytes, hashed in the plainest way."""

import random
from hashlib import sha1, sha256
from pathlib import Path

from packager import torrent
from packager.merkle import BLOCK, layer, root
from packager.values import Digest, RelativePath

PIECE = 64 * 1024


def content(path: str, length: int) -> bytes:
    return random.Random(path).randbytes(length)


def write(folder: Path, lengths: dict[str, int]) -> Path:
    """The tree below ``folder``, and ``folder`` again."""
    for path, length in lengths.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content(path, length))
    return folder


def hashes(path: str, length: int, piece: int = PIECE) -> torrent.FileHashes:
    data = content(path, length)
    leaves = [Digest(sha256(data[at : at + BLOCK]).digest()) for at in range(0, len(data), BLOCK)]
    return torrent.FileHashes(
        RelativePath(path),
        length,
        root(leaves) if length else None,
        layer(leaves, piece // BLOCK) if length > piece else (),
    )


def sha1_pieces(lengths: dict[str, int], kind: torrent.Kind, piece: int = PIECE) -> bytes:
    spans = torrent.v1_layout({RelativePath(p): n for p, n in lengths.items()}, kind, piece)
    stream = b"".join(
        bytes(span.length) if span.path is None else content(span.path, span.length)
        for span in spans
    )
    return b"".join(
        sha1(stream[at : at + piece], usedforsecurity=False).digest()
        for at in range(0, len(stream), piece)
    )


def built(
    lengths: dict[str, int],
    kind: torrent.Kind,
    *,
    name: str = "Name",
    piece: int = PIECE,
    trackers: tuple[str, ...] = (),
    webseeds: tuple[str, ...] = (),
) -> bytes:
    """Our torrent of the tree."""
    files = [hashes(path, length, piece) for path, length in lengths.items()]
    pieces = sha1_pieces(lengths, kind, piece)
    return torrent.build(name, files, piece, pieces, kind, trackers, webseeds)
