"""All six looks of one report in nine languages: its text, its bytes, and no packet.

The second editor, on another computer, must make the same files of the same report. That computer
has another Python where one is at hand: ``.venv-other`` (make versions), or that of
PACKAGER_OTHER_PYTHON.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import Chromium
from commands import Command, throwaway
from PIL import Image
from tools import tool

from packager.disguise import DISGUISES
from packager.values import Language

pytestmark = [pytest.mark.tool, pytest.mark.slow]
SEALED = frozenset({".mp4", ".mkv", ".mp3", ".m4b", ".epub"})
SAID = {
    Language.EN: "Water 1 < 2 & 3.",
    Language.RU: "Вода бурая.",
    Language.UK: "Вода бура, і її п'ють.",
    Language.BE: "Вада бурая, ўсё лета.",
    Language.FA: "آب قهوه‌ای است.",
    Language.AR: "الماء بني.",
    Language.ZH: "水是褐色的。",
    Language.MY: "ရေက ညိုတယ်။",
    Language.ES: "El agua está turbia.",
}


@dataclass(frozen=True)
class Made:
    """A release of each look, and what was seen while they were made."""

    desk: Command
    source: Path
    plans: dict[str, dict[str, Any]]
    releases: dict[str, dict[str, Any]]


OTHERS = Path(__file__).parents[1] / ".venv-other" / "bin" / "python"
OTHER = os.environ.get("PACKAGER_OTHER_PYTHON") or (str(OTHERS) if OTHERS.exists() else "")


def report(folder: Path) -> Path:
    """Nine texts, a line end of each kind, and a picture."""
    folder.mkdir(parents=True)
    Image.new("RGB", (64, 48), (130, 90, 40)).save(folder / "p.png")
    for language, said in SAID.items():
        name = "report.md" if language is Language.EN else f"report.{language}.md"
        front = f"---\ntitle: {said[:5]}\nlanguage: {language}\npublished: 2026-05-31\n---\n"
        text = f"{front}{said}\n\n![](p.png)\n"
        if language is Language.AR:
            text = "\ufeff" + text.replace("\n", "\r\n")
        (folder / name).write_bytes(text.encode())
    return folder


def pack(desk: Command, source: Path, out: Path, *words: str) -> dict[str, Any]:
    fixed = ("--quality", "480p", "--variant", "one", "--also", "minisign", "--json")
    done = desk("pack", source, "--out", out, *fixed, *words)
    assert done.code == 0, done.out + done.err
    return done.facts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("looks")
    desk = throwaway(root / "home")
    source = report(root / "report")
    plans = pack(desk, source, root / "out", "--as", "all", "--plan")["plans"]
    assert not (root / "out").exists()
    releases = pack(desk, source, root / "out", "--as", "all")["releases"]
    looks = ({one["disguise"]: one for one in found} for found in (plans, releases))
    return Made(desk, source, *looks)


def watched(home: Path, trace: Path, **world: str) -> Command:
    """Somebody else's computer: one core, no network, no fonts; every socket is noted."""
    strace = (tool("strace"), "-f", "-qq", "--seccomp-bpf", "-e", "trace=%network")
    nowhere = {"FONTCONFIG_FILE": "/dev/null", "FONTCONFIG_PATH": "/dev/null", **world}
    other = 'umask 077; exec "$@"'
    wrap = (tool("unshare"), "-Urn", "sh", "-c", other, "sh", tool("taskset"), "-c", "0")
    python = OTHER or sys.executable
    return Command(
        home, cwd=trace.parent, env=nowhere, python=python, wrap=(*wrap, *strace, "-o", str(trace))
    )


def sockets(trace: Path) -> set[str]:
    """The families of sockets that were asked for and given."""
    lines = trace.read_text("utf-8").splitlines()
    given = [line for line in lines if "socket(" in line and "= -1" not in line]
    return {family for line in given for family in ("AF_INET", "AF_PACKET") if family in line}


def files(folder: Path) -> dict[str, bytes]:
    """All that lies in a release but the sheet and the recipe, which are private."""
    private = {"review.html", "recipe.json"}
    found = (path for path in folder.rglob("*") if path.is_file() and path.name not in private)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@dataclass(frozen=True)
class Elsewhere:
    """The desk and the report of somebody else on another computer."""

    desk: Command
    source: Path
    trace: Path


