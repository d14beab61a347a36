"""Films, sound and pictures with something in them that plays nowhere."""

import struct
import zlib
from collections.abc import Callable

from hostile.build import (
    ELF,
    EXE,
    HTML,
    LITTLE,
    M4B,
    MKV,
    MP3,
    MP4,
    NOISE,
    TEXT,
    Sample,
    box,
    ebml,
    frame,
    id3,
    in_mdat,
    in_moov,
    in_segment,
    jpeg,
    noted_jpeg,
    picture,
    png,
    tags,
    void,
    zipped,
)  # fmt: skip
from packager.container import armour, mp3
from packager.safety import Rule

Made = dict[str, tuple[str, Callable[[], bytes]]]
_ZIP = zipped(("a.exe", EXE))
_SEAL = NOISE[:4000]


def _track(kind: int, codec: bytes, more: bytes = b"") -> bytes:
    number = ebml("d7", b"\x09") + ebml("83", bytes((kind,)))
    return ebml("1654ae6b", ebml("ae", number + ebml("86", codec) + more))


def _attached(name: bytes, kind: bytes, data: bytes) -> bytes:
    file = ebml("466e", name) + ebml("4660", kind) + ebml("465c", data) + ebml("46ae", b"\1")
    return ebml("1941a469", ebml("61a7", file))


def _tag(text: bytes) -> bytes:
    return ebml("1254c367", ebml("7373", ebml("67c8", ebml("45a3", b"TITLE") + ebml("4487", text))))


def _subtitle(text: bytes, codec: bytes = b"S_TEXT/UTF8") -> bytes:
    track = _track(17, codec)
    return track + ebml("1f43b675", ebml("e7", b"\0") + ebml("a3", b"\x89\0\0\0" + text))


def _chapter(title: bytes) -> bytes:
    atom = ebml("73c4", b"\1") + ebml("91", b"\0") + ebml("80", ebml("85", title))
    return ebml("1043a770", ebml("45b9", ebml("b6", atom)))


