"""MP3: a tag of short frames and a cover, then sound of one kind, then the seal."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
from packager.safety import noise, picture
from packager.safety.finding import Found, Rule, Source, hidden
from packager.safety.limits import MAX_META, MAX_NOISE, MAX_PICTURE, MAX_TEXT
from packager.safety.text import STEERING

_TEXTS = frozenset(
    b"TALB TBPM TCOM TCON TCOP TDAT TDLY TDOR TDRC TDRL TDTG TENC TEXT TFLT TIME TIT1 TIT2 "
    b"TIT3 TKEY TLAN TLEN TMED TOAL TOFN TOLY TOPE TORY TOWN TPE1 TPE2 TPE3 TPE4 TPOS TPUB "
    b"TRCK TRDA TSIZ TSOA TSOP TSOT TSRC TSSE TSST TYER TCMP".split()
)
_COVER = b"APIC"
_SYNCSAFE = 4
_CODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_ENDS = (b"\0", b"\0\0", b"\0\0", b"\0")
_LANGUAGE = re.compile(rb"[A-Za-z]{3}|\0\0\0")
_PICTURE = re.compile(rb"image/(jpeg|jpg|png)\0[\x00-\x14]")
_WINDOW = 256 * 1024
_SAME = bytes((0x1E, 0x0C))  # version and layer; sample rate


def problems(source: Source) -> Iterator[Found]:
    """What stands in the file that no player needs."""
    read_at, size = source.read_at, source.size
    start = audio_start(read_at)
    if start is None or start > size:
        yield hidden("the tag at the head of this mp3 breaks off")
        return
    if start:
        yield from _tag(read_at(0, start))
    yield from _sound(read_at, start, size)
    layout = walk(read_at, size)
    if start == size:
        yield Found(Rule.CONTENT, "a tag without any sound")
    if layout.end != size:
        yield hidden(f"{abs(size - layout.end)} bytes too many or too few behind the sound")
        return
    for slot in layout.slots:
        fits = slot.length <= armour.length(MAX_NOISE)
        body = armour.decode(read_at(slot.start, slot.length)) if fits else None
        if body is None:
            yield hidden(f"{slot.length} bytes behind the sound that can be no seal")
        else:
            yield from noise.of_bytes(body)


def _sound(read_at: ReadAt, at: int, size: int) -> Iterator[Found]:
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
                yield hidden(f"sound of another kind from byte {at + offset} on")
                return
            if not length:
                return
            offset += length
        if not offset:
            return
        at += offset


def _kind(head: bytes) -> bytes:
    return bytes((head[1] & _SAME[0], head[2] & _SAME[1]))


def _tag(tag: bytes) -> Iterator[Found]:
    version, revision, flags = tag[3], tag[4], tag[5]
    if version not in {3, _SYNCSAFE} or revision | flags or not tag.startswith(ID3):
        yield hidden("a tag at the head of this mp3 of a form that is not read here")
        return
    total = 0
    for frame in _frames(tag, ID3_HEAD, version):
        total += 0 if frame.name == _COVER else len(frame.body)
        if problem := _frame(frame, version):
            yield hidden(f"{problem} ({frame.name.decode('latin-1')!r} in the mp3's tag)")
            return
    if total > MAX_META:
        yield hidden(f"{total} bytes of text in the mp3's tag")


@dataclass(frozen=True, slots=True)
class _Frame:
    name: bytes
    body: bytes
    fits: bool = True


def _frames(tag: bytes, at: int, version: int) -> Iterator[_Frame]:
    """The frames from ``at`` to the end, and what stands there that is none."""
    while at + 10 <= len(tag) and tag[at]:
        name, field, flags = tag[at : at + 4], tag[at + 4 : at + 8], tag[at + 8 : at + 10]
        length = _safe(field) if version == _SYNCSAFE else int.from_bytes(field, "big")
        body = tag[at + 10 : at + 10 + length]
        yield _Frame(name, body, fits=len(body) == length and not any(flags))
        at += 10 + length
    rest = tag[at:]
    if any(rest):
        yield _Frame(rest[:4], rest, fits=False)


def _frame(frame: _Frame, version: int) -> str | None:
    if not frame.fits:
        return "a frame that breaks off, is packed, or no frame"
    if frame.name == _COVER:
        return _cover(frame.body)
    judge = _is_text if frame.name in _TEXTS else _OTHERS.get(frame.name)
    if judge is None:
        return f"{len(frame.body)} bytes that players skip"
    if len(frame.body) > MAX_TEXT:
        return f"{len(frame.body)} bytes in a frame that is short"
    return None if judge(frame.body, version) else "something else than a short text"


def _texts(body: bytes) -> list[str] | None:
    """The texts behind a byte that says how they are written; None where they are none."""
    if not body or body[0] >= len(_CODINGS):
        return None
    try:
        texts = body[1:].decode(_CODINGS[body[0]]).split("\0")
    except UnicodeDecodeError:
        return None
    texts = [text.removeprefix("\ufeff") for text in texts]
    return None if any(STEERING.search(text) for text in texts) else texts


def _is_text(body: bytes, version: int) -> bool:
    del version
    return _texts(body) is not None


def _is_comment(body: bytes, version: int) -> bool:
    del version
    return bool(_LANGUAGE.fullmatch(body[1:4])) and _texts(body[:1] + body[4:]) is not None


def _is_chapter(body: bytes, version: int) -> bool:
    """A name, four times of four bytes, then titles."""
    name, end, rest = body.partition(b"\0")
    inner = list(_frames(rest, 16, version))
    titled = all(one.fits and one.name == b"TIT2" and _is_text(one.body, version) for one in inner)
    return bool(end) and name.isascii() and len(rest) >= 16 and titled  # noqa: PLR2004


def _is_contents(body: bytes, version: int) -> bool:
    """A name, flags, a count, and so many names."""
    name, end, rest = body.partition(b"\0")
    if not end or not name.isascii() or len(rest) < 2:  # noqa: PLR2004 -- flags and count
        return False
    at = 2
    for _ in range(rest[1]):
        at = rest.find(b"\0", at) + 1
        if not at:
            return False
    inner = list(_frames(rest, at, version))
    return rest[:at].isascii() and all(
        one.fits and one.name == b"TIT2" and _is_text(one.body, version) for one in inner
    )


_OTHERS: dict[bytes, Callable[[bytes, int], bool]] = {
    b"TXXX": _is_text,
    b"COMM": _is_comment,
    b"USLT": _is_comment,
    b"CHAP": _is_chapter,
    b"CTOC": _is_contents,
}


def _cover(body: bytes) -> str | None:
    """A type, a word on what it shows, a title, and the picture to the end."""
    head = _PICTURE.match(body, 1)
    if head is None or len(body) > MAX_PICTURE or body[0] >= len(_CODINGS):
        return "a cover that is too large, or no JPEG or PNG"
    at, end = head.end(), _ENDS[body[0]]
    stop = body.find(end, at)
    while stop != -1 and (stop - at) % len(end):
        stop = body.find(end, stop + 1)
    title = body[:1] + body[at:stop]
    if stop == -1 or len(title) > MAX_TEXT or _texts(title) is None:
        return "a cover without a short title"
    return picture.problem(body[stop + len(end) :])


def _safe(field: bytes) -> int:
    size = 0
    for byte in field:
        size = size << 7 | byte & 0x7F
    return size
