"""Where unfinished files lie: in memory only, if asked; and gone at the end, whatever happens."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import SAMPLE, Command, throwaway
from tools import tool

from packager import files, workroom
from packager.errors import MachineFailed
from packager.workroom import Place

_SHM = Path("/dev/shm")  # noqa: S108 -- what is tested
_SWAPS = """Filename\tType\tSize\tUsed\tPriority
/dev/zram0 partition 1 0 100
/dev/dm-1 partition 1 0 -2
/dev/dm-2 partition 1 0 -2
/swapfile file 1 0 -3
"""
_MOUNTS = """24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 25 0:27 / /dev/shm rw,nosuid - tmpfs tmpfs rw,size=24684084k
31 25 0:28 / /run/user/1000 rw shared:5 master:2 - tmpfs tmpfs rw
"""


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory that is this test's alone, as a user's own is."""
    if not _SHM.is_dir():
        pytest.skip("no /dev/shm")
    with tempfile.TemporaryDirectory(dir=_SHM, prefix="test-") as folder:
        yield Path(folder)


def test_swap_that_cannot_be_read_later_is_told_from_other(tmp_path: Path) -> None:
    for name, uuid in (("dm-1", "CRYPT-PLAIN-swap"), ("dm-2", "LVM-abc")):
        (tmp_path / name / "dm").mkdir(parents=True)
        (tmp_path / name / "dm" / "uuid").write_text(f"{uuid}\n")

    assert workroom.unsafe_swaps(_SWAPS, tmp_path) == ("/dev/dm-2", "/swapfile")
    assert workroom.unsafe_swaps("", tmp_path) == ()


def test_folders_in_memory_are_known_by_their_file_system() -> None:
    assert workroom.tmpfs_devices(_MOUNTS) == {"0:27", "0:28"}


def test_too_little_memory_is_said(memory: Path) -> None:
    assert workroom.in_memory(1, [memory]) == memory
    with pytest.raises(MachineFailed, match="MiB are needed in memory") as caught:
        workroom.in_memory(1 << 60, [memory])
    assert any("--work-in memory" in hint for hint in caught.value.hints)
    with pytest.raises(MachineFailed, match="no folder that is kept in memory"):
        workroom.in_memory(1, [])


def test_a_full_memory_is_no_full_disk(tmp_path: Path) -> None:
    with (
        pytest.raises(MachineFailed, match="no more room in memory"),
        workroom.opened(tmp_path, Place.MEMORY) as room,
    ):
        raise MachineFailed(files.DISK_FULL)
    assert not room.path.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_was_made_in_memory_arrives_whole(tmp_path: Path) -> None:
    with workroom.opened(tmp_path / "new", Place.MEMORY) as room:
        assert room.path.stat().st_dev != tmp_path.stat().st_dev
        made = room.path / "made"
        (made / "inner").mkdir(parents=True)
        (made / "inner" / "file").write_bytes(b"x" * 10_000)
        room.deliver(made, tmp_path / "new" / "target")
    found = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {Path("new/target/inner/file")}


def test_rooms_of_others_are_not_swept(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make folders of others")
    theirs, ours = tmp_path / ".packager-theirs", tmp_path / ".packager-ours"
    theirs.mkdir()
    ours.mkdir()
    os.chown(theirs, 12345, 12345)

    assert files.sweep(tmp_path) == (ours,)
    assert theirs.is_dir()


@pytest.mark.slow
@pytest.mark.tool
def test_nothing_unfinished_touches_a_disk(memory: Path, tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root sees what a program opens that hides its memory")
    log = tmp_path / "trace"
    throwaway(tmp_path / "home")
    calls = (
        "trace=open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,symlink,symlinkat,execve"
    )
    desk = Command(
        tmp_path / "home",
        env={"XDG_RUNTIME_DIR": str(memory), "TMPDIR": str(tmp_path / "tmp")},
        wrap=(tool("strace"), "-f", "-qq", "-y", "-s", "999", "-o", str(log), "-e", calls),
    )
    (tmp_path / "tmp").mkdir()

    done = desk("pack", SAMPLE, "--as", "book", "--out", tmp_path / "out", "--work-in", "memory")

    assert done.code == 0, done.err
    lines = log.read_text("utf-8", "replace").splitlines()
    programs = [
        number for number, line in enumerate(lines) if "ffmpeg" in line and "execve(" in line
    ]
    assert programs
    writes = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|mkdir|rename|symlink|creat\(")
    home, out = str(tmp_path / "home"), str(tmp_path / "out")
    for number, line in enumerate(lines):
        if not writes.search(line) or re.search(r"execve\(| resumed>| = -1 ", line):
            continue
        late = out in line and (number > programs[-1] or "mkdir" in line)
        assert late or str(memory) in line or home in line or "/dev/null" in line, line
    assert list(memory.iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.slow
@pytest.mark.tool
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_memory_is_left_clean(memory: Path, tmp_path: Path, sent: signal.Signals) -> None:
    throwaway(tmp_path / "home")
    out = tmp_path / "out"
    env = {"XDG_RUNTIME_DIR": str(memory)}
    words = ["pack", str(SAMPLE), "--as", "book", "--out", str(out), "--work-in", "memory"]
    with subprocess.Popen(
        [sys.executable, "-m", "packager", "--home", str(tmp_path / "home"), *words],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        restore_signals=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not list(memory.glob(".packager-*/bench/*/*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(sent)
    left = list(memory.glob(".packager-*"))
    if sent == signal.SIGINT:
        assert process.returncode == 130
        assert left == []
        assert not out.exists()
        return
    assert len(left) == 1
    assert left[0].stat().st_mode & 0o777 == 0o700

    done = Command(tmp_path / "home", env=env)("audit", SAMPLE)

    assert "removed 1 folders" in done.err
    assert list(memory.iterdir()) == []


@pytest.mark.slow
@pytest.mark.tool
def test_a_small_memory_is_refused_before_the_work(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    throwaway(tmp_path / "home")
    mount = f"mount -t tmpfs -o size=20m none {small} && mount -t tmpfs -o size=20m none {_SHM}"
    desk = Command(
        tmp_path / "home",
        env={"XDG_RUNTIME_DIR": str(small)},
        wrap=(tool("unshare"), "-rm", "sh", "-c", f'{mount} && exec "$@"', "sh"),
    )

    done = desk("pack", SAMPLE, "--as", "book", "--out", tmp_path / "o", "--work-in", "memory")

    assert done.code == 5, done.err
    assert "20 MiB are free" in done.err
    assert not (tmp_path / "o").exists()
