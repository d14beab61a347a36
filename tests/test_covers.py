"""Covers of records and books: a layout each, plain ground for the words, no word cut."""

import hashlib
import io
from itertools import count
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from packager import film, picture, typeset
from packager.disguise import naming
from packager.disguise.items import Poster
from packager.picture import covers
from packager.typeset import BOOK, SQUARE, Layout
from packager.typeset.cover import Box, Ground
from packager.values import Language

SQUARE_SIZE, BOOK_SIZE = (240, 240), (240, 384)
CASES = [(SQUARE_SIZE, one) for one in SQUARE] + [(BOOK_SIZE, one) for one in BOOK]
NAMES = [f"{size[0]}x{size[1]} {one.name}" for size, one in CASES]
TURNS = [(*case, tuple(Language)[at * 2 % 9]) for at, case in enumerate(CASES)]


def bill(chosen: Layout, size: tuple[int, int], language: Language = Language.EN) -> Poster:
    """A cover that has this layout."""
    variants = (hashlib.sha256(b"cover%d" % number).digest() for number in count())
    variant, seed = next(
        (variant, seed)
        for variant in variants
        if typeset.layout(seed := naming.seed(variant, "cover"), size) == chosen
    )
    title = naming.book_title(language, variant).shown
    return Poster(title, naming.author(language, variant).shown, seed, language)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L")


def crop(image: Image.Image, box: Box) -> Image.Image:
    wide, high = image.size
    left, top = box.left * wide, box.top * high
    edges = (left, top, left + box.width * wide, top + box.height * high)
    return image.crop(tuple(round(edge) for edge in edges))  # type: ignore[arg-type]


def test_every_layout_has_its_painter() -> None:
    assert [one.name for one in SQUARE] == list(covers.SQUARE)
    assert [one.name for one in BOOK] == list(covers.BOOK)


def test_films_keep_their_posters() -> None:
    for size in ((1000, 1500), (1280, 720), (854, 480), (960, 720)):
        assert typeset.layout(bytes(32), size) is None
    assert typeset.layout(bytes(32), (1000, 1600)) in BOOK
    assert typeset.layout(bytes(32), (1400, 1400)) in SQUARE


@pytest.mark.slow
@pytest.mark.parametrize(("size", "chosen"), CASES, ids=NAMES)
def test_words_stand_on_plain_ground(size: tuple[int, int], chosen: Layout) -> None:
    seen = set()
    for number in range(3):
        one = bill(chosen, size)
        seed = one.seed[:8] + bytes([number]) * 24
        data = picture.backdrop(Poster(one.title, one.line, seed, one.language), size)
        assert data == picture.backdrop(Poster("", "", seed, Language.MY), size)
        image = opened(data)
        for box, on in ((chosen.title, chosen.ground), (chosen.line, chosen.line_ground)):
            ground = ImageStat.Stat(crop(image, box)).mean[0]
            assert ground > 170 if on is Ground.LIGHT else ground < 120, (box, ground)
        assert ImageStat.Stat(image).stddev[0] > 12, "a flat cover"
        seen.add(data)
    assert len(seen) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "chosen", "language"), TURNS, ids=[f"{c[1].name} {c[0][1]} {c[2]}" for c in TURNS]
)
def test_no_word_is_cut(
    size: tuple[int, int], chosen: Layout, language: Language, tmp_path: Path
) -> None:
    one = bill(chosen, size, language)
    ground = io.BytesIO()
    Image.new("RGB", size, (128, 128, 128)).save(ground, "PNG")
    made = film.poster_jpeg(ground.getvalue(), typeset.poster(one, size), size, tmp_path)
    inked = opened(made).point([255 * (abs(level - 128) > 24) for level in range(256)])
    box = inked.getbbox()
    assert box is not None, "no word was drawn"
    margin = 0.04 * size[0]
    assert box[0] > margin
    assert box[1] > margin / 2
    assert box[2] < size[0] - margin
    assert box[3] < size[1] - margin / 2
    for words in (chosen.title, chosen.line):
        assert crop(inked, words).getbbox() is not None
