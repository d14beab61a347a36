"""What is found out about a clip, and which files are not even opened."""

import json
import os
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import clips
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager import ffmpeg, probe, seen
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed

pytestmark = pytest.mark.tool


@pytest.fixture(autouse=True)
def nothing_seen_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_SEEN", {})


KINDS = {"mov", "matroska", "avi", "mpegts", "mp3", "wav", "flac", "ogg"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp() / "clips"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize(
    ("name", "codec", "size", "rate", "sound"),
    [
        ("plain.mp4", "h264", (320, 180), "25", ("aac", 48000, "stereo")),
        ("plain.mkv", "h264", (320, 180), "25", ("aac", 48000, "stereo")),
        ("portrait.mp4", "h264", (180, 320), "25", ("aac", 48000, "stereo")),
        ("hevc.mp4", "hevc", (320, 180), "25", ("aac", 48000, "stereo")),
        ("vp9.webm", "vp9", (320, 180), "25", ("opus", 48000, "stereo")),
        ("silent.mp4", "h264", (320, 180), "25", None),
        ("surround.mp4", "h264", (320, 180), "25", ("aac", 48000, "5.1")),
        ("mono.mp4", "h264", (320, 180), "25", ("aac", 44100, "mono")),
        ("ntsc.mp4", "h264", (320, 180), "24000/1001", ("aac", 48000, "stereo")),
        ("fast.mp4", "h264", (320, 180), "60", ("aac", 48000, "stereo")),
        ("timecode.mov", "h264", (320, 180), "25", ("pcm_s16le", 48000, "stereo")),
        ("camera.mts", "h264", (320, 180), "25", ("ac3", 48000, "stereo")),
    ],
)
def test_facts(
    shelf: Path,
    name: str,
    codec: str,
    size: tuple[int, int],
    rate: str,
    sound: tuple[str, int, str] | None,
) -> None:
    path = clips.make(name, shelf)
    facts = probe.facts(path)
    video, audio = facts.video, facts.audio
    assert video is not None
    assert (video.codec, (video.width, video.height)) == (codec, size)
    assert video.rate == Fraction(rate)
    assert video.rotation == 0
    assert video.sample_aspect == 1
    assert not video.variable_rate
    assert not video.hdr
    assert (audio and (audio.codec, audio.sample_rate, audio.layout)) == sound
    assert facts.size == path.stat().st_size
    assert abs(facts.duration - 3) < Fraction(1, 10)


def test_what_makes_a_clip_special(shelf: Path) -> None:
    turned = probe.facts(clips.make("turned.mp4", shelf)).video
    uneven = probe.facts(clips.make("variable.mp4", shelf)).video
    deep = probe.facts(clips.make("deep.mkv", shelf)).video
    wide = probe.facts(clips.make("anamorphic.mp4", shelf)).video
    assert turned
    assert turned.rotation == 90
    assert uneven
    assert uneven.variable_rate
    assert deep
    assert (deep.pixel_format, deep.hdr) == ("yuv420p10le", True)
    assert wide
    assert wide.sample_aspect == Fraction(16, 11)


PLAYLISTS = [
    "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{canary}\n#EXT-X-ENDLIST\n",
    "ffconcat version 1.0\nfile {canary}\n",
    "<html>{canary}</html>",
    "[playlist]\nFile1={canary}\n",
    "<?xml version='1.0'?><MPD><BaseURL>{canary}</BaseURL></MPD>",
]


@pytest.mark.parametrize("text", PLAYLISTS)
def test_a_playlist_called_a_film_is_not_followed(tmp_path: Path, text: str) -> None:
    canary = tmp_path / "canary.ts"
    os.mkfifo(canary)  # whoever opens it waits for ever
    evil = tmp_path / "evil.mp4"
    evil.write_text(text.format(canary=canary))
    with pytest.raises(InputRefused, match="no film or sound"):
        probe.facts(evil)


def test_ffmpeg_itself_does_not_follow_one_either(tmp_path: Path, shelf: Path) -> None:
    clips.run(["-i", str(clips.make("plain.mp4", shelf))], tmp_path / "canary.mkv")
    evil = tmp_path / "evil.mp4"
    evil.write_text(PLAYLISTS[1].format(canary="canary.mkv"))
    assert clips.problems(evil) == "", "without our care ffmpeg plays the other file"
    stream = ffmpeg.source(evil, "mov")
    with pytest.raises(ProgramFailed):
        ffmpeg.run(stream["V:0"].output("out.mkv"), work=tmp_path, seconds=Fraction(3))


def test_only_plain_files_are_opened(tmp_path: Path, shelf: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "link.mp4").symlink_to(clips.make("plain.mp4", shelf))
    (tmp_path / "empty.mp4").touch()
    for name in ("pipe.mp4", "link.mp4", "empty.mp4", "missing.mp4", "."):
        with pytest.raises(InputRefused):
            probe.facts(tmp_path / name)
    with pytest.raises(InputRefused, match="not a plain file"):
        probe.facts(Path("/dev/zero"))


@pytest.mark.parametrize("name", ["plain.mp4", "front.mp4", "plain.mkv", "timecode.mov"])
@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_file_cut_short_is_refused(tmp_path: Path, shelf: Path, name: str, share: float) -> None:
    whole = clips.make(name, shelf).read_bytes()
    cut = tmp_path / name
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputRefused) as caught:
        probe.facts(cut)
    assert "cut short" in caught.value.fact or "no index" in caught.value.fact
    assert name in caught.value.fact


