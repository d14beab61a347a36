"""Write a whole ``.torrent`` from names and hashes."""

from collections.abc import Sequence

from packager.errors import InputRefused
from packager.torrent.addresses import tracker_url, webseed_url
from packager.torrent.bencode import Value, encode
from packager.torrent.layout import (
    FileHashes,
    Kind,
    Span,
    refuse_ambiguous,
    refuse_collisions,
    v1_layout,
)
from packager.values import RelativePath

SHA1_SIZE = 20


def build(
    name: str,
    files: Sequence[FileHashes],
    piece_length: int,
    sha1_pieces: bytes,
    kind: Kind,
    trackers: Sequence[str] = (),
    webseeds: Sequence[str] = (),
) -> bytes:
    """All bytes of the torrent of a folder called ``name``.

    ``sha1_pieces`` are the pieces over ``v1_layout``, empty for v2. Each tracker is a tier of its
    own: clients ask the first, and the next ones if it is silent. Hashes that do not fit the
    lengths are a caller's mistake: ValueError.
    """
    _refuse_unusable(name, files, kind)
    spans = v1_layout({file.path: file.length for file in files}, kind, piece_length)
    _check_hashes(files, spans, piece_length, sha1_pieces, kind)
    info: dict[bytes, Value] = {b"name": name.encode(), b"piece length": piece_length}
    outer: dict[bytes, Value] = {b"info": info}
    if kind.has_v1:
        info |= {b"files": v1_files(spans), b"pieces": sha1_pieces}
    if kind.has_v2:
        info |= {b"file tree": _tree(files), b"meta version": 2}
        outer[b"piece layers"] = {f.root: b"".join(f.layer) for f in files if f.root and f.layer}
    return encode(outer | _addresses(trackers, webseeds))


def v1_files(spans: Sequence[Span]) -> list[Value]:
    """The ``files`` list of a v1 or hybrid torrent."""
    entries: list[Value] = []
    for span in spans:
        if span.path is None:
            padding: list[Value] = [b".pad", b"%d" % span.length]
            entries.append({b"attr": b"p", b"length": span.length, b"path": padding})
        else:
            path: list[Value] = [part.encode() for part in span.path.split("/")]
            entries.append({b"length": span.length, b"path": path})
    return entries


def _refuse_unusable(name: str, files: Sequence[FileHashes], kind: Kind) -> None:
    paths = [file.path for file in files]
    if "/" in RelativePath(name):
        raise InputRefused(f"a torrent's name holds a slash: {name!r}")
    if not any(file.length for file in files):
        raise InputRefused("a torrent of nothing", "put a file that is not empty into the folder")
    refuse_collisions(paths)
    refuse_ambiguous(name, paths, kind)


def _check_hashes(
    files: Sequence[FileHashes],
    spans: Sequence[Span],
    piece_length: int,
    sha1_pieces: bytes,
    kind: Kind,
) -> None:
    pieces = -(-sum(span.length for span in spans) // piece_length)
    if len(sha1_pieces) != pieces * SHA1_SIZE:
        raise ValueError(f"{len(sha1_pieces)} bytes of SHA-1 for {pieces} pieces")
    for file in files if kind.has_v2 else ():
        wanted = -(-file.length // piece_length) if file.length > piece_length else 0
        if len(file.layer) != wanted or bool(file.root) != bool(file.length):
            raise ValueError(f"the hashes of {file.path!r} do not fit its length")


def _tree(files: Sequence[FileHashes]) -> dict[bytes, Value]:
    """BEP 52's ``file tree``; an empty file has no root."""
    tree: dict[bytes, Value] = {}
    for file in files:
        leaf: dict[bytes, Value] = {b"length": file.length}
        if file.root:
            leaf[b"pieces root"] = file.root
        branch: Value = {b"": leaf}
        *folders, last = (part.encode() for part in file.path.split("/"))
        here = tree
        for folder in folders:
            here = _subtree(here, folder)
        here[last] = branch
    return tree


def _subtree(tree: dict[bytes, Value], folder: bytes) -> dict[bytes, Value]:
    below = tree.setdefault(folder, {})
    if not isinstance(below, dict):
        raise TypeError(folder)
    return below


def _addresses(trackers: Sequence[str], webseeds: Sequence[str]) -> dict[bytes, Value]:
    tiers = [tracker_url(url).encode() for url in dict.fromkeys(trackers)]
    seeds: list[Value] = [webseed_url(url).encode() for url in dict.fromkeys(webseeds)]
    fields: dict[bytes, Value] = {}
    if tiers:
        fields[b"announce"] = tiers[0]
    if len(tiers) > 1:
        fields[b"announce-list"] = [[tier] for tier in tiers]
    if seeds:
        fields[b"url-list"] = seeds[0] if len(seeds) == 1 else seeds
    return fields
