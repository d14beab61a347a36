"""What may travel: the questions that no list of samples asks (tests/hostile has the lists)."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import sealed
from commands import Command
from hostile.build import MKV, MP3, MP4, NOISE, SRT, box, commented, in_segment, void
from hypothesis import example, given
from hypothesis import strategies as st

from packager import safety, subtitles, survey
from packager.container import armour, mp3, mp4
from packager.safety import Refusal, Rule, text
from packager.verify import Reason, Verdict, release

EPUB = sealed.media_bytes("epub")
LARGEST = 512 * 1024


def judged(
    path: str, data: bytes, exists: Callable[[str], bool] = lambda _: False
) -> tuple[Refusal, ...]:
    return safety.problems(path, len(data), lambda at, size: data[at : at + size], exists)


def rules(path: str, data: bytes) -> list[Rule]:
    return [one.rule for one in judged(path, data)]


def test_several_rules_at_once() -> None:
    found = rules("film.mp4.exe", b"MZ" + bytes(100))
    assert set(found) == {Rule.TYPE, Rule.DOUBLE_SUFFIX, Rule.PROGRAM}


def test_files_too_large_for_a_usb_stick() -> None:
    def read_at(at: int, size: int) -> bytes:
        return (b"\0\0\0\x14ftypisom" + bytes(99))[at : at + size]

    (refusal,) = safety.problems("film.mp4", 2**32, read_at, lambda _: False)
    assert refusal.rule is Rule.SIZE
    assert "FAT32" in refusal.message
    assert all(
        one.rule is not Rule.SIZE
        for one in safety.problems("film.mp4", 2**32 - 1, read_at, lambda _: False)
    )


def test_messages_cannot_steer_a_terminal() -> None:
    (name, kind) = judged("\x1b[2J.exe", b"aaaaa")
    assert "\x1b" not in name.message + name.path + kind.message
    assert name.rule is Rule.NAME


def test_folder_rules() -> None:
    assert safety.folder_problems(["a.txt", "Sub/a.txt", "b.txt"]) == ()
    (refusal,) = safety.folder_problems(["Film.srt", "b.txt", "film.SRT"])
    assert (refusal.rule, refusal.path) == (Rule.COLLISION, "film.SRT")
    (refusal,) = safety.folder_problems([f"{n}.txt" for n in range(safety.MAX_FILES + 1)])
    assert refusal.rule is Rule.COUNT


@given(st.binary(max_size=60), st.sampled_from(sorted(safety.ALLOWED)))
def test_any_bytes_get_an_answer(data: bytes, suffix: str) -> None:
    judged(f"film{suffix}", data)


@given(st.text(max_size=30), st.binary(max_size=10))
def test_any_name_gets_an_answer(name: str, data: bytes) -> None:
    judged(name, data)


def _in_mp3(body: bytes) -> bytes:
    return MP3 + mp3.header(len(body)) + body + mp3.suffix(len(body))


PLACES: dict[str, Callable[[bytes], bytes]] = {
    "mkv": lambda noise: in_segment(MKV, void(noise)),
    "mp4": lambda noise: MP4 + box(b"free", noise),
    "mp3": lambda noise: _in_mp3(armour.encode(noise)),
    "epub": lambda noise: commented(EPUB, armour.encode(noise[: 47 * 1024])),
}


@pytest.mark.parametrize("suffix", PLACES)
def test_noise_where_a_seal_can_be_is_a_warning(suffix: str) -> None:
    for size in (400, 5000, LARGEST):
        (warning,) = judged(f"film.{suffix}", PLACES[suffix](NOISE[:size]))
        assert (warning.rule, warning.is_warning) == (Rule.NOISE, True), size
    assert judged(f"film.{suffix}", PLACES[suffix](bytes(9000))) == ()


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mp3"])
def test_more_noise_than_any_seal_is_refused(suffix: str) -> None:
    (refusal,) = judged(f"film.{suffix}", PLACES[suffix](NOISE[: LARGEST + 1]))
    assert (refusal.rule, refusal.is_warning) == (Rule.HIDDEN, False)


@pytest.mark.slow
def test_noise_is_never_taken_for_text_or_text_for_noise() -> None:
    chance = random.Random(7)
    for size in (160, 300, 999, 4000, 70_000):
        for _ in range(40):
            (found,) = judged("film.mp4", MP4 + box(b"free", chance.randbytes(size)))
            assert found.rule is Rule.NOISE
            letters = bytes(chance.choices(b"abcdefghijklmnopqrstuvwxyz \n", k=size))
            (found,) = judged("film.mp4", MP4 + box(b"free", letters))
            assert found.rule is Rule.HIDDEN


@pytest.mark.slow
def test_who_trusts_the_publisher_is_not_warned(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "home")
    sealed.release(tmp_path / "release", desk)

    stranger = Command(tmp_path / "nobody")("safety", tmp_path / "release", "--json")
    reader = Command(tmp_path / "home")("safety", tmp_path / "release", "--json")

    assert (stranger.code, stranger.facts["refused"]) == (0, [])
    assert [one["rule"] for one in stranger.facts["warnings"]] == ["noise"]
    assert (reader.code, reader.facts) == (0, {"refused": [], "warnings": []})


def test_a_playlist_names_what_lies_in_the_same_folder(tmp_path: Path) -> None:
    (tmp_path / "CD1").mkdir()
    (tmp_path / "CD1" / "list.m3u8").write_text("01.mp3\n", encoding="utf-8")
    (tmp_path / "01.mp3").write_bytes(MP3)
    (refusal,) = survey.refusals(tmp_path)
    assert (refusal.path, refusal.rule) == ("CD1/list.m3u8", Rule.CONTENT)

    (tmp_path / "01.mp3").rename(tmp_path / "CD1" / "01.mp3")
    assert survey.refusals(tmp_path) == ()
    assert survey.refusals(tmp_path / "CD1" / "list.m3u8") == ()


def test_padding_of_a_torrent_is_no_part_of_a_release(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "home")
    folder = tmp_path / "release"
    sealed.release(folder, desk)
    (folder / ".pad").mkdir()
    (folder / ".pad" / "5000").write_bytes(bytes(5000))
    assert survey.refusals(folder) == ()
    assert release(folder, desk.home.pins()).verdict is Verdict.GENUINE

    (folder / ".pad" / "9").write_bytes(b"MZ1234567")
    found = release(folder, desk.home.pins())
    assert (found.verdict, found.reason) == (Verdict.NOT_GENUINE, Reason.UNSAFE)
    assert [one.rule for one in survey.refusals(folder)] == [Rule.NAME]


def test_a_torrent_lies_beside_a_release_and_never_in_it(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "home")
    sealed.release(tmp_path / "release", desk)
    (tmp_path / "release" / "more.torrent").write_bytes(b"d4:infodee")

    found = release(tmp_path / "release", desk.home.pins())

    assert (found.verdict, found.reason) == (Verdict.NOT_GENUINE, Reason.UNSAFE)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mp3", "epub"])
def test_no_damage_stops_the_search(suffix: str) -> None:
    chance = random.Random(suffix)
    clean = sealed.media_bytes(suffix)
    for _ in range(150):
        data = bytearray(clean)
        for _ in range(chance.randrange(1, 9)):
            data[min(int(chance.expovariate(0.002)), len(data) - 1)] = chance.randrange(256)
        judged(
            f"film.{suffix}", bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        )


@example("<")  # what a text begins with is ours, and never that
@given(st.text(max_size=700))
def test_what_we_write_of_foreign_words_is_safe(words: str) -> None:
    lines = subtitles.plain_lines(words)
    assert subtitles.are_plain(lines)
    assert rules("a.txt", (text.calmed(words).encode("utf-8", "replace") or b"x") + b"\n") in (
        [], [Rule.PROGRAM], [Rule.CONTENT], [Rule.ACTIVE]
    )  # fmt: skip


def test_boxes_without_end_take_no_time() -> None:
    data = b"\0\0\0\x10ftypisom" + bytes(4) + mp4.header(0) * 50_000
    assert len(judged("film.mp4", data)) <= 5


def test_subtitles_are_judged_by_what_is_written_again() -> None:
    assert judged("film.srt", SRT) == ()
    assert rules("film.srt", SRT.replace(b"Hello.", b" Hello.")) == [Rule.HIDDEN]
