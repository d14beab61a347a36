"""The main job through the real command: a report in, a release out, nothing else."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import imageio_ffmpeg
import pytest
from commands import SAMPLE, Command, Done, throwaway
from guessit import guessit
from tools import tool

pytestmark = [pytest.mark.slow, pytest.mark.tool]
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SMALL = ("--as", "movie", "--quality", "480p", "--json")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def packed(desk: Command, brief: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    out = tmp_path_factory.mktemp("packed") / "out"
    done = desk("pack", brief, *SMALL, "--out", out, "--expires", "2026-06-30")
    assert done.code == 0, done.err
    assert done.err == ""
    return done


def release(done: Done) -> Path:
    return Path(done.facts["release"])


def film(done: Done) -> Path:
    return next(p for p in release(done).iterdir() if p.suffix in {".mp4", ".mkv"})


def test_the_folder_looks_like_a_film_release(packed: Done) -> None:
    folder = release(packed)
    names = sorted(path.name for path in folder.iterdir())

    assert names == sorted([f"{folder.name}.mp4", f"{folder.name}.nfo", "ReadMe.txt", "poster.jpg"])
    guess = guessit(f"{folder.name}.mp4")
    assert (guess["type"], guess["screen_size"], guess["container"]) == ("movie", "480p", "mp4")
    output = Path(packed.facts["output"])
    assert sorted(p.name for p in output.iterdir()) == sorted(
        [folder.name, f"{folder.name}.torrent", "handover", "recipe.json", "review.html"]
    )
    assert {p.stat().st_mtime for p in output.rglob("*")} == {315_619_200.0}


def test_the_facts_are_those_of_the_contract(packed: Done) -> None:
    keys = {"release", "output", "torrent", "magnet", "infohash_v1", "infohash_v2", "files"}

    assert keys | {"findings"} <= set(packed.facts)
    for one in packed.facts["files"]:
        assert set(one) == {"path", "size", "root"}
        assert (release(packed) / one["path"]).stat().st_size == one["size"]
    checks = {finding["check"] for finding in packed.facts["findings"]}
    assert {"short-film", "no-cover-film", "unreviewed-language"} <= checks


def test_ffmpeg_plays_it_without_a_word(packed: Done) -> None:
    done = subprocess.run(
        [FFMPEG, "-v", "warning", "-nostdin", "-i", film(packed), "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_mkvmerge_and_mediainfo_read_it(packed: Done) -> None:
    seen = json.loads(
        subprocess.run(
            [tool("mkvmerge"), "-J", film(packed)], capture_output=True, text=True, check=True
        ).stdout
    )
    assert (seen["errors"], seen["warnings"]) == ([], [])
    about = subprocess.run(
        [tool("mediainfo"), film(packed)], capture_output=True, text=True, check=True
    ).stdout
    for text in ("AVC", "AAC LC", "High@L", "854 pixels", "480 pixels", "Menu"):
        assert text in about
    assert "Lav" not in about


def test_nothing_of_the_author_or_the_camera_is_left(packed: Done, brief: Path) -> None:
    planted = (b"+48.2082", b"48.2082", b"Pixel", b"SampleCam", b"Lavc", b"Lavf", b"x264")
    report_words = ("Ostrel", "Ilka", "Tamsen", "Ostrel Lantern", "chromium")
    everything = [p for p in Path(packed.facts["output"]).rglob("*") if p.is_file()]
    travelling = [p for p in everything if release(packed) in p.parents]
    torrent = Path(packed.facts["torrent"])
    for path in [*travelling, torrent]:
        data = path.read_bytes()
        for marker in planted:
            assert marker not in data, (path.name, marker)
        for user in (os.environ.get("USER", "root").encode() + b"/", str(brief).encode()):
            assert user not in data
        if path != film(packed):
            for word in report_words:
                assert word.encode() not in data, (path.name, word)
                assert word.encode("utf-16-le") not in data
    for word in report_words:
        assert word.lower() not in str(release(packed)).lower()


def test_exiftool_finds_no_name_date_or_place(packed: Done) -> None:
    for path in release(packed).iterdir():
        listed = subprocess.run(
            [tool("exiftool"), "-a", "-G1", "-j", path], capture_output=True, text=True, check=True
        ).stdout
        tags = json.loads(listed)[0]
        for tag, value in tags.items():
            group, _, name = tag.partition(":")
            if group in {"System", "ExifTool", "File"} or tag == "SourceFile":
                continue
            assert not any(w in name for w in ("GPS", "Make", "Model", "Author", "Software")), tag
            if "Date" in name:
                assert value == "0000:00:00 00:00:00", tag


def test_torrent_readers_agree(packed: Done) -> None:
    shown = subprocess.run(
        [tool("transmission-show"), packed.facts["torrent"]],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert packed.facts["infohash_v1"] in shown
    assert "Created on: Unknown" in shown
    assert packed.facts["infohash_v1"] in packed.facts["magnet"]


def test_the_same_report_gives_the_same_infohash_anywhere(
    desk: Command, packed: Done, brief: Path, tmp_path: Path
) -> None:
    source = shutil.copytree(brief, tmp_path / "another name" / "report")
    for path in source.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    env = {"TZ": "Asia/Tehran", "LC_ALL": "C", "LANG": "C", "USER": "someone", "HOME": "/nowhere"}
    elsewhere = Command(desk.home, cwd=tmp_path, env=env, wrap=(tool("taskset"), "-c", "0"))

    done = elsewhere(
        "pack",
        "another name/report",
        *SMALL,
        "--expires",
        "2026-06-30",
        "--out",
        tmp_path / "x" / "y",
    )

    assert done.code == 0, done.err
    assert done.facts["infohash_v1"] == packed.facts["infohash_v1"]
    assert done.facts["magnet"] == packed.facts["magnet"]


def test_an_existing_release_is_not_touched(desk: Command, packed: Done, brief: Path) -> None:
    output = Path(packed.facts["output"])
    before = {p: p.stat().st_mtime_ns for p in output.rglob("*")}

    done = desk("pack", brief, *SMALL, "--out", output.parent)

    assert done.code == 4
    assert "already there" in done.err
    assert {p: p.stat().st_mtime_ns for p in output.rglob("*")} == before


def test_the_report_comes_back_byte_for_byte(
    packed: Done, desk: Command, brief: Path, tmp_path: Path
) -> None:
    done = desk("unpack", film(packed), "--out", tmp_path / "report", "--json")

    assert done.code == 0, done.err
    assert sorted(p.name for p in (tmp_path / "report").iterdir()) == ["report.md", "report.ru.md"]
    for path in (tmp_path / "report").iterdir():
        assert path.read_bytes() == (brief / path.name).read_bytes()


def test_a_reader_with_eight_words_needs_no_home(
    packed: Done, desk: Command, tmp_path: Path
) -> None:
    words = desk("publisher", "show", "--json").facts["words"]
    reader = Command(tmp_path / "empty")

    done = reader("verify", film(packed), "--words", words, "--json")

    assert (done.code, done.facts["verdict"], done.facts["reason"]) == (0, "genuine", "complete")
    assert (done.facts["serial"], done.facts["date"]) == (0, "2026-05-31")
    assert done.facts["expires"] == "2026-06-30"
    assert "until 2026-06-30" in done.facts["notes"][0], "the past warns and changes no verdict"
    assert not (tmp_path / "empty").exists()


def test_verify_and_pack_open_no_socket(
    packed: Done, desk: Command, brief: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    strace = (tool("strace"), "-f", "-qq", "--seccomp-bpf", "-e", "trace=%network")
    watched = Command(desk.home, wrap=(*strace, "-o", str(trace)))

    assert watched("verify", release(packed), "--json").code == 0
    assert "AF_" not in trace.read_text(encoding="utf-8")
    assert watched("pack", brief, *SMALL, "--out", tmp_path / "out").code == 0
    seen = trace.read_text(encoding="utf-8")
    assert not any(family in seen for family in ("AF_INET", "AF_INET6", "AF_PACKET"))


def at_work(folder: Path) -> list[int]:
    """Programs that stand in a folder; others, elsewhere, may pack too."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if str(place.readlink()).startswith(str(folder)):
                found.append(int(place.parent.name))
    return found


