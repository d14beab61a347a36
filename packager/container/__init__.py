"""Where a seal may sit in a media file: found by walking the container from its start.

A seal is the payload of the last skippable element: ``Void`` in Matroska, ``free`` in MP4.
Nothing here looks for a magic string; what stands after the element is seen as what it is.
"""

from collections.abc import Callable
from enum import StrEnum

from packager.container import mkv, mp4
from packager.container.layout import Layout, ReadAt, Slot

__all__ = ["Kind", "Layout", "ReadAt", "Slot", "kind_of", "walk"]


class Kind(StrEnum):
    """The containers that are sealed."""

    MKV = "mkv"
    MP4 = "mp4"

    @property
    def header_size(self) -> int:
        """Bytes of the element's own header, in front of the payload."""
        return _HEADER_SIZE[self]

    def header(self, payload_length: int) -> bytes:
        """The header of the element that will hold the payload; it belongs to the PREFIX."""
        return _HEADER[self](payload_length)

    def patch(self, read_at: ReadAt, size: int, payload_length: int) -> tuple[int, bytes] | None:
        """What to overwrite, and where, so that an unsealed file of ``size`` takes the element.

        InputRefused where the file's structure does not end exactly at its end.
        """
        return _PATCH[self](read_at, size, payload_length)


_HEADER_SIZE = {Kind.MKV: mkv.HEADER_SIZE, Kind.MP4: mp4.HEADER_SIZE}
_HEADER: dict[Kind, Callable[[int], bytes]] = {Kind.MKV: mkv.header, Kind.MP4: mp4.header}
_PATCH: dict[Kind, Callable[[ReadAt, int, int], tuple[int, bytes] | None]] = {
    Kind.MKV: mkv.patch,
    Kind.MP4: mp4.patch,
}


_WALK: dict[Kind, Callable[[ReadAt, int], Layout]] = {Kind.MKV: mkv.walk, Kind.MP4: mp4.walk}


def kind_of(head: bytes) -> Kind | None:
    """The container by the first bytes of the file."""
    if head.startswith(mkv.MAGIC):
        return Kind.MKV
    if head[4:8] == mp4.MAGIC:
        return Kind.MP4
    return None


def walk(kind: Kind, read_at: ReadAt, size: int) -> Layout:
    """The skippable elements of a file of ``size`` bytes, and where its structure ends."""
    return _WALK[kind](read_at, size)


def at_tail(kind: Kind, read_at: ReadAt, size: int, limit: int) -> Slot | None:
    """A skippable element that ends exactly at the end, looked for from the tail.

    For files whose walk breaks off: what it holds may tell how much is left, never ``genuine``.
    """
    start = max(0, size - limit)
    tail = read_at(start, limit)
    marker = kind.header(0)[:2] if kind is Kind.MKV else b"free"
    offset = 0 if kind is Kind.MKV else 4
    found = tail.find(marker)
    while found != -1:
        payload = start + found - offset + kind.header_size
        if (
            payload <= size
            and kind.header(size - payload) == tail[found - offset :][: kind.header_size]
        ):
            return Slot(payload, size - payload)
        found = tail.find(marker, found + 1)
    return None
