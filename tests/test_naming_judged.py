"""Programs that sort films and series read from our names what the plan says."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import PTT
import pytest
from guessit import guessit
from tools import tool

from packager.disguise import naming
from packager.values import Language

pytestmark = [pytest.mark.slow, pytest.mark.tool]

COUNT = 1000  # names of each kind, all languages and sizes in turn
FRAMES = ((1280, 720), (854, 480), (1920, 1080))
CYRILLIC = frozenset({Language.RU, Language.UK, Language.BE})
JUDGES = Path(__file__).parent / "judges"
PARSE = """
import { filenameParse } from "@ctrl/video-filename-parser";
import { readFileSync } from "node:fs";
const names = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(names.map(([name, series]) => filenameParse(name, series))));
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """A name and what must be read from it."""

    name: str
    language: Language
    title: str
    year: int | None
    season: int | None
    episode: int | None
    size: str
    group: str


def folded(title: object) -> str:
    return str(title).replace("-", " ").casefold()


def seed_of(number: int) -> bytes:
    return hashlib.sha256(b"judged" + number.to_bytes(4, "big")).digest()


def film(number: int) -> Planned:
    seed, language, frame, size, group = lot(number)
    title, year = naming.title(language, seed).filed, naming.year(seed)
    name = naming.release_name(title, year, frame, "AAC2.0", seed)
    return Planned(f"{name}.mp4", language, folded(title), year, None, None, size, group)


def one_episode(number: int) -> Planned:
    seed, language, frame, size, group = lot(number)
    title, season, at = naming.series(language, seed).filed, naming.season(seed), number % 24 + 1
    part = naming.episode(language, seed, at).filed
    name = naming.episode_name(title, (season, at), part, frame, "AAC2.0", seed)
    return Planned(f"{name}.mp4", language, folded(title), None, season, at, size, group)


def pack(number: int) -> Planned:
    seed, language, frame, size, group = lot(number)
    title, season = naming.series(language, seed).filed, naming.season(seed)
    name = naming.season_name(title, season, frame, "AAC2.0", seed)
    return Planned(name, language, folded(title), None, season, None, size, group)


def lot(number: int) -> tuple[bytes, Language, tuple[int, int], str, str]:
    seed, frame = seed_of(number), FRAMES[number % 3]
    language = tuple(Language)[number // 3 % len(Language)]
    return seed, language, frame, naming.size_class(frame), naming.group(seed)


@pytest.mark.parametrize("kind", [film, one_episode, pack])
def test_guessit_reads_the_plan(kind: Callable[[int], Planned]) -> None:
    for planned in map(kind, range(COUNT)):
        found = guessit(planned.name)
        assert found["type"] == ("movie" if planned.year else "episode"), planned
        assert folded(found["title"]) == planned.title, planned
        read = [found.get(field) for field in ("year", "season", "episode")]
        assert read == [planned.year, planned.season, planned.episode], planned
        assert found["screen_size"] == planned.size
        assert (found["video_codec"], found["audio_codec"]) == ("H.264", "AAC")
        assert found["release_group"] == planned.group


@pytest.mark.parametrize("kind", [film, one_episode, pack])
def test_ptt_reads_the_plan(kind: Callable[[int], Planned]) -> None:
    for planned in map(kind, range(COUNT)):
        found = PTT.parse_title(planned.name)
        assert folded(found["title"]) == planned.title, planned
        assert found.get("year") == planned.year
        assert found["seasons"] == listed(planned.season), planned
        assert found["episodes"] == listed(planned.episode), planned
        assert (found["resolution"], found["group"]) == (planned.size, planned.group)


def listed(number: int | None) -> list[int]:
    return [] if number is None else [number]


@pytest.fixture(scope="module")
def radarr_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which node finds @ctrl/video-filename-parser, which has Radarr's rules."""
    room = tmp_path_factory.mktemp("judges")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(JUDGES / name, room)
    made = subprocess.run(
        [tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=room, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    if made.returncode and os.environ.get("CI") != "true":
        pytest.skip("npm cannot install the judge here")
    assert made.returncode == 0, made.stderr
    return room


@pytest.mark.parametrize("kind", [film, one_episode, pack])
def test_radarrs_rules_read_the_plan(kind: Callable[[int], Planned], radarr_rules: Path) -> None:
    """Titles in Cyrillic are left out: the port's patterns know only ASCII letters as such."""
    plans = [kind(number) for number in range(COUNT)]
    names = json.dumps([[planned.name, planned.year is None] for planned in plans])
    answer = subprocess.run(
        [tool("node"), "--input-type=module", "-e", PARSE],
        cwd=radarr_rules, input=names, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    for planned, found in zip(plans, json.loads(answer.stdout), strict=True):
        if planned.language not in CYRILLIC:
            assert folded(found["title"]) == planned.title, planned
        assert found["year"] == (str(planned.year) if planned.year else None), planned
        assert found.get("seasons", []) == listed(planned.season), planned
        assert found.get("episodeNumbers", []) == listed(planned.episode), planned
        assert bool(found.get("fullSeason")) == (kind is pack), planned
        assert (found["resolution"], found["group"]) == (planned.size.upper(), planned.group)
