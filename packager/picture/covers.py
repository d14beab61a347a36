"""Paint the ground of covers, one painter for each layout that ``typeset`` has.

Where words stand the ground is plain, light or dark as the layout says.
"""

import math
from collections.abc import Callable

from packager.picture.canvas import Canvas
from packager.picture.motifs import MOTIFS
from packager.picture.palettes import Colour, mixed
from packager.typeset import Arrangement

Painter = Callable[[Canvas], None]

_PAPER = (250, 246, 237)


def _paper(canvas: Canvas) -> Colour:
    """A light ground with a breath of the palette."""
    return mixed(canvas.palette.light, _PAPER, 0.72)


def _tones(canvas: Canvas) -> tuple[Colour, ...]:
    colours = canvas.palette
    return (colours.high, colours.low, colours.far, mixed(colours.low, colours.light, 0.5))


def _fill(canvas: Canvas, colour: Colour) -> None:
    canvas.box((0, 0), (canvas.width, canvas.height), colour)


def _window(canvas: Canvas, box: tuple[float, float, float, float], text_at: Arrangement) -> None:
    """One of the posters' scenes inside ``box``: left, top, width, height in shares."""
    left, top = round(box[0] * canvas.width), round(box[1] * canvas.height)
    size = round(box[2] * canvas.width), round(box[3] * canvas.height)
    view = canvas.part(size)
    MOTIFS[canvas.whole(0, len(MOTIFS) - 1)](view, text_at)
    canvas.image.paste(view.image, (left, top))


def disc(canvas: Canvas) -> None:
    """A great disc on paper, cut by a second colour and by a thin ring."""
    _fill(canvas, _paper(canvas))
    tones = _tones(canvas)
    middle = (canvas.width * canvas.chance(0.42, 0.66), canvas.height * canvas.chance(0.60, 0.64))
    radius = canvas.unit * canvas.chance(0.19, 0.235)
    first = canvas.whole(0, 3)
    canvas.disc(middle, radius, tones[first])
    turn = canvas.whole(0, 3) * 90
    inner = radius * canvas.chance(0.55, 0.85)
    x, y = middle
    box = (x - inner, y - inner, x + inner, y + inner)
    canvas.wedge(box, turn, tones[(first + 1) % 4])
    canvas.wedge(box, turn + 180, tones[(first + 2) % 4])
    canvas.ring(middle, radius * 1.09, canvas.unit * 0.004, canvas.palette.near)
    small = canvas.chance(0.25, 0.4) * radius
    side = canvas.whole(0, 1) * 2 - 1
    moon = (x + side * radius * 1.25, y - radius * canvas.chance(0.2, 0.6))
    canvas.disc(moon, small, canvas.palette.near)


def bands(canvas: Canvas) -> None:
    """Sloping bands of colour under a dark sky."""
    _fill(canvas, canvas.palette.near)
    tones = (*_tones(canvas), canvas.palette.light)
    slope = canvas.height * canvas.chance(-0.12, 0.12)
    top = canvas.height * 0.49 + max(0.0, -slope) * 0.3
    count = canvas.whole(5, 9)
    start = canvas.whole(0, 4)
    deep = (canvas.height - top) / count * 1.25
    for band in range(count + 2):
        y = top + abs(slope) * 0.3 + band * deep * 0.86
        left, right = y - slope * 0.3, y + slope * 0.3
        canvas.shape(
            [(0, left), (canvas.width, right), (canvas.width, right + deep), (0, left + deep)],
            mixed(tones[(start + band) % 5], canvas.palette.near, 0.04 * band),
        )


