"""Paint what stands behind the screens of an article: scenes out of focus, or its own pictures."""

import io

from PIL import Image, ImageEnhance, ImageFilter

from packager.disguise.naming.draw import Draw
from packager.picture.canvas import Canvas
from packager.picture.motifs import MOTIFS
from packager.picture.palettes import PALETTES
from packager.typeset import Arrangement

_DARK = (13, 15, 19)
_DIMMED = 0.66  # how much darker a ground is than its scene, so that words stand out
_SOFTNESS = 90  # the part of the width that is blurred over
_AROUND = 0.34  # brightness of a picture's own surroundings
_SMALL = 8  # the surroundings are blurred at an eighth of their size

Area = tuple[int, int, int, int]


def ground(seed: bytes, number: int, size: tuple[int, int]) -> bytes:
    """A PNG of ``size`` for section ``number``: no two neighbours have one palette or one scene."""
    first = Draw(seed, "grounds")
    palette = PALETTES[(first.below(len(PALETTES)) + 5 * number) % len(PALETTES)]
    motif = MOTIFS[(first.below(len(MOTIFS)) + number) % len(MOTIFS)]
    canvas = Canvas(size, palette, Draw(seed, f"ground {number}"))
    motif(canvas, Arrangement.CENTRE)
    soft = canvas.image.filter(ImageFilter.GaussianBlur(size[0] / _SOFTNESS))
    canvas.image = Image.blend(soft, Image.new("RGB", size, _DARK), _DIMMED)
    canvas.vignette()
    canvas.grain(seed)
    return _png(canvas.image)


def shown(picture: bytes, area: Area, size: tuple[int, int]) -> bytes:
    """A PNG of ``size`` with ``picture``, a clean JPEG or PNG, as large as fits inside ``area``.

    Around it the same picture goes on, dark and out of focus.
    """
    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as opened:
        image = opened.convert("RGB")
    x, y, wide, high = area
    scale = min(wide / image.width, high / image.height)
    fitted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    sheet = _surroundings(image, size)
    inner = image.resize(fitted, Image.Resampling.LANCZOS)
    sheet.paste(inner, (x + (wide - fitted[0]) // 2, y + (high - fitted[1]) // 2))
    return _png(sheet)


def _surroundings(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """``image`` spread over all of ``size``, blurred and darkened."""
    scale = max(size[0] / image.width, size[1] / image.height)
    wide, high = round(size[0] / scale), round(size[1] / scale)
    left, top = (image.width - wide) // 2, (image.height - high) // 2
    small = (max(1, size[0] // _SMALL), max(1, size[1] // _SMALL))
    part = image.resize(small, Image.Resampling.BOX, (left, top, left + wide, top + high))
    soft = part.filter(ImageFilter.GaussianBlur(small[0] / 24))
    dark = ImageEnhance.Brightness(soft).enhance(_AROUND)
    return dark.resize(size, Image.Resampling.BICUBIC)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
