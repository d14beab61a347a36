# mypy: disable-error-code="no-untyped-call"
"""Sounds of six kinds with marks in tags, frames, blocks, covers and at their end."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from mutagen.apev2 import APEv2
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, COMM, GEOB, ID3, PRIV, TALB, TPE1, TXXX, UFID, USLT, WXXX, Frame
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from planted.build import Planted, appended, base, chunk, exiftool, grown
from planted.pictures import plain

SUFFIXES = ("mp3", "m4a", "wav", "flac", "ogg", "opus")
_INPUT = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=0.6")
_CODECS = {"ogg": ("-c:a", "libvorbis"), "opus": ("-c:a", "libopus"), "m4a": ("-c:a", "aac")}
_FRAMES: dict[str, Callable[[str], Frame]] = {
    "TPE1": lambda mark: TPE1(3, [mark]),
    "TALB in UTF-16": lambda mark: TALB(1, [mark]),
    "COMM": lambda mark: COMM(3, "eng", "", [mark]),
    "TXXX": lambda mark: TXXX(3, "serial", [mark]),
    "WXXX": lambda mark: WXXX(3, "", f"https://{mark}.example/"),
    "USLT": lambda mark: USLT(3, "eng", "", mark),
    "PRIV": lambda mark: PRIV("recorder", mark.encode()),
    "GEOB": lambda mark: GEOB(3, "text/plain", "a.txt", "", mark.encode()),
    "UFID": lambda mark: UFID("http://place.example", mark.encode()),
    "APIC description": lambda mark: APIC(3, "image/jpeg", 3, mark, plain("jpg")),
}


def planted() -> Iterator[Planted]:
    for name in _FRAMES:
        yield Planted(f"mp3: {name}", "mp3", partial(_framed, name))
    yield Planted("mp3: label of its cover", "mp3", _cover)
    yield Planted("mp3: APE tag", "mp3", _ape)
    yield Planted("mp3: ID3v1", "mp3", _old)
    for key in ("\xa9ART", "\xa9cmt", "----:com.apple.iTunes:SERIAL"):
        yield Planted(f"m4a: {key}", "m4a", partial(_item, key))
    for kind in (b"bext", b"iXML", b"PRIV", b"LIST"):
        yield Planted(f"wav: {kind.decode()}", "wav", partial(_chunk, kind))
    for suffix in ("flac", "ogg", "opus"):
        for key in ("ARTIST", "LOCATION", "ENCODER"):
            yield Planted(f"{suffix}: {key}", suffix, partial(_comment, key))
    yield Planted("flac: application's block", "flac", _application)
    yield Planted("flac: description of a picture", "flac", partial(_picture, "desc"))
    yield Planted("flac: label of a picture", "flac", partial(_picture, "data"))
    for suffix in SUFFIXES:
        yield Planted(f"{suffix}: after the end", suffix, _after)


def _base(path: Path, bench: Path) -> None:
    suffix = path.suffix[1:]
    data = base(bench, suffix, *_INPUT, *_CODECS.get(suffix, ())).read_bytes()
    path.write_bytes(data)


def _framed(name: str, path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    tags = ID3(path)
    tags.add(_FRAMES[name](mark))
    tags.save(path, padding=lambda _: 0)


def _labelled(mark: str, bench: Path) -> bytes:
    picture = bench / "label.jpg"
    picture.write_bytes(plain("jpg"))
    exiftool(picture, f"-EXIF:SerialNumber={mark}")
    return picture.read_bytes()


def _cover(path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    tags = ID3(path)
    tags.add(APIC(3, "image/jpeg", 3, "", _labelled(mark, bench)))
    tags.save(path)


def _ape(path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    tags = APEv2()
    tags["Artist"] = mark
    tags.save(path)


def _old(path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    appended(path, b"TAG" + mark.encode().ljust(124, b"\0") + b"\xff")


def _item(key: str, path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    tags = MP4(path)
    tags[key] = [mark.encode() if key.startswith("----") else mark]
    tags.save()


def _chunk(kind: bytes, path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    body = mark.encode()
    body = b"INFO" + chunk(b"IART", body) if kind == b"LIST" else body.ljust(602, b"\0")
    path.write_bytes(grown(path.read_bytes(), chunk(kind, body)))


def _comment(key: str, path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    kinds = {".flac": FLAC, ".ogg": OggVorbis, ".opus": OggOpus}
    tags = kinds[path.suffix](path)
    tags[key] = [mark]
    tags.save()


def _application(path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    data = path.read_bytes()
    body = b"priv" + mark.encode()
    at = 8 + int.from_bytes(data[5:8], "big")
    path.write_bytes(data[:at] + b"\2" + len(body).to_bytes(3, "big") + body + data[at:])


def _picture(place: str, path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    tags, picture = FLAC(path), Picture()
    picture.mime, picture.type, picture.data = "image/jpeg", 3, plain("jpg")
    if place == "desc":
        picture.desc = mark
    else:
        picture.data = _labelled(mark, bench)
    tags.add_picture(picture)
    tags.save()


def _after(path: Path, mark: str, bench: Path) -> None:
    _base(path, bench)
    appended(path, mark.encode() * 3)
