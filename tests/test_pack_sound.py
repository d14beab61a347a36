"""Albums and audiobooks through the real command: a report in, a release out, every file sealed."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import imageio_ffmpeg
import pytest
from commands import Command, Done, throwaway
from PIL import Image
from tools import tool

pytestmark = [pytest.mark.slow, pytest.mark.tool]
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
TEXT = """---
language: {language}
title: Zzreportzz
byline: Zzreportzz Tamsen
published: 2026-05-31
sources: [Zzreportzz sheets]
links: [{{label: Zzreportzz method, url: "https://zzreportzz.example/deep"}}]
media: [voice.ogg]
---
## Zzreportzz heading

![Zzreportzz pipe](pipe.jpg)

{body}
"""
BODIES = {
    "en": "Somebody said it in one short sentence.",
    "my": "ကော်မတီသည် အင်္ဂါနေ့တွင် တွေ့ဆုံခဲ့သည်။",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for language, body in BODIES.items():
        folder = tmp_path_factory.mktemp(f"report-{language}")
        (folder / "report.md").write_text(TEXT.format(language=language, body=body), "utf-8")
        Image.new("RGB", (64, 64), (90, 40, 10)).save(folder / "pipe.jpg")
        noise = ["-f", "lavfi", "-i", "anoisesrc=d=4:c=pink:seed=1:a=0.1"]
        secret = ["-metadata", "artist=Zzauthorzz"]
        words = [FFMPEG, "-v", "error", *noise, *secret, str(folder / "voice.ogg")]
        subprocess.run(words, check=True)
        found[language] = folder
    return found


@pytest.fixture(scope="module", params=[("album", "en"), ("audiobook", "my")])
def packed(
    request: pytest.FixtureRequest,
    desk: Command,
    reports: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Done, str]:
    disguise, language = request.param
    out = tmp_path_factory.mktemp("out")
    done = desk("pack", reports[language], "--as", disguise, "--json", "--out", out)
    assert done.code == 0, done.err
    return done, language


def sounds(done: Done) -> list[Path]:
    folder = Path(done.facts["release"])
    return sorted(path for path in folder.iterdir() if path.suffix in {".mp3", ".m4b"})


def test_the_folder_looks_like_a_record_or_an_audiobook(packed: tuple[Done, str]) -> None:
    done, _ = packed
    folder = Path(done.facts["release"])
    names = sorted(path.name for path in folder.iterdir())
    rest = [name for name in names if Path(name).suffix not in {".mp3", ".m4b"}]
    if sounds(done)[0].suffix == ".m4b":
        assert rest == ["ReadMe.txt", "cover.jpg"]
        assert len(sounds(done)) == 1
        assert re.fullmatch(r".+ - .+ \(\d{4}\)", folder.name)
        return
    playlist = next(folder.glob("*.m3u8"))
    assert rest == sorted(["ReadMe.txt", "cover.jpg", playlist.name])
    assert re.fullmatch(r".+ - .+ \(\d{4}\) \[MP3 V0\]", folder.name)
    rows = playlist.read_text("utf-8").splitlines()
    assert rows[0] == "#EXTM3U"
    assert rows[2::2] == [path.name for path in sounds(done)]
    assert all(re.fullmatch(r"#EXTINF:\d+,.+ - .+", row) for row in rows[1::2])


def test_any_one_file_renamed_is_genuine_and_gives_the_report_back(
    packed: tuple[Done, str], desk: Command, reports: dict[str, Path], tmp_path: Path
) -> None:
    done, language = packed
    for number, path in enumerate(sounds(done)):
        alone = tmp_path / f"{number}{path.suffix}"
        shutil.copyfile(path, alone)
        told = desk("verify", alone, "--json")
        assert (told.code, told.facts["verdict"]) == (0, "genuine")
        back = tmp_path / f"back{number}"
        assert desk("unpack", alone, "--out", back).code == 0
        original = reports[language] / "report.md"
        assert (back / "report.md").read_bytes() == original.read_bytes()


def test_no_word_of_the_report_or_its_author_stands_in_the_clear(packed: tuple[Done, str]) -> None:
    done, _ = packed
    for path in Path(done.facts["output"]).rglob("*"):
        assert "zzreport" not in path.name.casefold()
        if path.is_file() and path.name != "review.html":
            data = path.read_bytes()
            for word in ("Zzreportzz", "Zzauthorzz", "Lavf", "Lavc"):
                assert word.encode() not in data
                assert word.encode("utf-16-le") not in data


def test_sealed_files_are_read_without_a_warning(packed: tuple[Done, str]) -> None:
    done, _ = packed
    for path in sounds(done):
        if path.suffix == ".mp3":
            words = [tool("mpg123"), "-t", str(path)]
            played = subprocess.run(words, capture_output=True, text=True, check=True)
            assert not re.search("warning|error", played.stderr, re.IGNORECASE)
        words = [tool("exiftool"), "-Warning", "-Error", str(path)]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        assert not [row for row in told.splitlines() if "ExtractEmbedded" not in row]


def test_nothing_but_length_is_wrong_with_it(packed: tuple[Done, str]) -> None:
    done, _ = packed
    found = {one["check"] for one in done.facts["findings"]}
    assert found <= {"length-band", "unreviewed-language", "cannot-check", "sound-tags"}


def test_the_same_report_gives_the_same_infohash_and_is_told_what_it_lacks(
    packed: tuple[Done, str], desk: Command, reports: dict[str, Path], tmp_path: Path
) -> None:
    done, language = packed
    disguise = {"en": "album", "my": "audiobook"}[language]
    again = desk("pack", reports[language], "--as", disguise, "--out", tmp_path / "out")
    assert again.code == 0, again.err
    (magnet,) = (tmp_path / "out").rglob("magnet.txt")
    assert done.facts["infohash_v1"] in magnet.read_text("utf-8")
    told = again.out + again.err
    assert ("the voice for my is hard to understand" in told) is (language == "my")
    assert "sound shows no pictures" in told


def test_an_interrupt_leaves_nothing(
    desk: Command, reports: dict[str, Path], tmp_path: Path
) -> None:
    report = tmp_path / "long"
    shutil.copytree(reports["en"], report)
    text = (report / "report.md").read_text("utf-8")
    (report / "report.md").write_text(text + "\n\nOne more sentence is said here. " * 3000)
    out = tmp_path / "out"
    words = [sys.executable, "-m", "packager", "--home", str(desk.home), "pack", str(report)]
    words += ["--as", "album", "--out", str(out)]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while not list(out.rglob("*.wav")) and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 130, said
    assert not out.exists() or not list(out.iterdir())


def test_a_plan_names_what_would_come(desk: Command, reports: dict[str, Path]) -> None:
    done = desk("pack", reports["en"], "--as", "album", "--plan", "--json", "--out", "nowhere")
    assert done.code == 0, done.err
    told = json.dumps(done.facts)
    assert ".mp3" in told
    assert ".m3u8" in told


@pytest.mark.parametrize("look", ["album", "audiobook"])
def test_music_that_may_be_used_comes_last(
    desk: Command, reports: dict[str, Path], tmp_path: Path, look: str
) -> None:
    music = tmp_path / "music.wav"
    tone = [FFMPEG, "-v", "error", "-f", "lavfi", "-i", "sine=d=40:f=440", str(music)]
    subprocess.run(tone, check=True)
    words = ("pack", reports["en"], "--as", look, "--out", tmp_path / "out", "--json")

    without = desk(*words, "--plan").facts["plans"][0]["files"]
    done = desk(*words, "--cover", music, "--cover-licence", "CC0, nobody")

    assert done.code == 0, done.err
    sounds = [one for one in done.facts["files"] if one["path"].endswith((".mp3", ".m4b"))]
    more = len(sounds) - sum(one["path"].endswith((".mp3", ".m4b")) for one in without)
    assert more == (1 if look == "album" else 0)
    release = Path(done.facts["release"])
    with av.open(str(release / sounds[-1]["path"])) as media:
        last = sum(frame.samples for frame in media.decode(audio=0)) / 44100
    planned = sum(one["seconds"] for one in without)
    assert last == pytest.approx(41, abs=1.5) if look == "album" else last > planned + 30
    assert desk("verify", done.facts["output"]).code == 0
