"""What a media file shows of itself besides its picture and sound."""

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sealed import film_bytes, sound_bytes

from packager import probe, traits
from packager.errors import InputRefused

FFMPEG = (imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y")
CHAPTERS = """;FFMETADATA1
artist=Somebody
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1000
title=Chapter 1
[CHAPTER]
TIMEBASE=1/1000
START=1500
END=2000
title=Chapter 2
"""


def traits_of(path: Path) -> traits.Traits:
    with probe.looking(path) as looked:
        return looked()[1]


def ffmpeg(*words: str | Path) -> None:
    subprocess.run([*FFMPEG, *map(str, words)], check=True)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(film_bytes("mp4"))
    return path


@pytest.mark.tool
def test_tags_chapters_and_streams_are_seen(tmp_path: Path, film: Path) -> None:
    (tmp_path / "meta.txt").write_text(CHAPTERS, encoding="utf-8")
    both = ("-i", film, "-i", tmp_path / "meta.txt", "-map", "0", "-map_metadata", "1")
    ffmpeg(*both, "-c", "copy", tmp_path / "marked.mp4")

    found = traits_of(tmp_path / "marked.mp4")

    assert found.tag("artist") == "Somebody"
    assert found.tag("encoder").startswith("Lavf")
    marks = [(one.start, one.title) for one in found.chapters]
    assert marks == [(Fraction(0), "Chapter 1"), (Fraction(3, 2), "Chapter 2")]
    picture, sound, names = found.streams
    assert (picture.kind, picture.codec, picture.level) == ("video", "h264", 12)
    assert (sound.kind, sound.codec, sound.profile) == ("audio", "aac", "LC")
    assert names.kind == "data", "MP4 keeps the names of chapters in a stream"


@pytest.mark.tool
def test_a_cover_is_no_picture_that_plays(tmp_path: Path) -> None:
    (tmp_path / "sound.m4b").write_bytes(sound_bytes("m4b", 2))
    ffmpeg("-f", "lavfi", "-i", "color=s=400x400", "-frames:v", "1", tmp_path / "cover.jpg")
    both = ("-i", tmp_path / "sound.m4b", "-i", tmp_path / "cover.jpg", "-map", "0:a", "-map", "1")
    marks = ("-disposition:v", "attached_pic", "-metadata", "media_type=2", "-brand", "M4B ")
    ffmpeg(*both, "-c", "copy", *marks, "-f", "ipod", tmp_path / "book.m4b")

    found = traits_of(tmp_path / "book.m4b")

    assert found.cover
    assert (found.cover.width, found.cover.height) == (400, 400)
    assert (found.tag("major_brand"), found.tag("media_type")) == ("M4B ", "2")
    assert sum(found.windows) > 1000, "of the sound"


@pytest.mark.tool
def test_the_index_and_the_packets_say_the_same_bytes(tmp_path: Path) -> None:
    size = "s=320x180:r=25:d=34"
    ffmpeg("-f", "lavfi", "-i", f"testsrc2={size}", "-c:v", "libx264", tmp_path / "film.mp4")
    ffmpeg("-i", tmp_path / "film.mp4", "-c", "copy", tmp_path / "film.mkv")

    index, packets = (traits_of(tmp_path / name).windows for name in ("film.mp4", "film.mkv"))

    assert len(index) == 4
    assert sum(index) == sum(packets)
    assert all(abs(a - b) < a / 10 for a, b in zip(index, packets, strict=True))


@pytest.mark.tool
def test_a_file_cut_short_shows_nothing(tmp_path: Path, film: Path) -> None:
    (tmp_path / "half.mp4").write_bytes(film.read_bytes()[:5000])

    with pytest.raises(InputRefused):
        traits_of(tmp_path / "half.mp4")


ANSWER = {"tags": {"Title": "x\u202e"}, "streams": [], "chapters": [], "windows": [1]}


def test_keys_are_folded_and_texts_made_printable() -> None:
    assert traits.parse(json.dumps(ANSWER)).tags == (("title", "x\\u202e"),)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*ANSWER, "kind", "start", "title"]), inner, max_size=5
            )
        ),
    )
)
def test_whatever_the_child_says_is_traits_or_a_refusal(value: object) -> None:
    for text in (json.dumps(value), json.dumps(ANSWER | {"streams": [value]})):
        try:
            found = traits.parse(text)
        except InputRefused:
            continue
        assert len(found.windows) <= traits.MAX_WINDOWS
