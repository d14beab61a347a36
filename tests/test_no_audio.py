"""``--no-audio``: nothing that a microphone heard is in the release."""

import subprocess
from array import array
from pathlib import Path

import clips
import imageio_ffmpeg
import pytest
from commands import Command, throwaway

pytestmark = [pytest.mark.slow, pytest.mark.tool]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


def loudest(path: Path) -> int:
    """The largest sample of 16 bits of a film's sound; 0 where it is silent or has none."""
    quiet = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(path)]
    words = [*quiet, "-map", "0:a:0?", "-f", "s16le", "-"]
    done = subprocess.run(words, capture_output=True, check=False)
    return max(map(abs, array("h", done.stdout)), default=0)


@pytest.mark.parametrize("how", [(), ("--copy",)])
def test_a_film_is_silent(desk: Command, tmp_path: Path, how: tuple[str, ...]) -> None:
    clip = clips.make("plain.mp4", tmp_path)
    words = ["pack", str(clip), "--as", "movie", "--language", "en", "--quality", "480p"]
    words += [*how, "--json"]

    heard = desk(*words, "--out", tmp_path / "heard")
    silent = desk(*words, "--out", tmp_path / "silent", "--no-audio")

    assert heard.code == silent.code == 0, silent.err
    films = [
        next(p for p in Path(done.facts["release"]).iterdir() if p.suffix in {".mp4", ".mkv"})
        for done in (heard, silent)
    ]
    assert loudest(films[0]) > 300
    assert loudest(films[1]) < 4


def test_sound_alone_is_refused(desk: Command, tmp_path: Path) -> None:
    clip = clips.make("plain.mp4", tmp_path)
    words = ("pack", clip, "--language", "en", "--out", tmp_path / "out", "--no-audio")

    done = desk(*words, "--as", "album")

    assert done.code == 4
    assert "has no sound" in done.err
    assert not (tmp_path / "out").exists()
