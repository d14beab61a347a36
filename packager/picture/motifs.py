"""What posters show: a handful of scenes, each different with every seed."""

import math
from collections.abc import Callable
from itertools import pairwise

from packager.picture.canvas import Canvas, Point
from packager.picture.palettes import Colour, mixed
from packager.typeset import Arrangement

Motif = Callable[[Canvas, Arrangement], None]


def _horizon(canvas: Canvas, text_at: Arrangement) -> float:
    """How far down the land begins, leaving the words their room."""
    if text_at is Arrangement.HEAD:
        return canvas.chance(0.68, 0.78)
    return canvas.chance(0.42, 0.54)


def _sun(canvas: Canvas, level: float) -> Point:
    """A sun or moon near ``level`` of the height; returns its centre."""
    radius = canvas.unit * canvas.chance(0.09, 0.19)
    centre = (
        canvas.width * canvas.chance(0.28, 0.72),
        canvas.height * level - radius * canvas.chance(0.1, 1.3),
    )
    canvas.glow(centre, radius * 4.5, canvas.palette.light, 0.55)
    canvas.disc(centre, radius, canvas.palette.light)
    return centre


def _ridge(canvas: Canvas, level: float, rough: float) -> list[Point]:
    """The line of a row of hills around ``level`` of the height."""
    waves = [
        (canvas.chance(0.6, 1.6) * 2**octave, canvas.chance(0, math.tau), rough / 1.9**octave)
        for octave in range(6)
    ]
    points = []
    for step in range(161):
        share = step / 160
        rise = sum(math.sin(share * rate * math.tau + at) * high for rate, at, high in waves)
        points.append((share * canvas.width, (level + rise) * canvas.height))
    return points


def _ground(canvas: Canvas, line: list[Point], colour: Colour) -> None:
    """Everything below ``line``."""
    canvas.shape([(0, canvas.height), *line, (canvas.width, canvas.height)], colour)


def hills(canvas: Canvas, text_at: Arrangement) -> None:
    """Ridge behind ridge, a sun going down, somebody on the nearest one."""
    colours = canvas.palette
    level = _horizon(canvas, text_at)
    canvas.sky(colours.high, colours.low, level + 0.1)
    _sun(canvas, level)
    layers = canvas.whole(4, 6)
    line: list[Point] = []
    for layer in range(layers):
        depth = layer / (layers - 1)
        line = _ridge(canvas, level + 0.06 + (0.88 - level) * 0.75 * depth, 0.02 + 0.02 * depth)
        haze = mixed(mixed(colours.low, colours.far, 0.45), colours.near, depth**0.8)
        _ground(canvas, line, haze)
        if layer == layers - 3:
            spot = line[canvas.whole(40, 120)]
            canvas.person(spot, canvas.unit * 0.055, mixed(haze, colours.near, 0.8))


def sea(canvas: Canvas, text_at: Arrangement) -> None:
    """A low sun and its broken reflection, one boat."""
    colours = canvas.palette
    level = _horizon(canvas, text_at)
    canvas.sky(colours.high, colours.low, level)
    x, _ = _sun(canvas, level)
    y = level * canvas.height
    canvas.box((0, y), (canvas.width, canvas.height), mixed(colours.low, colours.far, 0.75))
    rows = 34
    for row in range(rows):
        depth = row / rows
        y = canvas.height * (level + (1 - level) * depth**1.5)
        band = canvas.height * (0.003 + 0.02 * depth)
        canvas.box((0, y), (canvas.width, y + band * 2), mixed(colours.far, colours.near, depth))
        half = canvas.unit * (0.10 + 0.20 * depth) * canvas.chance(0.25, 1.0)
        drift = canvas.unit * canvas.chance(-0.03, 0.03)
        shine = mixed(colours.light, colours.far, min(1.0, depth * 1.1))
        canvas.box((x + drift - half, y), (x + drift + half, y + band * 0.45), shine)
    _boat(canvas, level)


