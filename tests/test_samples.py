"""The sample report: made again as stored, complete, and marked as a sample."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast

import av
import pytest
from PIL import Image, ImageChops

from packager import report
from packager.values import Language

SAMPLES = Path(__file__).parents[1] / "samples"
REPORT = SAMPLES / "report"
PLANTED = (b"+12.3456-034.5678", b"Lumeo L7", b"Ilka's phone")


def read() -> report.Report:
    return report.parse({path.name: path.read_text("utf-8") for path in REPORT.glob("*.md")})


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    cast("Callable[[Path], None]", runpy.run_path(str(SAMPLES / "make.py"))["main"])(folder)
    return folder


def test_every_language_and_file_is_there() -> None:
    texts = read().texts
    assert {text.language for text in texts} == {Language.EN, Language.RU}
    for text in texts:
        for name in (*text.media, *text.subtitles):
            assert (REPORT / name).is_file()
        assert text.title
        assert text.byline
        assert text.outlet
        assert text.published == "2026-05-31"
        assert len(text.sources) == 3
        assert len(text.links) == len(text.tools) == 2
        for link in (*text.links, *text.tools):
            assert link.url.startswith("https://lantern.example/")


@pytest.mark.parametrize(("name", "word"), [("report.md", "sample"), ("report.ru.md", "Образец")])
def test_marked_as_a_sample(name: str, word: str) -> None:
    front, body = (REPORT / name).read_text("utf-8").split("\n---\n", 1)
    assert word.lower() in front.splitlines()[1].lower()
    assert word.lower() in body.splitlines()[0].lower()


def test_something_to_scrub_is_planted() -> None:
    clip = (REPORT / "clip.mp4").read_bytes()
    assert all(text in clip for text in PLANTED)
    with Image.open(REPORT / "pipe.jpg") as picture:
        exif = picture.getexif()
        assert (exif[0x010F], exif[0x013B]) == ("Lumeo", "Ilka's phone")
        assert exif.get_ifd(0x8825)


@pytest.mark.slow
@pytest.mark.tool
@pytest.mark.parametrize("name", ["pipe.jpg", "map.png"])
def test_pictures_are_what_the_script_draws(made: Path, name: str) -> None:
    with Image.open(made / name) as fresh, Image.open(REPORT / name) as stored:
        assert fresh.getexif() == stored.getexif()
        difference = ImageChops.difference(fresh.convert("RGB"), stored.convert("RGB"))
        assert max(high for _, high in cast("list[tuple[int, int]]", difference.getextrema())) < 8


@pytest.mark.slow
@pytest.mark.tool
def test_clip_is_what_the_script_films(made: Path) -> None:
    # Encoders may differ in their last bits between processors; lengths and sizes hardly do.
    facts = []
    for path in (made / "clip.mp4", REPORT / "clip.mp4"):
        with av.open(path) as clip:
            picture, sound = clip.streams.video[0], clip.streams.audio[0]
            codecs = (picture.codec_context.name, sound.codec_context.name)
            size = (picture.width, picture.height)
            facts.append((clip.metadata, codecs, size, picture.frames, sound.duration))
    assert facts[0] == facts[1]
    assert abs((made / "clip.mp4").stat().st_size - (REPORT / "clip.mp4").stat().st_size) < 2000


def test_small_enough_to_store() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 200_000
