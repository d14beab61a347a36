"""Pictures of seven kinds with marks in their labels, their parts and behind their end."""

import io
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin
from pillow_heif import register_heif_opener

from planted.build import Planted, box, chunk, exiftool, grown

register_heif_opener()
SUFFIXES = ("jpg", "png", "webp", "heic", "avif", "tif", "gif")
_EXIFTOOL = {
    "jpg": "EXIF:Artist EXIF:ImageDescription EXIF:Make EXIF:Model EXIF:Software EXIF:Copyright"
    " EXIF:HostComputer EXIF:UserComment EXIF:OwnerName EXIF:SerialNumber EXIF:LensSerialNumber"
    " EXIF:LensModel EXIF:ImageUniqueID EXIF:GPSAreaInformation EXIF:GPSProcessingMethod"
    " EXIF:XPAuthor EXIF:XPComment XMP-dc:Creator XMP-dc:Description XMP-xmpMM:DocumentID"
    " XMP-photoshop:City XMP-aux:SerialNumber XMP-exif:GPSAreaInformation IPTC:By-line IPTC:City"
    " IPTC:Caption-Abstract IPTC:OriginatingProgram Comment Photoshop:CopyrightFlag".split()[:-1],
    "png": ["EXIF:Artist", "EXIF:SerialNumber", "XMP-dc:Creator", "PNG:Author", "PNG:Software"],
    "webp": ["EXIF:Artist", "EXIF:SerialNumber", "EXIF:GPSAreaInformation", "XMP-dc:Creator"],
    "heic": ["EXIF:Artist", "EXIF:SerialNumber", "EXIF:GPSAreaInformation", "XMP-dc:Creator"],
    "avif": ["EXIF:Artist", "EXIF:SerialNumber", "XMP-dc:Creator"],
    "tif": [
        *("EXIF:Artist", "EXIF:SerialNumber", "EXIF:DocumentName", "EXIF:HostComputer"),
        *("EXIF:GPSAreaInformation", "XMP-dc:Creator", "IPTC:By-line"),
    ],
    "gif": ["Comment", "XMP-dc:Creator"],
}
_KINDS = {"jpg": "JPEG", "tif": "TIFF", "heic": "HEIF"}
Surgery = Callable[[bytes, bytes], bytes]


@cache
def plain(suffix: str) -> bytes:
    """A small picture with nothing in it."""
    picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    out = io.BytesIO()
    picture.save(out, _KINDS.get(suffix, suffix.upper()))
    return out.getvalue()


def planted() -> Iterator[Planted]:
    for suffix, names in _EXIFTOOL.items():
        for name in names:
            yield Planted(f"{suffix}: {name}", suffix, partial(_labelled, name))
    yield Planted("jpg: comment of its thumbnail", "jpg", _thumbnail)
    yield Planted("png: compressed text", "png", _text_chunk)
    yield Planted("jpg: colour profile", "jpg", _profile)
    yield Planted("png: colour profile", "png", _profile)
    yield Planted("jpg: serial number in its colour profile", "jpg", _serial)
    yield Planted("webp: colour profile", "webp", _profile)
    yield Planted("tif: second page", "tif", _second_page)
    yield Planted("gif: comment before the second picture", "gif", _second_picture)
    for what, suffix, change in _SURGERY:
        yield Planted(f"{suffix}: {what}", suffix, partial(_changed, change))


def _labelled(name: str, path: Path, mark: str, bench: Path) -> None:
    del bench
    path.write_bytes(plain(path.suffix[1:]))
    exiftool(path, f"-{name}={mark}")


def _thumbnail(path: Path, mark: str, bench: Path) -> None:
    small = bench / "small.jpg"
    small.write_bytes(_segment(0xFE)(plain("jpg"), mark.encode()))
    path.write_bytes(plain("jpg"))
    exiftool(path, f"-ThumbnailImage<={small}")


def _text_chunk(path: Path, mark: str, bench: Path) -> None:
    del bench
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Note", f"{mark} " * 40, zip=True)
    Image.open(io.BytesIO(plain("png"))).save(path, pnginfo=notes)