def _quarters(canvas: Canvas, box: tuple[float, float, float, float], columns: int) -> None:
    """A grid of quarter circles inside ``box`` (pixels: left, top, right, bottom)."""
    tones = (*_tones(canvas), canvas.palette.light, canvas.palette.near)
    cell = (box[2] - box[0]) / columns
    for row in range(math.ceil((box[3] - box[1]) / cell - 0.01)):
        for column in range(columns):
            x, y = box[0] + column * cell, box[1] + row * cell
            ground = canvas.whole(0, 5)
            ink = (ground + canvas.whole(1, 5)) % 6
            canvas.box((x, y), (x + cell, y + cell), tones[ground])
            turn = canvas.whole(0, 4)
            if turn == 4:  # noqa: PLR2004 -- now and then a whole circle
                canvas.disc((x + cell / 2, y + cell / 2), cell * 0.36, tones[ink])
                continue
            left, top = x - cell * (turn in (0, 3)), y - cell * (turn in (0, 1))
            canvas.wedge((left, top, left + 2 * cell, top + 2 * cell), turn * 90, tones[ink])


def label_tiles(canvas: Canvas) -> None:
    """Quarter circles in a grid above a paper label."""
    _quarters(canvas, (0, 0, canvas.width, canvas.height * 0.7), canvas.whole(4, 7))
    edge = canvas.height * 0.7
    canvas.box((0, edge), (canvas.width, canvas.height), _paper(canvas))


def waves(canvas: Canvas) -> None:
    """Long lines that lean on each other like sand or water."""
    colours = canvas.palette
    _fill(canvas, mixed(colours.near, colours.high, 0.25))
    rows = canvas.whole(11, 18)
    top, bottom = canvas.height * 0.36, canvas.height * 0.80
    rates = [(canvas.chance(0.5, 1.7), canvas.chance(0, math.tau)) for _ in range(3)]
    drift, high = canvas.chance(0.12, 0.4), canvas.height * canvas.chance(0.02, 0.035)
    for row in range(rows):
        y = top + (bottom - top) * row / (rows - 1)
        thick = canvas.unit * (0.003 + 0.011 * (row / rows))
        points = []
        for step in range(121):
            share = step / 120
            sway = sum(
                math.sin(share * rate * math.tau + at + drift * row * number)
                for number, (rate, at) in enumerate(rates, start=1)
            )
            points.append((share * canvas.width, y + sway * high / 2))
        below = [(x, low + thick) for x, low in reversed(points)]
        canvas.shape([*points, *below], mixed(colours.light, colours.low, row / rows))


def scene(canvas: Canvas) -> None:
    """A scene as on posters, dark at its foot."""
    MOTIFS[canvas.whole(0, len(MOTIFS) - 1)](canvas, Arrangement.FOOT)
    canvas.shade(Arrangement.FOOT)


def arches(canvas: Canvas) -> None:
    """Arches inside arches on paper, a sun in the last one."""
    _fill(canvas, _paper(canvas))
    tones = _tones(canvas)
    doors = canvas.whole(1, 3)
    foot = canvas.height * 0.93
    wide = canvas.width * 0.82 / doors
    for door in range(doors):
        x = canvas.width * 0.09 + wide * (door + 0.5)
        half = wide * (0.47 if doors > 1 else 0.36)
        head = max(canvas.height * 0.40 + half, foot - half * 2.6)
        first = canvas.whole(0, 3)
        for ring in range(4):
            inner = half * (1 - ring * 0.22)
            tone = tones[(first + ring) % 4]
            canvas.disc((x, head), inner, tone)
            canvas.box((x - inner, head), (x + inner, foot), tone)
        canvas.disc((x, head), half * 0.2, canvas.palette.light)
    canvas.box((canvas.width * 0.05, foot), (canvas.width * 0.95, foot + 6), canvas.palette.near)


def fields(canvas: Canvas) -> None:
    """Soft fields of colour, one above the other, with light between them."""
    colours = canvas.palette
    _fill(canvas, mixed(colours.far, colours.near, 0.45))
    tones = [mixed(tone, colours.near, 0.3) for tone in _tones(canvas)]
    start = canvas.whole(0, 3)
    edges = (0.07, canvas.chance(0.46, 0.54), canvas.chance(0.72, 0.80), 0.95)
    for field in range(3):
        top, bottom = canvas.height * edges[field], canvas.height * (edges[field + 1] - 0.03)
        tone = mixed(tones[(start + field) % 4], colours.near, 0.35 if field == 0 else 0.1)
        for layer in range(14):
            inset = canvas.unit * (0.055 + 0.0022 * layer)
            share = (layer + 1) / 14
            ground = mixed(colours.far, colours.near, 0.45)
            canvas.box(
                (inset, top + layer * canvas.unit * 0.0016),
                (canvas.width - inset, bottom - layer * canvas.unit * 0.0016),
                mixed(ground, tone, share),
            )
    spot = (canvas.width * canvas.chance(0.3, 0.7), canvas.height * edges[1])
    canvas.glow(spot, canvas.unit * 0.55, colours.light, 0.35)


