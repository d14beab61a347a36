"""Sealed files of every kind play as before, for judges that nobody here wrote."""

import json
import subprocess
from pathlib import Path

import clips
import crafted
import pytest
import sealed
from tools import tool

from packager import container, ffmpeg, lone, verify
from packager.container import Kind, armour, mp3
from packager.errors import InputRefused, PackagerError, UsageMistake
from packager.verify import Verdict

ALL = ("mkv", "mp4", "m4a", "m4b", "mp3", "epub")
PLAYED = ("mkv", "mp4", "m4a", "m4b", "mp3")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk) -> Path:
    """Each kind as ``plain.EXT`` and as ``plain.sealed.EXT``."""
    folder = tmp_path_factory.mktemp("shelf")
    for suffix in ALL:
        plain = folder / f"plain.{suffix}"
        plain.write_bytes(sealed.media_bytes(suffix))
        lone.seal_file(plain, None, desk.publisher, desk.daily, date="2026-05-31", serial=3)
    return folder


def pair(shelf: Path, suffix: str) -> tuple[Path, Path]:
    return shelf / f"plain.{suffix}", shelf / f"plain.sealed.{suffix}"


def said(*command: str | Path) -> str:
    done = subprocess.run(command, check=False, timeout=60, capture_output=True, text=True)
    return done.stdout + done.stderr + f"code {done.returncode}"


@pytest.mark.parametrize("suffix", ALL)
def test_a_lone_sealed_file_is_genuine(shelf: Path, desk: sealed.Desk, suffix: str) -> None:
    result = verify.release(pair(shelf, suffix)[1], desk.home.pins())

    assert result.verdict is Verdict.GENUINE
    assert result.sealed
    assert result.sealed.seal
    stated = result.sealed.seal.manifest
    assert (stated.serial, stated.date, stated.disguise) == (3, "2026-05-31", "")
    assert stated.container == {"m4a": "mp4", "m4b": "mp4"}.get(suffix, suffix)


@pytest.mark.parametrize("suffix", ALL)
def test_unsealing_gives_back_the_original(
    shelf: Path, desk: sealed.Desk, tmp_path: Path, suffix: str
) -> None:
    plain, safe = pair(shelf, suffix)

    lone.unseal(safe, tmp_path / "original", desk.home.pins())

    assert (tmp_path / "original").read_bytes() == plain.read_bytes()


@pytest.mark.tool
@pytest.mark.parametrize("suffix", PLAYED)
def test_ffmpeg_decodes_the_same_without_a_new_warning(shelf: Path, suffix: str) -> None:
    sums = []
    for path in pair(shelf, suffix):
        command = [ffmpeg.binary(), "-nostdin", "-v", "error", "-i", path, "-f", "framemd5", "-"]
        sums.append(said(*map(str, command)))
    plain, safe = pair(shelf, suffix)

    assert sums[0] == sums[1]
    assert clips.problems(safe) == clips.problems(plain) == ""


@pytest.mark.tool
@pytest.mark.parametrize("suffix", PLAYED)
def test_mkvmerge_reads_it_as_before(shelf: Path, suffix: str) -> None:
    mkvmerge = tool("mkvmerge")
    facts = []
    for path in pair(shelf, suffix):
        found = json.loads(subprocess.check_output([mkvmerge, "-J", path], timeout=60))
        assert (found["warnings"], found["errors"]) == ([], [])
        facts.append((found["container"]["type"], found["tracks"]))

    assert facts[0] == facts[1]


@pytest.mark.tool
@pytest.mark.parametrize("suffix", ALL)
def test_mediainfo_sees_nothing_but_another_size(shelf: Path, suffix: str) -> None:
    mediainfo = tool("mediainfo")
    plain, safe = (said(mediainfo, path).splitlines() for path in pair(shelf, suffix))
    sizes = ("Complete name", "File size", "Overall bit rate", "Bit rate", "Stream size", "Source")
    news = [line for line in {*safe} ^ {*plain} if not line.startswith(sizes)]

    assert news == []


@pytest.mark.tool
def test_mpg123_plays_the_mp3_without_a_warning(shelf: Path) -> None:
    for path in pair(shelf, "mp3"):
        heard = said(tool("mpg123"), "-t", path)
        assert "arning" not in heard
        assert heard.endswith("code 0")


@pytest.mark.tool
@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(shelf: Path) -> None:
    heard = said(tool("java"), "-jar", tool("epubcheck"), pair(shelf, "epub")[1])

    assert "No errors or warnings detected" in heard
    assert heard.endswith("code 0")


@pytest.mark.tool
def test_unzip_has_nothing_to_say(shelf: Path) -> None:
    for path in pair(shelf, "epub"):  # a louder unzip prints the comment: that is where it is
        assert said(tool("unzip"), "-tqq", path) == "code 0"


def test_sealing_twice_and_over_a_file_is_refused(shelf: Path, desk: sealed.Desk) -> None:
    plain, safe = pair(shelf, "mkv")
    before = sorted(path.name for path in shelf.iterdir())

    with pytest.raises(InputRefused, match="already there"):
        lone.seal_file(plain, safe, desk.publisher, desk.daily)
    with pytest.raises(InputRefused, match="holds a seal"):
        lone.seal_file(safe, None, desk.publisher, desk.daily)
    with pytest.raises(UsageMistake, match="not a date"):
        lone.seal_file(plain, shelf / "new.mkv", desk.publisher, desk.daily, date="tuesday")
    assert sorted(path.name for path in shelf.iterdir()) == before


