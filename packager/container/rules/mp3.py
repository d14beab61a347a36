"""MP3: a tag of short frames and a cover, then sound of one kind, then the seal."""

from collections.abc import Iterator

from packager.container import armour
from packager.container.layout import ReadAt
from packager.container.mp3 import (
    FRAME_HEAD,
    ID3,
    ID3_HEAD,
    audio_start,
    frame_length,
    walk,
)
from packager.container.rules import picture
from packager.container.rules.limits import MAX_META, MAX_NOISE, MAX_PICTURE, MAX_TEXT

_TEXTS = b"T"  # every frame whose name starts so is text
_NAMED = frozenset({b"COMM", b"USLT", b"CHAP", b"CTOC"})
_COVER = b"APIC"
_PLAIN_FLAGS = 0
_SYNCSAFE = 4
_WINDOW = 256 * 1024
_SAME = bytes((0x1E, 0x0C))  # version and layer; sample rate


def findings(read_at: ReadAt, size: int) -> Iterator[str]:
    """What stands in the file that no player needs."""
    start = audio_start(read_at)
    if start is None or start > size:
        yield "the tag at the head of this mp3 breaks off"
        return
    if start:
        yield from _tag(read_at(0, start))
    yield from _sound(read_at, start, size)
    layout = walk(read_at, size)
    if layout.end != size:
        yield f"{abs(size - layout.end)} bytes too many or too few behind the sound"
    for slot in layout.slots:
        body = armour.decode(read_at(slot.start, slot.length))
        if body is None or len(body) > MAX_NOISE:
            yield f"{slot.length} bytes behind the sound that can be no seal"


def _sound(read_at: ReadAt, at: int, size: int) -> Iterator[str]:
    """One kind of frame from the first to the last."""
    first = read_at(at, FRAME_HEAD)
    alike = _kind(first) if len(first) == FRAME_HEAD else b""
    while at < size:
        window = read_at(at, _WINDOW)
        offset = 0
        while offset + FRAME_HEAD <= len(window):
            head = window[offset : offset + FRAME_HEAD]
            length = frame_length(head)
            if length and _kind(head) != alike:
                yield f"sound of another kind from byte {at + offset} on"
                return
            if not length:
                return
            offset += length
        if not offset:
            return
        at += offset


def _kind(head: bytes) -> bytes:
    return bytes((head[1] & _SAME[0], head[2] & _SAME[1]))


def _tag(tag: bytes) -> Iterator[str]:
    version, flags = tag[3], tag[5]
    if not tag.startswith(ID3) or version not in {3, _SYNCSAFE} or flags != _PLAIN_FLAGS:
        yield "a tag at the head of this mp3 of a form that is not read here"
        return
    total = 0
    at = ID3_HEAD
    while at + 10 <= len(tag) and tag[at]:
        name, field = tag[at : at + 4], tag[at + 4 : at + 8]
        length = _safe(field) if version == _SYNCSAFE else int.from_bytes(field, "big")
        body = tag[at + 10 : at + 10 + length]
        if len(body) != length:
            yield "a frame of the mp3's tag breaks off"
            return
        if name != _COVER:
            total += length
        yield from _frame(name, body)
        at += 10 + length
    if any(tag[at:]):
        yield "the filling of the mp3's tag is not zeros"
    if total > MAX_META:
        yield f"{total} bytes of text in the mp3's tag"


def _frame(name: bytes, body: bytes) -> Iterator[str]:
    if name == _COVER:
        found = max(body.find(b"\xff\xd8\xff"), body.find(b"\x89PNG"))
        problem = picture.problem(body[found:]) if 0 <= found <= MAX_TEXT else "no picture"
        if problem or len(body) > MAX_PICTURE:
            yield f"the cover in the mp3's tag: {problem or 'too large'}"
    elif not name.startswith(_TEXTS) and name not in _NAMED:
        yield f"a frame that players skip ({name.decode('latin-1')!r}, {len(body)} bytes)"
    elif len(body) > MAX_TEXT:
        yield f"{len(body)} bytes in a frame that is short ({name.decode('latin-1')!r})"


def _safe(field: bytes) -> int:
    size = 0
    for byte in field:
        size = size << 7 | byte & 0x7F
    return size
