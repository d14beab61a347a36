"""Colours that go together, from the far sky to the nearest shape."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours: two of the sky, two of the land, and the light."""

    high: Colour
    low: Colour
    far: Colour
    near: Colour
    light: Colour


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """``first`` with ``share`` (0 to 1) of ``second`` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _palette(colours: str) -> Palette:
    high, low, far, near, light = (
        (int(word[0:2], 16), int(word[2:4], 16), int(word[4:6], 16)) for word in colours.split()
    )
    return Palette(high, low, far, near, light)


PALETTES = tuple(
    map(
        _palette,
        (
            "12263a e08e45 8a5a44 14161f ffd9a0",  # dusk over a warm land
            "1b1b3a a0506c 53375e 120f20 ffc6a5",  # violet evening
            "0d2b33 6fa8a0 2f6b6b 07181c f4e8c1",  # cold lagoon
            "2c1810 c8743a 7a3b22 170b07 ffe0ae",  # rust
            "0b1d2a 49708a 274a60 060e15 e6eef2",  # winter blue
            "162a1f 9cae6a 4a6a44 0a140e f5e9b8",  # moss
            "30101a c23b3b 74202c 15060b ffd2b0",  # crimson
            "20242b a7a29a 60605e 0d0f12 f7f2e8",  # ink and paper
            "0a1030 3f5bb5 263a80 060818 f9d98a",  # deep night
            "33291c d9b77a 94764a 191209 fff2d2",  # sand
            "0e2a2e e5a184 9b5a57 0c1417 fff0d8",  # teal and coral
            "1d1430 7c6bd6 44388a 0c0818 f3d6ff",  # ultraviolet
        ),
    )
)
