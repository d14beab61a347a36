"""Parts of a file that its picture, film or sound does not need, and what stands in them.

Walks by length fields only; nothing is decoded. What cannot be followed is called the rest.
"""

import re
from collections.abc import Iterator

from packager.traces.finding import ReadAt, Trace, What, trace
from packager.traces.marks import words_in
from packager.traces.tags import of_xmp

_MOST = 100_000  # parts of a file
_LOOK = 1 << 16  # bytes of a part
_RIFF_NEEDED = frozenset(
    b"VP8 ,VP8L,VP8X,ALPH,ANIM,ANMF,fmt ,data,fact,hdrl,movi,idx1,avih,strl,strh,strf,indx,vprp,"
    b"dmlh,odml,PEAK".split(b",")
)
_RIFF_LISTS = frozenset({b"hdrl", b"strl", b"INFO", b"odml", b"adtl"})
_PNG_NEEDED = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT pHYs bKGD acTL fcTL fdAT".split()
)
_JPEG_APPS = range(0xE0, 0xF0)
_RUN = re.compile(rb"[\x20-\x7e]{16,40}")
_SDT = 0x11
_FLAC = {2: "an application's block", 1: "padding", 5: "a cue sheet"}


def riff(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """AVI, WAV and WebP."""
    end = 8 + int.from_bytes(read_at(4, 4), "little")
    yield from _chunks(read_at, 12, min(end, size), depth=0)
    yield from after(read_at, end + end % 2, size)


def _chunks(read_at: ReadAt, at: int, end: int, depth: int) -> Iterator[Trace]:
    for _ in range(_MOST):
        if at + 8 > end:
            return
        head = read_at(at, 12)
        kind, length, inner = head[:4], int.from_bytes(head[4:8], "little"), head[8:12]
        if kind == b"LIST" and inner in _RIFF_LISTS and depth < 4:  # noqa: PLR2004 -- deep enough
            yield from _chunks(read_at, at + 12, min(at + 8 + length, end), depth + 1)
        elif (inner if kind == b"LIST" else kind) not in _RIFF_NEEDED:
            yield from part(f"part {_name(kind)}", read_at(at + 8, min(length, _LOOK)))
        at += 8 + length + length % 2


def png(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """PNG: all but what draws the picture."""
    at = 8
    for _ in range(_MOST):
        head = read_at(at, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if len(head) < 8 or at + length > size:  # noqa: PLR2004 -- it breaks off
            return
        if kind not in _PNG_NEEDED:
            yield from part(f"part {_name(kind)}", read_at(at + 8, min(length, _LOOK)))
        at += 12 + length
        if kind == b"IEND":
            break
    yield from after(read_at, at, size)


def jpeg(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """JPEG: application parts, comments, and what follows its end."""
    at = 2
    for _ in range(_MOST):
        head = read_at(at, 4)
        if len(head) < 4 or head[0] != 0xFF:  # noqa: PLR2004 -- it breaks off
            return
        length = int.from_bytes(head[2:], "big")
        if head[1] == 0xDA:  # noqa: PLR2004 -- start of scan: pixels from here on
            break
        if head[1] in _JPEG_APPS or head[1] == 0xFE:  # noqa: PLR2004 -- a comment
            body = read_at(at + 4, min(length, _LOOK))
            named = "comment" if head[1] == 0xFE else f"part APP{head[1] - 0xE0}"  # noqa: PLR2004
            if not body.startswith((b"JFIF\0", b"Adobe\0")):
                yield from part(named, body)
            elif body.startswith(b"JFIF\0") and len(body) > 14:  # noqa: PLR2004 -- without one
                yield trace(What.PICTURE, "JFIF", "a small picture of an earlier state")
        at += 2 + length
    end = _end_of_scan(read_at, at, size)
    yield from after(read_at, end, size)


def _end_of_scan(read_at: ReadAt, at: int, size: int) -> int:
    """The first end-of-image mark behind ``at``: compressed data hold none by chance."""
    window = 1 << 20
    while at < size:
        found = read_at(at, window + 1).find(b"\xff\xd9")
        if found >= 0:
            return at + found + 2
        at += window
    return size


def gif(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """GIF: comments, applications' blocks, and what follows its end."""
    head = read_at(0, 13).ljust(13, b"\0")
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    for _ in range(_MOST):
        mark = read_at(at, 11)
        if mark[:1] == b"!":
            body, end = _blocks(read_at, at + 2, size)
            if mark[1:2] in {b"\xfe", b"\xff", b"\x01"} and b"NETSCAPE2.0" not in body:
                yield from part("comment" if mark[1:2] == b"\xfe" else "application", body)
            at = end
        elif mark[:1] == b",":
            local = mark[9] if len(mark) > 9 else 0  # noqa: PLR2004 -- its packed fields
            colours = 3 << (local & 7) + 1 if local & 0x80 else 0
            at = _blocks(read_at, at + 11 + colours, size)[1]
        else:
            yield from after(read_at, at + (mark[:1] == b";"), size)
            return


def _blocks(read_at: ReadAt, at: int, size: int) -> tuple[bytes, int]:
    """Blocks with a byte of length in front, up to the empty one: some of them, and the end."""
    parts: list[bytes] = []
    while at < size and (length := read_at(at, 1)) != b"\0":
        if len(parts) < 256:  # noqa: PLR2004 -- 64 KiB
            parts.append(read_at(at + 1, length[0]))
        at += 1 + length[0]
    return b"".join(parts), at + 1


def flac(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """FLAC: blocks of metadata that are neither stream nor tags."""
    at = 4
    for _ in range(_MOST):
        head = read_at(at, 4)
        if len(head) < 4 or at > size:  # noqa: PLR2004 -- it breaks off
            return
        kind, length = head[0] & 0x7F, int.from_bytes(head[1:], "big")
        if kind in _FLAC:
            body = read_at(at + 4, min(length, _LOOK))
            if kind != 1 or any(body):
                yield from part(_FLAC[kind], body)
        at += 4 + length
        if head[0] & 0x80:
            break
    yield from tail_words(read_at, size)


def mp3(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """MP3: frames of its tag that are no text, and tags at its end."""
    head = read_at(0, 10)
    if head[:3] == b"ID3":
        end = 10 + _seven(head[6:10])
        at = 10
        while at + 10 < min(end, size) and (name := read_at(at, 10))[:1].isalnum():
            length = _seven(name[4:8]) if head[3] == 4 else int.from_bytes(name[4:8], "big")  # noqa: PLR2004
            if name[:4] == b"UFID" or name[:1] not in {b"T", b"C", b"U", b"A"}:
                yield from part(f"frame {_name(name[:4])}", read_at(at + 10, min(length, _LOOK)))
            at += 10 + length
    tail = read_at(max(0, size - 4096), 4096)
    for mark, named in ((b"APETAGEX", "APE tag"), (b"LYRICS", "lyrics"), (b"TAG", "ID3v1")):
        if (found := tail.rfind(mark)) >= 0:
            start = tail.find(mark) if mark == b"APETAGEX" else found
            body = tail[max(0, start - 1024) : start] if mark == b"LYRICS" else tail[start:]
            if mark != b"TAG" or len(body) == 128:  # noqa: PLR2004 -- the size of ID3v1
                yield from part(f"{named} at its end", body)
    yield from tail_words(read_at, size)


def tail_words(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """Long runs of letters near the end, for kinds whose end cannot be told."""
    tail = read_at(max(0, size - 4096), 4096)
    runs = [run for run in _RUN.findall(tail) if len(set(run)) > 6]  # noqa: PLR2004 -- no filling
    if runs:
        text = " | ".join(run.decode("ascii") for run in runs[-4:])
        yield trace(What.HIDDEN, "words near the end", text)


def stream(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """MPEG transport streams: the names that the sender gave (ETSI EN 300 468, SDT)."""
    for at in range(0, min(size, 1 << 20), 188):
        packet = read_at(at, 188)
        if packet[:1] == b"G" and int.from_bytes(packet[1:3], "big") & 0x1FFF == _SDT:
            yield from part("names of the sender", packet.rstrip(b"\xff"))
            break
    yield from tail_words(read_at, size)


def _seven(four: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=False))


def part(where: str, body: bytes) -> Iterator[Trace]:
    """A part of the file that is not needed; XMP is read, other bytes are shown as words."""
    if b"<x:xmpmeta" in body or b"<rdf:RDF" in body:
        yield from of_xmp("XMP", body.decode("utf-8", "replace"))
    else:
        yield trace(What.HIDDEN, where, words_in(body) or f"{len(body)} bytes")


def after(read_at: ReadAt, end: int, size: int) -> Iterator[Trace]:
    """What follows the end of a file's own data."""
    if 0 < end < size:
        rest = read_at(end, _LOOK)
        said = words_in(rest)
        value = f"{size - end} bytes" + (f": {said}" if said else "")
        yield trace(What.HIDDEN, "after the end", value)


def _name(four: bytes) -> str:
    return four.decode("latin-1").strip()