def _boat(canvas: Canvas, level: float) -> None:
    x = canvas.width * canvas.chance(0.15, 0.85)
    y = canvas.height * (level + 0.03)
    long = canvas.unit * canvas.chance(0.05, 0.08)
    dark = canvas.palette.near
    hull = [
        (x - long, y),
        (x + long, y),
        (x + long * 0.7, y + long * 0.32),
        (x - long * 0.75, y + long * 0.32),
    ]
    canvas.shape(hull, dark)
    canvas.shape([(x, y - long * 1.9), (x, y - long * 0.1), (x + long * 0.9, y - long * 0.1)], dark)
    canvas.shape(
        [
            (x - long * 0.08, y - long * 1.5),
            (x - long * 0.08, y - long * 0.1),
            (x - long * 0.6, y - long * 0.1),
        ],
        dark,
    )


def city(canvas: Canvas, text_at: Arrangement) -> None:
    """Three rows of houses under a moon; some windows are lit."""
    colours = canvas.palette
    level = _horizon(canvas, text_at)
    canvas.sky(colours.high, colours.low, level + 0.12)
    _sun(canvas, level - 0.08)
    for layer in range(3):
        depth = layer / 2
        tone = mixed(mixed(colours.low, colours.far, 0.55), colours.near, depth)
        base = level + 0.04 + 0.12 * layer
        x = -canvas.unit * 0.05
        while x < canvas.width:
            wide = canvas.unit * canvas.chance(0.06, 0.15) * (0.8 + 0.5 * depth)
            top = canvas.height * (base - canvas.chance(0.02, 0.24) * (1 - 0.3 * depth))
            canvas.box((x, top), (x + wide, canvas.height), tone)
            if layer:
                _windows(canvas, (x, top), wide, depth)
            x += wide * canvas.chance(1.0, 1.25)


def _windows(canvas: Canvas, corner: Point, wide: float, depth: float) -> None:
    """A grid of windows on one house; few of them lit."""
    cell = canvas.unit * 0.018 * (0.7 + 0.5 * depth)
    columns = int(wide / cell / 1.6)
    lit = mixed(canvas.palette.light, canvas.palette.low, 0.25)
    for column in range(1, columns):
        for row in range(1, 16):
            if canvas.whole(0, 9):
                continue
            x, y = corner[0] + column * cell * 1.6, corner[1] + row * cell * 2.1
            canvas.box((x, y), (x + cell * 0.7, y + cell), lit)


def rings(canvas: Canvas, text_at: Arrangement) -> None:
    """Circles around one point, as on water or on a target."""
    colours = canvas.palette
    canvas.sky(colours.high, mixed(colours.high, colours.near, 0.7))
    drop = 0.62 if text_at is Arrangement.HEAD else 0.36
    centre = (
        canvas.width * canvas.chance(0.36, 0.64),
        canvas.height * canvas.chance(drop - 0.04, drop + 0.04),
    )
    canvas.glow(centre, canvas.unit * 0.9, colours.low, 0.8)
    count = canvas.whole(7, 12)
    for ring in range(count, 0, -1):
        radius = canvas.unit * 0.62 * (ring / count) ** 1.25
        tone = mixed(colours.light, colours.low, ring / count)
        offset = (centre[0] + canvas.unit * canvas.chance(-0.012, 0.012), centre[1])
        canvas.ring(offset, radius, canvas.unit * canvas.chance(0.004, 0.02), tone)
    canvas.disc(centre, canvas.unit * 0.05, colours.light)
    if canvas.whole(0, 1):
        canvas.person(
            (centre[0], centre[1] + canvas.unit * 0.045), canvas.unit * 0.075, colours.near
        )


