"""When ffmpeg stops, the clip that it stops at is named, and what is wrong is not called damage."""

from collections.abc import Callable
from pathlib import Path

import clips
import films
import pytest

from packager import blame, subtitles
from packager.clip import Clip, clip_of
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed

TONE = "-f lavfi -i sine=d=4".split()


def test_too_many_clips_are_no_damage(tmp_path: Path) -> None:
    failure = ProgramFailed("ffmpeg", 245, "[h264 @ 0x1] pthread_create() failed: Resource busy")
    found = blame.explained(failure, [], tmp_path)

    assert isinstance(found, MachineFailed)
    assert "too many to be read at once" in found.fact


@pytest.mark.parametrize("parse", [subtitles.parse, subtitles.parse_vtt])
def test_an_invisible_sign_is_called_one(parse: Callable[[str, str], object]) -> None:
    comma = "," if parse is subtitles.parse else "."
    text = f"00:00:01{comma}000 --> 00:00:02{comma}000\nTw\u200bo\n"
    with pytest.raises(InputRefused, match=r"line \d+: a subtitle with an invisible sign, U\+200B"):
        parse("a.srt", text if parse is subtitles.parse else f"WEBVTT\n\n{text}")


@pytest.mark.slow
@pytest.mark.tool
def test_the_damaged_clip_of_several_is_named(tmp_path: Path) -> None:
    right = clips.make("plain.mp4", tmp_path)
    whole = bytearray(right.read_bytes())
    middle = len(whole) // 3
    whole[middle : middle + 20_000] = bytes(20_000)
    wrong = tmp_path / "yard.mp4"
    wrong.write_bytes(whole)

    with pytest.raises(InputRefused, match=r"^yard\.mp4 is damaged$") as caught:
        films.make(tmp_path / "w", films.plan(clips=3), [right, wrong, right])
    assert any("ffmpeg says" in hint for hint in caught.value.hints)


@pytest.mark.slow
@pytest.mark.tool
@pytest.mark.parametrize("more", [b"\xff\0junk" * 300, b"quill" * 9])
@pytest.mark.parametrize("name", ["a.flac", "a.mp3"])
def test_bytes_behind_a_sound_are_no_damage(tmp_path: Path, name: str, more: bytes) -> None:
    path = clips.run(TONE, tmp_path / name)
    assert _blamed(tmp_path, clip_of(path)) is None
    path.write_bytes(path.read_bytes() + more)

    found = _blamed(tmp_path, clip_of(path))

    assert found
    assert found.fact == f"{name} holds bytes at its end that are no sound"
    assert "write it anew" in found.hints[0]


def _blamed(work: Path, clip: Clip) -> InputRefused | None:
    return blame._first([clip], work, 0.9)


@pytest.mark.slow
@pytest.mark.tool
def test_a_hundred_clips_are_read_at_once(tmp_path: Path) -> None:
    words = "-f lavfi -i testsrc2=s=32x32:d=0.2 -f lavfi -i sine=d=0.2 -c:v libx264 -c:a aac"
    one = clips.run(words.split(), tmp_path / "00.mp4")
    made = films.make(tmp_path / "w", films.plan(clips=99, frame=(64, 48)), [one] * 99)

    assert made.duration > 15
