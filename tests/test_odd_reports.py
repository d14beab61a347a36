"""Odd material through the real command: a clear answer each, and nothing half made."""

import json
from dataclasses import dataclass
from pathlib import Path

import clips
import pytest
from commands import Command, Done, throwaway
from PIL import Image

pytestmark = [pytest.mark.tool, pytest.mark.slow]
WATER = "The water is brown. Nobody says why.\n"


@dataclass(frozen=True)
class Desk:
    """A newsroom that packs whatever it has."""

    command: Command
    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def report(self, body: str, name: str = "odd", front: str = "language: en\n") -> Path:
        source = self.folder / name
        source.mkdir(parents=True)
        (source / "report.md").write_text(f"---\n{front}---\n{body}", "utf-8")
        return source

    def pack(self, source: Path, look: str, *words: str) -> Done:
        fixed = ("--out", self.out, "--quality", "480p", "--json")
        return self.command("pack", source, "--as", look, *fixed, *words)

    def refused(self, source: Path, look: str = "all", *words: str) -> str:
        """What is said, once, when nothing can be made of ``source``."""
        done = self.pack(source, look, *words)
        assert done.code == 4, done.out + done.err
        assert done.err.count("error: ") == 1
        assert "hint: " in done.err
        assert not self.out.exists() or not list(self.out.iterdir())
        return str(done.facts["error"])

    def plans(self, source: Path) -> dict[str, str]:
        """The looks that are possible with "", and why the others are not."""
        plans = json.loads(self.pack(source, "all", "--plan").out)["plans"]
        assert not self.out.exists()
        return {one["disguise"]: one.get("error", "") for one in plans}


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


@pytest.fixture
def desk(command: Command, tmp_path: Path) -> Desk:
    return Desk(command, tmp_path)


def test_a_text_may_be_as_long_as_a_seal_holds(desk: Desk) -> None:
    words = ("water " * 100 + "\n\n") * 435
    whole = desk.report(words)
    assert 261_000 < (whole / "report.md").stat().st_size <= 262_144
    assert not any(desk.plans(whole).values())

    longer = desk.report(words * 5, "longer")
    assert "the limit is 262144" in desk.refused(longer)


def test_a_language_without_words_of_ours(desk: Desk) -> None:
    said = desk.refused(desk.report(WATER, front="language: pt\n"))

    assert said == "report.md line 2: no templates for the language 'pt'"


def test_pictures_that_nobody_can_show(desk: Desk) -> None:
    source = desk.report(WATER + "\n![](p.png)\n")
    picture = source / "p.png"

    assert "line 6" in desk.refused(source)
    picture.write_bytes(b"not a picture")
    assert "p.png: this is no picture" in desk.refused(source, "book")
    Image.effect_noise((200, 200), 80).save(picture)
    picture.write_bytes(picture.read_bytes()[:20_000])
    assert "p.png: it is damaged or cut short" in desk.refused(source, "book")
    Image.new("1", (20_000, 20_000)).save(picture)
    for look in ("book", "movie"):
        assert "too many pixels: 20000 x 20000" in desk.refused(source, look)


def test_one_of_many_reports_is_broken_and_named(desk: Desk) -> None:
    for name in "ac":
        desk.report(WATER, f"many/{name}")
    broken = desk.report(WATER, "many/b", "language: en\nmood: low\n")
    many = broken.parent

    assert f"in '{broken}': report.md line 3: unknown key 'mood'" in desk.refused(many)
    (broken / "report.md").rename(broken / "text.md")
    assert f"'{broken}' holds no report.md" in desk.refused(many)
    (broken / "text.md").unlink()
    broken.rmdir()
    broken.symlink_to(many / "a")
    assert f"'{broken}' is a link" in desk.refused(many)


def test_a_translation_is_not_lost_by_its_name(desk: Desk) -> None:
    source = desk.report(WATER)
    (source / "report.zh-CN.md").write_text("---\nlanguage: zh\n---\n水。\n", "utf-8")

    assert "report.zh-CN.md' is no name that a text of the report has" in desk.refused(source)


def test_folders_of_reports_are_all_looks_but_a_film(desk: Desk) -> None:
    names = ("01 first", "второй. день", "c.3 ..x")
    front = "title: The same\nlanguage: en\n"
    sources = [desk.report(WATER, f"три отчёта/{name}", front) for name in names]

    plans = desk.plans(sources[0].parent)

    assert "a film holds one report, and these are 3" in plans.pop("movie")
    assert not any(plans.values())


def test_what_is_nearly_nothing(desk: Desk) -> None:
    nothing = desk.plans(desk.report("", "nothing"))
    assert all(nothing.values())
    assert not any(desk.plans(desk.report("# Only this\n", "heading")).values())
    assert not any(desk.plans(desk.report("| a | b |\n|---|---|\n| 1 | 2 |\n", "table")).values())

    source = desk.report("![](p.png)\n", "picture")
    Image.new("RGB", (64, 48), "red").save(source / "p.png")
    plans = desk.plans(source)

    assert [look for look, problem in plans.items() if problem] == ["album", "audiobook"]
    assert "nothing to listen to" in plans["album"]


def test_emoji_and_mixed_directions_are_shown_and_come_back(desk: Desk) -> None:
    said = "# שלום lake 1\ufe0f\u20e3\n\nمياه means water, 水 too. \U0001f468\u200d\U0001f467\n"
    source = desk.report(said, front='title: "\U0001f41f Fish بحيرة"\nlanguage: en\n')
    for look in ("book", "movie"):
        done = desk.pack(source, look)
        assert done.code == 0, done.err
        back = desk.folder / look
        assert desk.command("unpack", done.facts["output"], "--out", back).code == 0
        assert (back / "report.md").read_bytes() == (source / "report.md").read_bytes()


def test_clips_that_are_hardly_any(desk: Desk) -> None:
    silent = desk.report(WATER, "silent")
    clips.run(["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=1"], silent / "a.mp4")
    short = desk.report(WATER, "short")
    both = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.2", "-f", "lavfi", "-i", "sine=d=0.2"]
    clips.run(both, short / "a.mp4")

    plans = desk.plans(silent)

    assert [look for look, problem in plans.items() if problem] == ["album", "audiobook"]
    assert "has no sound" in plans["album"]
    assert not any(desk.plans(short).values())