def forest(canvas: Canvas, text_at: Arrangement) -> None:
    """Trunks in fog, light behind them, somebody small between."""
    colours = canvas.palette
    floor = 0.80 if text_at is Arrangement.HEAD else 0.66
    canvas.sky(mixed(colours.high, colours.low, 0.35), colours.low, floor)
    light = (canvas.width * canvas.chance(0.3, 0.7), canvas.height * (floor - 0.22))
    canvas.glow(light, canvas.unit * 0.75, colours.light, 0.9)
    for layer in range(4):
        depth = layer / 3
        tone = mixed(mixed(colours.low, colours.far, 0.5), colours.near, depth**0.9)
        ground = floor - 0.05 + 0.05 * layer
        if layer == 2:  # noqa: PLR2004 -- before the nearest trunks
            canvas.person((light[0], canvas.height * ground), canvas.unit * 0.1, tone)
        for _ in range(16 - 4 * layer):
            _trunk(canvas, ground, canvas.unit * (0.008 + 0.02 * depth), tone)
        _ground(canvas, _ridge(canvas, ground, 0.006), tone)


def _trunk(canvas: Canvas, ground: float, half: float, tone: Colour) -> None:
    x = canvas.width * canvas.chance(-0.02, 1.02)
    lean = half * canvas.chance(-1.5, 1.5)
    foot = canvas.height * (ground + 0.03)
    canvas.shape(
        [
            (x - half * 0.7 + lean, 0),
            (x + half * 0.7 + lean, 0),
            (x + half, foot),
            (x - half, foot),
        ],
        tone,
    )
    for _ in range(3):
        y = foot * canvas.chance(0.15, 0.7)
        reach = half * canvas.chance(-9, 9)
        canvas.shape([(x, y), (x, y + half * 0.9), (x + reach, y - abs(reach) * 0.45)], tone)


def road(canvas: Canvas, text_at: Arrangement) -> None:
    """A road to the horizon, poles beside it."""
    colours = canvas.palette
    level = _horizon(canvas, text_at)
    canvas.sky(colours.high, colours.low, level)
    x, _ = _sun(canvas, level)
    y = level * canvas.height
    _ground(canvas, _ridge(canvas, level, 0.012), mixed(colours.low, colours.far, 0.7))
    canvas.box(
        (0, y + canvas.height * 0.012),
        (canvas.width, canvas.height),
        mixed(colours.far, colours.near, 0.55),
    )
    low = canvas.height * 1.02
    half = canvas.unit * canvas.chance(0.4, 0.6)
    canvas.shape([(x, y), (x + half, low), (x - half, low)], mixed(colours.far, colours.near, 0.9))
    for dash in range(9):
        near, far = (dash / 9) ** 2.2, ((dash + 0.5) / 9) ** 2.2
        top, bottom = y + (low - y) * near, y + (low - y) * far
        canvas.shape(
            [
                (x - half * 0.02 * near, top),
                (x + half * 0.02 * near, top),
                (x + half * 0.02 * far, bottom),
                (x - half * 0.02 * far, bottom),
            ],
            mixed(colours.light, colours.low, 0.3),
        )
    _poles(canvas, (x, y), canvas.whole(0, 1) * 2 - 1)


def _poles(canvas: Canvas, vanishing: Point, side: int) -> None:
    """Telegraph poles and their wires, nearer and larger."""
    x, y = vanishing
    dark = canvas.palette.near
    tops: list[Point] = []
    for pole in range(1, 9):
        near = (pole / 8) ** 2.4
        foot = (x + side * canvas.unit * 0.95 * near, y + canvas.height * 0.35 * near)
        high, thick = canvas.unit * 0.75 * near, canvas.unit * 0.012 * near + 1
        top = foot[1] - high
        canvas.box((foot[0] - thick, top), (foot[0] + thick, foot[1]), dark)
        arm = high * 0.13
        canvas.box(
            (foot[0] - arm, top + high * 0.08), (foot[0] + arm, top + high * 0.08 + thick), dark
        )
        tops.append((foot[0], top + high * 0.08))
    for (x1, y1), (x2, y2) in pairwise(tops):
        sag = [
            (
                x1 + (x2 - x1) * t / 12,
                y1 + (y2 - y1) * t / 12 + math.sin(t / 12 * math.pi) * abs(x2 - x1) * 0.10,
            )
            for t in range(13)
        ]
        back = [(px, py + canvas.unit * 0.002) for px, py in reversed(sag)]
        canvas.shape([*sag, *back], dark)


