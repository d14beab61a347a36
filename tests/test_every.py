"""``pack --plan`` and ``pack --as all``, through the real command."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import clips
import pytest

from packager.disguise import DISGUISES

pytestmark = [pytest.mark.tool, pytest.mark.slow]
REPORT = Path(__file__).parents[1] / "samples" / "report"
TEXT = """---
language: en
title: A small thing
published: 2026-05-31
media: [clip.mp4]
---
# One

Some words.

# Two

Some more.
"""


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "packager", "--home", str(home), *words]


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(home, *words), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    assert run(place, "publisher", "new", "desk", "--no-passphrase").returncode == 0
    return place


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a few words and two seconds."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "report.md").write_text(TEXT, "utf-8")
    shutil.copy(clips.make("plain.mp4", tmp_path_factory.mktemp("shelf")), folder / "clip.mp4")
    return folder


def pack(home: Path, report: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    fixed = ("pack", str(report), "--publisher", "desk", "--out", str(out), "--json")
    return run(home, *fixed, "--quality", "480p", *words)


@pytest.mark.parametrize("look", ["movie", "album"])
def test_a_plan_of_a_clip_names_what_is_made_then_and_writes_nothing(
    home: Path, small: Path, tmp_path: Path, look: str
) -> None:
    out = tmp_path / "out"

    told = json.loads(pack(home, small, out, "--as", "all", "--plan").stdout)["plans"]
    assert not out.exists()
    made = json.loads(pack(home, small, out, "--as", look).stdout)

    assert [one["disguise"] for one in told] == list(DISGUISES)
    plan = next(one for one in told if one["disguise"] == look)
    assert plan["output"] == made["output"]
    assert {one["path"] for one in plan["files"]} == {one["path"] for one in made["files"]}
    size = sum(one["size"] for one in made["files"])
    assert size / 6 < plan["size"] < size * 6
    answer = run(home, "verify", made["output"], "--json")
    assert json.loads(answer.stdout)["verdict"] == "genuine", answer.stdout


def test_one_that_fails_does_not_lose_the_others(home: Path, small: Path, tmp_path: Path) -> None:
    planned = json.loads(pack(home, small, tmp_path, "--as", "all", "--plan").stdout)["plans"]
    made = ("book", "album")
    for one in planned:
        if one["disguise"] not in made:
            Path(one["output"]).mkdir(parents=True)

    answer = pack(home, small, tmp_path, "--as", "all")

    assert answer.returncode == 4
    releases = {one["disguise"]: one for one in json.loads(answer.stdout)["releases"]}
    assert list(releases) == list(DISGUISES)
    for name, one in releases.items():
        if name in made:
            assert Path(one["torrent"]).is_file()
        else:
            assert "already there" in one["error"]
            assert one["hints"]


def test_interrupted_it_leaves_nothing(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = command(home, "pack", str(REPORT), "--as", "all", "--out", str(out))
    words += ["--quality", "1080p"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while not list(out.glob(".packager-*/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)

    assert process.returncode == 130
    assert not out.exists() or not list(out.iterdir())
