"""A surface for posters: gradients, glows, silhouettes, and the finish that film has."""

import hashlib
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

from packager.disguise.naming.draw import Draw
from packager.picture.palettes import Colour, Palette
from packager.typeset import Arrangement

Point = tuple[float, float]

_FINE = 10_000  # steps between 0 and 1
_GRAIN_TILE = 256  # pixels
_GRAIN = 15  # levels around the middle grey
_SHADE = 0.88  # how dark it gets behind the words


class Canvas:
    """An RGB picture being painted; lengths are shares of its width and height."""

    def __init__(self, size: tuple[int, int], palette: Palette, draw: Draw) -> None:
        self.image = Image.new("RGB", size, palette.near)
        self.palette = palette
        self._draw = draw

    @property
    def width(self) -> int:
        """In pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self.image.height

    @property
    def unit(self) -> int:
        """The shorter side, in pixels: what round things are measured by."""
        return min(self.image.size)

    def part(self, size: tuple[int, int]) -> "Canvas":
        """An empty canvas of ``size`` pixels that goes on with the same colours and choices."""
        return Canvas(size, self.palette, self._draw)

    def chance(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        return low + (high - low) * self._draw.below(_FINE) / _FINE

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        return self._draw.between(low, high)

    def sky(self, top: Colour, bottom: Colour, until: float = 1.0) -> None:
        """Fill the upper ``until`` of the height with a gradient, the rest with its end."""
        column = Image.new("RGB", (1, 256))
        column.putdata(
            [
                tuple(round(a + (b - a) * y / 255) for a, b in zip(top, bottom, strict=True))
                for y in range(256)
            ]
        )
        self.image.paste(bottom, (0, 0, *self.image.size))
        high = round(self.height * until)
        self.image.paste(column.resize((self.width, high), Image.Resampling.BILINEAR), (0, 0))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float) -> None:
        """Light that fades away from ``centre``; ``radius`` in pixels."""
        side = round(radius * 2)
        fall = Image.radial_gradient("L").point(
            [round(255 * strength * max(0.0, 1 - level / 181) ** 2) for level in range(256)]
        )
        mask = fall.resize((side, side), Image.Resampling.BILINEAR)
        corner = (round(centre[0] - radius), round(centre[1] - radius))
        self.image.paste(Image.new("RGB", mask.size, colour), corner, mask)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """A filled circle; ``radius`` in pixels."""
        x, y = centre
        self._pen().ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def ring(self, centre: Point, radius: float, thickness: float, colour: Colour) -> None:
        """A circle's line, drawn inwards."""
        x, y = centre
        box = (x - radius, y - radius, x + radius, y + radius)
        self._pen().ellipse(box, outline=colour, width=max(1, round(thickness)))

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon."""
        self._pen().polygon(points, fill=colour)

    def box(self, corner: Point, opposite: Point, colour: Colour) -> None:
        """A filled rectangle; nothing if its corners are not in order."""
        if opposite[0] >= corner[0] and opposite[1] >= corner[1]:
            self._pen().rectangle((*corner, *opposite), fill=colour)

    def wedge(self, box: tuple[float, float, float, float], start: int, colour: Colour) -> None:
        """A quarter of the disc in ``box``, from ``start`` degrees on."""
        self._pen().pieslice(box, start, start + 90, fill=colour)

    def person(self, feet: Point, tall: float, colour: Colour) -> None:
        """Somebody seen from far away; ``tall`` in pixels."""
        x, y = feet
        self.disc((x, y - tall * 0.90), tall * 0.095, colour)
        self.shape(
            [
                (x - tall * 0.10, y - tall * 0.78),
                (x + tall * 0.10, y - tall * 0.78),
                (x + tall * 0.17, y - tall * 0.26),
                (x + tall * 0.07, y),
                (x - tall * 0.07, y),
                (x - tall * 0.17, y - tall * 0.26),
            ],
            colour,
        )

    def halve(self) -> None:
        """Half the size, edges smoothed."""
        self.image = self.image.reduce(2)

    def shade(self, text_at: Arrangement) -> None:
        """Darken where the words will stand."""
        ramp = Image.linear_gradient("L")  # black above, white below
        if text_at is Arrangement.HEAD:
            ramp = ramp.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        edge = 0.45
        levels = [max(0.0, (level / 255 - edge) / (1 - edge)) for level in range(256)]
        mask = ramp.point([round(255 * _SHADE * min(1.0, level * 1.25)) for level in levels])
        dark = tuple(channel // 3 for channel in self.palette.near)
        self.image.paste(dark, (0, 0), mask.resize(self.image.size, Image.Resampling.BILINEAR))
        if text_at is Arrangement.HEAD:
            foot = Image.linear_gradient("L").point(
                [min(225, max(0, v - 180) * 4) for v in range(256)]
            )
            self.image.paste(dark, (0, 0), foot.resize(self.image.size))

    def vignette(self) -> None:
        """Darker corners."""
        fall = Image.radial_gradient("L").point([round(max(0, v - 120) * 0.7) for v in range(256)])
        mask = fall.resize(self.image.size, Image.Resampling.BILINEAR)
        self.image.paste((0, 0, 0), (0, 0), mask)

    def grain(self, seed: bytes, levels: int = _GRAIN) -> None:
        """The noise of film or paper, from ``seed``: ``levels`` around the middle grey."""
        noise = hashlib.shake_256(b"grain" + seed).digest(_GRAIN_TILE * _GRAIN_TILE)
        tile = Image.frombytes("L", (_GRAIN_TILE, _GRAIN_TILE), noise).point(
            [128 + round((level - 127.5) / 127.5 * levels) for level in range(256)]
        )
        sheet = Image.new("L", self.image.size)
        for x in range(0, self.image.width, _GRAIN_TILE):
            for y in range(0, self.image.height, _GRAIN_TILE):
                sheet.paste(tile, (x, y))
        self.image = ImageChops.overlay(self.image, Image.merge("RGB", (sheet, sheet, sheet)))

    def _pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)
