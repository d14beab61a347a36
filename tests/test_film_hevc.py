"""HEVC that is copied: the camera's pictures, ours before and behind them, and no word of x265."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path

import clips
import films
import pytest
from commands import throwaway
from test_film_join import frames, inside
from tools import tool

from packager import film, probe
from packager.disguise.items import Container
from packager.errors import InputRefused

pytestmark = [pytest.mark.slow, pytest.mark.tool]

SIZE = (320, 180)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp() / "clips"
    folder.mkdir(exist_ok=True)
    return folder


def with_serial(clip: Path, folder: Path) -> Path:
    """The clip with a camera's number among the notes of its header and of its pictures."""
    data = clip.read_bytes()
    note = data.index(b"x265 (build")
    end = note + len(clips.SERIAL)
    path = folder / f"serial-{clip.name}"
    path.write_bytes(data[:note] + clips.SERIAL.encode() + data[end:])
    return path


@pytest.mark.parametrize("name", ["later.mp4", "later.mkv", "ten.mp4", "open.mp4"])
def test_every_picture_of_the_clip_is_the_same(tmp_path: Path, shelf: Path, name: str) -> None:
    clip = with_serial(clips.make(name, shelf), tmp_path)
    assert {clips.SERIAL} <= set(films.traces(clip)), "or nothing would be proved"
    plan = films.plan(Container.MKV, copy=True, frame=SIZE)
    made = films.make(tmp_path / "w", plan, [clip])
    assert clips.problems(made.path) == ""
    assert inside(frames(clip, tmp_path), frames(made.path, tmp_path)) == 1
    assert inside(films.pictures(clip), films.pictures(made.path)) == 1
    assert films.look(made.path, 2).getpixel((5, 5)) == pytest.approx((16, 20, 24), abs=4)
    end = films.look(made.path, float(made.starts[-1]) - 0.3).getpixel((5, 5))
    assert end == pytest.approx((16, 20, 24), abs=4)
    assert films.traces(made.path) == []
    given, facts = probe.facts(clip), probe.facts(made.path)
    assert facts.video is not None
    assert given.video is not None
    assert (facts.video.codec, facts.video.pixel_format) == ("hevc", given.video.pixel_format)


def test_two_clips_twice_are_the_same_file(tmp_path: Path, shelf: Path) -> None:
    paths = [clips.make(name, shelf) for name in ("later.mp4", "later.mkv")]
    plan = films.plan(Container.MKV, copy=True, frame=SIZE, clips=2)
    made = [films.make(tmp_path / name, plan, paths).path for name in "ab"]
    assert len({sha256(path.read_bytes()).digest() for path in made}) == 1
    for clip in paths:
        assert inside(frames(clip, tmp_path), frames(made[0], tmp_path)) >= 1
    assert clips.problems(made[0]) == ""
    told = json.loads(
        subprocess.run(
            [tool("mkvmerge"), "-J", str(made[0])], check=True, capture_output=True
        ).stdout
    )
    assert told["warnings"] == told["errors"] == told["global_tags"] == told["track_tags"] == []
    assert [track["type"] for track in told["tracks"]] == ["video", "audio", "subtitles"]


def test_sound_stays_with_its_picture(tmp_path: Path, shelf: Path) -> None:
    """A picture that starts behind its sound cannot be shifted unnoticed."""
    whole = str(clips.make("later.mp4", shelf))
    late = clips.run(
        [*("-itsoffset", "0.4", "-i", whole, "-i", whole), *"-map 0:v -map 1:a -c copy".split()],
        tmp_path / "late.mkv",
    )
    plan = films.plan(Container.MKV, copy=True, frame=SIZE)
    with pytest.raises(InputRefused, match="does not survive") as caught:
        films.make(tmp_path / "w", plan, [late])
    assert "--copy" in caught.value.hints[0]
    assert not list((tmp_path / "w").glob("film*"))


def test_a_seam_that_would_show_is_refused(tmp_path: Path, shelf: Path) -> None:
    """A clip that starts between key frames has nothing to be decoded by."""
    whole = clips.make("later.mkv", shelf)
    torn = clips.run(
        ["-i", str(whole), "-c", "copy", "-bsf:v", "noise=drop=lt(n\\,5)"], tmp_path / "torn.mkv"
    )
    plan = films.plan(Container.MKV, copy=True, frame=SIZE)
    with pytest.raises(InputRefused):
        films.make(tmp_path / "w", plan, [torn])
    assert not list((tmp_path / "w").glob("film*"))


def test_the_name_and_the_notes_are_true(tmp_path: Path, shelf: Path) -> None:
    desk = throwaway(tmp_path / "home")
    clip = clips.make("ten.mp4", shelf)
    done = desk("pack", clip, *"--as movie --copy --language en --json --out".split(), tmp_path)
    assert done.code == 0, done.err
    (film_file,) = tmp_path.glob("*/*/*.mkv")
    assert ".AAC2.0.H.265-" in film_file.name
    assert "H.265 / HEVC" in film_file.with_suffix(".nfo").read_text("utf-8")
    assert films.traces(film_file) == []
    audited = desk("audit", film_file.parent.parent, "--json").facts
    assert "name-tokens" not in {one["check"] for one in audited["findings"]}
    assert "betrays" not in {one["group"] for one in audited["findings"]}


def test_a_clip_that_leans_on_what_was_cut_off_is_refused(tmp_path: Path, shelf: Path) -> None:
    """It starts with a picture whose followers name others that stood before it."""
    whole = str(clips.make("open.mp4", shelf))
    cut = clips.run(["-ss", "1.5", "-i", whole, "-c", "copy"], tmp_path / "cut.mkv")
    again = clips.run(["-i", str(cut), "-c", "copy"], tmp_path / "again.mp4")
    assert probe.facts(again).duration > 1
    plan = films.plan(Container.MKV, copy=True, frame=SIZE)
    with pytest.raises(InputRefused):
        films.make(tmp_path / "w", plan, [again])
    assert not list((tmp_path / "w").glob("film*"))


def test_codecs_and_depths_are_not_mixed(shelf: Path) -> None:
    eight, ten, other = (
        probe.facts(clips.make(name, shelf)) for name in ("later.mp4", "ten.mp4", "plain.mp4")
    )
    assert film.copy_problem([eight, eight], Container.MKV) is None
    assert "differ" in (film.copy_problem([eight, ten], Container.MKV) or "")
    assert "differ" in (film.copy_problem([eight, other], Container.MKV) or "")
