"""One command empties a node, and says what it cannot take away."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sealed
from nodes import NAME, node, packager, packed, until
from tools import tool

from packager.errors import Exit
from packager.keyring import Home
from packager.seed import journal
from packager.seed.journal import Journal


@pytest.mark.slow
def test_a_log_stays_small_and_holds_no_address(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    log = Journal(tmp_path, lambda: now[0])
    log.add("peer 192.0.2.7:6881 said \x1b[31mthis\nand that")
    assert list(log) == ["peer 192.0.2.7:6881 said \x1b[31mthis\nand that"]
    (line,) = journal.lines(tmp_path, 5)
    assert line == "2027-01-15T08:00:00+00:00 peer [address] said \\x1b[31mthis\\nand that"
    for number in range(9000):
        log.write(f"line {number} {'x' * 60}")
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 700_000
    assert journal.lines(tmp_path, 2)[1].split()[2] == "8999"
    gone = Journal(tmp_path / "none", lambda: 0.0)
    gone.add("a folder that is not there stops nothing")
    assert journal.lines(tmp_path / "none", 5) == []


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.parametrize("running", [True, False])
def test_everything_that_the_node_made_goes(tmp_path: Path, *, running: bool) -> None:
    desk = sealed.desk(tmp_path / "author")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    shelf = tmp_path / "disk"
    shelf.mkdir()
    (home.path / "node.toml").write_text(f"[disk]\nfolder = '{shelf}'\n")
    brought, stick = tmp_path / "out" / NAME, tmp_path / "stick" / NAME
    packed(brought, desk, "http://127.0.0.1:9/announce")
    told = sealed.terms(variant=b"w" * 32)
    sealed.release(stick / NAME, desk, told=told, film=sealed.film_bytes("mkv", "testsrc"))
    with node(home.path) as one:
        one.ask("add", str(brought))
        _with_torrent(stick)
        one.ask("import-stick", str(tmp_path / "stick"))
        assert len(one.states()) == 2
        assert list((shelf / "releases").iterdir())
        assert "started" in packager(home.path, "seed", "logs").stdout
        if not running:
            one.end(signal.SIGINT)
        done = packager(home.path, "seed", "empty", "--json")
        assert done.returncode == 0, done.stderr
        if running:
            until(lambda: one.process.poll() == 0)
    assert not (home.path / "seed").exists()
    assert list(shelf.rglob("*")) == []
    assert (brought / NAME).is_dir()
    assert str(brought / NAME) in done.stdout
    assert "trackers, peers and your provider" in done.stdout
    assert packager(home.path, "seed", "empty").returncode == 0  # nothing left to do


def _with_torrent(out: Path) -> None:
    from packager.seed.opening import make_again  # noqa: PLC0415

    (out / f"{NAME}.torrent").write_bytes(make_again(out / NAME))


FULL = """
import subprocess, sys
from pathlib import Path
home, out = Path(sys.argv[1]), sys.argv[2]
disk = home / "seed"
disk.mkdir(mode=0o700, exist_ok=True)
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", disk], check=True)
words = [sys.executable, "-m", "packager", "--home", str(home), "seed"]

def seed(*more):
    return subprocess.run([*words, *more], capture_output=True, text=True)

def run():
    node = subprocess.Popen([*words, "run", "--listen", "127.0.0.1:0"],
                            stderr=subprocess.PIPE, text=True)
    assert "listening" in node.stderr.readline()
    return node

def fill(filler):
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass

node = run()
try:
    assert seed("add", out).returncode == 0
    fill(disk / "filler")
    refused = seed("add", sys.argv[3])
    print(refused.returncode, refused.stderr)
    print(seed("status").stdout)
    node.kill()
    node.wait()
    (disk / "filler").unlink()
    node = run()
    print(seed("add", sys.argv[3]).returncode)
    print(seed("status").stdout)
    node.terminate()
    print(node.wait(20))
finally:
    node.kill()
"""


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.tool
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "author")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    first, second = tmp_path / "one" / NAME, tmp_path / "two" / NAME
    packed(first, desk, "http://127.0.0.1:9/announce")
    long = sealed.terms(variant=b"w" * 32)
    sealed.release(second / NAME, desk, told=long, film=sealed.film_bytes("mkv", "testsrc"))
    _with_torrent(second)
    done = subprocess.run(
        [
            *(tool("unshare"), "-Urm", sys.executable, "-c", FULL),
            *(str(home.path), str(first), str(second)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert said.startswith(f"{int(Exit.MACHINE)} error: the node cannot keep its state"), said
    assert said.count("seeding") >= 2, said
    assert said.rstrip().endswith("\n0"), said
    shutil.rmtree(tmp_path / "one")
