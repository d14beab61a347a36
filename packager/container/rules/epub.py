"""EPUB: an archive without gaps, whose every entry is a page, a picture or a font of the book."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from packager.container import armour
from packager.container.epub import (
    CENTRAL_HEAD,
    LOCAL_HEAD,
    entry_length,
    record_length,
    walk,
)
from packager.container.layout import ReadAt
from packager.container.rules import picture
from packager.container.rules.limits import MAX_NOISE

_MAX_ENTRY = 32 * 1024 * 1024  # bytes when unpacked
_MAX_BOOK = 256 * 1024 * 1024
_MAX_EXTRA = 36  # times and owners, as archivers write them
_ROOTS = frozenset({"mimetype", "META-INF/container.xml"})
_TEXTS = frozenset({"xhtml", "html", "opf", "ncx", "css", "xml"})
_PICTURES = frozenset({"jpg", "jpeg", "png"})
_FONTS = {"ttf": b"\0\1\0\0", "otf": b"OTTO", "woff": b"wOFF", "woff2": b"wOF2"}
_DEFLATED = 8
_ROOTFILE = re.compile(rb"full-path\s*=\s*[\"']([^\"']{1,200})[\"']")
_ITEM = re.compile(rb"<item\s[^>]*?href\s*=\s*[\"']([^\"']{1,400})[\"']")


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    start: int  # of the packed data
    packed: int
    size: int
    method: int
    check: int


def findings(read_at: ReadAt, size: int) -> Iterator[str]:
    """What stands in the file that no reader of the book sees."""
    layout = walk(read_at, size)
    if layout.end != size or not layout.slots:
        yield "the ZIP archive of this EPUB cannot be followed from its start to its end"
        return
    slot = layout.slots[0]
    comment = armour.decode(read_at(slot.start, slot.length))
    if comment is None or len(comment) > MAX_NOISE:
        yield f"a comment of {slot.length} bytes that can be no seal"
    entries = list(_entries(read_at))
    yield from _directory(read_at, entries)
    yield from _contents(read_at, entries)


def _entries(read_at: ReadAt) -> Iterator[_Entry]:
    at = 0
    while length := entry_length(head := read_at(at, LOCAL_HEAD)):
        name = _number(head, 26, 2)
        start = at + LOCAL_HEAD + name + _number(head, 28, 2)
        yield _Entry(
            name=read_at(at + LOCAL_HEAD, name).decode("utf-8", "replace"),
            start=start,
            packed=_number(head, 18, 4),
            size=_number(head, 22, 4),
            method=_number(head, 8, 2),
            check=_number(head, 14, 4),
        )
        at += length


def _directory(read_at: ReadAt, entries: list[_Entry]) -> Iterator[str]:
    """The directory must list each entry once, in order, as its own header says it."""
    last = entries[-1]
    at, before = last.start + last.packed, 0
    for entry in entries:
        head = read_at(at, CENTRAL_HEAD)
        length = record_length(head)
        name = read_at(at + CENTRAL_HEAD, _number(head, 28, 2)).decode("utf-8", "replace")
        stated = tuple(_number(head, *place) for place in ((10, 2), (16, 4), (20, 4), (24, 4)))
        own = (entry.method, entry.check, entry.packed, entry.size)
        if name != entry.name or stated != own or _number(head, 42, 4) != before:
            yield f"the directory says something else of {entry.name!r} than the entry"
            return
        extra = entry.start - before - LOCAL_HEAD - len(entry.name.encode())
        if max(extra, _number(head, 30, 2)) > _MAX_EXTRA or _number(head, 32, 2):
            yield f"notes beside {entry.name!r} in the archive"
        before = entry.start + entry.packed
        at += length


def _contents(read_at: ReadAt, entries: list[_Entry]) -> Iterator[str]:
    texts: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        total += entry.size
        data = _unpack(read_at, entry) if total <= _MAX_BOOK else None
        if data is None:
            yield f"{entry.name!r} cannot be unpacked as it says"
            return
        if entry.name in texts:
            yield f"{entry.name!r} stands in the archive twice"
        suffix = entry.name.rpartition(".")[2].lower()
        texts[entry.name] = data if suffix in _TEXTS else b""
        if problem := _content(entry.name, suffix, data):
            yield f"{entry.name!r} in the book: {problem}"
    yield from _unlisted(texts)


def _unpack(read_at: ReadAt, entry: _Entry) -> bytes | None:
    """The bytes of an entry, if its length and check sum are as it says."""
    packed = read_at(entry.start, entry.packed)
    data = packed
    if entry.size > _MAX_ENTRY or entry.method not in {0, _DEFLATED}:
        return None
    if entry.method == _DEFLATED:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(packed, entry.size + 1)
        except zlib.error:
            return None
        if not unpacker.eof or unpacker.unused_data:
            return None
    whole = len(data) == entry.size and zlib.crc32(data) == entry.check
    return data if whole else None


def _content(name: str, suffix: str, data: bytes) -> str | None:
    if name == "mimetype":
        return None if data == b"application/epub+zip" else "another type"
    if suffix in _TEXTS:
        return _text(data)
    if suffix in _PICTURES:
        return picture.problem(data)
    if suffix in _FONTS:
        return None if data.startswith(_FONTS[suffix]) else "no font"
    return "a kind of file that books of this program do not have"


def _text(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8 text"
    if "<script" in text.lower() or "\0" in text:
        return "a script, or no text"
    return None


def _unlisted(texts: dict[str, bytes]) -> Iterator[str]:
    """Entries that the book's own list does not name."""
    root = _ROOTFILE.search(texts.get("META-INF/container.xml", b""))
    package = root[1].decode("utf-8", "replace") if root else ""
    listed = {
        normpath(join(dirname(package), unquote(href.decode("utf-8", "replace"))))
        for href in _ITEM.findall(texts.get(package, b""))
    }
    for name in texts:
        if name not in _ROOTS | {package} | listed:
            yield f"{name!r} is not in the book's list of its files"


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "little")
