"""EPUB: an archive without gaps, whose every entry is a page, a style or a picture of the book."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from packager.container import armour
from packager.container.epub import (
    CENTRAL_HEAD,
    LOCAL_HEAD,
    entry_length,
    record_length,
    walk,
)
from packager.container.layout import ReadAt
from packager.errors import InputRefused
from packager.safety import css, links, noise, package, picture, xhtml
from packager.safety.finding import Found, Rule, Source, Unsafe, hidden
from packager.safety.package import CONTAINER, TYPES
from packager.values import RelativePath, printable

_MAX_ENTRY = 32 * 1024 * 1024  # bytes when unpacked
_MAX_BOOK = 256 * 1024 * 1024
_MAX_ENTRIES = 5000
_TIMES = (b"UT", b"ux")  # extra fields that archivers write: times and owners
_MAX_EXTRA = 36
_MIMETYPE = "mimetype"
_PAGES = frozenset({"xhtml", "html"})
_PICTURES = frozenset({"jpg", "jpeg", "png"})
_DEFLATED = 8
_UTF8_NAME = 0x0800
_LINK = 0xA  # the file type of a symbolic link in Unix attributes
_ROOTS = frozenset({_MIMETYPE, CONTAINER})


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    start: int  # of the packed data
    packed: int
    size: int
    method: int
    check: int


@dataclass(slots=True)
class _Book:
    """What was understood of the entries so far."""

    names: set[str] = field(default_factory=set)
    package: str = ""
    listed: dict[str, str] = field(default_factory=dict)
    loads: list[tuple[str, str]] = field(default_factory=list)  # by whom, what
    taps: list[tuple[str, str]] = field(default_factory=list)


def problems(source: Source) -> Iterator[Found]:
    """What stands in the file that no reader of the book sees, or that does more than show."""
    read_at = source.read_at
    layout = walk(read_at, source.size)
    if layout.end != source.size or not layout.slots:
        message = "the ZIP archive of this EPUB cannot be followed from its start to its end"
        yield Found(Rule.CONTENT, message)
        return
    slot = layout.slots[0]
    comment = armour.decode(read_at(slot.start, slot.length))
    if comment is None:
        yield hidden(f"a comment of {slot.length} bytes that can be no seal")
    else:
        yield from noise.of_bytes(comment)
    entries = list(_entries(read_at))
    _check_directory(read_at, entries)
    yield from _contents(read_at, entries)


def _entries(read_at: ReadAt) -> Iterator[_Entry]:
    at = 0
    while length := entry_length(head := read_at(at, LOCAL_HEAD)):
        name = _number(head, 26, 2)
        start = at + LOCAL_HEAD + name + _number(head, 28, 2)
        shown = read_at(at + LOCAL_HEAD, name).decode("utf-8", "replace")
        extra = read_at(at + LOCAL_HEAD + name, _number(head, 28, 2))
        if _number(head, 6, 2) & ~_UTF8_NAME or not _are_times(extra):
            raise Unsafe(Rule.HIDDEN, f"marks or notes beside {printable(shown)!r} in the archive")
        yield _Entry(
            name=shown,
            start=start,
            packed=_number(head, 18, 4),
            size=_number(head, 22, 4),
            method=_number(head, 8, 2),
            check=_number(head, 14, 4),
        )
        at += length


def _are_times(extra: bytes) -> bool:
    at = 0
    while at + 4 <= len(extra) and extra[at : at + 2] in _TIMES:
        at += 4 + _number(extra, at + 2, 2)
    return at == len(extra) <= _MAX_EXTRA


def _check_directory(read_at: ReadAt, entries: list[_Entry]) -> None:
    """The directory must list each entry once, in order, as its own header says it."""
    if len(entries) > _MAX_ENTRIES:
        raise Unsafe(Rule.COUNT, f"{len(entries)} entries, the limit is {_MAX_ENTRIES}")
    last = entries[-1]
    at, before = last.start + last.packed, 0
    for entry in entries:
        head = read_at(at, CENTRAL_HEAD)
        name_length, extra_length = _number(head, 28, 2), _number(head, 30, 2)
        name = read_at(at + CENTRAL_HEAD, name_length).decode("utf-8", "replace")
        extra = read_at(at + CENTRAL_HEAD + name_length, extra_length)
        stated = tuple(_number(head, *place) for place in ((10, 2), (16, 4), (20, 4), (24, 4)))
        own = (entry.method, entry.check, entry.packed, entry.size)
        shown = printable(entry.name)
        if name != entry.name or stated != own or _number(head, 42, 4) != before:
            raise Unsafe(
                Rule.HIDDEN, f"the directory says something else of {shown!r} than it does"
            )
        if _number(head, 32, 2) or not _are_times(extra) or _number(head, 8, 2) & ~_UTF8_NAME:
            raise Unsafe(Rule.HIDDEN, f"marks or notes beside {shown!r} in the archive")
        if head[41] >> 4 == _LINK:
            raise Unsafe(Rule.REMOTE, f"{shown!r} is a link")
        before = entry.start + entry.packed
        at += record_length(head)


def _contents(read_at: ReadAt, entries: list[_Entry]) -> Iterator[Found]:
    book, total = _Book(), 0
    texts: dict[str, bytes] = {}
    for entry in entries:
        total += entry.size
        if entry.name in book.names or total > _MAX_BOOK:
            twice = entry.name in book.names
            yield hidden(
                f"{entry.name!r} stands in it twice" if twice else "it unpacks to too much"
            )
            return
        book.names.add(entry.name)
        try:
            data = _unpack(read_at, entry)
            _judge_entry(book, entry.name, data, texts)
        except Unsafe as error:
            shown = printable(entry.name[:80])
            yield Found(error.found.rule, f"{shown!r} in the book: {error.found.message}")
            return
    yield from _links(book, texts)


def _unpack(read_at: ReadAt, entry: _Entry) -> bytes:
    """The bytes of an entry, if its length and check sum are as it says."""
    data = packed = b""
    known = entry.size <= _MAX_ENTRY and entry.packed <= _MAX_ENTRY
    if known and entry.method in {0, _DEFLATED}:
        data = packed = read_at(entry.start, entry.packed)
    if known and entry.method == _DEFLATED:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(packed, entry.size + 1)
        except zlib.error:
            known = False
        known = known and unpacker.eof and not unpacker.unused_data
    if not known or len(data) != entry.size or zlib.crc32(data) != entry.check:
        raise Unsafe(Rule.HIDDEN, "it cannot be unpacked as it says")
    return data


def _judge_entry(book: _Book, name: str, data: bytes, texts: dict[str, bytes]) -> None:
    try:
        suffix = RelativePath(name).suffix.removeprefix(".")
    except InputRefused as error:
        raise Unsafe(Rule.NAME, error.fact) from None
    if name == _MIMETYPE:
        if data != b"application/epub+zip":
            raise Unsafe(Rule.CONTENT, "another type")
    elif name == CONTAINER:
        book.package = package.root(data)
    elif suffix in {"opf", "ncx", "css"}:
        texts[name] = data
    elif suffix in _PAGES:
        page = xhtml.read(name, data)
        book.loads += [(name, loaded) for loaded in page.loads]
        book.taps += [(name, tapped) for tapped in page.taps]
    elif suffix not in _PICTURES:
        raise Unsafe(Rule.HIDDEN, "a kind of file that books do not need")
    elif problem := picture.problem(data):
        raise Unsafe(Rule.HIDDEN, problem)


def _links(book: _Book, texts: dict[str, bytes]) -> Iterator[Found]:
    """The lists of the book against what is in it."""
    for name, data in texts.items():
        try:
            if name.endswith(".css"):
                css.check(data)
            elif name.endswith(".ncx"):
                book.loads += [(name, loaded) for loaded in package.contents(name, data)]
            elif name == book.package:
                book.listed = package.listed(name, data)
                book.loads += [(name, loaded) for loaded in book.listed]
        except Unsafe as error:
            yield Found(error.found.rule, f"{name!r} in the book: {error.found.message}")
            return
    for name in book.names - _ROOTS - {book.package}:
        kind = TYPES.get(name.rpartition(".")[2].lower(), "")
        if name not in book.listed:
            yield hidden(f"{name!r} is not in the book's list of its files")
        elif book.listed[name] not in {kind, ""}:
            yield Found(Rule.CONTENT, f"the book's list calls {name!r} another type")
    yield from _missing(book)


def _missing(book: _Book) -> Iterator[Found]:
    for name, loaded in book.loads:
        if loaded not in book.names:
            yield Found(Rule.REMOTE, f"{name!r} loads {loaded!r}, which is not in the book")
    for name, tapped in book.taps:
        try:
            links.check_tapped(name, tapped, book.names.__contains__)
        except Unsafe as error:
            yield Found(error.found.rule, f"{name!r} in the book: {error.found.message}")


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "little")