MATROSKA: dict[str, bytes] = {
    "noise in front": void(LITTLE),  # put first, below
    "a program attached": _attached(b"setup.exe", b"application/x-msdownload", EXE),
    "a font attached": _attached(b"a.ttf", b"application/x-truetype-font", b"\0\1\0\0" + LITTLE),
    "a page attached": _attached(b"a.html", b"text/html", HTML),
    "a picture attached": _attached(b"cover.jpg", b"image/jpeg", picture("JPEG")),
    "noise before the seal": void(LITTLE) + void(bytes(99)),
    "too much in the seal's place": void(NOISE),
    "too little in the seal's place": void(NOISE[:99]),
    "text in the seal's place": void(TEXT[:5000]),
    "a program in the seal's place": void(EXE),
    "a program inside noise": void(_SEAL + EXE[:200] + _SEAL),
    "an archive in the seal's place": void(_ZIP),
    "an archive inside noise": void(_SEAL + _ZIP),
    "a rar inside noise": void(_SEAL + b"Rar!\x1a\x07\1\0" + _SEAL),
    "an unknown element": ebml("1a2b3c4d", LITTLE),
    "a second head": ebml("1a45dfa3", LITTLE),
    "a second segment": ebml("18538067", void(LITTLE)),
    "a tag of a megabyte": _tag(TEXT),
    "many tags": ebml("1254c367", 200 * ebml("7373", ebml("67c8", ebml("4487", TEXT[:8000])))),
    "a tag that is no text": _tag(LITTLE),
    "a tag with an escape": _tag(b"\x1b]0;x\x07"),
    "a tag with bidi": _tag("\u202ex".encode()),
    "a binary tag": ebml("1254c367", ebml("7373", ebml("67c8", ebml("4485", LITTLE)))),
    "a chapter with an escape": _chapter(b"\x1b[2J"),
    "a chapter with code": ebml("1043a770", ebml("45b9", ebml("b6", ebml("6944", LITTLE)))),
    "a block of no track": ebml("1f43b675", ebml("a3", b"\x99\0\0\0" + LITTLE)),
    "a block that breaks off": _track(1, b"V_VP9") + ebml("1f43b675", ebml("a3", b"\x89\0")),
    "a track of data": _track(0x21, b"D_WEBVTT/METADATA"),
    "a track of buttons": _track(0x12, b"B_VOBBTN"),
    "ass subtitles": _subtitle(b"0,0,Default,,0,0,0,,{\\p1}m 0 0", b"S_TEXT/ASS"),
    "vobsub subtitles": _subtitle(LITTLE, b"S_VOBSUB"),
    "a subtitle with html": _subtitle(b"<img src=http://127.0.0.1/>"),
    "a subtitle with ass": _subtitle(b"{\\p1}m 0 0 l 100 100{\\p0}"),
    "a subtitle that is no text": _subtitle(LITTLE),
    "a subtitle without end": _subtitle(TEXT[:9000]),
    "an unknown codec": _track(1, b"V_MS/VFW/FOURCC"),
    "packed frames": _track(1, b"V_VP9", ebml("6d80", ebml("6240", LITTLE))),
    "a codec's download": _track(1, b"V_VP9", ebml("3b4040", b"http://127.0.0.1/")),
    "a cluster of unknown length": bytes.fromhex("1f43b67501ffffffffffffffe78100"),
    "an element in a cluster": ebml("1f43b675", ebml("e7", b"\0") + void(LITTLE)),
    "a program for its codec": _track(1, b"V_VP9", ebml("63a2", EXE)),
    "words for its subtitles": _track(17, b"S_TEXT/UTF8", ebml("63a2", LITTLE)),
    "noise for its codec": _track(1, b"V_MPEG4/ISO/AVC", ebml("63a2", LITTLE)),
    "noise among parameter sets": _track(
        1, b"V_MPEG4/ISO/AVC", ebml("63a2", b"\1\x64\0\x28\xff\xe1\x07\xd0" + LITTLE[:2000] + b"\0")
    ),
    "two heads for a codec": _track(1, b"V_VP9", 2 * ebml("63a2", b"\1\1\0")),
    "more jumps than blocks": ebml("1c53bb6b", 4000 * ebml("bb", ebml("b3", b"\0"))),
}
OTHER_MATROSKA: Made = {
    "noise behind the segment": ("mkv", lambda: MKV + void(LITTLE)),
    "a zip behind": ("mkv", lambda: MKV + _ZIP),
    "a page behind": ("mkv", lambda: MKV + HTML),
    "a byte behind": ("mkv", lambda: MKV + b"\0"),
    "a byte missing": ("mkv", lambda: MKV[:-1]),
    "nothing behind its head": ("mkv", lambda: MKV[:60]),
    "noise in an element of its head": (
        "mkv", lambda: MKV[:4] + bytes((MKV[4] + 20,)) + MKV[5:5 + (MKV[4] & 0x7F)] + b"\xec\x92" + NOISE[:18] + MKV[5 + (MKV[4] & 0x7F):]
    ),
}  # fmt: skip


def _data_tag(kind: bytes, sort: int, value: bytes) -> bytes:
    return box(kind, box(b"data", struct.pack(">II", sort, 0) + value))


def _trak(handler: bytes, *more: bytes) -> bytes:
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(13))
    return box(b"trak", box(b"mdia", hdlr + b"".join(more)))


def _dref(*entries: bytes) -> Callable[[], bytes]:
    """The film with other references where its samples are said to be."""

    def make() -> bytes:
        at = MP4.index(b"dref") - 4
        size = int.from_bytes(MP4[at : at + 4], "big")
        new = box(b"dref", struct.pack(">II", 0, len(entries)) + b"".join(entries))
        data = bytearray(MP4[:at] + new + MP4[at + size :])
        for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
            place = data.rindex(kind, 0, at) - 4
            grown = int.from_bytes(data[place : place + 4], "big") + len(new) - size
            data[place : place + 4] = grown.to_bytes(4, "big")
        return bytes(data)

    return make


