"""Where a seal may sit in a media file: found by walking the container from its start.

A seal is the body of the last skippable element: ``Void`` in Matroska, ``free`` in MP4, the one
item of an APEv2 tag in MP3, the archive's comment in EPUB. Nothing here looks for a magic string;
what stands after the element is seen as what it is.
"""

from enum import StrEnum

from packager.container import armour, epub, mkv, mp3, mp4
from packager.container.layout import Format, Layout, Patch, ReadAt, Slot

__all__ = ["HEAD", "Kind", "Layout", "ReadAt", "Slot", "at_tail", "kind_of", "walk"]

HEAD = epub.HEAD  # bytes from the start that tell every container


class Kind(StrEnum):
    """The containers that are sealed. ``room`` is the length of the body, as it stands there."""

    MKV = "mkv"
    MP4 = "mp4"
    MP3 = "mp3"
    EPUB = "epub"

    @property
    def header_size(self) -> int:
        """Bytes of the element's own header, in front of the body."""
        return _FORMATS[self].header_size

    def room(self, payload_size: int) -> int:
        """Bytes that a payload takes in the file."""
        return armour.length(payload_size) if _FORMATS[self].armoured else payload_size

    def body(self, payload: bytes) -> bytes:
        """A payload as it stands in the file."""
        return armour.encode(payload) if _FORMATS[self].armoured else payload

    def payload(self, untrusted_body: bytes) -> bytes | None:
        """The payload of a body; None where it has another spelling than ``body`` gives."""
        return armour.decode(untrusted_body) if _FORMATS[self].armoured else untrusted_body

    def header(self, room: int) -> bytes:
        """The header of the element that will hold the body; it belongs to the PREFIX."""
        return _FORMATS[self].header(room)

    def suffix(self, room: int) -> bytes:
        """What the container puts behind the body: the SUFFIX."""
        return _FORMATS[self].suffix(room)

    def patch(self, read_at: ReadAt, size: int, room: int) -> Patch | None:
        """What to overwrite, and where, so that an unsealed file of ``size`` takes the element.

        InputRefused where the file's structure does not end exactly at its end.
        """
        return _FORMATS[self].patch(read_at, size, room)

    def restore(self, read_at: ReadAt, slot: Slot) -> Patch | None:
        """What to put back when the element goes, and where."""
        return _FORMATS[self].restore(read_at, slot.start, slot.length)


_FORMATS: dict[Kind, Format] = {
    Kind.MKV: mkv.FORMAT,
    Kind.MP4: mp4.FORMAT,
    Kind.MP3: mp3.FORMAT,
    Kind.EPUB: epub.FORMAT,
}


def kind_of(head: bytes) -> Kind | None:
    """The container by the first ``HEAD`` bytes of the file."""
    if head.startswith(mkv.MAGIC):
        return Kind.MKV
    if head[4:8] == mp4.MAGIC:
        return Kind.MP4
    if mp3.is_mp3(head):
        return Kind.MP3
    return Kind.EPUB if epub.is_epub(head) else None


def walk(kind: Kind, read_at: ReadAt, size: int) -> Layout:
    """The skippable elements of a file of ``size`` bytes, and where its structure ends."""
    return _FORMATS[kind].walk(read_at, size)


def at_tail(kind: Kind, read_at: ReadAt, size: int, limit: int) -> Slot | None:
    """A skippable element that ends exactly at the end, with a body of at most ``limit`` bytes.

    For files whose walk breaks off: what it holds may tell how much is left, never ``genuine``.
    """
    return _FORMATS[kind].at_tail(read_at, size, limit)
