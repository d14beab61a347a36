"""Finished sound: tags, chapters, loudness, and nothing of who made it."""

import io
import re
import shutil
import subprocess
from array import array
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import mutagen.id3
import mutagen.mp3
import mutagen.mp4
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tools import tool

from packager import probe, sound, survey
from packager.clip import Clip, clip_of
from packager.disguise.items import Chapter, Poster, Segment, SoundItem, SoundTags
from packager.errors import InputRefused
from packager.sound import levels, wash
from packager.values import Language, RelativePath

MP4: Any = mutagen.mp4.MP4  # the library's own types say next to nothing
MP3: Any = mutagen.mp3.MP3
ID3: Any = mutagen.id3.ID3
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SECRET = "Zzsecretzz"
TEXT = ("One sentence is enough.", "And here is one more of them.")
POSTER = Poster("Quiet Harbour", "Ann Lee", bytes(32), Language.EN)


def cover() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (10, 90, 120)).save(out, "JPEG")
    return out.getvalue()


def item(name: str, *segments: Segment, language: Language = Language.EN) -> SoundItem:
    book = name.endswith(".m4b")
    chapters = tuple(Chapter(f"Chapter {at + 1}; = #1", at) for at in range(len(segments)))
    tags = SoundTags("Тихо", "Ann Lee", "Quiet Harbour", "Ann Lee", 2, 9, 2019, "Folk")
    return SoundItem(
        path=RelativePath(name),
        language=language,
        seed=bytes(32),
        segments=segments,
        chapters=chapters if book else (),
        tags=tags,
        cover=POSTER,
        kbit=64 if book else 192,
        channels=1 if book else 2,
    )


def recording(folder: Path, name: str = "voice.ogg", *, loudness: float = 0.02) -> Clip:
    path = folder / name
    noise = f"anoisesrc=d=3:c=pink:seed=1:a={loudness}"
    words = ["-f", "lavfi", "-i", noise, "-metadata", f"artist={SECRET}", str(path)]
    subprocess.run([FFMPEG, "-v", "error", "-y", *words], check=True)
    return clip_of(path)


def make(work: Path, one: SoundItem, *media: Clip) -> sound.Sound:
    work.mkdir(exist_ok=True)
    return sound.make(one, (media,), cover(), work, lambda _done: None)


def loudness(path: Path) -> tuple[float, float]:
    """Mean and peak of the decoded sound, in dB below full scale."""
    words = [FFMPEG, "-i", str(path), "-map", "0:a", "-af", "astats", "-f", "null", "-"]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stderr
    overall = said.rpartition("Overall")[2]
    found = [re.search(rf"{name} level dB: (\S+)", overall) for name in ("RMS", "Peak")]
    mean, peak = (float(one[1]) for one in found if one)
    return mean, peak


def heard(path: Path, start: float, seconds: float) -> "array[int]":
    words = [FFMPEG, "-v", "error", "-ss", str(start), "-t", str(seconds), "-i", str(path)]
    raw = subprocess.run(
        [*words, "-map", "0:a", "-ac", "1", "-f", "s16le", "-"], check=True, capture_output=True
    )
    return array("h", raw.stdout)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return recording(tmp_path_factory.mktemp("media"))


SEGMENTS = (
    Segment(spoken=TEXT, pause=Fraction(1)),
    Segment(media=0, pause=Fraction(1)),
    Segment(spoken=("Привет.",), language=Language.RU),
    Segment(spoken=TEXT[:1]),
)


@pytest.fixture(scope="module", params=["track.mp3", "book.m4b"])
def made(
    request: pytest.FixtureRequest, media: Clip, tmp_path_factory: pytest.TempPathFactory
) -> sound.Sound:
    work = tmp_path_factory.mktemp("sound")
    return make(work, item(request.param, *SEGMENTS), media)


pytestmark = [pytest.mark.slow, pytest.mark.tool]


def test_it_lasts_as_long_as_its_pieces(made: sound.Sound) -> None:
    assert len(made.starts) == len(SEGMENTS) + 1
    assert list(made.starts) == sorted(set(made.starts))
    assert abs(made.starts[2] - made.starts[1] - 4) < Fraction(1, 20), "recording and pause"
    assert abs(probe.facts(made.path).duration - made.starts[-1]) < Fraction(1, 5)
    assert [path.name for path in made.path.parent.iterdir() if "piece" in path.name] == []


