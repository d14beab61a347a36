"""Posters: the same every time, different with every seed, dark where the words stand."""

import hashlib
import io

import pytest
from PIL import Image, ImageStat

from packager import picture
from packager.disguise.items import Poster
from packager.disguise.naming.draw import Draw
from packager.picture.canvas import Canvas
from packager.picture.motifs import MOTIFS, Motif
from packager.picture.palettes import PALETTES
from packager.typeset import Arrangement, arrangement
from packager.values import Language


def poster(number: int) -> Poster:
    return Poster("Title", "line", hashlib.sha256(bytes([number])).digest(), Language.EN)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L")


@pytest.mark.parametrize("size", [(320, 180), (200, 300), (321, 181)])
def test_a_backdrop_is_a_png_of_the_size_asked_for(size: tuple[int, int]) -> None:
    data = picture.backdrop(poster(1), size)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, image.info) == ("PNG", size, {})
    assert data == picture.backdrop(poster(1), size)


@pytest.mark.slow
def test_seeds_give_different_pictures() -> None:
    assert len({picture.backdrop(poster(number), (160, 90)) for number in range(40)}) == 40


@pytest.mark.slow
def test_the_words_stand_on_dark_ground() -> None:
    for number in range(24):
        bill = poster(number)
        image = opened(picture.backdrop(bill, (200, 300)))
        low = arrangement(bill.seed) is not Arrangement.HEAD
        band = (20, 240, 180, 280) if low else (20, 20, 180, 60)
        assert ImageStat.Stat(image.crop(band)).mean[0] < 90, number


@pytest.mark.slow
def test_pictures_are_not_flat() -> None:
    for number in range(24):
        image = opened(picture.backdrop(poster(number), (320, 180)))
        assert ImageStat.Stat(image).stddev[0] > 15, number


@pytest.mark.parametrize("motif", MOTIFS)
@pytest.mark.parametrize("text_at", Arrangement)
def test_every_scene_paints_in_every_arrangement(motif: Motif, text_at: Arrangement) -> None:
    for number, size in enumerate([(320, 180), (180, 320)]):
        seed = bytes([number]) * 32
        canvas = Canvas(size, PALETTES[number], Draw(seed, "test"))
        before = canvas.image.tobytes()
        motif(canvas, text_at)
        assert canvas.image.tobytes() != before
