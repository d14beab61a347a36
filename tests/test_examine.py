"""`packager audit` and `packager check` on finished releases, through the real command."""

import shutil
import subprocess
from pathlib import Path

import av
import imageio_ffmpeg
import pytest
from commands import SAMPLE, Command, Done, throwaway

from packager import torrent

pytestmark = [pytest.mark.slow, pytest.mark.tool]
ALWAYS = {"short-film", "rate-band", "plain-thumbnail", "unreviewed-language"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def packed(desk: Command, brief: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("packed") / "out"
    done = desk("pack", brief, "--as", "movie", "--quality", "480p", "--out", out, "--json")
    assert done.code == 0, done.err
    assert {"copied-picture", "report-words"}.isdisjoint(names(done))
    return Path(done.facts["output"])


@pytest.fixture
def copy(packed: Path, tmp_path: Path) -> Path:
    """A release that may be spoilt, as its author has it."""
    return shutil.copytree(packed, tmp_path / packed.name)


def names(done: Done) -> set[str]:
    return {one["check"] for one in done.facts["findings"]}


def test_a_finished_release_is_audited_as_it_was_packed(desk: Command, packed: Path) -> None:
    for path in (packed, packed / packed.name, packed / f"{packed.name}.torrent"):
        done = desk("audit", path, "--json")

        assert done.code == 0, done.out
        assert names(done) == ALWAYS
        for one in done.facts["findings"]:
            assert set(one) == {"check", "group", "severity", "path", "message"}


def test_one_file_alone_is_audited(desk: Command, packed: Path) -> None:
    done = desk("audit", packed / packed.name / f"{packed.name}.mp4", "--json")

    assert (done.code, names(done)) == (0, ALWAYS)


def test_without_words_it_says_what_it_cannot_check(packed: Path, tmp_path: Path) -> None:
    done = Command(tmp_path / "empty")("audit", packed, "--json")

    assert done.code == 0
    assert names(done) == (ALWAYS - {"unreviewed-language"}) | {"cannot-check"}
    note = next(one for one in done.facts["findings"] if one["check"] == "cannot-check")
    assert (note["severity"], "--words" in note["message"]) == ("note", True)


def test_strict_and_allow_decide_the_exit_code(desk: Command, packed: Path) -> None:
    allowed = [word for name in ALWAYS for word in ("--allow", name)]

    assert desk("audit", packed, "--strict").code == 1
    assert desk("audit", packed, "--strict", *allowed).code == 0
    assert desk("audit", packed, "--allow", "nonsense").code == 2


def test_words_of_the_report_are_found_in_names_and_torrents(desk: Command, copy: Path) -> None:
    film = copy / copy.name / f"{copy.name}.mp4"
    film.rename(film.with_name("Ilka.Tamsen.mp4"))
    path = copy / f"{copy.name}.torrent"
    fields = torrent.decode(path.read_bytes(), 1 << 20)
    assert isinstance(fields, dict)
    fields[b"comment"] = b"by Ilka Tamsen"
    fields[b"creation date"] = 1_700_000_000
    path.write_bytes(torrent.encode(fields))

    done = desk("audit", copy, "--json")

    assert done.code == 1
    told = {(one["check"], one["path"]) for one in done.facts["findings"]}
    assert ("report-words", "Ilka.Tamsen.mp4") in told
    assert ("report-words", f"{copy.name}.torrent") in told
    assert {"name-form", "torrent-fields", "torrent-files"} <= names(done)


def test_a_film_without_its_card_is_an_error(desk: Command, packed: Path, tmp_path: Path) -> None:
    film = packed / packed.name / f"{packed.name}.mp4"
    clean = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
    cut = ("-ss", "12", "-i", film, "-map", "0:V", "-map", "0:a", "-c", "copy", *clean)
    line = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *cut, tmp_path / "film.mp4")
    subprocess.run(line, check=True)

    done = desk("audit", tmp_path / "film.mp4", "--json")

    assert (done.code, "unsafe-file" in names(done)) == (1, False)
    assert "missing-disclosure" in names(done)


def test_nothing_of_an_unsafe_film_is_opened(desk: Command, tmp_path: Path) -> None:
    shutil.copyfile(SAMPLE / "clip.mp4", tmp_path / "film.mp4")

    done = desk("audit", tmp_path / "film.mp4", "--json")

    assert done.code == 1
    assert {"unsafe-file", "cannot-check"} <= names(done)


def test_an_unsafe_file_is_an_error_and_nothing_opens_it(desk: Command, copy: Path) -> None:
    (copy / copy.name / "player.exe").write_bytes(b"MZ" + bytes(1000))

    done = desk("audit", copy, "--json")

    assert done.code == 1
    assert {"unsafe-file", "torrent-files"} <= names(done)


def test_a_broken_film_says_so(desk: Command, copy: Path) -> None:
    film = copy / copy.name / f"{copy.name}.mp4"
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])

    done = desk("audit", copy, "--json")

    assert "unsafe-file" in names(done)
    assert "cannot-check" in names(done)


