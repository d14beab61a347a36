"""List what a picture holds besides its pixels, with every wall up: a child of ``inspection``.

The file is its stdin. The answer is a list of four texts each, as of ``listing``.
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO

from PIL import ExifTags, Image, ImageCms

from packager import develop

_MAX_TEXT = 600
_MOST = 2000
_XMP = ("xmp", "XML:com.adobe.xmp", "Raw profile type xmp")
_BLOBS = frozenset({*_XMP, "exif", "icc_profile", "photoshop", "mp", "Raw profile type exif"})
_GROUPS = {
    ExifTags.IFD.Exif: "EXIF",
    ExifTags.IFD.GPSInfo: "EXIF GPS",
    ExifTags.IFD.Interop: "EXIF",
    ExifTags.IFD.IFD1: "EXIF of a small picture inside",
}
_EXTRA = {"thumbnails": "small pictures", "depth_images": "a map of distances", "aux": "more data"}
_IPTC, _XML, _MAKER = 33723, 700, 37500
_RUNS = re.compile(rb"[\x20-\x7e\xc3-\xf4][\x20-\x7e\x80-\xf4]{3,}")

Entry = tuple[str, str, str, str]


def main(kind: str) -> None:
    """Answer for the file at stdin, of which ``kind`` is Pillow's name."""
    develop.enter()
    with os.fdopen(0, "rb") as file:
        sys.stdout.write(json.dumps(listed(file, kind)) + "\n")


def listed(file: BinaryIO, kind: str) -> dict[str, object]:
    """All labels of an open file."""
    file.seek(0)
    if kind == "HEIF" and not develop.HEIF:
        return {"problem": "reader"}
    entries: list[Entry] = []
    try:
        with Image.open(file, formats=[kind]) as picture:
            for group in (_exif, _xmp, _others, _profile, _more):
                with suppress(Exception):  # one broken group does not hide the others
                    entries.extend(group(picture))
    except Exception:  # noqa: BLE001 -- libraries raise anything over a broken file
        return {"problem": "damaged"}
    return {"entries": entries[:_MOST], "pictures": []}


def _exif(picture: Image.Image) -> Iterator[Entry]:
    exif = picture.getexif()
    yield from _fields("EXIF", dict(exif))
    for ifd, where in _GROUPS.items():
        with suppress(Exception):
            found = exif.get_ifd(ifd)
            if found and ifd is ExifTags.IFD.IFD1:
                yield ("picture", where, "", "a small picture of an earlier state")
            yield from _fields(where, dict(found), gps=ifd is ExifTags.IFD.GPSInfo)


def _fields(where: str, fields: Mapping[int, object], *, gps: bool = False) -> Iterator[Entry]:
    names = ExifTags.GPSTAGS if gps else ExifTags.TAGS
    for number, value in fields.items():
        if number == _XML:
            yield ("xmp", "XMP", "", _text(value, 1 << 16))
        elif number == _IPTC or isinstance(value, Mapping):
            yield ("tag", where, "IPTC" if number == _IPTC else str(number), _text(value))
        else:
            yield ("tag", where, names.get(number, f"tag {number}"), _text(value))


def _xmp(picture: Image.Image) -> Iterator[Entry]:
    for name in _XMP:
        if found := picture.info.get(name):
            yield ("xmp", "XMP", "", _text(found, 1 << 16))


def _others(picture: Image.Image) -> Iterator[Entry]:
    resources = picture.info.get("photoshop")
    if isinstance(resources, Mapping):
        for number, value in resources.items():
            yield ("tag", "IPTC and Photoshop", f"resource {number} caption", _text(value))
    for key, value in {**picture.info, **getattr(picture, "text", {})}.items():
        if isinstance(value, str | bytes) and key not in _BLOBS:
            yield ("tag", "text in the file", str(key), _text(value))


def _profile(picture: Image.Image) -> Iterator[Entry]:
    data = picture.info.get("icc_profile")
    if not data:
        return
    profile = ImageCms.ImageCmsProfile(BytesIO(data)).profile
    for key in ("profile_description", "copyright", "manufacturer", "model", "creation_date"):
        with suppress(Exception):
            if value := getattr(profile, key):
                yield ("colour", f"colour profile: {key}", "", str(value)[:_MAX_TEXT])
    yield ("colour", "colour profile", "", _text(data))


def _more(picture: Image.Image) -> Iterator[Entry]:
    count = getattr(picture, "n_frames", 1)
    if count > 1:
        yield ("picture", "the file", "", f"{count} pictures, of which the first is used")
    for key, said in _EXTRA.items():
        if picture.info.get(key):
            yield ("picture", "the file", "", said)


def _text(value: object, most: int = _MAX_TEXT) -> str:
    """A value as people read it; of bytes, the runs of letters."""
    if isinstance(value, bytes):
        plain = value.replace(b"\0", b"") if value.startswith(b"UNICODE\0") else value
        if value[1:2] == b"\0" or value[2:3] == b"\0":
            plain = value.replace(b"\0", b"")
        runs = b" ".join(_RUNS.findall(plain)).decode("utf-8", "replace")
        return runs[:most] or f"{len(value)} bytes"
    if isinstance(value, tuple) and len(value) > 8 and all(isinstance(one, int) for one in value):  # noqa: PLR2004
        return _text(b"".join((one & 0xFFFFFFFF).to_bytes(4, sys.byteorder) for one in value))
    if isinstance(value, tuple | list):
        return " ".join(_text(one) for one in value)[:most]
    if isinstance(value, Mapping):
        return " ".join(_text(one) for one in value.values())[:most]
    return str(value)[:most]


if __name__ == "__main__":
    main(sys.argv[1])