def test_a_giant_picture_is_refused(tmp_path: Path) -> None:
    words = ["-f", "lavfi", "-i", "color=s=8192x8192:r=1:d=1", "-c:v", "mjpeg"]
    with pytest.raises(InputRefused, match="40 megapixels"):
        probe.facts(clips.run(words, tmp_path / "giant.mkv"))


def test_what_stands_behind_the_last_box_is_no_matter(tmp_path: Path, shelf: Path) -> None:
    path = tmp_path / "trailing.mp4"
    path.write_bytes(clips.make("plain.mp4", shelf).read_bytes() + b"\xff" * 4000)
    assert probe.facts(path).video


@given(data=st.binary(max_size=400))
def test_bytes_are_of_a_kind_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("sniff") / "x"
    path.write_bytes(data)
    with suppress(InputRefused):
        assert probe.facts(path).demuxer in KINDS


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_index_never_becomes_a_foreign_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "clips"
    folder.mkdir(exist_ok=True)
    whole = bytearray(clips.make("front.mp4", folder).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, 4000))] = data.draw(st.integers(0, 255))
    path = folder / "damaged.mp4"
    path.write_bytes(whole)
    with suppress(InputRefused):
        assert probe.facts(path).duration > 0


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
@pytest.mark.parametrize("number", [4, 6, 7, 8, 11, 31])
def test_a_crash_of_a_decoder_is_a_refused_clip(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(probe, "CHILD", ("-c", f"import os; os.kill(os.getpid(), {number})"))
    with pytest.raises(InputRefused, match=r"plain.mp4: it makes the decoder crash"):
        probe.facts(clips.make("plain.mp4", shelf))


def test_a_hang_of_a_decoder_is_a_refused_clip(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "CHILD", ("-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(probe, "PATIENCE", 0.5)
    with pytest.raises(InputRefused, match=r"plain.mp4: it makes the decoder hang"):
        probe.tracks(clips.make("plain.mp4", shelf))


def test_a_library_that_does_not_load_is_no_fault_of_the_clip(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "CHILD", ("-c", "import no_such_library"))
    with pytest.raises(MachineFailed, match="does not work here") as caught:
        probe.facts(clips.make("plain.mp4", shelf))
    assert any("no_such_library" in hint for hint in caught.value.hints)


@pytest.mark.parametrize("kind", ["v", "a"])
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_hidden_original_is_refused(tmp_path: Path, suffix: str, kind: str) -> None:
    """An editor blurs a face or changes a voice, and leaves the first track in, switched off."""
    drawn = [["-f", "lavfi", "-i", f"testsrc2=s=64x64:r=25:d=0.4,hue=h={n}"] for n in (0, 90)]
    heard = [["-f", "lavfi", "-i", f"sine=frequency={n}:d=0.4"] for n in (440, 880)]
    inputs = [word for one in (*drawn, *heard) for word in one]
    maps = [word for n in range(4) for word in ("-map", str(n))]
    shown = [f"-disposition:{kind}:0", "0", f"-disposition:{kind}:1", "default"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    path = clips.run([*inputs, *maps, *codecs, *shown], tmp_path / f"edited.{suffix}")
    with pytest.raises(InputRefused, match="players hide") as caught:
        probe.facts(path)
    assert caught.value.hints
    plain = clips.run([*inputs, *maps, *codecs], tmp_path / f"plain.{suffix}")
    assert probe.facts(plain).audio


def test_a_crowd_of_streams_is_refused(tmp_path: Path) -> None:
    sound = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=0.2", "-c:a", "pcm_s16le"]
    path = clips.run([*sound, *["-map", "0:a"] * 65], tmp_path / "crowd.mkv")
    with pytest.raises(InputRefused, match="65 streams"):
        probe.facts(path)


TRUE: dict[str, object] = {
    "duration": 3_000_000,
    "streams": 2,
    "sounds": 1,
    "picture": {
        "index": 0, "codec": "h264", "pixel_format": "yuv420p", "profile": "High",
        "width": 320, "height": 180, "aspect": "1/1", "clock": "1/12800", "average": "25/1",
        "transfer": 2, "rotation": 0, "stamps": [0, 512, 1024],
        "trimmed": 0, "margin": 12,
    },
    "sound": {
        "codec": "aac", "rate": 48000, "channels": 2, "layout": "stereo", "profile": "LC",
    },
    "track": {"index": 1},
}  # fmt: skip
LIES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.lists(st.integers(), max_size=700),
    st.sampled_from(["1/0", "-1/3", "1e9", "x;y", "a,b=c", "9" * 40 + "/1", "\x1b[2J", "١/٢"]),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=3),
)


@given(data=st.data())
def test_what_the_child_says_is_a_fact_or_a_refusal(data: st.DataObject) -> None:
    answer = json.loads(json.dumps(TRUE))
    assert seen.parse(json.dumps(answer)).picture
    place = data.draw(st.sampled_from([answer, answer["picture"], answer["sound"]]))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(LIES)
    with suppress(InputRefused):
        found = seen.parse(json.dumps(answer))
        for word in (
            found.picture and found.picture.pixel_format,
            found.sound and found.sound.layout,
        ):
            assert not set(word or "") & set(";,'=[]\\%\x1b")


@given(text=st.text())
def test_noise_from_the_child_is_a_refusal(text: str) -> None:
    with pytest.raises(InputRefused):
        seen.parse(text)
