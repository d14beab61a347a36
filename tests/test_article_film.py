"""An article as a finished film: looked at, listened to and read by programs of others."""

import io
import json
import math
import os
import shutil
import struct
import subprocess
import wave
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from commands import SAMPLE, Command, Done, throwaway
from likeness import likeness
from PIL import Image
from tools import tool

from packager import article, ffmpeg, report, typeset
from packager.values import Language

pytestmark = [pytest.mark.slow, pytest.mark.tool]
STORIES = Path(__file__).parent / "stories"
GOLDEN = Path(__file__).parent / "golden" / "screens"
FRAME = (640, 360)
SMALL = ("--as", "movie", "--quality", "480p", "--json")
ALIKE = 0.93
TALE = """---
title: The bridge
language: en
byline: Ilka Tamsen
{media}---
## First

The bridge was paid for twice. It was never built.

![The yard](yard.jpg)

## Second

Nobody asked.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


def tale(folder: Path, media: str = "") -> Path:
    folder.mkdir()
    (folder / "report.md").write_text(TALE.format(media=media), "utf-8")
    shutil.copy(SAMPLE / "pipe.jpg", folder / "yard.jpg")
    return folder


def film(done: Done) -> Path:
    assert done.code == 0, done.err
    (found,) = [
        path for path in Path(done.facts["release"]).iterdir() if path.suffix in {".mp4", ".mkv"}
    ]
    return found


def loudness(path: Path) -> list[float]:
    """The root mean square of each second of sound, 0 to 1."""
    evened = av.AudioResampler("flt", "mono", 8000)
    with av.open(path) as media:
        heard = b"".join(
            bytes(part.planes[0])[: part.samples * 4]
            for frame in media.decode(audio=0)
            for part in evened.resample(frame)
        )
    samples = struct.unpack(f"{len(heard) // 4}f", heard)
    return [
        math.sqrt(sum(value * value for value in samples[at : at + 8000]) / 8000)
        for at in range(0, len(samples), 8000)
    ]


def test_an_article_is_a_film_that_others_read(desk: Command, tmp_path: Path) -> None:
    source = tale(tmp_path / "report")
    (source / "report.ru.md").write_text(
        "---\nlanguage: ru\n---\n## Раз\n\nМост оплатили.\n\n## Два\n\nНикто не спросил.\n", "utf-8"
    )
    path = film(desk("pack", source, *SMALL, "--out", tmp_path / "out"))
    with av.open(path) as media:
        video = media.streams.video[0]
        assert (video.width, video.height) == (854, 480)
        assert video.average_rate == 25
        stamps = sorted(packet.pts for packet in media.demux(video) if packet.pts is not None)
        steps = {after - before for before, after in pairwise(stamps)}
        assert len(steps) == 1, "a constant rate"
        assert [stream.language for stream in media.streams.subtitles] == ["eng", "rus"]
    said = subprocess.run(
        [tool("mediainfo"), "--Output=JSON", str(path)], capture_output=True, check=True, text=True
    ).stdout
    tracks = json.loads(said)["media"]["track"]
    kinds = [track["@type"] for track in tracks]
    assert kinds[:5] == ["General", "Video", "Audio", "Text", "Text"]
    assert set(kinds[5:]) == {"Menu"}
    assert tracks[1]["FrameRate_Mode"] == "CFR"
    words = [
        str(ffmpeg.binary()),
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:s:1",
        "-f",
        "srt",
        "-",
    ]
    russian = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    assert "Мост оплатили." in russian
    assert "Никто не спросил." in russian


def test_a_voice_reads_it(desk: Command, tmp_path: Path) -> None:
    source = tale(tmp_path / "report")
    how = (*SMALL, "--narrate", "--container", "mkv", "--readme", "none")
    path = film(desk("pack", source, *how, "--out", tmp_path / "out"))
    loud = loudness(path)
    assert max(loud[:10]) < 0.001, "poster and card are silent"
    assert sum(value > 0.01 for value in loud[11:]) > 8, "the screens are read"
    listed = json.loads(
        subprocess.run([tool("mkvmerge"), "-J", str(path)], capture_output=True, check=True).stdout
    )
    assert not listed["warnings"]
    assert not listed["errors"]


def test_a_recording_is_heard_with_the_text(desk: Command, tmp_path: Path) -> None:
    source = tale(tmp_path / "report", "media: [told.wav]\n")
    with wave.open(str(source / "told.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        tone = (int(9000 * math.sin(at / 3)) for at in range(8000 * 24))
        sound.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    loud = loudness(film(desk("pack", source, *SMALL, "--out", tmp_path / "out")))
    assert max(loud[:10]) < 0.001
    assert min(loud[12:34]) > 0.1, "without a gap where sections meet"
    assert max(loud[36:]) < 0.01


def drawn(name: str, work: Path) -> Image.Image:
    """Four screens of a story as a viewer sees them, in one picture."""
    source = (STORIES / f"{name}.md").read_text("utf-8")
    text = report.parse({"report.md": source}).main
    sections = typeset.article(text, article.parse("report.md", text.body), FRAME, "Notes")
    chosen = [sections[0][0], sections[1][0], sections[1][1], sections[2][0]]
    ends = [Fraction(number) for number in range(1, 5)]
    script = typeset.slides(chosen, ends, FRAME, text.language)
    Image.new("RGB", FRAME, "#20242b").save(work / "ground.png")
    (work / "screens.ass").write_text(script, "utf-8")
    ffmpeg.fonts(work, script)
    import ffmpeg as builder  # noqa: PLC0415 -- two modules of one name

    still = ffmpeg.made("ground.png", "image2", pattern_type="none", framerate="1")
    shown = (
        still.filter("loop", loop=3, size=1)
        .filter("ass", filename="screens.ass", fontsdir="fonts", shaping="complex")
        .filter("tile", "2x2")
    )
    output = builder.output(shown, "sheet.png", format="image2", **{"frames:v": 1, "update": 1})
    ffmpeg.run(output, work=work, seconds=Fraction(4))
    return Image.open(io.BytesIO((work / "sheet.png").read_bytes())).convert("L")


@pytest.mark.parametrize("name", [*Language, "mixed"])
def test_screens_look_as_they_did(name: str, tmp_path: Path) -> None:
    sheet = drawn(name, tmp_path).resize((640, 360), Image.Resampling.BOX)
    path = GOLDEN / f"{name}.png"
    if os.environ.get("GOLDEN") == "write":
        sheet.quantize(32).save(path, optimize=True)
    assert likeness(sheet, Image.open(path)) > ALIKE


def test_the_likeness_tells_languages_apart() -> None:
    pictures = [Image.open(GOLDEN / f"{language}.png") for language in ("en", "es", "fa", "zh")]
    for other in pictures[1:]:
        assert likeness(pictures[0], other) < ALIKE - 0.05
    assert likeness(pictures[0], pictures[0]) > 0.999