def _dref_count(count: int) -> Callable[[], bytes]:
    """The film whose one reference is said to be many."""
    at = MP4.index(b"dref") + 8
    return lambda: MP4[:at] + count.to_bytes(4, "big") + MP4[at + 4 :]


_URL = box(b"url ", bytes(4) + b"http://127.0.0.1:9/film.mp4\0")
_FILE = box(b"url ", bytes(4) + b"file:///etc/hostname\0")
_ALIAS = box(b"alis", bytes(4) + LITTLE[:150])
_URN = box(b"urn ", bytes(4) + b"urn:x\0http://127.0.0.1/\0")
REFERENCES = {
    "a web address for its samples": _dref(_URL),
    "a local file for its samples": _dref(_FILE),
    "an alias for its samples": _dref(_ALIAS),
    "a name for its samples": _dref(_URN),
    "a count without entries": _dref_count(2**31),
    "two places for its samples": _dref(b"\0\0\0\x0curl \0\0\0\1", _URL),
}
MPEG4: Made = {
    "noise in front": ("mp4", lambda: MP4[:32] + box(b"free", LITTLE) + MP4[32:]),
    "a skip box": ("mp4", lambda: MP4 + box(b"skip", LITTLE)),
    "noise before the seal": ("mp4", lambda: MP4 + box(b"free", LITTLE) + box(b"free", b"")),
    "too much in the seal's place": ("mp4", lambda: MP4 + box(b"free", NOISE)),
    "too little in the seal's place": ("mp4", lambda: MP4 + box(b"free", NOISE[:50])),
    "a program in the seal's place": ("mp4", lambda: MP4 + box(b"free", ELF)),
    "a page in the seal's place": ("mp4", lambda: MP4 + box(b"free", HTML * 40)),
    "a page inside noise": ("mp4", lambda: MP4 + box(b"free", _SEAL + HTML + _SEAL)),
    "a pdf inside noise": ("mp4", lambda: MP4 + box(b"free", _SEAL + b"%PDF-1.7" + _SEAL)),
    "a uuid box": ("mp4", lambda: MP4 + box(b"uuid", LITTLE)),
    "an unknown box": ("mp4", lambda: MP4 + box(b"abcd", LITTLE)),
    "a second mdat": ("mp4", lambda: MP4 + box(b"mdat", LITTLE)),
    "many mdats": ("mp4", lambda: MP4 + box(b"mdat", b"") * 5000),
    "a longer mdat": ("mp4", lambda: in_mdat(MP4)),
    "bytes behind": ("mp4", lambda: MP4 + LITTLE),
    "a byte behind": ("mp4", lambda: MP4 + b"\0"),
    "a byte missing": ("mp4", lambda: MP4[:-1]),
    "a second index": ("mp4", lambda: MP4 + box(b"moov", box(b"udta", box(b"name", b"x")))),
    "a second head": ("mp4", lambda: MP4 + MP4[: int.from_bytes(MP4[:4], "big")]),
    "a fragment": ("mp4", lambda: MP4 + box(b"moof", box(b"mfhd", bytes(8)))),
    "a long name": ("mp4", lambda: in_moov(MP4, box(b"name", LITTLE), (b"moov", b"udta"))),
    "a name with an escape": ("mp4", lambda: in_moov(MP4, box(b"name", b"\x1b[2J"), (b"moov", b"udta"))),
    "an xml box": ("mp4", lambda: in_moov(MP4, box(b"xml ", HTML), (b"moov", b"udta"))),
    "a box of rights": ("mp4", lambda: in_moov(MP4, box(b"pssh", LITTLE))),
    "a reference film": ("mp4", lambda: in_moov(MP4, box(b"rmra", box(b"rmda", box(b"rdrf", bytes(4) + b"url " + b"http://127.0.0.1/"))))),
    "a packed index": ("mp4", lambda: in_moov(MP4, box(b"cmov", LITTLE))),
    "a track of data": ("mp4", lambda: in_moov(MP4, _trak(b"meta"))),
    "a timecode track": ("mp4", lambda: in_moov(MP4, _trak(b"tmcd"))),
    "a camera's track": ("mp4", lambda: in_moov(MP4, _trak(b"camm"))),
    "an unknown codec": ("mp4", lambda: in_moov(MP4, box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1) + box(b"raw ", bytes(78))))))))),
    "a long handler": ("mp4", lambda: in_moov(MP4, box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"vide" + LITTLE))))),
    "a text that is none": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"\xa9nam", 1, LITTLE)))),
    "a text with an escape": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"\xa9nam", 1, b"\x1b[2J")))),
    "a tag of a megabyte": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"\xa9cmt", 1, TEXT)))),
    "a binary tag": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"\xa9cmt", 0, LITTLE)))),
    "a cover with notes": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"covr", 13, noted_jpeg(NOISE))))),
    "a cover that is a page": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"covr", 13, HTML)))),
    "a cover that is a program": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"covr", 13, EXE)))),
    "a cover with a program behind": ("mp4", lambda: in_moov(MP4, tags(_data_tag(b"covr", 13, picture("JPEG") + EXE)))),
    "another brand": ("mp4", lambda: MP4.replace(b"ftypisom", b"ftypqt  ")),
    "only zeros": ("mp4", lambda: bytes(5000)),
    "only a head": ("mp4", lambda: MP4[:32] + LITTLE),
    "noise behind the book": ("m4b", lambda: M4B + LITTLE),
    "noise in the book": ("m4b", lambda: in_mdat(M4B)),
}  # fmt: skip