def _profile(path: Path, mark: str, bench: Path) -> None:
    del bench
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    named = data.replace("sRGB built-in".encode("utf-16-be"), mark.encode("utf-16-be"))
    assert named != data
    Image.open(io.BytesIO(plain("png"))).save(path, icc_profile=named)


def _serial(path: Path, mark: str, bench: Path) -> None:
    """A private tag of text, as calibrators write the number of a screen (ICC.1, 7.3 and 10.24)."""
    del bench
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    count = int.from_bytes(data[128:132], "big")
    tags = [data[at : at + 12] for at in range(132, 132 + 12 * count, 12)]
    moved = [
        one[:4] + (int.from_bytes(one[4:8], "big") + 12).to_bytes(4, "big") + one[8:]
        for one in tags
    ]
    text = b"text" + bytes(4) + mark.encode() + b"\0"
    rest = data[132 + 12 * count :] + bytes(-len(data) % 4)
    start = 132 + 12 * (count + 1) + len(rest)
    own = b"serl" + start.to_bytes(4, "big") + len(text).to_bytes(4, "big")
    body = data[4:128] + (count + 1).to_bytes(4, "big") + b"".join((*moved, own)) + rest + text
    profile = (len(body) + 4).to_bytes(4, "big") + body
    Image.open(io.BytesIO(plain("png"))).save(path, icc_profile=profile)


def _second_page(path: Path, mark: str, bench: Path) -> None:
    del bench
    labels = TiffImagePlugin.ImageFileDirectory_v2()
    labels[270] = mark
    first = Image.open(io.BytesIO(plain("png")))
    second = first.copy()
    second.encoderinfo = {"tiffinfo": labels}
    first.save(path, save_all=True, append_images=[second])


def _second_picture(path: Path, mark: str, bench: Path) -> None:
    del bench
    first = Image.open(io.BytesIO(plain("png"))).convert("P")
    second = first.rotate(180)
    first.save(path, "GIF", save_all=True, append_images=[second], loop=0)
    data = path.read_bytes()
    at = data.rindex(b"!\xf9")
    path.write_bytes(data[:at] + b"!\xfe\x0d" + mark.encode() + b"\0" + data[at:])


def _changed(change: Surgery, path: Path, mark: str, bench: Path) -> None:
    del bench
    path.write_bytes(change(plain(path.suffix[1:]), mark.encode()))


def _segment(kind: int, head: bytes = b"") -> Surgery:
    def change(data: bytes, mark: bytes) -> bytes:
        body = head + mark
        return data[:2] + bytes([0xFF, kind]) + (len(body) + 2).to_bytes(2, "big") + body + data[2:]

    return change


def _png_part(data: bytes, mark: bytes) -> bytes:
    check = zlib.crc32(b"prVt" + mark).to_bytes(4, "big")
    return data[:-12] + len(mark).to_bytes(4, "big") + b"prVt" + mark + check + data[-12:]


def _after(data: bytes, mark: bytes) -> bytes:
    return data + b"PK\3\4" + mark * 3


def _jfif_small(data: bytes, mark: bytes) -> bytes:
    """A small picture of 1 x 5 pixels in the JFIF part, of which the mark is the colours."""
    pixels = mark + b"\0\0"
    assert data[:4] == b"\xff\xd8\xff\xe0"
    body = data[6:18] + b"\1\5" + pixels
    return data[:4] + (len(body) + 2).to_bytes(2, "big") + body + data[20:]


_SURGERY: tuple[tuple[str, str, Surgery], ...] = (
    *(("after the end", suffix, _after) for suffix in SUFFIXES if suffix != "avif"),
    ("part APP4", "jpg", _segment(0xE4)),
    ("part APP11", "jpg", _segment(0xEB, b"JP\0\1\0\0\0\1")),  # the first of its parts
    ("part APP12 Ducky", "jpg", _segment(0xEC, b"Ducky\0")),
    ("second comment", "jpg", _segment(0xFE)),
    ("small picture in JFIF", "jpg", _jfif_small),
    ("private part", "png", _png_part),
    ("unknown chunk", "webp", lambda data, mark: grown(data, chunk(b"PRIV", mark))),
    ("free box", "heic", lambda data, mark: data + box(b"free", mark)),
    ("uuid box", "avif", lambda data, mark: data + box(b"uuid", b"\1" * 16 + mark)),
)
