"""The tree over a file is the same, whoever hashes it and in whatever order."""

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import merkle, sweep
from packager.merkle import BLOCK
from packager.values import Digest

MIB = 2**20
ROOT = """
import os, sys
from packager import sweep
begun = sweep.Sweep(os.open(sys.argv[1], os.O_RDONLY), os.path.getsize(sys.argv[1]))
print(*begun._helpers, flush=True)
sys.stdin.read(1)
with begun:
    print(begun.tree().root.hex())
"""


@given(st.integers(0, 700), st.sampled_from([1, 2, 16, 256, 512, 1024]))
def test_a_tree_has_the_root_and_the_layers_of_its_leaves(count: int, blocks: int) -> None:
    leaves = [Digest(sha256(number.to_bytes(2)).digest()) for number in range(count)]
    tree = merkle.Tree(merkle.levels(b"".join(leaves)))

    assert tree.root == merkle.root(leaves)
    assert tree.layer(blocks) == merkle.layer(leaves, blocks)


@pytest.mark.parametrize(
    "size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, MIB + 5, 4 * MIB, 4 * MIB + 1, 9 * MIB - 77]
)
def test_every_size_is_hashed_to_its_last_byte(tmp_path: Path, size: int) -> None:
    data = (b"%07d" * (size // 7 + 1) % tuple(range(size // 7 + 1)))[:size]
    (tmp_path / "file").write_bytes(data)

    length, tree = sweep.file_tree(tmp_path / "file")

    leaves = tuple(Digest(sha256(data[at : at + BLOCK]).digest()) for at in range(0, size, BLOCK))
    assert (length, tree.root) == (size, merkle.root(leaves))


def test_systems_without_preadv_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(bytes(range(256)) * 9000)
    wanted = sweep.file_tree(tmp_path / "file")
    monkeypatch.delattr(os, "preadv")

    assert sweep.file_tree(tmp_path / "file") == wanted


def test_a_file_that_became_shorter_fits_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 3 * BLOCK)
    descriptor = os.open(tmp_path / "file", os.O_RDONLY)
    begun = sweep.Sweep(descriptor, 3 * BLOCK)
    os.truncate(tmp_path / "file", 2 * BLOCK)

    shorter = begun.tree()
    os.close(descriptor)

    assert shorter.root != sweep.file_tree(tmp_path / "file")[1].root


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sparse, with something in every few MiB."""
    path = tmp_path_factory.mktemp("large") / "file"
    with path.open("wb") as file:
        for at in range(0, 71 * MIB, 3 * MIB):
            file.seek(at)
            file.write(str(at).encode())
        file.truncate(71 * MIB + 12_345)
    return path


def begun(path: Path) -> tuple["subprocess.Popen[str]", list[int]]:
    """A process that has begun a sweep and waits for a line; its helpers."""
    running = subprocess.Popen(
        [sys.executable, "-c", ROOT, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    return running, [int(pid) for pid in running.stdout.readline().split()]


def alive(pid: int) -> bool:
    """Whether a process still runs; a dead one that nobody asked for does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.slow
@pytest.mark.skipif(os.cpu_count() == 1, reason="a second process needs a second core")
class TestHelpers:
    """Processes that hash a part of the file."""

    def test_they_find_what_threads_find(self, large: Path) -> None:
        running, helpers = begun(large)
        out, _ = running.communicate("\n")

        assert helpers
        assert out.strip() == sweep.file_tree(large)[1].root.hex()
        assert not any(map(alive, helpers))

    def test_they_may_be_killed(self, large: Path) -> None:
        running, helpers = begun(large)
        for pid in helpers:
            os.kill(pid, signal.SIGKILL)
        out, _ = running.communicate("\n")

        assert out.strip() == sweep.file_tree(large)[1].root.hex()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_they_end_with_their_caller(self, tmp_path: Path, number: signal.Signals) -> None:
        with (tmp_path / "huge").open("wb") as file:
            file.truncate(2**36)
        running, helpers = begun(tmp_path / "huge")
        assert all(map(alive, helpers))
        running.send_signal(number)
        running.communicate()

        deadline = time.monotonic() + 5
        while any(map(alive, helpers)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not any(map(alive, helpers))
