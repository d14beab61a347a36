"""Films made in one pass, looked at by decoders and by tools that nobody here wrote."""

import io
import json
import os
import re
import subprocess
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import clips
import films
import pytest
from PIL import Image, ImageStat
from tools import tool

from packager import ffmpeg, film, probe
from packager.disguise.items import Container
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed

pytestmark = [pytest.mark.slow, pytest.mark.tool]

CAMERAS = [
    "plain.mp4", "turned.mp4", "portrait.mp4", "hevc.mp4", "vp9.webm", "variable.mp4",
    "silent.mp4", "surround.mp4", "mono.mp4", "deep.mkv", "ntsc.mp4", "fast.mp4", "timecode.mov",
    "anamorphic.mp4", "camera.mts",
]  # fmt: skip
RATES = {"ntsc.mp4": "24000/1001", "fast.mp4": "30", "variable.mp4": "24000/1001"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp() / "clips"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("container", list(Container))
@pytest.mark.parametrize("name", CAMERAS)
def test_any_clip_becomes_a_plain_film(
    tmp_path: Path, shelf: Path, name: str, container: Container
) -> None:
    clip = clips.make(name, shelf)
    made = films.make(tmp_path / "a", films.plan(container), [clip])
    facts = probe.facts(made.path)
    video, audio = facts.video, facts.audio
    assert video
    assert audio
    assert (video.codec, video.pixel_format, video.profile) == ("h264", "yuv420p", "High")
    assert (video.width, video.height, video.rotation) == (640, 360, 0)
    assert video.sample_aspect == 1
    assert video.rate == Fraction(RATES.get(name, "25"))
    assert not video.variable_rate
    assert (audio.codec, audio.sample_rate, audio.layout) == ("aac", 48000, "stereo")
    assert abs(facts.duration - made.starts[-1]) < Fraction(1, 5)
    assert clips.problems(made.path) == ""
    assert films.traces(made.path) == []


def woven_pictures(path: Path) -> int:
    """How many pictures of a film ffmpeg takes for two half pictures woven together."""
    done = subprocess.run(
        [ffmpeg.binary(), "-hide_banner", "-i", path, "-vf", "idet", "-an", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    counts = re.findall(r"Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+)", done.stderr)
    return sum(map(int, counts[-1]))


def test_a_camcorders_woven_pictures_are_taken_apart(tmp_path: Path, shelf: Path) -> None:
    clip = clips.make("interlaced.mts", shelf)
    made = films.make(tmp_path / "a", films.plan(), [clip])

    assert woven_pictures(clip) > 50
    assert woven_pictures(made.path) == 0


@pytest.mark.parametrize("name", ["plain.mp4", "hevc.mp4", "variable.mp4", "deep.mkv"])
@pytest.mark.parametrize("container", list(Container))
def test_the_same_again_is_the_same_file(
    tmp_path: Path, shelf: Path, name: str, container: Container
) -> None:
    clip = clips.make(name, shelf)
    digests = {
        sha256(
            films.make(tmp_path / place, films.plan(container), [clip]).path.read_bytes()
        ).digest()
        for place in ("first", "second place")
    }
    assert len(digests) == 1


@pytest.mark.tool
def test_one_processor_makes_the_same_file(tmp_path: Path, shelf: Path) -> None:
    clip = clips.make("fast.mp4", shelf)
    two = films.make(tmp_path / "two", films.plan(), [clip]).path.read_bytes()
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_of_them)})  # what we start inherits it
    try:
        one = films.make(tmp_path / "one", films.plan(), [clip]).path.read_bytes()
    finally:
        os.sched_setaffinity(0, all_of_them)
    assert one == two


def test_planted_traces_are_really_in_the_clips(shelf: Path) -> None:
    found = {word for name in CAMERAS for word in films.traces(clips.make(name, shelf))}
    assert found >= {
        clips.SERIAL, "+55.7558+037.6173", "Ivan Petrov", "Pixel 7 Pro", "Ivan cam",
        "Private diary", "Lavf", "Lavc", "x264 - core",
    }  # fmt: skip