def plate(canvas: Canvas) -> None:
    """Cloth with a woven pattern and a paper label."""
    colours = canvas.palette
    cloth = mixed(colours.far, colours.near, 0.25)
    _fill(canvas, cloth)
    _weave(canvas, mixed(cloth, colours.low, 0.55), mixed(cloth, colours.light, 0.55))
    left, top = canvas.width * 0.14, canvas.height * 0.205
    right, bottom = canvas.width * 0.86, canvas.height * 0.62
    canvas.box((left, top), (right, bottom), _paper(canvas))
    for inset, tone in ((0.018, colours.near), (0.026, _paper(canvas)), (0.031, colours.far)):
        gap = canvas.width * inset
        thick = canvas.unit * (0.004 if tone == colours.near else 0.002)
        _frame(canvas, (left + gap, top + gap, right - gap, bottom - gap), thick, tone)
    x, y = canvas.width / 2, canvas.height * 0.512
    canvas.shape(
        [(x - canvas.width * 0.11, y), (x, y - 5), (x + canvas.width * 0.11, y), (x, y + 5)],
        colours.low,
    )


def _frame(
    canvas: Canvas, box: tuple[float, float, float, float], thick: float, colour: Colour
) -> None:
    left, top, right, bottom = box
    canvas.box((left, top), (right, top + thick), colour)
    canvas.box((left, bottom - thick), (right, bottom), colour)
    canvas.box((left, top), (left + thick, bottom), colour)
    canvas.box((right - thick, top), (right, bottom), colour)


def _weave(canvas: Canvas, one: Colour, other: Colour) -> None:
    """Leaves, dots or scales, row by row."""
    kind = canvas.whole(0, 2)
    cell = canvas.width / canvas.whole(6, 9)
    for row in range(-1, math.ceil(canvas.height / cell) + 1):
        for column in range(-1, math.ceil(canvas.width / cell) + 1):
            x = (column + 0.5 + 0.5 * (row % 2)) * cell
            y = (row + 0.5) * cell
            if kind == 0:
                reach = cell * 0.40
                canvas.shape([(x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)], one)
                canvas.disc((x, y), cell * 0.15, other)
            elif kind == 1:
                canvas.disc((x, y), cell * 0.30, one)
                canvas.ring((x, y), cell * 0.40, cell * 0.03, other)
                canvas.disc((x, y), cell * 0.08, other)
            else:
                canvas.ring((x, y), cell * 0.5, cell * 0.05, one)
                canvas.ring((x, y), cell * 0.32, cell * 0.04, other)


def window(canvas: Canvas) -> None:
    """A framed scene under the title, on paper."""
    _fill(canvas, _paper(canvas))
    _window(canvas, (0.10, 0.36, 0.80, 0.57), Arrangement.FOOT)
    box = (canvas.width * 0.10, canvas.height * 0.36, canvas.width * 0.90, canvas.height * 0.93)
    _frame(canvas, box, canvas.unit * 0.006, canvas.palette.near)
    rule = canvas.height * 0.113
    canvas.box((canvas.width * 0.42, rule), (canvas.width * 0.58, rule + 4), canvas.palette.far)


def belt(canvas: Canvas) -> None:
    """A scene with a dark belt around it."""
    MOTIFS[canvas.whole(0, len(MOTIFS) - 1)](canvas, Arrangement.CENTRE)
    dark = mixed(canvas.palette.near, (0, 0, 0), 0.25)
    top, bottom = canvas.height * 0.375, canvas.height * 0.645
    canvas.box((0, top), (canvas.width, bottom), dark)
    for y in (top + canvas.unit * 0.02, bottom - canvas.unit * 0.024):
        canvas.box((0, y), (canvas.width, y + canvas.unit * 0.004), canvas.palette.low)


