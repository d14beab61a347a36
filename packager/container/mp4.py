"""ISO BMFF (mp4, m4a, m4b): top-level boxes; a seal is the last one, of type ``free``."""

from packager.container.layout import MAX_ELEMENTS, Layout, ReadAt, Slot
from packager.errors import InputRefused

MAGIC = b"ftyp"
HEADER_SIZE = 8
_LARGE_HEADER = 16
_SKIPPABLE = frozenset({b"free", b"skip"})


def header(payload_length: int) -> bytes:
    """Size and type of the ``free`` box."""
    return (HEADER_SIZE + payload_length).to_bytes(4, "big") + b"free"


def patch(read_at: ReadAt, size: int, payload_length: int) -> tuple[int, bytes] | None:
    """Nothing: a box may follow the last one, unless that one says "to the end of the file"."""
    del payload_length
    at = 0
    while at < size:
        length = box(read_at, at)[1]
        if length == 0:
            raise InputRefused("the last box of the MP4 has no size of its own")
        at += length
    if at != size:
        raise InputRefused("the MP4 does not end where its boxes say")
    return None


def walk(read_at: ReadAt, size: int) -> Layout:
    """Follow the boxes from the first byte."""
    slots: list[Slot] = []
    at = 0
    for _ in range(MAX_ELEMENTS):
        if at >= size:
            break
        kind, length, head = box(read_at, at)
        if not kind:
            break
        length = length or size - at
        if kind in _SKIPPABLE:
            slots.append(Slot(at + head, length - head))
        at += length
    return Layout(tuple(slots), at)


def box(read_at: ReadAt, at: int) -> tuple[bytes, int, int]:
    """Type, whole length and header length of the box at ``at``; an empty type where none is.

    A length of 0 means "to the end of the file".
    """
    data = read_at(at, _LARGE_HEADER)
    length, kind, head = int.from_bytes(data[:4], "big"), data[4:8], HEADER_SIZE
    if length == 1 and len(data) == _LARGE_HEADER:
        length, head = int.from_bytes(data[8:], "big"), _LARGE_HEADER
    if len(data) < HEADER_SIZE or (length and length < head) or not _is_type(kind):
        return b"", 0, 0
    return kind, length, head


def _is_type(kind: bytes) -> bool:
    return all(0x20 <= byte <= 0x7E or byte == 0xA9 for byte in kind)  # noqa: PLR2004
