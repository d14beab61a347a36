"""Films of seven kinds with marks in tags, streams, covers, boxes and beside the picture."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from planted.build import Planted, appended, base, box, captions, chunk, exiftool, grown, run
from planted.pictures import plain

SUFFIXES = ("mp4", "mov", "mkv", "webm", "avi", "3gp", "mts")
_INPUT = (
    *("-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=0.6"),
    *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=0.6"),
)
_H264 = (*"-c:v libx264 -preset ultrafast -g 10 -pix_fmt yuv420p".split(),)
_AAC = ("-c:a", "aac", "-b:a", "48k")
_CODECS = {
    "webm": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    "avi": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "mts": (*_H264, "-c:a", "ac3", "-f", "mpegts"),
}
_TAGS = {
    "mp4": "title artist comment copyright description s:v:handler_name s:a:handler_name".split(),
    "mov": "com.apple.quicktime.make com.apple.quicktime.software"
    " com.apple.quicktime.location.name artist".split(),
    "mkv": "title ARTIST LOCATION s:v:title s:a:title s:a:SERIAL".split(),
    "webm": ["title", "ARTIST", "s:v:title"],
    "avi": ["title", "artist", "comment", "copyright", "s:v:title"],
    "3gp": ["title", "artist", "copyright"],
    "mts": ["service_name", "service_provider"],
}
_EXIFTOOL = {
    "mp4": ["XMP-dc:Creator", "Keys:Author", "ItemList:Artist", "UserData:SerialNumber"],
    "mov": ["XMP-dc:Creator", "Keys:Make", "UserData:Artist"],
}
_JOINED = ("-map", "0:v", "-map", "1:a", "-c", "copy")
_UNITS = {"filler": 12, "a second picture": 19, "a maker's own unit": 24}  # ITU-T H.264, table 7-1
_SEI = "086f3693-b7b3-4f2c-9653-21492feee5b8"


def planted() -> Iterator[Planted]:
    for suffix, keys in _TAGS.items():
        for key in keys:
            yield Planted(f"{suffix}: tag {key}", suffix, partial(_tagged, key))
    for suffix, names in _EXIFTOOL.items():
        for name in names:
            yield Planted(f"{suffix}: {name}", suffix, partial(_labelled, name))
    for suffix in ("mp4", "mkv", "mts"):
        yield Planted(f"{suffix}: message beside the picture", suffix, _message)
    for suffix in SUFFIXES:
        yield Planted(f"{suffix}: after the end", suffix, _after)
    yield from (Planted(f"{kind}: a stream of places", kind, _telemetry) for kind in ("mp4", "mkv"))
    yield from (Planted(f"{kind}: chapter", kind, _chapter) for kind in ("mp4", "mkv"))
    yield Planted("mp4: comment of a cover", "mp4", _cover)
    yield Planted("mkv: comment of an attached picture", "mkv", partial(_attached, "inside"))
    yield Planted("mkv: name of an attached file", "mkv", partial(_attached, "name"))
    yield Planted("mov: reel of a time code", "mov", _reel)
    yield Planted("mp4: uuid box", "mp4", partial(_box, b"uuid"))
    yield Planted("mp4: free box", "mp4", partial(_box, b"free"))
    yield Planted("avi: JUNK", "avi", _junk)
    yield Planted("mp4: closed captions", "mp4", _captions)
    yield Planted("mts: closed captions", "mts", _captions)
    for kind in ("mp4", "mkv"):
        yield Planted(f"{kind}: message beside an HEVC picture", kind, _hevc_message)
    yield Planted("mp4: encoder's words in the head of HEVC", "mp4", _hevc_head)
    for what, number in _UNITS.items():
        yield Planted(f"mp4: {what}", "mp4", partial(_unit, number))
    yield Planted("mp4: data beside the sound", "mp4", _sound_data)


def _base(bench: Path, suffix: str) -> Path:
    codecs = _CODECS.get(suffix, (*_H264, *_AAC))
    return base(bench, suffix, *_INPUT, *codecs)


def _copy(path: Path, bench: Path, *words: str | Path) -> None:
    tail = ("-f", "mpegts") if path.suffix == ".mts" else ()
    run(path, "-i", _base(bench, path.suffix[1:]), *words, *tail)


def _tagged(key: str, path: Path, mark: str, bench: Path) -> None:
    stream = key.startswith("s:")
    option = f"-metadata:{key[:3]}" if stream else "-metadata"
    value = f"{key[4:] if stream else key}={mark}"
    keys = ("-movflags", "use_metadata_tags") if "." in key else ()
    _copy(path, bench, "-c", "copy", option, value, *keys)


def _labelled(name: str, path: Path, mark: str, bench: Path) -> None:
    path.write_bytes(_base(bench, path.suffix[1:]).read_bytes())
    exiftool(path, f"-{name}={mark}")


def _message(path: Path, mark: str, bench: Path) -> None:
    _copy(path, bench, "-c", "copy", "-bsf:v", f"h264_metadata=sei_user_data='{_SEI}+{mark}'")


def _captions(path: Path, mark: str, bench: Path) -> None:
    """CEA-608 in CEA-708's place: ATSC A/53 part 4, 6.2.3.1."""
    pairs = captions(mark)
    body = b"\xb5\0\x31GA94\3" + bytes((0x40 | len(pairs) // 3, 0xFF)) + pairs + b"\xff"
    film = bench / "captions.h264"
    run(film, "-i", _base(bench, "mp4"), "-c:v", "copy", "-an")
    film.write_bytes(_before_picture(film.read_bytes(), b"\x06", {1, 5}, _sei(4, body)))
    tail = ("-f", "mpegts") if path.suffix == ".mts" else ()
    run(path, "-r", "25", "-i", film, "-i", _base(bench, "mp4"), *_JOINED, *tail)


def _unit(kind: int, path: Path, mark: str, bench: Path) -> None:
    film = bench / "unit.h264"
    run(film, "-i", _base(bench, "mp4"), "-c:v", "copy", "-an")
    unit = mark.encode() + b"\x80"
    film.write_bytes(_before_picture(film.read_bytes(), bytes([kind]), {1, 5}, unit))
    run(path, "-r", "25", "-i", film, "-i", _base(bench, "mp4"), *_JOINED)


def _sound_data(path: Path, mark: str, bench: Path) -> None:
    """An element of data before the sound of each frame (ISO/IEC 14496-3, 4.4.2.7), in ADTS."""
    sound = bench / "data.aac"
    run(sound, "-i", _base(bench, "mp4"), "-c:a", "copy", "-vn")
    stream, out, at = sound.read_bytes(), b"", 0
    more = b"\x80" + bytes([len(mark)]) + mark.encode()
    while head := bytearray(stream[at : at + 7]):
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        longer = length + len(more)
        head[3:6] = (
            head[3] & 0xFC | longer >> 11,
            longer >> 3 & 0xFF,
            (longer & 7) << 5 | head[5] & 31,
        )
        out += bytes(head) + more + stream[at + 7 : at + length]
        at += length
    sound.write_bytes(out)
    run(path, "-i", _base(bench, "mp4"), "-i", sound, *_JOINED)


def _hevc(bench: Path) -> Path:
    quiet = ("-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10:bframes=0")
    return base(bench, "hevc.mp4", *_INPUT, "-c:v", "libx265", *quiet, "-tag:v", "hvc1", *_AAC)


def _hevc_message(path: Path, mark: str, bench: Path) -> None:
    film = bench / "message.hevc"
    run(film, "-i", _hevc(bench), "-c:v", "copy", "-an")
    told = _sei(5, bytes.fromhex(_SEI.replace("-", "")) + mark.encode())
    pictures = {kind << 1 for kind in (1, 19, 20, 21)}
    film.write_bytes(_before_picture(film.read_bytes(), b"\x4e\x01", pictures, told))
    tag = ("-tag:v", "hvc1") if path.suffix == ".mp4" else ()
    timed = ("-bsf:v", "setts=pts=N:dts=N:duration=1:time_base=1/25")
    run(path, "-r", "25", "-i", film, "-i", _hevc(bench), *_JOINED, *timed, *tag)


def _hevc_head(path: Path, mark: str, bench: Path) -> None:
    """x265 signs its work in hvcC; ours is signed with the mark."""
    data = _hevc(bench).read_bytes()
    at = data.index(b"x265 (build", data.index(b"hvcC"))
    path.write_bytes(data[:at] + mark.encode() + data[at + len(mark) :])


def _sei(kind: int, body: bytes) -> bytes:
    """An SEI message (ITU-T H.264, 7.3.2.3.1), and the end of its unit."""
    return bytes((kind, len(body))) + body + b"\x80"


def _before_picture(stream: bytes, head: bytes, pictures: set[int], sei: bytes) -> bytes:
    """A unit more in an Annex B stream, before the first picture."""
    starts = [found.end() for found in re.finditer(b"\0\0\1", stream)]
    wide = len(head) > 1  # HEVC has two bytes of head, and its kind in the first
    first = next(at for at in starts if stream[at] & (0x7E if wide else 0x1F) in pictures)
    return stream[: first - 3] + b"\0\0\1" + head + sei + stream[first - 3 :]


def _after(path: Path, mark: str, bench: Path) -> None:
    path.write_bytes(_base(bench, path.suffix[1:]).read_bytes())
    packet = b"\x47" + (mark * 20).encode()[:187] if path.suffix == ".mts" else mark.encode() * 3
    appended(path, packet)


def _telemetry(path: Path, mark: str, bench: Path) -> None:
    words = bench / "places.srt"
    words.write_text(f"1\n00:00:00,000 --> 00:00:00,500\nGPS(55.7, 37.6) {mark}\n")
    codec = "mov_text" if path.suffix == ".mp4" else "srt"
    maps = ("-map", "0", "-map", "1", "-c", "copy", "-c:s", codec)
    _copy(path, bench, "-i", words, *maps)


def _chapter(path: Path, mark: str, bench: Path) -> None:
    marks = bench / "marks.txt"
    marks.write_text(f";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle={mark}\n")
    _copy(path, bench, "-i", marks, "-map_chapters", "1", "-c", "copy")


def _commented(mark: str, bench: Path) -> Path:
    picture = bench / "cover.jpg"
    picture.write_bytes(plain("jpg"))
    exiftool(picture, f"-EXIF:Artist={mark}")
    return picture


def _cover(path: Path, mark: str, bench: Path) -> None:
    picture = _commented(mark, bench)
    maps = ("-map", "0", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic")
    _copy(path, bench, "-i", picture, *maps)


def _attached(place: str, path: Path, mark: str, bench: Path) -> None:
    picture = _commented(mark if place == "inside" else "", bench)
    name = mark if place == "name" else "cover"
    tags = ("-metadata:s:t", "mimetype=image/jpeg", "-metadata:s:t", f"filename={name}.jpg")
    _copy(path, bench, "-c", "copy", "-attach", picture, *tags)


def _reel(path: Path, mark: str, bench: Path) -> None:
    reel = ("-timecode", "01:02:03:04", "-metadata:s:v", f"reel_name={mark}")
    _copy(path, bench, "-c", "copy", *reel)


def _box(kind: bytes, path: Path, mark: str, bench: Path) -> None:
    path.write_bytes(_base(bench, "mp4").read_bytes())
    appended(path, box(kind, bytes(16) + mark.encode()))


def _junk(path: Path, mark: str, bench: Path) -> None:
    path.write_bytes(grown(_base(bench, "avi").read_bytes(), chunk(b"JUNK", mark.encode())))