def test_a_turned_clip_stands_upright(tmp_path: Path, shelf: Path) -> None:
    made = films.make(tmp_path / "w", films.plan(), [clips.make("turned.mp4", shelf)])
    shown = films.look(made.path, 4)
    assert _colour(shown, (20, 180)) == "black", "pillars beside a standing picture"
    assert _colour(shown, (240, 20)) == "red", "what was on the left is at the top"
    assert _colour(shown, (320, 340)) == "cyan"


def test_parts_stand_in_their_order(tmp_path: Path, shelf: Path) -> None:
    paths = [clips.make("plain.mp4", shelf), clips.make("portrait.mp4", shelf)]
    plan = films.plan(clips=2, cover=True)
    made = films.make(tmp_path / "w", plan, paths, clips.make("film.mp4", shelf))
    assert made.starts == tuple(map(Fraction, (0, 1, 3, 6, 9, 10, 14)))
    poster, card, second = (films.look(made.path, at) for at in (0, 2, 7))
    assert poster.getpixel((5, 5)) == pytest.approx((120, 40, 20), abs=4)
    assert card.getpixel((5, 5)) == pytest.approx((16, 20, 24), abs=4)
    assert _colour(second, (20, 180)) == "black"
    assert ImageStat.Stat(card.convert("L")).extrema[0][1] > 200, "it has white letters"
    assert ImageStat.Stat(films.look(made.path, 12)).stddev[0] > 40, "the cover film"


