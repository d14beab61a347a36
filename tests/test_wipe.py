"""What is left on the computer: nothing of a broken run, and nothing after ``wipe``."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import SAMPLE, Command, throwaway

from packager import files


def test_a_workspace_in_use_is_not_swept(tmp_path: Path) -> None:
    with files.workspace(tmp_path) as used:
        left = tmp_path / ".packager-dead"
        left.mkdir()
        (left / "film.part").write_bytes(b"half")

        assert files.sweep(tmp_path) == (left,)
        assert used.is_dir()
        assert not left.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_followed_when_sweeping(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("x")
    out = tmp_path / "out"
    out.mkdir()
    (out / ".packager-link").symlink_to(elsewhere)

    assert files.sweep(out) == ()
    assert (elsewhere / "precious").exists()


@pytest.mark.tool
@pytest.mark.slow
def test_after_a_power_cut_the_next_run_cleans_and_tells(brief: Path, tmp_path: Path) -> None:
    desk = throwaway(tmp_path / "home")
    out = tmp_path / "out"
    words = ["--home", str(desk.home), "pack", str(SAMPLE), "--as", "movie", "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-m", "packager", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 30
        while not list(out.glob(".packager-*/bench/*/*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    left = list(out.glob(".packager-*"))
    assert len(left) == 1
    assert left[0].stat().st_mode & 0o777 == 0o700

    done = desk("pack", brief, "--as", "movie", "--quality", "480p", "--out", out, "--json")

    assert done.code == 0, done.err
    assert "removed 1 folders" in done.facts["notes"][0]
    assert not list(out.glob(".packager-*"))


@pytest.mark.slow
def test_wipe_removes_every_file_of_ours_and_no_other(tmp_path: Path) -> None:
    home = tmp_path / "home"
    desk = throwaway(home)
    words = desk("publisher", "show", "--json").facts["words"]
    other = throwaway(tmp_path / "second")
    assert other("pin", "add", words, "--name", "theirs").code == 0
    (home / "my notes.txt").write_text("not yours")
    elsewhere = tmp_path / "elsewhere.key"
    elsewhere.write_text("kept")
    (home / "publishers" / "link.key").symlink_to(elsewhere)
    before = {path for path in home.rglob("*") if path.is_file() or path.is_symlink()}

    told = desk("wipe")
    assert told.code == 2
    assert {path for path in home.rglob("*") if not path.is_dir()} == before
    done = desk("wipe", "--yes", "--json")

    assert done.code == 0, done.err
    assert [path.name for path in home.iterdir()] == ["my notes.txt"]
    assert done.facts["left"] == [str(home / "my notes.txt")]
    assert {*done.facts["removed"], str(home / "my notes.txt")} == set(map(str, before))
    assert len(done.facts["cannot"]) >= 5
    assert elsewhere.read_text() == "kept"
    assert other("wipe", "--yes").code == 0
    assert not (tmp_path / "second").exists()


@pytest.mark.slow
def test_wipe_overwrites_keys_before_they_go(tmp_path: Path) -> None:
    desk = throwaway(tmp_path / "home")
    key = next(desk.home.rglob("daily.key"))
    descriptor = os.open(key, os.O_RDONLY)
    size = os.fstat(descriptor).st_size
    try:
        assert desk("wipe", "--yes").code == 0
        assert os.pread(descriptor, 4096, 0) == bytes(size)
    finally:
        os.close(descriptor)


@pytest.mark.slow
def test_wipe_of_nothing_is_no_error(tmp_path: Path) -> None:
    done = Command(tmp_path / "never")("wipe", "--yes", "--json")
    assert (done.code, done.facts["removed"]) == (0, [])


@pytest.mark.slow
def test_a_running_node_keeps_its_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    throwaway(tmp_path / "second")
    lock = home / "seed" / "lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = Command(home)("wipe", "--yes")
    assert done.code == 4
    assert "node is running" in done.err
    assert lock.exists()
