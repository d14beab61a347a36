"""A disk that is full, or that can only be read: the node goes on giving, says so, loses nothing.

Each node lives on a small disk of its own, in a mount namespace that only it sees.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sealed
from nodes import NAME, Node, leech, node, packager, seeded, until
from tools import tool

from packager import torrent
from packager.demo.tracker import Tracker
from packager.errors import Exit
from packager.keyring import Home
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow, pytest.mark.tool]
TMPFS = 'mount -t tmpfs -o size=24m,mode=0700 small "$1" && cp -a "$0/." "$1"'
FILL = '! cat /dev/zero > "$1/filler" 2> /dev/null'
READ_ONLY = 'mount -o remount,bind,ro "$1"'  # the mount alone: who is not root may change no more
EXT4 = 'mount -o loop,errors=remount-ro "$0.img" "$1"'
MKFS = Path("/usr/sbin/mkfs.ext4")
RUN = 'shift && exec "$@"'


@pytest.fixture
def template(tmp_path: Path, desk: sealed.Desk) -> Path:
    home = Home(tmp_path / "template")
    home.save_pins((desk.publisher.pin,))
    (home.path / "node.toml").write_text("[disk]\nkeep_free = '0 B'\n")
    return home.path


def own_disk(template: Path, home: Path, *steps: str) -> tuple[str, ...]:
    """What runs a command on a disk that was made in these steps."""
    home.mkdir()
    script = " && ".join((*steps, RUN))
    walls = ("-m",) if EXT4 in steps else ("-Urm",)
    return (tool("unshare"), *walls, "sh", "-c", script, str(template), str(home))


def seen_from_here(one: Node) -> Path:
    """The home as the node sees it."""
    return Path(f"/proc/{one.process.pid}/root{one.home}")


def fill(folder: Path) -> Path:
    """Use up the disk of a folder, to the last byte."""
    with (folder / "filler").open("wb", buffering=0) as filler:
        for size in (2**20, 4096, 1):
            try:
                while True:
                    filler.write(bytes(size))
            except OSError:
                continue
    return folder / "filler"


@pytest.fixture
def fetched(tmp_path: Path, desk: sealed.Desk) -> Iterator[tuple[Path, str]]:
    """A larger release that somebody gives, and its size in bytes."""
    out = tmp_path / "far" / NAME
    film = sealed.film_bytes("mkv", "testsrc", seconds=60)
    done = sealed.release(out / NAME, desk, film=film, told=sealed.terms(variant=b"f" * 32))
    with Tracker() as tracker:
        data = torrent.build(
            NAME, done.files, done.piece_length, done.sha1_pieces, Kind.V1, [tracker.url]
        )
        (out / f"{NAME}.torrent").write_bytes(data)
        (tmp_path / "alone").mkdir()
        path = shutil.copy(out / f"{NAME}.torrent", tmp_path / "alone")
        with seeded(out, tracker.url):
            yield out, str(path)


def test_a_full_disk_stops_fetching_and_not_giving(
    template: Path, out: Path, fetched: tuple[Path, str], tmp_path: Path
) -> None:
    far, what = fetched
    size = sum(path.stat().st_size for path in (far / NAME).iterdir())
    with (template / "node.toml").open("a") as settings:
        settings.write(f"[speed]\ndownload = '{size // 8} B/s'\n")
    with node(tmp_path / "home", own_disk(template, tmp_path / "home", TMPFS)) as inner:
        one = Node(seen_from_here(inner), inner.process, inner.address)
        one.ask("add", str(out))
        one.ask("add", what)
        until(lambda: sum(release["done"] for release in one.releases("status")) > size // 3)
        filler = fill(one.home)
        until(lambda: one.told()["problem"] != "", 30)
        assert leech(out, tmp_path / "copy", one.address) == 0
        ill = packager(one.home, "seed", "health")
        assert (ill.returncode, "BAD  store: " in ill.stdout) == (Exit.NO, True)
        told = packager(one.home, "seed", "remove", one.releases("status")[0]["id"])
        refused = packager(one.home, "seed", "add", str(far))
        assert (told.returncode, refused.returncode) != (0, 0)
        assert "hint" in told.stderr + refused.stderr
        assert leech(out, tmp_path / "more", one.address) == 0
        filler.unlink()
        until(lambda: one.states() == ["seeding", "seeding"], 60)
        until(lambda: one.told()["problem"] == "", 30)
        assert one.end(signal.SIGTERM) == 0


def test_a_node_starts_on_a_full_disk_and_gives(template: Path, out: Path, tmp_path: Path) -> None:
    with node(template) as first:
        first.ask("add", str(out))
        first.end(signal.SIGKILL)
    with node(tmp_path / "home", own_disk(template, tmp_path / "home", TMPFS, FILL)) as inner:
        one = Node(seen_from_here(inner), inner.process, inner.address)
        until(lambda: one.states() == ["seeding"])
        assert leech(out, tmp_path / "copy", one.address) == 0
        until(lambda: one.told()["problem"] != "", 30)
        assert one.end(signal.SIGTERM) == 0


def test_a_disk_that_cannot_be_written_is_said_at_the_start(template: Path, tmp_path: Path) -> None:
    (template / "seed").mkdir(mode=0o700)
    words = own_disk(template, tmp_path / "home", TMPFS, READ_ONLY)
    done = packager(tmp_path / "home", "seed", "run", before=words)
    assert done.returncode == Exit.MACHINE
    assert "Read-only file system" in done.stderr
    assert "hint" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_disk_that_turns_read_only_stops_nothing_that_is_given(
    template: Path, out: Path, tmp_path: Path
) -> None:
    """As ext4 does when it meets an error."""
    if os.geteuid() or not Path("/dev/loop-control").exists() or not MKFS.exists():
        pytest.skip("only root can mount an image of a disk")
    image = Path(f"{template}.img")
    with image.open("wb") as file:
        file.truncate(2**24)
    subprocess.run([MKFS, "-q", "-d", str(template), str(image)], check=True)
    with node(tmp_path / "home", own_disk(template, tmp_path / "home", EXT4)) as inner:
        one = Node(seen_from_here(inner), inner.process, inner.address)
        one.ask("add", str(out))
        mounts = Path(f"/proc/{inner.process.pid}/mounts").read_text()
        device = next(line.split()[0] for line in mounts.splitlines() if str(inner.home) in line)
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("as a test asked")
        assert leech(out, tmp_path / "copy", one.address) == 0
        until(lambda: one.told()["problem"] != "", 30)
        assert one.states() == ["seeding"]
        refused = packager(one.home, "seed", "pause")
        assert refused.returncode == Exit.MACHINE
        assert one.states() == ["paused"]  # all the same; it only is not remembered
        assert one.end(signal.SIGTERM) == 0
