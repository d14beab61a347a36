"""List what a media file holds besides picture and sound, inside the child ``look``.

The answer is a list of four texts each: kind, place, name, value; ``traces.answer`` reads it.
"""

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import av
import av.container
import av.stream
from av.stream import Disposition

MOST = 2000  # entries
_MAX_TEXT = 600  # characters
_PACKETS = 50_000
_SEI_PACKETS = 60  # of a picture's stream
_SAMPLES = 3  # packets of a stream that is neither picture nor sound
_PICTURES, _PICTURE = 4, 8 << 20
_PLAYED = frozenset({"video", "audio"})
_SEI_TYPES = {"h264": (1, 0x1F, 0, {6}), "hevc": (2, 0x3F, 1, {39, 40})}
_SHOWN = {"h264": frozenset({1, 5, 7, 8}), "hevc": frozenset((*range(22), 32, 33, 34))}
_WORDS = re.compile(rb"[\x20-\x7e]{8,}")
_UNIT = 400  # bytes of a unit that are looked at for words
_SOUND_DATA = 0x80  # a data element at the head of a frame of AAC (ISO/IEC 14496-3, 4.4.2.7)
_USER_DATA, _REGISTERED = 5, 4  # kinds of SEI messages (ITU-T H.264, D.1)
_ARRAYS = 22  # where hvcC counts its arrays
_START = re.compile(b"\0\0\1")

Entry = tuple[str, str, str, str]


def listed(media: av.container.InputContainer) -> dict[str, object]:
    """Everything that is neither picture nor sound."""
    entries = list(islice(_entries(media), MOST))
    found = _Packets()
    found.read(media)
    more = [*found.entries][:MOST]
    pictures = [base64.b64encode(one).decode("ascii") for one in found.pictures]
    return {"entries": entries + more, "pictures": pictures}


def _entries(media: av.container.InputContainer) -> Iterator[Entry]:
    yield from _tags("the file", media.metadata)
    played: set[str] = set()
    for stream in islice(media.streams, 64):
        where = f"stream {stream.index}"
        kind = str(stream.type)
        codec = getattr(getattr(stream, "codec_context", None), "name", "")
        yield from _tags(where, stream.metadata)
        if (cut := _cut_off(stream)) and "mov" in media.format.name:
            yield ("hidden", where, "", f"{cut} pictures that were cut off, and are still there")
        if _attached(stream):
            yield ("picture", where, "", f"a picture inside ({codec})")
        elif kind not in _PLAYED or kind in played:
            yield ("stream", where, "", f"{kind} {codec}".strip())
        played.add("" if _attached(stream) else kind)
    for number, one in enumerate(islice(media.chapters(), 200), 1):
        yield from _tags(f"chapter {number}", one["metadata"])


def _tags(where: str, found: dict[str, str]) -> Iterator[Entry]:
    for key, value in islice(found.items(), 200):
        yield ("tag", where, key[:_MAX_TEXT], value[:_MAX_TEXT])


def _attached(stream: av.stream.Stream) -> bool:
    return stream.type == "video" and bool(stream.disposition & Disposition.attached_pic)


def _cut_off(stream: av.stream.Stream) -> int:
    """How many pictures stand in an MP4 that its edit list leaves out."""
    if stream.type != "video":
        return 0
    return stream.frames - sum(not entry.is_discard for entry in stream.index_entries)


