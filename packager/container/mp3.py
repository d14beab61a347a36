"""MP3: an ID3v2 tag, then audio frames; a seal is the one item of an APEv2 tag behind them.

The frames are followed from the first to the last by their headers, so a tag is only seen where
the sound ends. The body is text: players look for frames in whatever follows. The item is a list
of two, the first empty, because many programs show the first. An encoder's note of the file's size,
in the first frame, is raised by the tag: players doubt the length of the sound otherwise.
"""

from packager.container.layout import Format, Layout, Patch, ReadAt, Slot
from packager.errors import InputRefused

ID3 = b"ID3"
ID3_HEAD = 10
_ID3_FOOTER = 0x10
APE = b"APETAGEX"
TAG_HEAD = 32
_KEY = b"Dummy\0"  # the name that the tag's own specification keeps for filling
_EMPTY = b"\0"  # the first text of the item, and what ends it
_ITEM_HEAD = 8 + len(_KEY) + len(_EMPTY)
HEADER_SIZE = TAG_HEAD + _ITEM_HEAD
_HEADER_FLAGS, _FOOTER_FLAGS = 0xA0000000, 0x80000000
_LARGEST_SHARE = 16  # one part in so many: beyond it ffmpeg doubts the length of the sound
_WINDOW = 256 * 1024
FRAME_HEAD = 4
_KBITS = (
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2 and 2.5
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1
)
_RATES = {0: (11025, 12000, 8000), 2: (22050, 24000, 16000), 3: (44100, 48000, 32000)}


def _lengths() -> dict[bytes, int]:
    """Frame length in bytes for the second and third byte of every layer III header."""
    found = {}
    for version, rates in _RATES.items():
        first = version == 3  # noqa: PLR2004 -- MPEG 1
        for number, kbit in enumerate(_KBITS[first], 1):
            for pick, rate in enumerate(rates):
                size = (144000 if first else 72000) * kbit // rate
                for rest in range(4):  # padding and the private bit
                    third = number << 4 | pick << 2 | rest
                    for unprotected in range(2):
                        second = 0xE0 | version << 3 | 1 << 1 | unprotected
                        found[bytes((second, third))] = size + (rest >> 1)
    return found


_LENGTHS = _lengths()


def frame_length(head: bytes) -> int:
    """Bytes of the layer III frame that starts with ``head``; 0 where none does."""
    return _LENGTHS.get(head[1:3], 0) if head[:1] == b"\xff" and len(head) >= FRAME_HEAD else 0


def is_mp3(head: bytes) -> bool:
    """By the first bytes: a tag, or a frame's header."""
    return head.startswith(ID3) or frame_length(head[:FRAME_HEAD]) > 0


def audio_start(read_at: ReadAt) -> int | None:
    """Where the ID3v2 tag at the head ends; 0 without one, None for a broken one."""
    head = read_at(0, ID3_HEAD)
    if not head.startswith(ID3):
        return 0
    if len(head) < ID3_HEAD or max(head[6:]) > 0x7F:  # noqa: PLR2004 -- 28 bits in four bytes
        return None
    size = 0
    for byte in head[6:]:
        size = size << 7 | byte
    return ID3_HEAD + size + (ID3_HEAD if head[5] & _ID3_FOOTER else 0)


def audio_end(read_at: ReadAt, at: int, size: int) -> int:
    """Where the frames that start at ``at`` end; beyond ``size`` if the last one is cut off."""
    while at < size:
        window = read_at(at, _WINDOW)
        offset = 0
        while offset + FRAME_HEAD <= len(window):
            length = frame_length(window[offset : offset + FRAME_HEAD])
            if not length:
                return at + offset
            offset += length
        if not offset:
            return at
        at += offset
    return at


def header(room: int) -> bytes:
    """The tag's header and that of its one item."""
    item = (len(_EMPTY) + room).to_bytes(4, "little") + bytes(4) + _KEY + _EMPTY
    return _tag(room, _HEADER_FLAGS) + item


def suffix(room: int) -> bytes:
    """The tag's footer."""
    return _tag(room, _FOOTER_FLAGS)


