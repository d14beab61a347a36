"""Read a ``.torrent`` that a stranger may have made, and say its identity.

Only what ``build`` writes is accepted. Anything else is a reason to make the torrent again from
the files: unknown fields may name hosts that a client would contact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1, sha256

from packager.errors import InputRefused
from packager.merkle import BLOCK, root_of_layer, split
from packager.torrent.addresses import tracker_url, webseed_url
from packager.torrent.bencode import Value, decode, encode
from packager.torrent.layout import (
    MAX_PIECE,
    FileHashes,
    Kind,
    refuse_ambiguous,
    refuse_collisions,
    v1_layout,
)
from packager.torrent.writer import SHA1_SIZE, v1_files
from packager.values import DIGEST_SIZE, Digest, RelativePath, printable

MAX_TORRENT = 10 * 1024 * 1024  # bytes
MAX_FILES = 10_000
MAX_TOTAL = 2**40  # bytes
MAX_ADDRESSES = 50
MAX_PATH = 16  # names
_OUTER = frozenset({b"announce", b"announce-list", b"info", b"url-list"})
_COMMON = frozenset({b"name", b"piece length"})
_V1 = frozenset({b"files", b"pieces"})
_V2 = frozenset({b"file tree", b"meta version"})
_FIELDS = {Kind.V1: _COMMON | _V1, Kind.HYBRID: _COMMON | _V1 | _V2, Kind.V2: _COMMON | _V2}


@dataclass(frozen=True, slots=True)
class InfoHashes:
    """What swarms are named by: SHA-1 (20 bytes), SHA-256 (32 bytes), or both."""

    v1: bytes | None
    v2: bytes | None


@dataclass(frozen=True, slots=True)
class Metainfo:
    """A torrent that was read; ``pieces`` are SHA-1, 20 bytes each, empty for v2."""

    name: RelativePath
    files: tuple[FileHashes, ...]
    piece_length: int  # bytes
    kind: Kind
    pieces: bytes
    trackers: tuple[str, ...]
    webseeds: tuple[str, ...]
    info_hashes: InfoHashes

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return sum(file.length for file in self.files)


def read(untrusted_bytes: bytes) -> Metainfo:
    """The torrent in ``untrusted_bytes``, every field checked against the others."""
    outer = _dictionary(decode(untrusted_bytes, MAX_TORRENT))
    info = _dictionary(outer.get(b"info"))
    kind = _kind(info)
    _refuse_unknown(outer, _OUTER | {b"piece layers"} if kind.has_v2 else _OUTER)
    name = _path([info.get(b"name")])
    piece = _piece_length(info)
    files = _v2_files(info, piece, outer) if kind.has_v2 else _v1_files(info)
    _check_files(name, files, kind)
    return Metainfo(
        name=name,
        files=files,
        piece_length=piece,
        kind=kind,
        pieces=_pieces(info, files, piece, kind),
        trackers=_trackers(outer),
        webseeds=_webseeds(outer),
        info_hashes=_identity(info, kind),
    )


def read_info(untrusted_bytes: bytes) -> Metainfo:
    """An info dictionary alone, as a swarm hands it out; it holds no piece layers.

    In what is read, a v2 file has its root and no layer.
    """
    info = _dictionary(decode(untrusted_bytes, MAX_TORRENT))
    kind = _kind(info)
    piece = _piece_length(info)
    name = _path([info.get(b"name")])
    files = _v2_files(info, piece, None) if kind.has_v2 else _v1_files(info)
    _check_files(name, files, kind)
    pieces = _pieces(info, files, piece, kind)
    return Metainfo(name, files, piece, kind, pieces, (), (), _identity(info, kind))


def info_hashes(torrent_bytes: bytes) -> InfoHashes:
    """What the swarm of a torrent is named by."""
    return read(torrent_bytes).info_hashes


def magnet(torrent_bytes: bytes) -> str:
    """The magnet link: info-hashes, name, trackers, web seeds."""
    torrent = read(torrent_bytes)
    fields = []
    if torrent.info_hashes.v1:
        fields.append(f"xt=urn:btih:{torrent.info_hashes.v1.hex()}")
    if torrent.info_hashes.v2:
        fields.append(f"xt=urn:btmh:1220{torrent.info_hashes.v2.hex()}")
    fields.append("dn=" + _percent(torrent.name))
    fields += ["tr=" + _percent(url) for url in torrent.trackers]
    fields += ["ws=" + _percent(url) for url in torrent.webseeds]
    return "magnet:?" + "&".join(fields)


def _percent(text: str) -> str:
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in text.encode())


def _kind(info: dict[bytes, Value]) -> Kind:
    if b"length" in info:
        raise _refused("it is of a single file, not of a folder")
    if b"file tree" not in info:
        kind = Kind.V1
    else:
        kind = Kind.HYBRID if b"pieces" in info or b"files" in info else Kind.V2
    _refuse_unknown(info, _FIELDS[kind])
    if kind.has_v2 and info.get(b"meta version") != 2:  # noqa: PLR2004 -- BEP 52
        raise _refused("its format is newer than version 2")
    return kind


def _piece_length(info: dict[bytes, Value]) -> int:
    length = _whole(info, b"piece length")
    if not BLOCK <= length <= MAX_PIECE or length & (length - 1):
        raise _refused(f"its piece length of {length} is not a power of two, 16 KiB to 16 MiB")
    return length


def _v1_files(info: dict[bytes, Value]) -> tuple[FileHashes, ...]:
    files = []
    for item in _list(info.get(b"files")):
        entry = _dictionary(item)
        _refuse_unknown(entry, frozenset({b"length", b"path"}))
        files.append(FileHashes(_path(_list(entry.get(b"path"))), _whole(entry, b"length")))
    return tuple(files)


def _v2_files(
    info: dict[bytes, Value], piece: int, outer: dict[bytes, Value] | None
) -> tuple[FileHashes, ...]:
    """The files of a v2 torrent; where ``outer`` is None nobody has the layers yet."""
    layers = _dictionary(outer.get(b"piece layers")) if outer is not None else None
    files = tuple(_leaves(_dictionary(info.get(b"file tree")), [], piece, layers))
    if layers is not None and len({file.root for file in files if file.layer}) != len(layers):
        raise _refused("it has a piece layer of no file")
    return files


def _leaves(
    tree: dict[bytes, Value], above: list[Value], piece: int, layers: dict[bytes, Value] | None
) -> list[FileHashes]:
    files = []
    for name, item in tree.items():
        branch = _dictionary(item)
        if b"" in branch:
            _refuse_unknown(branch, frozenset({b""}))
            path = _path([*above, name])
            files.append(_leaf(path, _dictionary(branch[b""]), piece, layers))
        else:
            files += _leaves(branch, [*above, name], piece, layers)
    if not tree:
        raise _refused("it has an empty folder")
    return files


def _leaf(
    path: RelativePath, leaf: dict[bytes, Value], piece: int, layers: dict[bytes, Value] | None
) -> FileHashes:
    length = _whole(leaf, b"length")
    if not length:
        _refuse_unknown(leaf, frozenset({b"length"}))
        return FileHashes(path, 0)
    _refuse_unknown(leaf, frozenset({b"length", b"pieces root"}))
    root = Digest(_string(leaf, b"pieces root"))
    if len(root) != DIGEST_SIZE:
        raise _refused(f"the root of {path!r} is not of 32 bytes")
    if length <= piece or layers is None:
        return FileHashes(path, length, root)
    layer = _string(layers, root)
    nodes = split(layer)
    if (
        len(layer) != -(-length // piece) * DIGEST_SIZE
        or root_of_layer(nodes, piece // BLOCK) != root
    ):
        raise _refused(f"the piece layer of {path!r} does not fit its root")
    return FileHashes(path, length, root, nodes)


def _check_files(name: RelativePath, files: tuple[FileHashes, ...], kind: Kind) -> None:
    paths = [file.path for file in files]
    total = sum(file.length for file in files)
    if not 0 < total <= MAX_TOTAL or len(files) > MAX_FILES:
        raise _refused(f"{len(files)} files of {total} bytes altogether cannot be a release")
    refuse_collisions(paths)
    refuse_ambiguous(name, paths, kind)


def _pieces(
    info: dict[bytes, Value], files: tuple[FileHashes, ...], piece: int, kind: Kind
) -> bytes:
    """The SHA-1 pieces; in a hybrid, both lists of files must say the same."""
    if not kind.has_v1:
        return b""
    spans = v1_layout({file.path: file.length for file in files}, kind, piece)
    if kind is Kind.HYBRID and info.get(b"files") != v1_files(spans):
        raise _refused("its two lists of files do not say the same")
    pieces = _string(info, b"pieces")
    if len(pieces) != -(-sum(span.length for span in spans) // piece) * SHA1_SIZE:
        raise _refused("its pieces do not fit the length of its files")
    return pieces


def _trackers(outer: dict[bytes, Value]) -> tuple[str, ...]:
    first = [outer[b"announce"]] if b"announce" in outer else []
    tiers = [_list(tier) for tier in _list(outer.get(b"announce-list", []))]
    urls = [*first, *(url for tier in tiers for url in tier)]
    return tuple(dict.fromkeys(tracker_url(text) for text in _texts(urls)))


def _webseeds(outer: dict[bytes, Value]) -> tuple[str, ...]:
    stated = outer.get(b"url-list", [])
    urls = stated if isinstance(stated, list) else [stated]
    return tuple(dict.fromkeys(webseed_url(text) for text in _texts(urls)))


def _identity(info: dict[bytes, Value], kind: Kind) -> InfoHashes:
    """Canonical bencode is the same bytes again, so no slice of the input is needed."""
    data = encode(info)
    return InfoHashes(
        sha1(data, usedforsecurity=False).digest() if kind.has_v1 else None,
        sha256(data).digest() if kind.has_v2 else None,
    )


def _path(names: Sequence[Value | None]) -> RelativePath:
    texts = _texts(names)
    if not 0 < len(texts) <= MAX_PATH or any("/" in text for text in texts):
        raise _refused("a path in it is empty, too deep, or has a slash inside a name")
    return RelativePath("/".join(texts))


def _texts(values: Sequence[Value | None]) -> list[str]:
    if len(values) > MAX_ADDRESSES:
        raise _refused(f"a list of more than {MAX_ADDRESSES} entries")
    texts = []
    for value in values:
        if not isinstance(value, bytes):
            raise _refused("a text is missing")
        try:
            texts.append(value.decode())
        except UnicodeDecodeError:
            raise _refused("a text in it is not UTF-8") from None
    return texts


def _refuse_unknown(fields: dict[bytes, Value], known: frozenset[bytes]) -> None:
    for key in fields.keys() - known:
        shown = printable(key[:40].decode("ascii", "replace"))
        raise _refused(f"a field that we never write: {shown!r}")


def _dictionary(value: Value | None) -> dict[bytes, Value]:
    if not isinstance(value, dict):
        raise _refused("a dictionary is missing")
    return value


def _list(value: Value | None) -> list[Value]:
    if not isinstance(value, list):
        raise _refused("a list is missing")
    return value


def _string(fields: dict[bytes, Value], key: bytes) -> bytes:
    value = fields.get(key)
    if not isinstance(value, bytes):
        raise _refused("a string is missing")
    return value


def _whole(fields: dict[bytes, Value], key: bytes) -> int:
    value = fields.get(key)
    if not isinstance(value, int) or not 0 <= value <= MAX_TOTAL:
        raise _refused("a length is missing or absurd")
    return value


def _refused(fact: str) -> InputRefused:
    return InputRefused(
        f"this torrent was refused: {fact}",
        "make it again from the files: `packager seed add FOLDER` does, from a release's folder",
    )