def test_a_torrent_alone_is_audited(desk: Command, copy: Path, tmp_path: Path) -> None:
    lone = tmp_path / "lone" / f"{copy.name}.torrent"
    lone.parent.mkdir()
    shutil.copyfile(copy / lone.name, lone)

    done = desk("audit", lone, "--json")

    assert (done.code, names(done)) == (0, {"cannot-check"})
    assert desk("check", lone).code == 4
    assert desk("audit", tmp_path / "nothing").code == 4


def test_check_answers_all_three_at_once(desk: Command, packed: Path, tmp_path: Path) -> None:
    done = desk("check", packed, "--json")

    verdict = desk("verify", packed, "--json").facts
    assert done.code == 0
    assert {key: done.facts[key] for key in verdict} == verdict
    safety = desk("safety", packed / packed.name, "--json").facts
    assert {key: done.facts[key] for key in safety} == safety == {"refused": [], "warnings": []}
    assert done.facts["findings"] == desk("audit", packed, "--json").facts["findings"]
    assert set(done.facts) == {*verdict, *safety, "findings"}
    stranger = Command(tmp_path / "empty")("check", packed, "--json")
    assert (stranger.code, stranger.facts["verdict"]) == (3, "cannot-tell")


def without_pictures(film: Path) -> bytes:
    """The film with noise for its pictures after the first three seconds."""
    data = bytearray(film.read_bytes())
    with av.open(film) as media:
        for packet in media.demux(media.streams.video[0]):
            if packet.pos and packet.pts and packet.pts * packet.time_base > 3:
                data[packet.pos + 5 : packet.pos + packet.size] = b"\xaa" * (packet.size - 5)
    return bytes(data)


def test_check_says_no_if_any_of_the_three_does(desk: Command, copy: Path) -> None:
    """Also where the changed byte is one that no decoder gets over."""
    film = copy / copy.name / f"{copy.name}.mp4"
    whole = film.read_bytes()
    film.write_bytes(without_pictures(film))
    broken = desk("check", copy, "--json")
    assert (broken.code, broken.facts["verdict"]) == (1, "not-genuine")
    assert "it is damaged" in str(broken.facts["findings"])
    half = len(whole) // 2
    film.write_bytes(whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :])

    altered = desk("check", copy, "--json")

    assert (altered.code, altered.facts["verdict"]) == (1, "not-genuine")
    film.write_bytes(whole)
    assert desk("check", copy).code == 0
    assert desk("check", copy, "--strict").code == 1
    (copy / copy.name / "page.html").write_text("<html>", encoding="utf-8")
    unsafe = desk("check", copy, "--json")
    assert (unsafe.code, bool(unsafe.facts["refused"])) == (1, True)


def test_people_read_lines(desk: Command, packed: Path) -> None:
    done = desk("check", packed)

    assert done.out.startswith("GENUINE")
    assert "Nothing in it can run." in done.out
    assert "warning: short-film (unreal)" in done.out
    assert done.out.splitlines()[-1].startswith("audit: 0 errors, ")