def mosaic(canvas: Canvas, text_at: Arrangement) -> None:
    """Quarter circles in a grid, as on a paper from another decade."""
    colours = canvas.palette
    canvas.sky(colours.near, colours.near)
    tones = (
        colours.high,
        colours.low,
        colours.far,
        colours.light,
        mixed(colours.low, colours.light, 0.5),
    )
    columns = canvas.whole(4, 6) if canvas.width < canvas.height else canvas.whole(8, 11)
    cell = canvas.width / columns
    rows = math.ceil(canvas.height / cell)
    for row in range(rows):
        away = (rows - 1 - row if text_at is Arrangement.HEAD else row) / rows
        for column in range(columns):
            if canvas.chance(0, 1) < away * 0.55:
                continue
            ground, ink = canvas.whole(0, 4), canvas.whole(0, 4)
            x, y = column * cell, row * cell
            fade = away**1.5
            canvas.box(
                (x, y), (x + cell, y + cell), mixed(tones[ground], colours.near, 0.35 + 0.6 * fade)
            )
            turn = canvas.whole(0, 3)
            left, top = x - cell * (turn in (0, 3)), y - cell * (turn in (0, 1))
            canvas.wedge(
                (left, top, left + 2 * cell, top + 2 * cell),
                turn * 90,
                mixed(tones[ink], colours.near, 0.7 * fade),
            )


def rays(canvas: Canvas, text_at: Arrangement) -> None:
    """Beams from behind a hill, one tree on it."""
    colours = canvas.palette
    level = _horizon(canvas, text_at) + 0.05
    canvas.sky(colours.high, colours.low, level)
    centre = (canvas.width * canvas.chance(0.3, 0.7), canvas.height * level)
    reach = math.hypot(*canvas.image.size)
    count = canvas.whole(14, 22)
    turn = canvas.chance(0, 1)
    for beam in range(count):
        at = (beam + turn) * math.tau / count
        wide = math.tau / count * 0.25
        ends = [
            (centre[0] + reach * math.cos(a), centre[1] + reach * math.sin(a))
            for a in (at - wide, at + wide)
        ]
        canvas.shape(
            [centre, *ends], mixed(mixed(colours.high, colours.low, 0.5), colours.light, 0.16)
        )
    canvas.glow(centre, canvas.unit * 0.8, colours.light, 0.75)
    canvas.disc(centre, canvas.unit * canvas.chance(0.12, 0.2), colours.light)
    line = _ridge(canvas, level + 0.05, 0.03)
    _ground(canvas, line, mixed(colours.far, colours.near, 0.45))
    _tree(canvas, line[canvas.whole(35, 125)])
    _ground(canvas, _ridge(canvas, level + 0.17, 0.03), colours.near)


def _tree(canvas: Canvas, foot: Point) -> None:
    """A bare trunk and a round crown."""
    x, y = foot
    tall = canvas.unit * canvas.chance(0.10, 0.16)
    dark = mixed(canvas.palette.far, canvas.palette.near, 0.75)
    canvas.box((x - tall * 0.03, y - tall * 0.6), (x + tall * 0.03, y + tall * 0.1), dark)
    for _ in range(9):
        spot = (x + tall * canvas.chance(-0.25, 0.25), y - tall * canvas.chance(0.6, 1.0))
        canvas.disc(spot, tall * canvas.chance(0.13, 0.2), dark)


MOTIFS: tuple[Motif, ...] = (hills, sea, city, rings, forest, road, mosaic, rays)
