"""Pieces that hostile files are put together from, and whole good files to put them into."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import sealed
from PIL import Image

from packager.container import mkv, mp3
from packager.safety import Rule

NOISE = random.Random(1).randbytes(1024 * 1024)
LITTLE = NOISE[:5000]
TEXT = b"A" * (1024 * 1024)
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n"
VTT = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello.\n"
MKV, MP4 = sealed.film_bytes("mkv"), sealed.film_bytes("mp4")
MP3, M4B, EPUB = (sealed.media_bytes(kind) for kind in ("mp3", "m4b", "epub"))
EXE = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + b"This program cannot be run in DOS mode." + LITTLE
ELF = b"\x7fELF\2\1\1\0" + bytes(56) + LITTLE
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>\n"


@dataclass(frozen=True)
class Sample:
    """A hostile file: what it is, under which name, how it is made, and why it is refused."""

    what: str
    path: str
    make: Callable[[], bytes]
    rule: Rule


def of(what: str, path: str, data: bytes, rule: Rule) -> Sample:
    return Sample(what, path, lambda: data, rule)


def void(body: bytes) -> bytes:
    return mkv.header(len(body)) + body


def ebml(name: str, body: bytes) -> bytes:
    return bytes.fromhex(name) + (1 << 56 | len(body)).to_bytes(8, "big") + body


def in_segment(data: bytes, more: bytes, *, first: bool = False) -> bytes:
    """``more`` as the last (or first) child of the Segment, with its size raised."""
    at, length, head = mkv.segment(lambda at, size: data[at : at + size])
    assert length is not None
    size = (1 << 56 | (length + len(more))).to_bytes(8, "big")
    start = data[: at + 4] + size
    return start + more + data[at + head :] if first else start + data[at + head :] + more


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def tags(*items: bytes) -> bytes:
    """A box of tags as players look for them, but in a second ``moov``."""
    return box(b"udta", box(b"meta", bytes(4) + box(b"ilst", b"".join(items))))


def in_moov(data: bytes, more: bytes, inside: tuple[bytes, ...] = (b"moov",)) -> bytes:
    """``more`` as the last child of the last of the boxes ``inside``, sizes raised."""
    out, start, end = bytearray(data), 0, len(data)
    sizes = []
    for kind in inside:
        at = start
        while bytes(out[at + 4 : at + 8]) != kind:
            at += int.from_bytes(out[at : at + 4], "big")
            assert at < end, kind
        sizes.append(at)
        start, end = at + 8, at + int.from_bytes(out[at : at + 4], "big")
    assert data.index(b"mdat") < data.index(b"moov"), "offsets of samples would be wrong"
    out[end:end] = more
    for at in sizes:
        grown = int.from_bytes(out[at : at + 4], "big") + len(more)
        out[at : at + 4] = grown.to_bytes(4, "big")
    return bytes(out)


def id3(data: bytes, more: bytes, *, padding: bytes = b"", version: int = 3) -> bytes:
    """The mp3 with a tag of ``more`` frames."""
    start = mp3.audio_start(lambda at, size: data[at : at + size]) or 0
    body = more + padding
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes((version, 0, 0)) + size + body + data[start:]


def frame(name: bytes, body: bytes, flags: bytes = b"\0\0") -> bytes:
    return name + len(body).to_bytes(4, "big") + flags + body


@cache
def picture(kind: str, **options: bool) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30), "teal").save(out, kind, **options)
    return out.getvalue()


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    """A JPEG with more segments behind its start."""
    data = picture("JPEG")
    more = b"".join(
        bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body
        for marker, body in segments
    )
    return data[:2] + more + data[2:]


def noted_jpeg(extra: bytes) -> bytes:
    return jpeg(*((0xFE, extra[at : at + 60000]) for at in range(0, len(extra), 60000)))


def png(kind: bytes = b"", body: bytes = b"", *, at: int = 33) -> bytes:
    """A PNG with one more part."""
    data = picture("PNG")
    check = zlib.crc32(kind + body)
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check) if kind else b""
    return data[:at] + chunk + data[at:]


def mdat_at(data: bytes) -> tuple[int, int]:
    at = 0
    while data[at + 4 : at + 8] != b"mdat":
        at += int.from_bytes(data[at : at + 4], "big")
    return at, int.from_bytes(data[at : at + 4], "big")


def in_mdat(data: bytes) -> bytes:
    at, size = mdat_at(data)
    grown = (size + len(NOISE)).to_bytes(4, "big")
    return data[:at] + grown + data[at + 4 : at + size] + NOISE + data[at + size :]


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def zip_gap(data: bytes) -> bytes:
    """Noise between the entries and the directory, with the directory's offset raised."""
    directory = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    offset = (directory + len(NOISE)).to_bytes(4, "little")
    return data[:directory] + NOISE + data[directory : end + 16] + offset + data[end + 20 :]


def zip_extra(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("page2.xhtml")
        info.extra = b"\xfe\xca" + (60000).to_bytes(2, "little") + NOISE[:60000]
        archive.writestr(info, "<html/>")
    return out.getvalue()


def zip_flate(data: bytes) -> bytes:
    """Noise behind the end of a compressed stream, counted as part of it."""
    local = data.index(b"PK\x03\x04", 4)
    start = local + 30 + int.from_bytes(data[local + 26 : local + 28], "little")
    packed = int.from_bytes(data[local + 18 : local + 22], "little")
    name = data[local + 30 : start]
    grown = (packed + len(NOISE)).to_bytes(4, "little")
    out = data[: local + 18] + grown + data[local + 22 : start + packed] + NOISE
    rest = data[start + packed :]
    at = rest.index(b"PK\x01\x02")
    while rest[at + 46 : at + 46 + len(name)] != name:
        at = rest.index(b"PK\x01\x02", at + 4)
    rest = rest[: at + 20] + grown + rest[at + 24 :]
    return out + _fix_offsets(rest, len(NOISE))


def _fix_offsets(rest: bytes, moved: int) -> bytes:
    """The directory after the entries from the second on moved by so much."""
    out, at = bytearray(rest), rest.index(b"PK\x01\x02")
    count = 0
    while out[at : at + 4] == b"PK\x01\x02":
        count += 1
        if count > 2:
            offset = int.from_bytes(out[at + 42 : at + 46], "little") + moved
            out[at + 42 : at + 46] = offset.to_bytes(4, "little")
        at += 46 + sum(int.from_bytes(out[at + n : at + n + 2], "little") for n in (28, 30, 32))
    offset = int.from_bytes(out[at + 16 : at + 20], "little") + moved
    out[at + 16 : at + 20] = offset.to_bytes(4, "little")
    return bytes(out)


def commented(data: bytes, comment: bytes) -> bytes:
    return data[:-2] + len(comment).to_bytes(2, "little") + comment