@pytest.fixture(scope="module")
def elsewhere(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    place = tmp_path_factory.mktemp("другая папка")
    source = Path(shutil.copytree(made.source, place / "r"))
    for path in source.iterdir():
        os.utime(path, (1, 1))
    home = Path(shutil.copytree(made.desk.home, place / "home"))
    world = {"TZ": "Asia/Tehran", "LC_ALL": "C", "LANG": "C", "USER": "someone", "HOME": "/nowhere"}
    return Elsewhere(watched(home, place / "trace", **world), source, place / "trace")


@pytest.mark.parametrize("look", DISGUISES)
def test_a_plan_names_what_is_made_then(made: Made, look: str) -> None:
    assert list(made.plans) == list(made.releases) == list(DISGUISES)
    plan, release = made.plans[look], made.releases[look]
    assert plan["output"] == release["output"]
    assert {one["path"] for one in plan["files"]} == {one["path"] for one in release["files"]}
    size = sum(one["size"] for one in release["files"])
    assert size / 6 < plan["size"] < size * 6
    assert made.desk("verify", release["output"], "--json").facts["verdict"] == "genuine"


@pytest.mark.parametrize("look", DISGUISES)
def test_a_second_editor_elsewhere_makes_it_again_and_asks_no_network(
    made: Made, elsewhere: Elsewhere, look: str
) -> None:
    release, memory = made.releases[look]["output"], ("--work-in", "memory")
    words = memory if look == "book" else ()
    done = elsewhere.desk("rebuild", release, elsewhere.source, "--json", *words)

    assert done.code == 0, done.out
    assert (done.facts["verdict"], done.facts["reason"]) == ("genuine", "same-bytes")
    assert sockets(elsewhere.trace) == set()


@pytest.mark.skipif(not OTHER, reason="no other Python with packager in it: make versions")
def test_the_other_computer_has_another_python() -> None:
    say = "import sys, packager; print(sys.version_info[:2])"
    said = subprocess.run([OTHER, "-c", say], check=True, capture_output=True, text=True).stdout
    assert said.strip() != str(sys.version_info[:2])


def test_another_user_elsewhere_hands_over_the_same_files(
    made: Made, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    again = pack(elsewhere.desk, elsewhere.source, tmp_path / "out", "--as", "book")

    first = made.releases["book"]
    assert sockets(elsewhere.trace) == set()
    assert again["infohash_v1"] == first["infohash_v1"]
    assert files(Path(again["output"])) == files(Path(first["output"]))


@pytest.mark.parametrize("look", DISGUISES)
def test_the_text_comes_back_from_any_one_file(made: Made, look: str, tmp_path: Path) -> None:
    written = {path.name: path.read_bytes() for path in made.source.glob("*.md")}
    assert len(written) == len(Language)
    release = Path(made.releases[look]["release"])
    sealed = [path for path in sorted(release.rglob("*")) if path.suffix in SEALED]

    for number, path in enumerate((sealed[0], sealed[-1])):
        alone = Path(shutil.copy(path, tmp_path / f"{number}{path.suffix}"))
        out = tmp_path / f"out{number}"
        done = made.desk("unpack", alone, "--out", out, "--json")
        assert done.code == 0, done.err
        assert {path.name: path.read_bytes() for path in out.glob("*.md")} == written


def test_a_socket_would_be_seen(made: Made, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    words = ("-c", "import socket; socket.socket(socket.AF_INET6)")
    subprocess.run([*watched(made.desk.home, trace).wrap, sys.executable, *words], check=True)
    assert sockets(trace) == {"AF_INET"}


def test_what_looks_at_a_release_asks_no_network(made: Made, tmp_path: Path) -> None:
    output = made.releases["series"]["release"]
    for number, words in enumerate(
        (
            ("verify", output),
            ("unpack", output, "--out", str(tmp_path / "text")),
            ("audit", output),
            ("safety", output),
            ("inspect", str(made.source)),
            ("page", "--out", str(tmp_path / "verify.html")),
            ("wipe", "--yes"),
        )
    ):
        trace = tmp_path / f"trace{number}"
        home = Path(shutil.copytree(made.desk.home, tmp_path / f"home{number}"))
        done = watched(home, trace)(*words, "--json")
        assert done.code == 0, (words, done.err)
        assert sockets(trace) == set(), words


def test_reports_of_several_languages_in_one_seal_come_back_in_numbered_folders(
    made: Made, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    for name, language in (("a", Language.EN), ("b", Language.RU), ("c", Language.FA)):
        (many / name).mkdir(parents=True)
        text = f"---\nlanguage: {language}\n---\n{SAID[language]}\n"
        (many / name / f"report.{language}.md").write_text(text, "utf-8")
    texts = {
        f"{number:02}/{path.name}": path.read_bytes()
        for number, path in enumerate(sorted(many.rglob("*.md")), start=1)
    }
    done = made.desk("pack", many, "--as", "audiobook", "--json", "--out", tmp_path / "out")
    assert done.code == 0, done.err
    back = tmp_path / "text"
    done = made.desk("unpack", done.facts["output"], "--out", back, "--json")
    assert done.code == 0, done.err
    assert files(back) == texts


_PLAY = """
(async () => {
  const one = document.createElement(%r);
  one.src = %r;
  const met = name => new Promise((yes, no) => {
    one.addEventListener(name, yes, {once: true});
    one.addEventListener("error", () => no(one.error.message), {once: true});
  });
  document.body.append(one);
  await met("canplay");
  const there = met("seeked");
  one.currentTime = one.duration / 2;
  await there;
  one.muted = true;
  await one.play();
  await met("timeupdate");
  return [one.duration, one.videoWidth || 0, one.currentTime];
})()
"""


@pytest.mark.parametrize("look", ["movie", "series", "course", "album", "audiobook"])
def test_a_browser_plays_it_from_the_middle(
    made: Made, chromium: Chromium, tmp_path: Path, look: str
) -> None:
    """Most readers have nothing else that plays a file."""
    (tmp_path / "page.html").write_text("<!doctype html><body>")
    chromium.open(tmp_path / "page.html")
    found = Path(made.releases[look]["release"]).rglob("*")
    file = min(path for path in found if path.suffix in {".mp4", ".mp3", ".m4b"})
    element = "video" if file.suffix == ".mp4" else "audio"
    length, width, at = chromium.run(_PLAY % (element, file.as_uri()))

    assert length > 3
    assert (width > 0) == (element == "video")
    assert at > length / 2
