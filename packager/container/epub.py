"""EPUB: a ZIP archive whose first entry names it; a seal is the comment of the archive.

Walked from the first entry's own header, through the directory, to its last record; where they do
not join without a gap there is no seal. ZIP64 and sizes written behind the data are not followed.
"""

from packager.container.layout import Format, Layout, Patch, ReadAt, Slot
from packager.errors import InputRefused

LOCAL = b"PK\x03\x04"
CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"
LOCAL_HEAD, CENTRAL_HEAD, END_HEAD = 30, 46, 22
HEAD = LOCAL_HEAD + 28  # bytes that tell an EPUB
_MIMETYPE = b"mimetypeapplication/epub+zip"
_STORED_BEHIND = 0x08
_ENCRYPTED = 0x01
_ZIP64 = 0xFFFFFFFF
MAX_COMMENT = 0xFFFF
MAX_ENTRIES = 0xFFFE


def is_epub(head: bytes) -> bool:
    """By the first entry: ``mimetype``, stored, without extra fields."""
    name = head[26:30] == b"\x08\0\0\0" and head[8:10] == b"\0\0"
    return head.startswith(LOCAL) and name and head[LOCAL_HEAD:HEAD] == _MIMETYPE


def header(room: int) -> bytes:
    """Nothing: the comment's length is the last field of the record before it."""
    del room
    return b""


def patch(read_at: ReadAt, size: int, room: int) -> Patch | None:
    """The comment's length."""
    layout = walk(read_at, size)
    if not layout.slots or layout.slots[0].start > size or layout.end != size:
        raise InputRefused(
            "the ZIP archive of this EPUB cannot be followed from its start to its end",
            "pack the book anew: ZIP64, gaps, and sizes behind the data are not sealed",
        )
    if layout.slots[0].length:
        raise InputRefused(
            "the ZIP archive of this EPUB has a comment already",
            "take it out: zip -z BOOK.epub < /dev/null; or unseal the book if it is a seal",
        )
    if room > MAX_COMMENT:
        raise InputRefused(
            f"the seal takes {room} characters, and a ZIP comment holds {MAX_COMMENT}",
            "list fewer files beside the book",
        )
    return size - 2, room.to_bytes(2, "little")


def restore(read_at: ReadAt, start: int, room: int) -> Patch | None:
    """The comment's length as it was: none."""
    del read_at, room
    return start - 2, b"\0\0"


def walk(read_at: ReadAt, size: int) -> Layout:
    """Over the entries and the directory to the comment."""
    at = 0
    for _ in range(MAX_ENTRIES):
        length = entry_length(read_at(at, LOCAL_HEAD))
        if not length or at > size:
            break
        at += length
    directory = at
    count = 0
    while count <= MAX_ENTRIES and (length := record_length(read_at(at, CENTRAL_HEAD))):
        at += length
        count += 1
    last = read_at(at, END_HEAD)
    if not _is_end(last, count, directory, at - directory):
        return Layout((), at)
    slot = Slot(at + END_HEAD, _number(last, 20, 2))
    return Layout((slot,), slot.end)


def entry_length(head: bytes) -> int:
    """Bytes of an entry, header and data; 0 where none stands that can be followed."""
    if not head.startswith(LOCAL) or len(head) < LOCAL_HEAD:
        return 0
    packed = _number(head, 18, 4)
    if _number(head, 6, 2) & (_STORED_BEHIND | _ENCRYPTED) or packed == _ZIP64:
        return 0
    return LOCAL_HEAD + packed + _number(head, 26, 2) + _number(head, 28, 2)


def record_length(head: bytes) -> int:
    """Bytes of a record of the directory; 0 where none stands."""
    if not head.startswith(CENTRAL) or len(head) < CENTRAL_HEAD:
        return 0
    return CENTRAL_HEAD + sum(_number(head, at, 2) for at in (28, 30, 32))


def _is_end(record: bytes, count: int, directory: int, size: int) -> bool:
    """Whether the last record counts what was found before it."""
    numbers = [_number(record, at, 2) for at in (4, 6, 8, 10)]
    places = [_number(record, at, 4) for at in (12, 16)]
    whole = record.startswith(END) and len(record) == END_HEAD
    return whole and numbers == [0, 0, count, count] and places == [size, directory]


def at_tail(read_at: ReadAt, size: int, limit: int) -> Slot | None:
    """The comment that reaches exactly to the end."""
    del limit
    start = max(0, size - MAX_COMMENT - END_HEAD)
    tail = read_at(start, size - start)
    found = tail.rfind(END)
    while found != -1:
        room = len(tail) - found - END_HEAD
        if room >= 0 and _number(tail, found + 20, 2) == room:
            return Slot(size - room, room)
        found = tail.rfind(END, 0, found)
    return None


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "little")


def _no_suffix(room: int) -> bytes:
    del room
    return b""


FORMAT = Format(
    header_size=0,
    header=header,
    suffix=_no_suffix,
    patch=patch,
    restore=restore,
    walk=walk,
    at_tail=at_tail,
    armoured=True,
)