def _apic(data: bytes, mime: bytes = b"image/jpeg", title: bytes = b"") -> bytes:
    return frame(b"APIC", b"\0" + mime + b"\0\3" + title + b"\0" + data)


def _sealed_mp3(body: bytes) -> bytes:
    return MP3 + mp3.header(len(body)) + body + mp3.suffix(len(body))


MPEG3: Made = {
    what: ("mp3", make)
    for what, make in {
        "a private frame": lambda: id3(MP3, frame(b"PRIV", b"a\0" + LITTLE)),
        "an object": lambda: id3(MP3, frame(b"GEOB", LITTLE)),
        "a program as an object": lambda: id3(
            MP3, frame(b"GEOB", b"\0application/x-msdownload\0a.exe\0\0" + EXE)
        ),
        "an address": lambda: id3(MP3, frame(b"WOAR", b"http://127.0.0.1/")),
        "an address of its own": lambda: id3(MP3, frame(b"WXXX", b"\0\0http://127.0.0.1/")),
        "a link to another tag": lambda: id3(MP3, frame(b"LINK", b"TIT2http://127.0.0.1/\0")),
        "commerce": lambda: id3(MP3, frame(b"COMR", LITTLE)),
        "encryption": lambda: id3(MP3, frame(b"ENCR", LITTLE)),
        "an unknown frame": lambda: id3(MP3, frame(b"ZZZZ", LITTLE)),
        "a text frame nobody knows": lambda: id3(MP3, frame(b"TZZZ", b"\0x")),
        "a comment of a megabyte": lambda: id3(MP3, frame(b"COMM", b"\0eng\0" + TEXT)),
        "a comment that is no text": lambda: id3(MP3, frame(b"COMM", b"\3eng\0" + LITTLE)),
        "a comment without language": lambda: id3(MP3, frame(b"COMM", b"\3\x01\x02\x03\0x")),
        "a title with an escape": lambda: id3(MP3, frame(b"TIT2", b"\0\x1b[2J")),
        "a title with bidi": lambda: id3(MP3, frame(b"TIT2", b"\3" + "\u202ex".encode())),
        "a title in no coding": lambda: id3(MP3, frame(b"TIT2", b"\x09x")),
        "many texts": lambda: id3(MP3, frame(b"TXXX", b"\0a\0" + TEXT[:8000]) * 130),
        "a packed frame": lambda: id3(MP3, frame(b"TIT2", b"\0x", b"\0\x80")),
        "filling that is not zeros": lambda: id3(MP3, b"", padding=b"\0" + LITTLE),
        "a cover with notes": lambda: id3(MP3, _apic(noted_jpeg(NOISE))),
        "a cover that is a page": lambda: id3(MP3, _apic(HTML)),
        "a cover that is a program": lambda: id3(MP3, _apic(EXE)),
        "a cover that is elsewhere": lambda: id3(MP3, _apic(b"http://127.0.0.1/", b"-->")),
        "a cover that is an svg": lambda: id3(MP3, _apic(b"<svg/>", b"image/svg+xml")),
        "a cover with a program behind": lambda: id3(
            MP3, _apic(picture("PNG") + EXE, b"image/png")
        ),
        "a cover with a long title": lambda: id3(MP3, _apic(picture("JPEG"), title=TEXT)),
        "a chapter with noise": lambda: id3(
            MP3, frame(b"CHAP", b"a\0" + bytes(16) + frame(b"PRIV", LITTLE))
        ),
        "contents with noise": lambda: id3(
            MP3, frame(b"CTOC", b"a\0\3\1b\0" + frame(b"GEOB", LITTLE))
        ),
        "an extended head": lambda: b"ID3\4\0\x40" + id3(MP3, b"", version=4)[6:],
        "junk in front": lambda: id3(MP3, b"")[:10] + LITTLE + MP3,
        "junk behind": lambda: MP3 + LITTLE,
        "an old tag behind": lambda: MP3 + b"TAG" + bytes(125),
        "lyrics behind": lambda: MP3 + b"LYRICSBEGIN" + LITTLE + b"LYRICS200",
        "a tag that is no seal": lambda: _sealed_mp3(TEXT),
        "a program as a seal": lambda: _sealed_mp3(armour.encode(EXE)),
        "too much as a seal": lambda: _sealed_mp3(armour.encode(NOISE)),
        "sound of another kind": lambda: MP3 + (b"\xff\xf3\x14\xc4" + NOISE[:68]) * 9,
        "a frame that breaks off": lambda: MP3[:-1],
        "no sound": lambda: id3(b"", frame(b"TIT2", b"\0x")),
        "one frame and noise": lambda: b"\xff\xfb\x90\x64" + LITTLE,
    }.items()
}