def test_the_same_file_gets_the_same_seal(shelf: Path, desk: sealed.Desk, tmp_path: Path) -> None:
    plain, safe = pair(shelf, "mp3")

    lone.seal_file(
        plain, tmp_path / safe.name, desk.publisher, desk.daily, date="2026-05-31", serial=3
    )

    assert (tmp_path / safe.name).read_bytes() == safe.read_bytes()


def test_only_genuine_files_are_unsealed(shelf: Path, desk: sealed.Desk, tmp_path: Path) -> None:
    for path, trusted in (
        (shelf / "plain.mp4", desk.home.pins()),
        (shelf / "plain.sealed.mp4", ()),
    ):
        with pytest.raises(PackagerError) as told:
            lone.unseal(path, tmp_path / "out", trusted)
        assert told.value.hints
    assert list(tmp_path.iterdir()) == []


TAG = b"TAG" + b"title".ljust(125, b"\0")
APE = mp3.header(8) + b"AAAABBBB" + mp3.suffix(8)


@pytest.mark.parametrize(
    ("suffix", "damage", "match"),
    [
        ("mp3", lambda data: data + TAG, "ID3v1"),
        ("mp3", lambda data: data + APE, "APE"),
        ("mp3", lambda data: data + b"x" * 99, "something else"),
        ("mp3", lambda data: data[:-20], "breaks off"),
        ("mp3", lambda data: b"ID3\x04\0\0\xff\xff\xff\xff" + data, "breaks off"),
        ("epub", lambda data: data[:-2] + b"\x04\0note", "has a comment"),
        ("epub", lambda data: data + b"x", "followed"),
        ("epub", lambda data: data[:-30], "followed"),
        ("mp4", lambda data: data[:-5], "does not end"),
        ("mp4", lambda data: data + b"\0\0\0\0mdat", "no size"),
        ("mkv", lambda data: data + b"x", "does not end"),
        ("mkv", lambda data: data[:-1], "does not end"),
    ],
)
def test_what_cannot_be_sealed_is_refused_with_a_way_out(
    tmp_path: Path, desk: sealed.Desk, suffix: str, damage: object, match: str
) -> None:
    assert callable(damage)
    path = tmp_path / f"odd.{suffix}"
    path.write_bytes(damage(sealed.media_bytes(suffix)))

    with pytest.raises(InputRefused, match=match) as told:
        lone.seal_file(path, None, desk.publisher, desk.daily)

    assert told.value.hints
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_text_is_not_sealed(tmp_path: Path, desk: sealed.Desk) -> None:
    (tmp_path / "a.txt").write_text("hello", encoding="utf-8")

    with pytest.raises(InputRefused, match="no seal can be put"):
        lone.seal_file(tmp_path / "a.txt", None, desk.publisher, desk.daily)


def test_an_mp3_without_a_note_of_its_size_takes_a_small_seal_only() -> None:
    data = sealed.media_bytes("mp3")
    frames = data[mp3.audio_start(lambda at, size: data[at : at + size]) or 0 :]
    bare = frames[mp3.frame_length(frames[:4]) :]

    def read_at(at: int, size: int) -> bytes:
        return bare[at : at + size]

    assert Kind.MP3.patch(read_at, len(bare), 4000) is None
    with pytest.raises(InputRefused, match="16th"):
        Kind.MP3.patch(read_at, len(bare), len(bare) // 16)


@pytest.mark.parametrize("text", [b"AA==", b"AAA=", b"AAAA", b"/+8="])
def test_armour_has_one_spelling(text: bytes) -> None:
    payload = armour.decode(text)

    assert payload is not None
    assert armour.encode(payload) == text
    assert armour.length(len(payload)) == len(text)


@pytest.mark.parametrize(
    "text", [b"AB==", b"AA=", b"AA", b"AA==\n", b" AA==", b"AA==AA==", b"_-8=", b"\xffA=="]
)
def test_other_spellings_are_no_payload(text: bytes) -> None:
    assert armour.decode(text) is None


@pytest.mark.parametrize("suffix", ALL)
def test_the_walk_and_the_tail_find_the_same_place(shelf: Path, suffix: str) -> None:
    data = pair(shelf, suffix)[1].read_bytes()

    def read_at(at: int, size: int) -> bytes:
        return data[at : at + size]

    kind = container.kind_of(data[: container.HEAD])
    assert kind
    layout = container.walk(kind, read_at, len(data))
    assert layout.end == len(data)
    assert container.at_tail(kind, read_at, len(data), 2**21) == layout.slots[-1]
    slot = layout.slots[-1]
    assert data[slot.end :] == kind.suffix(slot.length)
    assert data[: slot.start].endswith(kind.header(slot.length))


def test_no_segment_is_made_smaller_than_nothing() -> None:
    data = crafted.plain(Kind.MKV)
    with pytest.raises(InputRefused):
        Kind.MKV.restore(lambda at, size: data[at : at + size], container.Slot(20, len(data)))