def test_speech_and_recordings_come_out_equally_loud_and_never_clip(made: sound.Sound) -> None:
    mean, peak = loudness(made.path)
    assert -23 < mean < -18
    assert -6 < peak < -0.5
    quiet = heard(made.path, float(made.starts[1]) + 3.3, 0.5)
    assert max(map(abs, quiet)) < 300, "the pause"
    spoken = heard(made.path, float(made.starts[0]), 2)
    recorded = heard(made.path, float(made.starts[1]) + 0.2, 2)
    for piece in (spoken, recorded):
        assert 1_500 < (sum(s * s for s in piece) / len(piece)) ** 0.5 < 7_000


def test_one_item_gives_the_same_bytes(made: sound.Sound, media: Clip, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.ogg"
    shutil.copyfile(media.untrusted_path, moved)
    name = f"other{made.path.suffix}"
    again = make(tmp_path / "work", item(name, *SEGMENTS), replace(media, untrusted_path=moved))
    assert again.path.read_bytes() == made.path.read_bytes()


def test_nothing_tells_who_or_what_made_it(made: sound.Sound) -> None:
    data = made.path.read_bytes()
    for trace in (SECRET, "Lavf", "Lavc", "LAME3", "LAME4", "SoundHandler", "TSSE", "ffmpeg"):
        assert trace.encode() not in data, trace
        assert trace.encode("utf-16-le") not in data, trace
    bits = bin(int.from_bytes(b"\1" + data))[3:]
    assert "".join(f"{byte:08b}" for byte in b"LAME4") not in bits, "at any bit"


def test_everything_in_it_is_of_use_to_a_player(made: sound.Sound, tmp_path: Path) -> None:
    shutil.copyfile(made.path, tmp_path / made.path.name)
    assert survey.refusals(tmp_path) == ()


def test_players_find_tags_cover_and_chapters(made: sound.Sound) -> None:
    if made.path.suffix == ".m4b":
        book = MP4(made.path)
        assert book.tags is not None
        assert book.tags["\xa9nam"] == ["Тихо"]
        assert book.tags["\xa9ART"] == book.tags["aART"] == ["Ann Lee"]
        assert book.tags["\xa9alb"] == ["Quiet Harbour"]
        assert book.tags["stik"] == [2]
        assert bytes(book.tags["covr"][0]) == cover()
        assert book.chapters is not None
        assert [one.title for one in book.chapters] == [f"Chapter {n}; = #1" for n in range(1, 5)]
        starts = [Fraction(one.start).limit_denominator(1000) for one in book.chapters]
        assert all(abs(a - b) < Fraction(1, 100) for a, b in zip(starts, made.starts, strict=False))
        return
    track = MP3(made.path)
    tags = ID3(made.path)
    assert tags.version == (2, 3, 0)
    assert track.info.bitrate_mode is mutagen.mp3.BitrateMode.VBR
    assert 90_000 < track.info.bitrate < 320_000
    assert (track.info.sample_rate, track.info.channels) == (44100, 2)
    texts = {key: str(tags[key]) for key in ("TIT2", "TPE1", "TALB", "TPE2", "TRCK", "TCON")}
    assert texts == {
        "TIT2": "Тихо",
        "TPE1": "Ann Lee",
        "TALB": "Quiet Harbour",
        "TPE2": "Ann Lee",
        "TRCK": "2/9",
        "TCON": "Folk",
    }
    (picture,) = tags.getall("APIC")
    assert (picture.type, picture.mime, picture.data) == (3, "image/jpeg", cover())
    assert abs(track.info.length - float(made.starts[-1])) < 0.1


def test_foreign_programs_read_it_without_a_warning(made: sound.Sound) -> None:
    exif = subprocess.run(
        [tool("exiftool"), "-G1", "-s", str(made.path)], capture_output=True, text=True, check=True
    )
    warnings = [row for row in exif.stdout.splitlines() if "Warning" in row]
    assert not [row for row in warnings if "ExtractEmbedded" not in row], "its hint on chapters"
    media = subprocess.run(
        [tool("mediainfo"), str(made.path)], capture_output=True, text=True, check=True
    )
    assert "onformance" not in media.stdout
    decoded = subprocess.run(
        [FFMPEG, "-v", "warning", "-i", str(made.path), "-map", "0:a", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    said = [row for row in decoded.stderr.splitlines() if "timescale not set" not in row]
    assert not said, "that one comes for every MP4 with a cover, whoever wrote it"
    if made.path.suffix == ".m4b":
        assert re.search(r"MediaType +: Audiobook", exif.stdout)
        assert re.search(r"MajorBrand +: .*M4B", exif.stdout)
    else:
        played = subprocess.run(
            [tool("mpg123"), "-t", str(made.path)], capture_output=True, text=True, check=True
        )
        assert not re.search("warning|error", played.stderr, re.IGNORECASE)


def test_a_film_gives_its_sound_and_says_so(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mkv"
    words = ["-f", "lavfi", "-i", "testsrc2=d=2:s=64x64", "-f", "lavfi", "-i", "sine=d=2"]
    subprocess.run([FFMPEG, "-v", "error", *words, str(clip)], check=True)
    film = clip_of(clip)
    done = make(tmp_path / "work", item("a.mp3", Segment(media=0)), film)
    assert any("only the sound" in note for note in done.notes)


def test_a_rough_voice_is_named(tmp_path: Path) -> None:
    arabic = Segment(spoken=("هذا تقرير مستقل.",))
    done = make(tmp_path / "work", item("a.m4b", arabic, language=Language.AR))
    assert any("voice for ar" in note for note in done.notes)


def test_a_silent_film_is_refused(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mkv"
    words = ["-f", "lavfi", "-i", "testsrc2=d=1:s=64x64"]
    subprocess.run([FFMPEG, "-v", "error", *words, str(clip)], check=True)
    silent = clip_of(clip)
    with pytest.raises(InputRefused, match="has no sound"):
        make(tmp_path / "work", item("a.mp3", Segment(media=0)), silent)
    assert not [p for p in (tmp_path / "work").iterdir() if p.suffix in {".mp3", ".wav"}]


def test_a_damaged_recording_leaves_nothing(media: Clip, tmp_path: Path) -> None:
    data = bytearray(media.untrusted_path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    broken = tmp_path / "broken.ogg"
    broken.write_bytes(data)
    with pytest.raises(InputRefused, match=r"recording|breaks off|damaged"):
        make(
            tmp_path / "work",
            item("a.mp3", Segment(media=0)),
            replace(media, untrusted_path=broken),
        )
    assert not [p for p in (tmp_path / "work").iterdir() if p.suffix in {".mp3", ".wav"}]


def test_a_very_long_recording_is_refused_before_it_is_read(media: Clip, tmp_path: Path) -> None:
    day = replace(media.facts, duration=Fraction(20 * 3600))
    with pytest.raises(InputRefused, match="lasts over 6 hours"):
        make(tmp_path / "work", item("a.mp3", Segment(media=0)), replace(media, facts=day))


@given(st.floats(-80, 0))
def test_the_gain_brings_every_level_to_the_target(level: float) -> None:
    said = f"frame:0\nlavfi.astats.Overall.RMS_level={level:.6f}\n"
    gain = levels.gain(said)
    assert -20 <= gain <= 30
    if -50 < level < 0:
        assert abs(level + gain - levels.TARGET) <= 0.051


@pytest.mark.parametrize("said", ["", "lavfi.astats.Overall.RMS_level=-inf\n", "nonsense"])
def test_silence_is_not_raised(said: str) -> None:
    assert levels.gain(said) == 0


@given(st.integers(0, 7), st.integers(5, 17), st.binary(max_size=40), st.binary(max_size=40))
def test_the_encoders_name_goes_at_any_bit(
    shift: int, length: int, before: bytes, behind: bytes
) -> None:
    name = wash._NAME[:length]
    marked = wash._shifted(name, shift, (8 - shift) % 8)
    data = bytearray(before + marked + behind)
    for mark_shift, mark in enumerate(wash._MARKS):
        for found in mark.finditer(bytes(data)):
            wash._blank(data, found.start() * 8 - (8 - mark_shift) % 8)
    bits = bin(int.from_bytes(b"\1" + bytes(data)))[3:]
    assert "".join(f"{byte:08b}" for byte in name) not in bits
    assert len(data) == len(before + marked + behind)