def tiles(canvas: Canvas) -> None:
    """A dark head with the title, quarter circles below it."""
    _fill(canvas, canvas.palette.near)
    edge = canvas.height * 0.44
    _quarters(canvas, (0, edge, canvas.width, canvas.height), canvas.whole(3, 5))


def sun(canvas: Canvas) -> None:
    """A great sun that holds the title, over waves or hills."""
    colours = canvas.palette
    canvas.sky(colours.high, mixed(colours.low, colours.high, 0.3), 0.85)
    middle = (canvas.width / 2, canvas.height * 0.39)
    radius = canvas.width * 0.39
    canvas.glow(middle, radius * 2.1, colours.light, 0.5)
    canvas.disc(middle, radius, _paper(canvas))
    canvas.ring(middle, radius * 1.06, canvas.unit * 0.004, _paper(canvas))
    rows = canvas.whole(4, 6)
    for row in range(rows):
        depth = row / (rows - 1)
        rate, at = canvas.chance(0.7, 1.8), canvas.chance(0, math.tau)
        line = [
            (
                canvas.width * step / 60,
                canvas.height * (0.68 + 0.2 * depth)
                + canvas.height * 0.02 * math.sin(step / 60 * rate * math.tau + at),
            )
            for step in range(61)
        ]
        tone = mixed(mixed(colours.low, colours.far, 0.4), colours.near, depth)
        canvas.shape([(0, canvas.height), *line, (canvas.width, canvas.height)], tone)


def stripes(canvas: Canvas) -> None:
    """Upright stripes behind a paper label."""
    tones = (*_tones(canvas), canvas.palette.light, canvas.palette.near)
    x, at = 0.0, canvas.whole(0, 5)
    while x < canvas.width:
        wide = canvas.width * canvas.chance(0.015, 0.11)
        canvas.box((x, 0), (x + wide, canvas.height), tones[at])
        at = (at + canvas.whole(1, 5)) % 6
        x += wide
    edge = canvas.width * 0.08
    box = (edge, canvas.height * 0.55, canvas.width - edge, canvas.height * 0.89)
    canvas.box(box[:2], box[2:], _paper(canvas))
    inner = canvas.unit * 0.018
    _frame(
        canvas,
        (box[0] + inner, box[1] + inner, box[2] - inner, box[3] - inner),
        canvas.unit * 0.003,
        canvas.palette.near,
    )


def peaks(canvas: Canvas) -> None:
    """Sharp mountains of flat colour under a pale sky."""
    colours = canvas.palette
    _fill(canvas, _paper(canvas))
    centre = (canvas.width * canvas.chance(0.25, 0.75), canvas.height * canvas.chance(0.47, 0.54))
    canvas.disc(centre, canvas.unit * canvas.chance(0.09, 0.14), colours.low)
    rows = 5
    for row in range(rows):
        depth = row / (rows - 1)
        base = canvas.height * (0.60 + 0.34 * depth)
        points = [(-10.0, base)]
        x = -canvas.width * canvas.chance(0.0, 0.2)
        while x < canvas.width:
            x += canvas.width * canvas.chance(0.10, 0.26)
            points.append((x, base - canvas.height * canvas.chance(0.06, 0.15)))
            x += canvas.width * canvas.chance(0.10, 0.22)
            points.append((x, base - canvas.height * canvas.chance(-0.01, 0.03)))
        tone = mixed(mixed(_paper(canvas), colours.far, 0.35), colours.near, depth)
        canvas.shape([(-10, canvas.height), *points, (x + 10, canvas.height)], tone)


SQUARE: dict[str, Painter] = {
    "disc": disc,
    "bands": bands,
    "tiles": label_tiles,
    "waves": waves,
    "scene": scene,
    "arches": arches,
    "fields": fields,
}
BOOK: dict[str, Painter] = {
    "plate": plate,
    "window": window,
    "belt": belt,
    "tiles": tiles,
    "sun": sun,
    "stripes": stripes,
    "peaks": peaks,
}
