"""The second editor makes a release again, without its key."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import Command, Done, throwaway

pytestmark = [pytest.mark.tool, pytest.mark.slow]


@dataclass(frozen=True)
class Desks:
    """What the first editor made, and the computer of the second, who has only the words."""

    report: Path
    release: Path
    second: Command

    def rebuild(self, release: Path, source: Path | None = None, *words: str | Path) -> Done:
        return self.second("rebuild", release, source or self.report, *words, "--json")


@pytest.fixture(scope="module")
def desks(brief: Path, tmp_path_factory: pytest.TempPathFactory) -> Desks:
    root = tmp_path_factory.mktemp("desks")
    first = throwaway(root / "first")
    words = first("publisher", "show", "--json").facts["words"]
    options = ("--as", "movie", "--quality", "480p", "--readme", "full", "--also", "minisign")
    made = first("pack", brief, *options, "--out", root / "out", "--json")
    assert made.code == 0, made.err
    second = Command(root / "second")
    assert second("pin", "add", words, "--name", "theirs").code == 0
    return Desks(brief, Path(made.facts["output"]), second)


def test_the_same_report_gives_the_same_bytes(desks: Desks, tmp_path: Path) -> None:
    copy = shutil.copytree(desks.report, tmp_path / "elsewhere")

    done = desks.rebuild(desks.release, copy)

    assert done.code == 0, done.out
    assert (done.facts["verdict"], done.facts["reason"]) == ("genuine", "same-bytes")
    assert [one["same"] for one in done.facts["files"]] == [True] * 4
    assert not list(desks.release.parent.glob(".packager-*"))


def test_another_text_is_another_report(desks: Desks, tmp_path: Path) -> None:
    copy = shutil.copytree(desks.report, tmp_path / "changed")
    text = copy / "report.ru.md"
    text.write_text(text.read_text("utf-8") + "\nИ ещё одна строка.\n", "utf-8")

    done = desks.rebuild(desks.release, copy)

    assert (done.code, done.facts["reason"]) == (1, "another-report")


def other_words(report: Path, folder: Path) -> Path:
    """The same report with one subtitle changed: the texts that are sealed stay."""
    copy = shutil.copytree(report, folder / "cut")
    subtitles = copy / "report.en.srt"
    lines = subtitles.read_text("utf-8").splitlines(keepends=True)
    subtitles.write_text("".join([*lines[:2], "Something else.\n", *lines[3:]]), "utf-8")
    return copy


def test_another_subtitle_is_found_by_the_bytes(desks: Desks, tmp_path: Path) -> None:
    done = desks.rebuild(desks.release, other_words(desks.report, tmp_path))

    assert (done.code, done.facts["reason"]) == (1, "other-bytes")
    assert [one["path"] for one in done.facts["files"] if not one["same"]]


def test_other_tools_are_named_and_nothing_is_claimed(desks: Desks, tmp_path: Path) -> None:
    recipe = json.loads((desks.release / "recipe.json").read_text("utf-8"))
    recipe["toolchain"]["ffmpeg"] = "0" * 64
    other = tmp_path / "recipe.json"
    other.write_text(json.dumps(recipe), "utf-8")

    done = desks.rebuild(desks.release, other_words(desks.report, tmp_path), "--recipe", other)

    assert (done.code, done.facts["reason"]) == (3, "another-toolchain")
    assert done.facts["tools"][0].startswith("ffmpeg 0000")


def test_the_recipe_is_found_beside_the_folder_that_travels(desks: Desks) -> None:
    travelling = desks.release / desks.release.name

    done = desks.rebuild(travelling)

    assert done.code == 0


def test_without_any_recipe(desks: Desks, tmp_path: Path) -> None:
    alone = shutil.copytree(desks.release / desks.release.name, tmp_path / desks.release.name)

    done = desks.rebuild(alone)

    assert done.code == 3
    assert done.facts["reason"] in {"unknown-toolchain", "other-options"}


def test_a_broken_recipe_is_refused(desks: Desks, tmp_path: Path) -> None:
    for text in ("{}", "[]", '{"version": 2}', "no", '{"version": 1, "options": {"x": 1}}'):
        path = tmp_path / "recipe.json"
        path.write_text(text, "utf-8")
        done = desks.rebuild(desks.release, desks.report, "--recipe", path)
        assert done.code == 4
        assert "not a recipe" in done.err
    secret = (desks.release / "recipe.json").read_text("utf-8")
    assert str(desks.report) not in secret
    assert "/" not in json.loads(secret)["publisher"]


def test_what_is_not_genuine_is_not_rebuilt(desks: Desks, tmp_path: Path) -> None:
    copy = shutil.copytree(desks.release, tmp_path / desks.release.name)
    film = next((copy / copy.name).glob("*.mp4"))
    data = bytearray(film.read_bytes())
    data[len(data) // 2] ^= 1
    film.write_bytes(data)

    done = desks.rebuild(copy)

    assert done.code == 1
    assert "not genuine" in done.err
