"""A torrent as anybody reads it: fields that tell of its maker, and forms that clients refuse."""

from collections.abc import Iterator, Mapping

from packager.audit import checks
from packager.audit.facts import Release
from packager.audit.finding import Finding
from packager.errors import InputRefused
from packager.torrent import Value, decode
from packager.values import printable

MAX_TORRENT = 10 * 1024 * 1024
_KNOWN = frozenset({b"announce", b"announce-list", b"info", b"url-list", b"piece layers"})
_KNOWN_INFO = frozenset(
    {b"name", b"piece length", b"pieces", b"files", b"file tree", b"meta version", b"private"}
)
_KNOWN_FILE = frozenset({b"length", b"path", b"attr"})
_LEAST_PIECE, _MOST_PIECE = 16 * 1024, 16 * 1024 * 1024
_MANY = 4000  # pieces


def findings(release: Release) -> Iterator[Finding]:
    """All that the torrent says wrong."""
    if release.torrent is None:
        return
    path = f"{release.name}.torrent"
    try:
        outer = _dictionary(decode(release.torrent, MAX_TORRENT))
        info = _dictionary(outer.get(b"info"))
    except InputRefused as error:
        yield checks.TORRENT_FORM.at(path, f"it cannot be read: {error.fact}")
        return
    yield from _fields(path, outer, info)
    yield from _form(path, info)
    yield from _against(path, info, release)


def _fields(
    path: str, outer: Mapping[bytes, Value], info: Mapping[bytes, Value]
) -> Iterator[Finding]:
    entries = [_dictionary(entry) for entry in _list(info.get(b"files"))]
    inside = {key for entry in entries for key in entry.keys() - _KNOWN_FILE}
    for key in sorted((outer.keys() - _KNOWN) | (info.keys() - _KNOWN_INFO) | inside):
        shown = printable(key[:40].decode("utf-8", "replace"))
        yield checks.TORRENT_FIELDS.at(path, f"it holds the field {shown!r}")


def _form(path: str, info: Mapping[bytes, Value]) -> Iterator[Finding]:
    if info.get(b"private"):
        yield checks.TORRENT_FORM.at(path, "it is private: nobody finds it without its tracker")
    if b"file tree" in info:
        kind = "hybrid" if b"pieces" in info else "v2"
        yield checks.TORRENT_FORM.at(path, f"it is a {kind} torrent, which older clients refuse")
    if b"length" in info:
        yield checks.TORRENT_FORM.at(path, "it is of one file, not of a folder")
    length = info.get(b"piece length")
    if not isinstance(length, int) or not _is_piece(length):
        yield checks.TORRENT_FORM.at(path, f"its pieces of {length!r} bytes are no power of two")
    pieces = info.get(b"pieces", b"")
    if isinstance(pieces, bytes) and len(pieces) // 20 > _MANY:
        yield checks.TORRENT_FORM.at(path, f"it has {len(pieces) // 20} pieces")
    paths = [name for name, _ in _files(info)]
    real = [name for name in paths if not name.startswith(".pad/")]
    if len(real) < len(paths):
        yield checks.TORRENT_FORM.at(path, "it lists files called .pad")
    if b"file tree" not in info and real != sorted(real):
        yield checks.TORRENT_FORM.at(path, "its files are not sorted")


def _is_piece(length: int) -> bool:
    return _LEAST_PIECE <= length <= _MOST_PIECE and not length & (length - 1)


def _against(path: str, info: Mapping[bytes, Value], release: Release) -> Iterator[Finding]:
    """The torrent beside the folder that it should be of."""
    name = _text(info.get(b"name"))
    if release.files and name != release.name:
        yield checks.TORRENT_FILES.at(path, f"it is of {printable(name)!r}")
    listed = dict(_files(info)) or dict(_tree(_dictionary(info.get(b"file tree", {})), ""))
    listed = {name: size for name, size in listed.items() if not name.startswith(".pad/")}
    there = {file.path: file.size for file in release.files}
    for lost in sorted(listed.keys() - there.keys()) if there else ():
        yield checks.TORRENT_FILES.at(path, f"{printable(lost)!r} of it is not in the folder")
    for extra in sorted(there.keys() - listed.keys()):
        yield checks.TORRENT_FILES.at(extra, "it is not in the torrent")
    for both in sorted(there.keys() & listed.keys()):
        if there[both] != listed[both]:
            fact = f"{there[both]} bytes, the torrent says {listed[both]}"
            yield checks.TORRENT_FILES.at(both, fact)


def texts(torrent: bytes) -> tuple[str, ...]:
    """Names and words in a torrent, where words of the report might stand; none if it is broken."""
    try:
        outer = _dictionary(decode(torrent, MAX_TORRENT))
        info = _dictionary(outer.get(b"info"))
    except InputRefused:
        return ()
    stated = [outer.get(key) for key in (b"comment", b"created by", b"publisher")]
    return (_text(info.get(b"name")), *(name for name, _ in _files(info)), *map(_text, stated))


def _files(info: Mapping[bytes, Value]) -> list[tuple[str, int]]:
    found = []
    for item in _list(info.get(b"files")):
        entry = _dictionary(item)
        size = entry.get(b"length")
        names = [_text(name) for name in _list(entry.get(b"path"))]
        found.append(("/".join(names), size if isinstance(size, int) else -1))
    return found


def _tree(tree: Mapping[bytes, Value], above: str) -> Iterator[tuple[str, int]]:
    for name, item in tree.items():
        branch = _dictionary(item)
        leaf = _dictionary(branch.get(b"", {}))
        size = leaf.get(b"length")
        if b"" in branch:
            yield above + _text(name), size if isinstance(size, int) else -1
        else:
            yield from _tree(branch, f"{above}{_text(name)}/")


def _dictionary(value: Value | None) -> dict[bytes, Value]:
    return value if isinstance(value, dict) else {}


def _list(value: Value | None) -> list[Value]:
    return value if isinstance(value, list) else []


def _text(value: Value | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
