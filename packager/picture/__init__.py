"""Paint the picture of a poster or cover from its seed: shapes, light, grain; always the same.

Nothing is taken from anywhere: no photograph, no report, no clip. The words are set over it by
``typeset.poster``, which chooses from the same seed where they stand; that part stays plain.
"""

import io

from packager.disguise.items import Poster
from packager.disguise.naming.draw import Draw
from packager.picture import covers
from packager.picture.canvas import Canvas
from packager.picture.grounds import ground, shown
from packager.picture.motifs import MOTIFS
from packager.picture.palettes import PALETTES
from packager.typeset import BOOK, Layout, arrangement, layout

__all__ = ["backdrop", "ground", "shown"]

_PAPER_GRAIN = 7
_TWICE = 2  # shapes are painted twice as large and halved, so that edges are smooth


def backdrop(poster: Poster, size: tuple[int, int]) -> bytes:
    """A PNG of ``size`` pixels. Equal seed and size give equal bytes with the same Pillow."""
    draw = Draw(poster.seed, "picture")
    canvas = Canvas((size[0] * _TWICE, size[1] * _TWICE), draw.pick(PALETTES), draw)
    chosen = layout(poster.seed, size)
    if chosen is None:
        _scene(canvas, poster.seed, draw)
    else:
        _cover(canvas, chosen, poster.seed)
    out = io.BytesIO()
    canvas.image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _scene(canvas: Canvas, seed: bytes, draw: Draw) -> None:
    """A film's poster: dark where the words stand."""
    text_at = arrangement(seed)
    draw.pick(MOTIFS)(canvas, text_at)
    canvas.halve()
    canvas.shade(text_at)
    canvas.vignette()
    canvas.grain(seed)


def _cover(canvas: Canvas, chosen: Layout, seed: bytes) -> None:
    """The cover of a record or book: flat colours on paper or cloth."""
    painters = covers.BOOK if chosen in BOOK else covers.SQUARE
    painters[chosen.name](canvas)
    canvas.halve()
    canvas.grain(seed, _PAPER_GRAIN)