def test_interrupting_leaves_nothing_behind(desk: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    line = [sys.executable, "-m", "packager", "--home", str(desk.home), "pack", str(SAMPLE)]
    for number in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen(
            [*line, "--as", "movie", "--out", str(out)],
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            deadline = time.monotonic() + 30
            while not any(out.rglob("film.part")) and time.monotonic() < deadline:
                time.sleep(0.05)
            running.send_signal(number)
            assert running.wait(20) == 130
        assert not out.exists()
        assert at_work(out) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_leaves_nothing_behind(desk: Command, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "none", disk], check=True)
    try:
        done = desk("pack", SAMPLE, *SMALL, "--out", disk / "out")
        left = list(disk.iterdir())
    finally:
        subprocess.run(["umount", disk], check=True)

    assert (done.code, left) == (5, [])
    assert "the disk is full" in done.err


def test_a_secret_is_never_printed(tmp_path: Path) -> None:
    (tmp_path / "pass").write_text("a very secret phrase\n", encoding="utf-8")
    command = Command(tmp_path / "home")
    made = command("publisher", "new", "desk", "--passphrase-file", tmp_path / "pass", "--json")
    assert made.code == 0, made.err
    (tmp_path / "card").write_text(made.err.splitlines()[1], encoding="utf-8")
    assert command("publisher", "backup-check", "--words-file", tmp_path / "card").code == 0
    (tmp_path / "wrong").write_text("another\n", encoding="utf-8")
    wrong = ("--passphrase-file", tmp_path / "wrong")

    done = command("pack", SAMPLE, *SMALL, "--out", tmp_path / "out", *wrong)

    assert done.code == 4
    assert "passphrase does not open" in done.err
    said = made.out + made.err + done.out + done.err
    assert "secret phrase" not in said
    assert "another" not in said
    assert not (tmp_path / "out").exists()
