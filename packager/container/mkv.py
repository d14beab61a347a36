"""Matroska and WebM: one Segment; a seal is its last child, of type ``Void``.

A Void after the Segment would be legal too, but ffmpeg warns of it.
"""

from packager.container.layout import MAX_ELEMENTS, Format, Layout, Patch, ReadAt, Slot
from packager.errors import InputRefused

MAGIC = bytes.fromhex("1a45dfa3")
SEGMENT = bytes.fromhex("18538067")
VOID = b"\xec"
HEADER_SIZE = 9
_LONGEST_HEADER = 12
_SIZE_FIELD = 8


def header(room: int) -> bytes:
    """Id and eight-byte size of the Void."""
    return VOID + _size(room)


def _no_suffix(room: int) -> bytes:
    del room
    return b""


def patch(read_at: ReadAt, size: int, room: int) -> Patch | None:
    """The Segment's new size, for its eight-byte size field."""
    at, length, head = segment(read_at)
    if head != len(SEGMENT) + _SIZE_FIELD or length is None or at + head + length != size:
        raise InputRefused(
            "the Matroska file does not end where its Segment says",
            "write it anew: ffmpeg -i OLD.mkv -map 0 -c copy NEW.mkv",
        )
    if walk(read_at, size).end != size:
        raise InputRefused("the Matroska file cannot be followed to its end")
    return at + len(SEGMENT), _size(length + HEADER_SIZE + room)


def restore(read_at: ReadAt, start: int, room: int) -> Patch | None:
    """The Segment's size without the Void."""
    del start
    at, length, _ = segment(read_at)
    if length is None or length < HEADER_SIZE + room:
        raise InputRefused("the Matroska file has no Segment of a known size with this Void in it")
    return at + len(SEGMENT), _size(length - HEADER_SIZE - room)


def walk(read_at: ReadAt, size: int) -> Layout:
    """Follow the children of the Segment from its first byte."""
    at, length, head = segment(read_at)
    if not head:
        return Layout((), 0)
    end = size if length is None else at + head + length
    slots: list[Slot] = []
    at += head
    for _ in range(MAX_ELEMENTS):
        if at >= min(end, size):
            break
        identity, child, head = element(read_at, at)
        if not identity or child is None:
            return Layout(tuple(slots), at)
        if identity == VOID:
            slots.append(Slot(at + head, child))
        at += head + child
    else:
        return Layout(tuple(slots), at)
    return Layout(tuple(slots), max(at, end))


def at_tail(read_at: ReadAt, size: int, limit: int) -> Slot | None:
    """A Void that reaches exactly to the end."""
    start = max(0, size - limit - HEADER_SIZE)
    tail = read_at(start, size - start)
    start_of_small = header(0)[:6]  # bodies of less than 16 MiB
    found = tail.find(start_of_small)
    while found != -1:
        room = len(tail) - found - HEADER_SIZE
        if room >= 0 and tail.startswith(header(room), found):
            return Slot(size - room, room)
        found = tail.find(start_of_small, found + 1)
    return None


def segment(read_at: ReadAt) -> tuple[int, int | None, int]:
    """Offset, body length and header length of the Segment; header 0 where there is none."""
    identity, length, head = element(read_at, 0)
    if identity != MAGIC or length is None:
        return 0, 0, 0
    at = head + length
    identity, length, head = element(read_at, at)
    return (at, length, head) if identity == SEGMENT else (0, 0, 0)


def element(read_at: ReadAt, at: int) -> tuple[bytes, int | None, int]:
    """Id, body length (None: unknown) and header length; an empty id where none is."""
    data = read_at(at, _LONGEST_HEADER)
    width = _width(data[:1])
    if not 1 <= width <= 4 or len(data) <= width:  # noqa: PLR2004
        return b"", 0, 0
    field = data[width:]
    size_width = _width(field[:1])
    if not 1 <= size_width <= _SIZE_FIELD or len(field) < size_width:
        return b"", 0, 0
    bits = 7 * size_width
    value = int.from_bytes(field[:size_width], "big") & ((1 << bits) - 1)
    length = None if value == (1 << bits) - 1 else value
    return data[:width], length, width + size_width


def _size(value: int) -> bytes:
    return (1 << 56 | value).to_bytes(_SIZE_FIELD, "big")


def _width(first: bytes) -> int:
    """How many bytes a variable-length number has, by its first byte; 0 where none can be."""
    return 9 - first[0].bit_length() if first and first[0] else 0


FORMAT = Format(
    header_size=HEADER_SIZE,
    header=header,
    suffix=_no_suffix,
    patch=patch,
    restore=restore,
    walk=walk,
    at_tail=at_tail,
)