class _Packets:
    """What stands in the packets themselves, each thing once."""

    def __init__(self) -> None:
        self.entries: dict[Entry, None] = {}
        self.pictures: list[bytes] = []
        self._count: dict[int, int] = {}

    def read(self, media: av.container.InputContainer) -> None:
        with suppress(av.error.FFmpegError):
            for packet in islice(media.demux(), _PACKETS):
                self._take(packet.stream, packet)

    def _take(self, stream: av.stream.Stream, packet: "av.Packet[av.stream.Stream]") -> None:
        at = self._count.get(stream.index, 0)
        self._count[stream.index] = at + 1
        codec = getattr(getattr(stream, "codec_context", None), "name", "")
        if _attached(stream):
            if len(self.pictures) < _PICTURES and packet.size <= _PICTURE:
                self.pictures.append(bytes(packet))
        elif codec in _SEI_TYPES and at < _SEI_PACKETS:
            extra = getattr(stream.codec_context, "extradata", None) if at == 0 else None
            for data in (extra or b"", bytes(packet)):
                self._messages(f"stream {stream.index}", codec, data)
        elif codec == "aac" and at < _SEI_PACKETS:
            data = bytes(packet)
            if data[:1] == bytes([_SOUND_DATA]):
                self._words(f"stream {stream.index}: data beside the sound", data[2 : 2 + data[1]])
        elif str(stream.type) not in _PLAYED and at < _SAMPLES and packet.size:
            text = " ".join(re.findall(r"[^\W_][ -~]{3,}", bytes(packet).decode("latin-1")))
            if text:
                self._add(("stream", f"stream {stream.index}", "", text[:_MAX_TEXT]))

    def _messages(self, where: str, codec: str, data: bytes) -> None:
        head, mask, shift, kinds = _SEI_TYPES[codec]
        for unit in _units(data):
            if len(unit) > head and (unit[0] >> shift) & mask in kinds:
                for kind, body in _payloads(unit[head:].replace(b"\0\0\3", b"\0\0")):
                    said = re.sub(rb"[^\x20-\x7e]+", b" ", body[16:]).decode("ascii").strip()
                    place = f"{where}: message beside the picture (SEI)"
                    if kind == _USER_DATA:
                        self._add(("sei", place, body[:16].hex(), said[:_MAX_TEXT]))
                    elif kind == _REGISTERED:
                        said = "closed captions" if b"GA94" in body else "data of a maker"
                        self._add(("stream", place, "", said))
            elif len(unit) > head and (unit[0] >> shift) & mask not in _SHOWN[codec]:
                self._words(f"{where}: a unit that is no picture", unit[head : head + _UNIT])

    def _words(self, where: str, data: bytes) -> None:
        if said := b" ".join(_WORDS.findall(data)).decode("ascii"):
            self._add(("hidden", where, "", said[:_MAX_TEXT]))

    def _add(self, entry: Entry) -> None:
        if len(self.entries) < MOST:
            self.entries[entry] = None


def _units(data: bytes) -> Iterator[bytes]:
    """NAL units of a packet, whether start codes or lengths part them."""
    if data.startswith((b"\0\0\0\1", b"\0\0\1")) or (data[:1] == b"\1" and b"\0\0\1" in data):
        for part in _START.split(data)[1:]:
            yield part.rstrip(b"\0")
        return
    if data[:1] == b"\1" and len(data) > _ARRAYS:
        yield from _arrays(data)
    at = 0
    while at + 4 < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 4 + length]
        at += 4 + length


def _arrays(data: bytes) -> Iterator[bytes]:
    """NAL units of hvcC, in arrays of one kind each (ISO/IEC 14496-15, 8.3.3.1)."""
    at = _ARRAYS + 1
    for _ in range(data[_ARRAYS]):
        count, at = int.from_bytes(data[at + 1 : at + 3], "big"), at + 3
        for _ in range(min(count, MOST)):
            length = int.from_bytes(data[at : at + 2], "big")
            yield data[at + 2 : at + 2 + length]
            at += 2 + length


def _payloads(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 < len(data):
        kind, at = _summed(data, at)
        length, at = _summed(data, at)
        yield kind, data[at : at + length]
        at += length


def _summed(data: bytes, at: int) -> tuple[int, int]:
    """A number written as a row of 255 and a last byte."""
    total = 0
    while at < len(data) and data[at] == 0xFF:  # noqa: PLR2004
        total += 255
        at += 1
    return (total + data[at] if at < len(data) else total), at + 1
