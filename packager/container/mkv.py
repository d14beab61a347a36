"""Matroska and WebM: one Segment; a seal is its last child, of type ``Void``.

A Void after the Segment would be legal too, but ffmpeg warns of it.
"""

from packager.container.layout import MAX_ELEMENTS, Layout, ReadAt, Slot
from packager.errors import InputRefused

MAGIC = bytes.fromhex("1a45dfa3")
SEGMENT = bytes.fromhex("18538067")
VOID = b"\xec"
HEADER_SIZE = 9
_LONGEST_HEADER = 12
_SIZE_FIELD = 8


def header(payload_length: int) -> bytes:
    """Id and eight-byte size of the Void."""
    return VOID + _size(payload_length)


def patch(read_at: ReadAt, size: int, payload_length: int) -> tuple[int, bytes]:
    """The Segment's new size, for its eight-byte size field."""
    at, length, head = segment(read_at)
    if head != len(SEGMENT) + _SIZE_FIELD or length is None or at + head + length != size:
        raise InputRefused("the Matroska file does not end where its Segment says")
    grown = length + HEADER_SIZE + payload_length
    return at + len(SEGMENT), _size(grown)


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
    return Layout(tuple(slots), max(at, end))


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
