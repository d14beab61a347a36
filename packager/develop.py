"""Decode a picture with every wall up and write it anew: the child that ``pictures`` starts.

The file is its stdin, already open; it can open no other one, start nothing and reach nobody. It
prints one JSON object, and for a picture that can be read, the new one in lines of base64. Only
pixels go over: upright, in sRGB, on white where the picture was transparent.
"""

import base64
import io
import json
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import BinaryIO

from PIL import (  # behind the walls nothing more can be imported
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from packager import walls

HEIF = find_spec("pillow_heif") is not None
_MOST_PIXELS = 100_000_000
_MOST_PIXELS_JPEG = 250_000_000  # it is decoded at an eighth of its size where that is enough
_MOST = {"AS": 3 << 30, "CPU": 60, "FSIZE": 1 << 20, "NOFILE": 16}
_LINE = 32 * 1024  # bytes before base64
_QUALITY = 88
_DEAR = 1.5  # how much larger a picture without losses may be
_PLUGINS = (
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
_DRAWN = frozenset({"PNG", "GIF"})  # kinds that are drawings as often as photographs
_SIXTEEN_BITS = frozenset({"I;16", "I;16L", "I;16B", "I;16N"})


def main(kind: str, largest: int) -> None:
    """Answer for the file at stdin, of which ``kind`` is Pillow's name."""
    srgb = enter()
    with os.fdopen(0, "rb") as file:
        answer, data = develop(file, kind, largest, srgb)
    sys.stdout.write(json.dumps(answer) + "\n")
    for at in range(0, len(data), _LINE):
        sys.stdout.write(base64.b64encode(data[at : at + _LINE]).decode("ascii") + "\n")


def enter() -> ImageCms.ImageCmsProfile:
    """Load every reader, then raise the walls; gives the profile of screens."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # we count ourselves
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    if HEIF:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 -- it may be missing

        register_heif_opener(thumbnails=False)
    walls.stand_behind(limits=_MOST, opens=False)
    return srgb


def develop(
    file: BinaryIO, kind: str, largest: int, srgb: ImageCms.ImageCmsProfile
) -> tuple[dict[str, object], bytes]:
    """The answer for an open file, and the new picture."""
    file.seek(0)
    if kind == "HEIF" and not HEIF:
        return {"problem": "reader"}, b""
    try:
        with Image.open(file, formats=[kind]) as picture:
            width, height = picture.size
            most = _MOST_PIXELS_JPEG if kind == "JPEG" else _MOST_PIXELS
            if width * height > most:
                return {"problem": "large", "width": width, "height": height}, b""
            picture.draft("RGB", (largest, largest))
            flat = _flat(_upright(picture), srgb)
    except MemoryError:
        return {"problem": "memory"}, b""
    except Exception:  # noqa: BLE001 -- libraries raise anything over a broken file
        return {"problem": "damaged"}, b""
    flat.thumbnail((largest, largest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return {"width": flat.width, "height": flat.height}, _written(flat, drawn=kind in _DRAWN)


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera was held; a note about that which cannot be read counts for nothing."""
    picture.load()
    with suppress(Exception):
        return ImageOps.exif_transpose(picture)
    return picture


def _flat(picture: Image.Image, srgb: ImageCms.ImageCmsProfile) -> Image.Image:
    """Eight bits of red, green and blue as every screen shows them, and nothing besides."""
    profile = picture.info.get("icc_profile")
    if picture.mode in _SIXTEEN_BITS:
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, theirs, srgb, outputMode="RGB")
            picture = converted or picture
    flat = Image.new("RGB", picture.size)  # takes the pixels, and no note along with them
    flat.paste(picture.convert("RGB"))
    return flat


def _written(picture: Image.Image, *, drawn: bool) -> bytes:
    """A JPEG, or a PNG where that is about as small: drawings keep their edges."""
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=_QUALITY, optimize=True)
    if drawn:
        png = io.BytesIO()
        picture.save(png, "PNG", compress_level=6)
        if png.tell() <= jpeg.tell() * _DEAR:
            return png.getvalue()
    return jpeg.getvalue()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