@pytest.mark.parametrize("container", list(Container))
def test_chapters_subtitles_and_languages(
    tmp_path: Path, shelf: Path, container: Container
) -> None:
    made = films.make(tmp_path / "w", films.plan(container), [clips.make("plain.mp4", shelf)])
    command = [tool("mediainfo"), "--Output=JSON", str(made.path)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    tracks = {track["@type"]: track for track in told["media"]["track"]}
    assert tracks["Text"]["Language"] == tracks["Audio"]["Language"] == "ru"
    assert "Encoded_Application" not in tracks["General"]
    assert ("UniqueID" in tracks["General"]) == (container is Container.MKV)
    report = tmp_path / "chapters.txt"
    clips.run(["-i", str(made.path), "-f", "ffmetadata"], report)
    assert "Глава 1" in report.read_text("utf-8")
    assert r"Глава 2\; \= \# \\" in report.read_text("utf-8")
    spoken = clips.run(["-i", str(made.path), "-map", "0:s:0"], tmp_path / "out.srt").read_text()
    assert "00:00:03,000 --> 00:00:04,500" in spoken, "moved to where the report starts"
    assert "--> 00:00:07,000" in spoken, "no longer than the film"


@pytest.mark.tool
def test_mkvmerge_has_nothing_to_say(tmp_path: Path, shelf: Path) -> None:
    clip = clips.make("plain.mp4", shelf)
    told = []
    for letter in b"ab":
        plan = films.plan(Container.MKV, seed=bytes([letter]) * 32)
        made = films.make(tmp_path / chr(letter), plan, [clip])
        done = subprocess.run(
            [tool("mkvmerge"), "-J", str(made.path)], check=True, capture_output=True
        )
        told.append(json.loads(done.stdout))
    for one in told:
        assert one["warnings"] == one["errors"] == one["global_tags"] == one["track_tags"] == []
        assert one["container"]["properties"]["writing_application"] == ""
    uids = {one["container"]["properties"]["segment_uid"] for one in told}
    uids |= {track["properties"]["uid"] for one in told for track in one["tracks"]}
    assert len(uids) == 8, "nothing links two packages"


def test_a_clip_damaged_inside_is_refused(tmp_path: Path, shelf: Path) -> None:
    whole = bytearray(clips.make("plain.mp4", shelf).read_bytes())
    middle = len(whole) // 3
    whole[middle : middle + 20_000] = bytes(20_000)
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(whole)
    with pytest.raises(InputRefused, match="damaged") as caught:
        films.make(tmp_path / "w", films.plan(), [damaged])
    assert any("ffmpeg says" in hint for hint in caught.value.hints)
    assert not list((tmp_path / "w").glob("film*"))


def test_a_clip_that_got_shorter_is_refused(tmp_path: Path, shelf: Path) -> None:
    clip = tmp_path / "clip.mts"
    clip.write_bytes(clips.make("camera.mts", shelf).read_bytes())
    plan = films.plan()
    ready = films.materials(plan, [clip])
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2 // 188 * 188])
    (tmp_path / "w").mkdir()
    with pytest.raises(InputRefused):
        film.make(plan, ready, tmp_path / "w", lambda _: None)
    assert not list((tmp_path / "w").glob("film*"))


def test_an_interruption_leaves_nothing(tmp_path: Path, shelf: Path) -> None:
    def stop(_: float) -> None:
        raise MachineFailed("stop")

    plan = films.plan()
    ready = films.materials(plan, [clips.make("plain.mp4", shelf)])
    with pytest.raises(MachineFailed, match="stop"):
        film.make(plan, ready, tmp_path, stop)
    assert not list(tmp_path.glob("film*"))


def test_fonts_are_ours_and_no_more_than_needed(tmp_path: Path) -> None:
    def names(text: str) -> set[str]:
        return {path.name for path in ffmpeg.fonts(tmp_path / str(len(text)), text).iterdir()}

    for length in (1, 2, 3, 4):
        (tmp_path / str(length)).mkdir()
    assert names("я") == {"NotoSans.ttf"}
    assert names("سل") == {"NotoSans.ttf", "NotoSansArabic.ttf"}
    assert names("ကခဂ") == {"NotoSans.ttf", "NotoSansMyanmar.ttf"}
    assert names("中文文字") == {"NotoSans.ttf", "NotoSansCJK.ttc"}
    assert (tmp_path / "4/fonts/NotoSansCJK.ttc").is_symlink(), "32 MB are not copied"


def test_stills_and_poster(tmp_path: Path, shelf: Path) -> None:
    made = films.make(tmp_path / "w", films.plan(), [clips.make("plain.mp4", shelf)])
    taken = film.stills(made.path, [Fraction(0), Fraction(4), Fraction(0)], tmp_path)
    greys = film.greys(made.path, [Fraction(4), Fraction(4), Fraction(0)], tmp_path)
    assert taken[0] == taken[2] != taken[1]
    assert greys[0] == greys[1] != greys[2]
    for jpeg in taken:
        assert Image.open(io.BytesIO(jpeg)).size == (480, 270)
    ground = io.BytesIO()
    Image.new("RGB", (1000, 1500), (10, 60, 90)).save(ground, "png")
    args = (ground.getvalue(), films.SCRIPT % "Северная линия", (1000, 1500), tmp_path)
    poster = film.poster_jpeg(*args)
    assert poster == film.poster_jpeg(*args)
    assert b"Lav" not in poster
    image = Image.open(io.BytesIO(poster))
    assert image.size == (1000, 1500)
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert image.getpixel((5, 5)) == pytest.approx((10, 60, 90), abs=4)


def test_many_stills_of_a_slow_film(tmp_path: Path, shelf: Path) -> None:
    clip = clips.make("slow.mp4", shelf)
    times = [Fraction(at, 6) for at in range(18)]
    for keys in (False, True):
        assert len(film.stills(clip, times, tmp_path, keys=keys)) == len(times)
        assert len(film.greys(clip, times, tmp_path, keys=keys)) == len(times)
    assert len(set(film.stills(clip, times, tmp_path))) == len(times)


def test_no_network_address_is_opened(tmp_path: Path) -> None:
    stream = ffmpeg.made("http://127.0.0.1:9/x.mp4", "mov")
    with pytest.raises(ProgramFailed) as caught:
        ffmpeg.run(stream["V:0"].output("out.mkv"), work=tmp_path, seconds=Fraction(1))
    assert "not on whitelist" in caught.value.stderr


def _colour(picture: Image.Image, at: tuple[int, int]) -> str:
    pixel = picture.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    names = {(0, 0, 0): "black", (1, 0, 0): "red", (0, 1, 1): "cyan"}
    return names.get(tuple(int(value > 127) for value in pixel), str(pixel))  # type: ignore[arg-type]
