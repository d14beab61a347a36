"""A report becomes a book by the real command, and what travels is a book."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import books
import pytest
from commands import SAMPLE, Command, throwaway
from PIL import Image

from packager.values import Language

pytestmark = [pytest.mark.tool, pytest.mark.slow]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


def a_report(folder: Path, *languages: Language) -> Path:
    folder.mkdir(parents=True)
    for language in languages:
        text = books.source(language)
        (folder / f"report.{language}.md").write_text(text, "utf-8", newline="")
    photograph = Image.effect_noise((900, 600), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = "Ivan Canary"  # the artist
    photograph.save(folder / "pipe.jpg", exif=exif)
    photograph.quantize(8).save(folder / "map.png")
    return folder


def packed(desk: Command, report: Path, out: Path, *more: str) -> dict[str, Any]:
    done = desk("pack", report, "--as", "book", "--out", out, "--json", *more)
    assert done.code == 0, done.err
    return done.facts


def test_a_russian_report_becomes_a_shelf_of_files(desk: Command, tmp_path: Path) -> None:
    report = a_report(tmp_path / "report", Language.RU, Language.EN)
    facts = packed(desk, report, tmp_path / "out", "--language", "ru")
    again = packed(desk, report, tmp_path / "again", "--language", "ru")
    release = Path(facts["release"])
    names = sorted(path.name for path in release.iterdir())
    book = next(release.glob("*.epub"))

    assert facts["infohash_v1"] == again["infohash_v1"]
    assert {Path(name).suffix for name in names} == {".epub", ".fb2", ".jpg", ".txt"}
    assert " - " in book.stem
    assert release.name.startswith(book.stem)
    assert desk("verify", release, "--json").facts["verdict"] == "genuine"
    assert desk("safety", release, "--json").facts["refused"] == []
    audited = desk("audit", release, "--json")
    assert {one["check"] for one in audited.facts["findings"]} <= {"unreviewed-language"}
    assert all(b"Canary" not in path.read_bytes() for path in release.iterdir())

    back = desk("unpack", book, "--out", tmp_path / "back", "--json")

    assert back.code == 0, back.err
    for name in ("report.ru.md", "report.en.md"):
        assert (tmp_path / "back" / name).read_bytes() == (report / name).read_bytes()
    for name in ("pipe.jpg", "map.png"):
        with Image.open(tmp_path / "back" / name) as picture:
            assert picture.size == (900, 600)


@pytest.mark.parametrize("language", [Language.FA])
def test_a_book_in_other_languages_has_no_fb2(
    desk: Command, tmp_path: Path, language: Language
) -> None:
    facts = packed(desk, a_report(tmp_path / "report", language), tmp_path / "out")
    release = Path(facts["release"])
    book = next(release.glob("*.epub"))
    java = ["java", "-XX:TieredStopAtLevel=1", "-jar", "/usr/share/java/epubcheck.jar", str(book)]
    checked = subprocess.run(java, check=False, capture_output=True, text=True, timeout=120)

    assert not list(release.glob("*.fb2"))
    assert "No errors or warnings detected" in checked.stdout, checked.stderr


def test_several_reports_are_one_book(desk: Command, tmp_path: Path) -> None:
    for number in (1, 2):
        a_report(tmp_path / "season" / f"0{number}-part", Language.EN)
    facts = packed(desk, tmp_path / "season", tmp_path / "out")

    back = desk("unpack", facts["release"], "--out", tmp_path / "back", "--json")

    assert json.loads(back.out)["report"] == str(tmp_path / "back")
    for number in (1, 2):
        name = f"0{number}/report.en.md"
        source = tmp_path / "season" / f"0{number}-part" / "report.en.md"
        assert (tmp_path / "back" / name).read_bytes() == source.read_bytes()


def test_what_a_book_cannot_show_is_refused(desk: Command, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.md").write_text("---\nlanguage: en\n---\n")

    done = desk("pack", tmp_path / "report", "--as", "book", "--out", tmp_path / "out")

    assert done.code == 4
    assert "no text" in done.err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_lone_clip_becomes_a_book_of_its_scenes(desk: Command, tmp_path: Path) -> None:
    facts = packed(desk, SAMPLE / "clip.mp4", tmp_path / "out")
    book = next(Path(facts["release"]).glob("*.epub"))

    done = desk("unpack", book, "--out", tmp_path / "back", "--json")

    names = {Path(path).name for path in done.facts["files"]}
    assert names == {"report.md", "scene-01.jpg", "scene-02.jpg"}
    with Image.open(tmp_path / "back" / "scene-02.jpg") as picture:
        assert picture.size == (960, 540)
        assert len(picture.convert("L").getcolors() or [0] * 256) > 32


def test_a_clip_is_told_by_scenes_and_subtitles(desk: Command, tmp_path: Path) -> None:
    facts = packed(desk, SAMPLE, tmp_path / "out", "--language", "en")
    book = next(Path(facts["release"]).glob("*.epub"))
    with zipfile.ZipFile(book) as zipped:
        pages = [zipped.read(name).decode() for name in zipped.namelist() if "/c0" in name]
    spoken = (SAMPLE / "report.en.srt").read_text("utf-8").split("\n")[2]

    assert any(spoken.split(",")[0] in page and "<img" in page for page in pages)
    assert any("scenes and subtitles" in note for note in facts["notes"])


def test_remarks_that_go_along_are_told(desk: Command, tmp_path: Path) -> None:
    for number, (text, told) in enumerate(
        (
            ("---\ntitle: Bridge\nlanguage: en\n# ask Ann\n---\nWords.\n", True),
            ("---\ntitle: 'Bridge #3'\nlanguage: en\n---\n# Head\n\nWords.\n", False),
        )
    ):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "report.md").write_text(text, encoding="utf-8")
        facts = packed(desk, tmp_path / f"{number}", tmp_path / f"out{number}")
        assert any("remarks in report.md" in note for note in facts["notes"]) is told