def _after(head: bytes, marker: bytes, change: Callable[[bytes], bytes]) -> bytes:
    at = head.index(marker)
    return head[:at] + change(head[at:])


PICTURES: Made = {
    "a page in a comment": ("jpg", lambda: jpeg((0xFE, HTML))),
    "a php in a comment": ("jpg", lambda: jpeg((0xFE, b"<?php system('id'); ?>"))),
    "noise in comments": ("jpg", lambda: noted_jpeg(NOISE)),
    "exif": ("jpg", lambda: jpeg((0xE1, b"Exif\0\0MM\0*" + LITTLE))),
    "xmp": ("jpg", lambda: jpeg((0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"))),
    "a profile": ("jpg", lambda: jpeg((0xE2, b"ICC_PROFILE\0\1\1" + LITTLE))),
    "several pictures": ("jpg", lambda: jpeg((0xE2, b"MPF\0" + LITTLE))),
    "captions": ("jpg", lambda: jpeg((0xED, b"Photoshop 3.0\0" + LITTLE))),
    "a small picture of itself": ("jpg", lambda: jpeg((0xE0, b"JFIF\0\1\1\0\0\1\0\1\x10\x10" + NOISE[:768]))),
    "a javascript head": ("jpg", lambda: b"\xff\xd8\xff\xe0\x2f\x2a" + LITTLE + b"*/=1;alert(1)/*" + picture("JPEG")),
    "an unknown part": ("jpg", lambda: jpeg((0xEF, LITTLE))),
    "a program behind": ("jpg", lambda: picture("JPEG") + EXE),
    "a zip behind": ("jpg", lambda: picture("JPEG") + _ZIP),
    "a second picture behind": ("jpg", lambda: picture("JPEG") * 2),
    "a byte behind": ("jpg", lambda: picture("JPEG") + b"\0"),
    "its end missing": ("jpg", lambda: picture("JPEG")[:-2]),
    "no picture": ("jpg", lambda: b"\xff\xd8\xff\xd9"),
    "a giant": ("jpg", lambda: _after(picture("JPEG"), b"\xff\xc0", lambda d: d[:5] + b"\xff\xff\xff\xff" + d[9:])),
    "many scans of a giant": ("jpg", lambda: scanned(6000, 20)),
    "a table that is too long": ("jpg", lambda: jpeg((0xDB, LITTLE))),
    "lossless coding": ("jpg", lambda: picture("JPEG").replace(b"\xff\xc0", b"\xff\xc3")),
    "a png's content": ("jpg", lambda: b"\xff\xd8\xff" + picture("PNG")),
    "text": ("png", lambda: png(b"tEXt", b"Comment\0<script>")),
    "packed text": ("png", lambda: png(b"zTXt", b"a\0\0" + LITTLE)),
    "international text": ("png", lambda: png(b"iTXt", b"a\0\0\0\0\0<script>")),
    "exif in it": ("png", lambda: png(b"eXIf", LITTLE)),
    "a profile in it": ("png", lambda: png(b"iCCP", b"a\0\0" + LITTLE)),
    "an animation": ("png", lambda: png(b"acTL", bytes(8))),
    "an unknown chunk": ("png", lambda: png(b"ruSt", LITTLE)),
    "a giant palette": ("png", lambda: png(b"PLTE", LITTLE[:900])),
    "two heads": ("png", lambda: png(b"IHDR", picture("PNG")[16:29])),
    "a wrong check sum": ("png", lambda: picture("PNG")[:29] + bytes(4) + picture("PNG")[33:]),
    "a program behind it": ("png", lambda: picture("PNG") + EXE),
    "a zip behind it": ("png", lambda: picture("PNG") + _ZIP),
    "its end gone": ("png", lambda: picture("PNG")[:-12]),
    "more pixels than it has": ("png", lambda: png_of(40, 30)),
    "fewer pixels than it has": ("png", lambda: png_of(30, 20)),
    "forty thousand lines": ("png", lambda: png_of(40_000, 40_000)),
    "a bomb": ("png", lambda: png_bomb()),
}  # fmt: skip


def png_of(width: int, height: int) -> bytes:
    """The picture with another size in its head."""

    data = picture("PNG")
    head = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
    return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]


def scanned(side: int, count: int) -> bytes:
    """A square picture that is drawn again and again."""
    size = side.to_bytes(2, "big") * 2
    start = picture("JPEG", progressive=True)
    frame, scan = start.index(b"\xff\xc2"), start.index(b"\xff\xda")
    head = start[: frame + 5] + size + start[frame + 9 : scan]
    return head + count * (start[scan : scan + 14] + b"\x3f") + b"\xff\xd9"


def png_bomb() -> bytes:
    """Sixty megabytes of zeros in a picture of 30 by 30."""

    data = picture("PNG")
    body = b"IDAT" + zlib.compress(bytes(60_000_000))
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[-12:]


def samples() -> list[Sample]:
    made = [
        Sample(
            f"mkv with {what}",
            "film.mkv",
            lambda more=more, what=what: in_segment(MKV, more, first="in front" in what),  # type: ignore[misc]
            Rule.HIDDEN,
        )
        for what, more in MATROSKA.items()
    ]
    for table in (OTHER_MATROSKA, MPEG4, MPEG3, PICTURES):
        for what, (suffix, make) in table.items():
            rule = RULES.get(f"{suffix} {what}", Rule.HIDDEN)
            made.append(Sample(f"{suffix} with {what}", f"work.{suffix}", make, rule))
    for what, make in REFERENCES.items():
        made.append(Sample(f"mp4 with {what}", "film.mp4", make, Rule.REMOTE))
    return made


RULES = {
    "mp3 no sound": Rule.CONTENT,
    "mkv a zip behind": Rule.POLYGLOT,
    "jpg a zip behind": Rule.POLYGLOT,
    "png a zip behind it": Rule.POLYGLOT,
    "mp4 a pdf inside noise": Rule.HIDDEN,
    "mp4 another brand": Rule.CONTENT,
    "mp4 only zeros": Rule.CONTENT,
}
