"""ISO BMFF (mp4, m4a, m4b): top-level boxes; a seal is the last one, of type ``free``."""

from packager.container.layout import MAX_ELEMENTS, Format, Layout, Patch, ReadAt, Slot
from packager.errors import InputRefused

MAGIC = b"ftyp"
HEADER_SIZE = 8
_LARGE_HEADER = 16
_SKIPPABLE = frozenset({b"free", b"skip"})


def header(room: int) -> bytes:
    """Size and type of the ``free`` box."""
    return (HEADER_SIZE + room).to_bytes(4, "big") + b"free"


def _no_suffix(room: int) -> bytes:
    del room
    return b""


def patch(read_at: ReadAt, size: int, room: int) -> Patch | None:
    """Nothing: a box may follow the last one, unless that one says "to the end of the file"."""
    del room
    at = 0
    while at < size:
        length = box(read_at, at)[1]
        if length == 0:
            raise InputRefused("a box of the MP4 has no size of its own", _REMAKE)
        at += length
    if at != size:
        raise InputRefused("the MP4 does not end where its boxes say", _REMAKE)
    return None


_REMAKE = "write it anew: ffmpeg -i OLD.mp4 -map 0 -c copy NEW.mp4"


def restore(read_at: ReadAt, start: int, room: int) -> Patch | None:
    """Nothing: the box is cut off."""
    del read_at, start, room
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


def at_tail(read_at: ReadAt, size: int, limit: int) -> Slot | None:
    """A ``free`` box that reaches exactly to the end."""
    start = max(0, size - limit - HEADER_SIZE)
    tail = read_at(start, size - start)
    found = tail.find(b"free", 4)
    while found != -1:
        room = len(tail) - found - 4
        if tail.startswith(header(room), found - 4):
            return Slot(size - room, room)
        found = tail.find(b"free", found + 1)
    return None


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


FORMAT = Format(
    header_size=HEADER_SIZE,
    header=header,
    suffix=_no_suffix,
    patch=patch,
    restore=restore,
    walk=walk,
    at_tail=at_tail,
)
