"""Paint a film poster's picture from its seed: shapes, light and grain, the same every time.

Nothing is taken from anywhere: no photograph, no report, no clip. The words are set over it by
``typeset.poster``, which chooses from the same seed where they stand; that part stays dark.
"""

import io

from packager.disguise.items import Poster
from packager.disguise.naming.draw import Draw
from packager.picture.canvas import Canvas
from packager.picture.motifs import MOTIFS
from packager.picture.palettes import PALETTES
from packager.typeset import arrangement

_TWICE = 2  # shapes are painted twice as large and halved, so that edges are smooth


def backdrop(poster: Poster, size: tuple[int, int]) -> bytes:
    """A PNG of ``size`` pixels. Equal seed and size give equal bytes with the same Pillow."""
    draw = Draw(poster.seed, "picture")
    palette = draw.pick(PALETTES)
    motif = draw.pick(MOTIFS)
    text_at = arrangement(poster.seed)
    canvas = Canvas((size[0] * _TWICE, size[1] * _TWICE), palette, draw)
    motif(canvas, text_at)
    canvas.halve()
    canvas.shade(text_at)
    canvas.vignette()
    canvas.grain(poster.seed)
    out = io.BytesIO()
    canvas.image.save(out, "PNG", compress_level=1)
    return out.getvalue()