def _tag(room: int, flags: int) -> bytes:
    numbers = (2000, _ITEM_HEAD + room + TAG_HEAD, 1, flags)
    return APE + b"".join(number.to_bytes(4, "little") for number in numbers) + bytes(8)


def patch(read_at: ReadAt, size: int, room: int) -> Patch | None:
    """The encoder's note of the file's size, where it left one."""
    start = audio_start(read_at)
    end = None if start is None else audio_end(read_at, start, size)
    if start is None or end is None or end == start or end > size:
        raise InputRefused("the sound of this mp3 breaks off or cannot be followed", _REMAKE)
    if end < size:
        what = {b"TAG": "an ID3v1 tag", b"APE": "an APE tag"}.get(read_at(end, 3), "something else")
        raise InputRefused(f"{what} stands behind the sound of this mp3", _REMAKE)
    tag = HEADER_SIZE + room + TAG_HEAD
    noted = _noted_size(read_at, start)
    if noted is None and tag * _LARGEST_SHARE > size:
        raise InputRefused(
            f"the seal takes {tag} bytes, more than a 16th of this mp3: players would warn", _REMAKE
        )
    return (noted, _add(read_at(noted, 4), tag)) if noted else None


def _noted_size(read_at: ReadAt, start: int) -> int | None:
    """Where the first frame notes the size of the file (``Xing``, ``Info``); None without one."""
    frame = read_at(start, 64)
    first, mono = frame[1] & 0x08, frame[3] >> 6 == 3  # noqa: PLR2004 -- MPEG 1; one channel
    at = FRAME_HEAD + ((17 if mono else 32) if first else (9 if mono else 17))
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    if frame[at : at + 4] not in _NOTES or not flags & _SIZE_NOTED:
        return None
    return start + at + (12 if flags & _COUNT_NOTED else 8)


def _add(field: bytes, change: int) -> bytes:
    return ((int.from_bytes(field, "big") + change) % 2**32).to_bytes(4, "big")


_NOTES = (b"Xing", b"Info")
_COUNT_NOTED, _SIZE_NOTED = 1, 2
_REMAKE = "write it anew: ffmpeg -i OLD.mp3 -c copy -write_id3v1 0 NEW.mp3"


def restore(read_at: ReadAt, start: int, room: int) -> Patch | None:
    """The note of the file's size as it was."""
    del start
    noted = _noted_size(read_at, audio_start(read_at) or 0)
    return (noted, _add(read_at(noted, 4), -(HEADER_SIZE + room + TAG_HEAD))) if noted else None


def walk(read_at: ReadAt, size: int) -> Layout:
    """Over the ID3v2 tag and the frames to the tag behind them."""
    start = audio_start(read_at)
    if start is None:
        return Layout((), 0)
    at = audio_end(read_at, start, size)
    room = _room(read_at(at, HEADER_SIZE))
    if at == start or room is None:
        return Layout((), at)
    slot = Slot(at + HEADER_SIZE, room, TAG_HEAD)
    return Layout((slot,), slot.stop)


def at_tail(read_at: ReadAt, size: int, limit: int) -> Slot | None:
    """The tag whose footer is the end of the file."""
    room = int.from_bytes(read_at(max(0, size - TAG_HEAD), TAG_HEAD)[12:16], "little") - (
        _ITEM_HEAD + TAG_HEAD
    )
    start = size - TAG_HEAD - room
    if not 0 <= room <= limit or start < HEADER_SIZE:
        return None
    fits = _room(read_at(start - HEADER_SIZE, HEADER_SIZE)) == room
    return Slot(start, room, TAG_HEAD) if fits else None


def _room(untrusted_header: bytes) -> int | None:
    """The length of the one item, if the header is exactly that of a tag with nothing else."""
    room = int.from_bytes(untrusted_header[TAG_HEAD : TAG_HEAD + 4], "little") - len(_EMPTY)
    return room if 0 <= room <= _MAX_ROOM and untrusted_header == header(room) else None


_MAX_ROOM = 2**31

FORMAT = Format(
    header_size=HEADER_SIZE,
    header=header,
    suffix=suffix,
    patch=patch,
    restore=restore,
    walk=walk,
    at_tail=at_tail,
    armoured=True,
)
