"""A megabyte hidden anywhere in a media file is found, and files as we make them pass."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sealed
from PIL import Image

from packager import survey
from packager.container import Kind, mkv, mp3, mp4, rules
from packager.safety import Rule

NOISE = random.Random(1).randbytes(1024 * 1024)
TEXT = b"A" * (1024 * 1024)


def found(suffix: str, data: bytes) -> tuple[str, ...]:
    kind = {"m4a": "mp4", "m4b": "mp4"}.get(suffix, suffix)
    return rules.hidden(Kind(kind), lambda at, size: data[at : at + size], len(data))


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


def id3(data: bytes, more: bytes, *, padding: bytes = b"") -> bytes:
    """The mp3 with a tag of ``more`` frames."""
    start = mp3.audio_start(lambda at, size: data[at : at + size]) or 0
    body = more + padding
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body + data[start:]


def frame(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "big") + b"\0\0" + body


def cover(extra: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30), "teal").save(out, "JPEG")
    data = out.getvalue()
    notes = b"".join(
        b"\xff\xfe" + (len(part) + 2).to_bytes(2, "big") + part
        for part in (extra[at : at + 60000] for at in range(0, len(extra), 60000))
    )
    return data[:2] + notes + data[2:]


def png(more: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30), "teal").save(out, "PNG")
    data = out.getvalue()
    chunk = struct.pack(">I", len(more)) + b"ruSt" + more + bytes(4) if more else b""
    return data[:33] + chunk + data[33:]


def mdat_at(data: bytes) -> tuple[int, int]:
    at = 0
    while data[at + 4 : at + 8] != b"mdat":
        at += int.from_bytes(data[at : at + 4], "big")
    return at, int.from_bytes(data[at : at + 4], "big")


def in_mdat(data: bytes) -> bytes:
    at, size = mdat_at(data)
    grown = (size + len(NOISE)).to_bytes(4, "big")
    return data[:at] + grown + data[at + 4 : at + size] + NOISE + data[at + size :]


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
    return out + fix_offsets(rest, len(NOISE))


def fix_offsets(rest: bytes, moved: int) -> bytes:
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


MKV, MP4 = sealed.film_bytes("mkv"), sealed.film_bytes("mp4")
MP3, EPUB = sealed.media_bytes("mp3"), sealed.media_bytes("epub")
NEW_TRACK = ebml("1654ae6b", ebml("ae", ebml("d7", b"\x09") + ebml("83", b"\x21")))
HIDING: dict[str, tuple[str, Callable[[], bytes]]] = {
    "mkv void in front": ("mkv", lambda: in_segment(MKV, void(NOISE), first=True)),
    "mkv void before the seal": ("mkv", lambda: in_segment(MKV, void(NOISE) + void(bytes(99)))),
    "mkv too much in the seal's place": ("mkv", lambda: in_segment(MKV, void(NOISE))),
    "mkv void behind the segment": ("mkv", lambda: MKV + void(NOISE)),
    "mkv bytes behind the segment": ("mkv", lambda: MKV + NOISE),
    "mkv attachment": ("mkv", lambda: in_segment(MKV, ebml("1941a469", ebml("61a7", NOISE)))),
    "mkv unknown element": ("mkv", lambda: in_segment(MKV, ebml("1a2b3c4d", NOISE))),
    "mkv tag of a megabyte": (
        "mkv",
        lambda: in_segment(
            MKV, ebml("1254c367", ebml("7373", ebml("67c8", ebml("4487", TEXT))))
        ),
    ),
    "mkv many tags": (
        "mkv",
        lambda: in_segment(
            MKV,
            ebml("1254c367", 200 * ebml("7373", ebml("67c8", ebml("4487", TEXT[:8000])))),
        ),
    ),
    "mkv block of no track": (
        "mkv",
        lambda: in_segment(MKV, ebml("1f43b675", ebml("a3", b"\x99\0\0\0" + NOISE))),
    ),
    "mkv track of another kind": (
        "mkv",
        lambda: in_segment(MKV, NEW_TRACK + ebml("1f43b675", ebml("a3", b"\x89\0\0\0" + NOISE))),
    ),
    "mkv element in a cluster": (
        "mkv",
        lambda: in_segment(MKV, ebml("1f43b675", ebml("e7", b"\0") + void(NOISE))),
    ),
    "mkv second head": ("mkv", lambda: in_segment(MKV, ebml("1a45dfa3", NOISE))),
    "mp4 free in front": ("mp4", lambda: MP4[:32] + box(b"free", NOISE) + MP4[32:]),
    "mp4 skip": ("mp4", lambda: MP4 + box(b"skip", NOISE)),
    "mp4 free before the seal": ("mp4", lambda: MP4 + box(b"free", NOISE) + box(b"free", b"")),
    "mp4 too much in the seal's place": ("mp4", lambda: MP4 + box(b"free", NOISE)),
    "mp4 uuid": ("mp4", lambda: MP4 + box(b"uuid", NOISE)),
    "mp4 unknown box": ("mp4", lambda: MP4 + box(b"abcd", NOISE)),
    "mp4 second mdat": ("mp4", lambda: MP4 + box(b"mdat", NOISE)),
    "mp4 longer mdat": ("mp4", lambda: in_mdat(MP4)),
    "mp4 bytes behind": ("mp4", lambda: MP4 + NOISE),
    "mp4 udta": ("mp4", lambda: MP4 + box(b"moov", box(b"udta", box(b"name", NOISE)))),
    "mp4 tags": (
        "mp4",
        lambda: (
            MP4
            + box(
                b"moov",
                box(
                    b"udta",
                    box(b"meta", bytes(4) + box(b"ilst", box(b"\xa9cmt", box(b"data", NOISE)))),
                ),
            )
        ),
    ),
    "mp4 cover": (
        "mp4",
        lambda: (
            MP4
            + box(
                b"moov",
                box(
                    b"udta",
                    box(
                        b"meta",
                        bytes(4)
                        + box(b"ilst", box(b"covr", box(b"data", bytes(8) + cover(NOISE)))),
                    ),
                ),
            )
        ),
    ),
    "mp3 private frame": ("mp3", lambda: id3(MP3, frame(b"PRIV", b"a\0" + NOISE))),
    "mp3 object": ("mp3", lambda: id3(MP3, frame(b"GEOB", NOISE))),
    "mp3 comment": ("mp3", lambda: id3(MP3, frame(b"COMM", b"\0eng\0" + TEXT))),
    "mp3 many texts": ("mp3", lambda: id3(MP3, frame(b"TXXX", b"\0a\0" + TEXT[:8000]) * 130)),
    "mp3 filling": ("mp3", lambda: id3(MP3, b"", padding=b"\0" + NOISE)),
    "mp3 cover": ("mp3", lambda: id3(MP3, frame(b"APIC", b"\0image/jpeg\0\3\0" + cover(NOISE)))),
    "mp3 junk in front": ("mp3", lambda: id3(MP3, b"")[:10] + NOISE + MP3),
    "mp3 junk behind": ("mp3", lambda: MP3 + NOISE),
    "mp3 tag that is no seal": (
        "mp3",
        lambda: MP3 + mp3.header(len(TEXT)) + TEXT + mp3.suffix(len(TEXT)),
    ),
    "mp3 sound of another kind": ("mp3", lambda: MP3 + (b"\xff\xf3\x14\xc4" + NOISE[:68]) * 9000),
    "epub gap": ("epub", lambda: zip_gap(EPUB)),
    "epub bytes in front": ("epub", lambda: EPUB[:58] + NOISE + EPUB[58:]),
    "epub bytes behind": ("epub", lambda: EPUB + NOISE),
    "epub comment": ("epub", lambda: commented(EPUB, NOISE[:65000])),
    "epub extra field": ("epub", lambda: zip_extra(EPUB)),
    "epub unlisted page": ("epub", lambda: sealed.book_bytes({"more.xhtml": TEXT})),
    "epub unlisted picture": ("epub", lambda: sealed.book_bytes({"more.jpg": cover()})),
    "epub unknown kind": ("epub", lambda: sealed.book_bytes({"more.bin": NOISE})),
    "epub META-INF": ("epub", lambda: sealed.book_bytes({"META-INF/more.xml": TEXT})),
    "epub noise as a page": ("epub", lambda: sealed.book_bytes({"page.xhtml": NOISE})),
    "epub behind a stream": ("epub", lambda: zip_flate(EPUB)),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDING)
def test_a_megabyte_hidden_is_found(name: str) -> None:
    suffix, make = HIDING[name]

    assert found(suffix, make()) != ()


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "m4a", "m4b", "mp3", "epub"])
def test_files_as_they_are_made_pass(suffix: str) -> None:
    assert found(suffix, sealed.media_bytes(suffix)) == ()


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        ("mkv", in_segment(MKV, void(bytes(5000)), first=True)),
        ("mkv", in_segment(MKV, void(NOISE[: 512 * 1024]))),
        ("mp4", MP4 + box(b"free", bytes(2**20)) + box(b"free", NOISE[: 512 * 1024])),
        ("mp3", id3(MP3, frame(b"APIC", b"\0image/jpeg\0\3\0" + cover()), padding=bytes(900))),
        ("mp3", id3(MP3, frame(b"APIC", b"\0image/png\0\3\0" + png()))),
        ("epub", commented(EPUB, b"AAAA" * 5000)),
    ],
)
def test_zeros_covers_and_what_may_be_a_seal_pass(suffix: str, data: bytes) -> None:
    assert found(suffix, data) == ()


@pytest.mark.parametrize("data", [cover(NOISE), png(NOISE), cover() + NOISE, png() + NOISE])
def test_a_picture_holds_the_picture_only(data: bytes) -> None:
    assert rules.hidden_in_picture(data)


@pytest.mark.parametrize("data", [cover(), cover(b"Made with care"), png()])
def test_pictures_pass(data: bytes) -> None:
    assert rules.hidden_in_picture(data) is None


def test_safety_refuses_what_hides(tmp_path: Path) -> None:
    (tmp_path / "film.mkv").write_bytes(in_segment(MKV, void(NOISE), first=True))
    (tmp_path / "poster.png").write_bytes(png(NOISE))
    (tmp_path / "good.mp4").write_bytes(MP4)

    refused = survey.refusals(tmp_path)

    assert {(one.path, one.rule) for one in refused} == {
        ("film.mkv", Rule.HIDDEN),
        ("poster.png", Rule.HIDDEN),
    }


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mp3", "epub"])
def test_no_damage_stops_the_search(suffix: str) -> None:
    chance = random.Random(suffix)
    clean = sealed.media_bytes(suffix)
    for _ in range(150):
        data = bytearray(clean)
        for _ in range(chance.randrange(1, 9)):
            data[min(int(chance.expovariate(0.002)), len(data) - 1)] = chance.randrange(256)
        found(suffix, bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))


def test_boxes_without_end_take_no_time() -> None:
    data = mp4.header(0) * 50_000
    assert len(found("mp4", b"\0\0\0\x10ftypisom" + bytes(4) + data)) <= 5
