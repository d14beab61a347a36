"""``pack --plan`` and ``pack --as all``, through the real command."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from packager.disguise import DISGUISES

pytestmark = [pytest.mark.tool, pytest.mark.slow]
REPORT = Path(__file__).parents[1] / "samples" / "report"


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "packager", "--home", str(home), *words]


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(home, *words), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    assert run(place, "publisher", "new", "desk", "--no-passphrase").returncode == 0
    return place


def pack(home: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    fixed = ("pack", str(REPORT), "--publisher", "desk", "--out", str(out), "--json")
    return run(home, *fixed, "--quality", "480p", *words)


def test_a_plan_names_what_is_made_then_and_writes_nothing(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    told = json.loads(pack(home, out, "--as", "all", "--plan").stdout)["plans"]
    assert not out.exists()
    made = json.loads(pack(home, out, "--as", "all").stdout)["releases"]

    assert [one["disguise"] for one in told] == [one["disguise"] for one in made]
    assert [one["disguise"] for one in made] == list(DISGUISES)
    for plan, release in zip(told, made, strict=True):
        assert plan["output"] == release["output"]
        assert {one["path"] for one in plan["files"]} == {one["path"] for one in release["files"]}
        size = sum(one["size"] for one in release["files"])
        assert size / 6 < plan["size"] < size * 6
        answer = run(home, "verify", release["output"], "--json")
        assert json.loads(answer.stdout)["verdict"] == "genuine", answer.stdout


def test_one_that_fails_does_not_lose_the_others(home: Path, tmp_path: Path) -> None:
    planned = json.loads(pack(home, tmp_path, "--as", "all", "--plan").stdout)["plans"]
    Path(planned[0]["output"]).mkdir(parents=True)

    answer = pack(home, tmp_path, "--as", "all")

    assert answer.returncode == 4
    releases = json.loads(answer.stdout)["releases"]
    assert "already there" in releases[0]["error"]
    assert releases[0]["hints"]
    assert all(Path(one["torrent"]).is_file() for one in releases[1:])
    assert len(releases) == len(DISGUISES)


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
