"""How fast and how large a seed node can be; not collected by pytest.

    python tests/bench_seed.py [--mebibytes N] [--rounds N] [--releases N] [--only PART] [FOLDER]

``speed``: the node, a bare libtorrent session of the same version, and the clients of others give
the same warm torrent to the same two takers, in turn; the best round counts. ``scale``: thousands
of releases in one node, with 200 leechers and a tracker. ``settings``: what the bare session does
under other settings. ``ways``: what it costs to give encrypted, and over uTP. Seconds of processor
hold on a busy machine; the rest tells its load.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path

import givers
import libtorrent as lt
import sealed
import thousands
from givers import Film, Giver, Missing, Start
from nodes import node
from takers import WAYS

from packager import torrent, words
from packager.demo import tracker as tracking
from packager.keyring import Home
from packager.seed import engine
from packager.seed.control import ReleaseStatus, Request, State, Verb, ask
from packager.torrent import FileHashes, Kind
from packager.values import RelativePath

PIECE = 1024 * 1024
TAKERS = ("read", "libtorrent")
TAKERS_FILE = Path(__file__).with_name("takers.py")
LEECHERS = 200
PARTS = ("speed", "scale", "settings", "ways")


@dataclass(slots=True)
class Row:
    """What one giver did: best rounds, by taker; processor seconds are for 10^9 bytes."""

    name: str
    first: float = 0.0
    rates: dict[str, float] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)


def main() -> None:
    """Run the parts that were asked for."""
    asked = _options()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        place = Path(name)
        for part in [asked.only] if asked.only else PARTS:
            if part == "scale":
                scale(place / "scale", asked.releases)
                continue
            film = make_film(place / part, asked.mebibytes * 1024 * 1024)
            starts = dict(settings()) if part == "settings" else SPEED
            if part == "ways":
                starts = {"bare session": givers.best(), "node": givers.ours}
            takers = tuple(WAYS) if part == "ways" else TAKERS
            compare(film, starts, place / part, asked.rounds, takers)


SPEED: dict[str, Start] = {
    "bare session": givers.best(),
    "node": givers.ours,
    "qbittorrent-nox": givers.qbittorrent,
    "rtorrent": givers.rtorrent,
    "aria2c": givers.aria,
}


def settings() -> Iterator[tuple[str, Start]]:
    """The bare session: as it comes, and with one thing after the other."""
    buffers: dict[str, object] = {
        name: value for name, value in engine.GIVING.items() if name.startswith("send_")
    }
    giving = dict(engine.GIVING)
    tries: list[tuple[str, dict[str, object], str]] = [
        ("as it comes", {}, ""),
        ("mmap", {}, "mmap_disk_io_constructor"),
        ("posix", {}, "posix_disk_io_constructor"),
        ("1 disk thread", {"aio_threads": 1}, ""),
        ("4 disk threads", {"aio_threads": 4}, ""),
        ("2 hashing threads", {"hashing_threads": 2}, ""),
        ("larger buffers", buffers, ""),
        ("both: 1 thread", buffers | {"aio_threads": 1}, ""),
        ("both: 4 threads", buffers | {"aio_threads": 4}, ""),
        ("both: mmap", buffers | {"aio_threads": 4}, "mmap_disk_io_constructor"),
        ("both: posix", buffers, "posix_disk_io_constructor"),
        ("both: large socket", giving | {"send_socket_buffer_size": 1 << 20}, ""),
        ("both: late wake-up", giving | {"send_not_sent_low_watermark": 1 << 18}, ""),
        ("high_performance_seed", dict(lt.high_performance_seed()), ""),
    ]
    for name, more, disk in tries:
        yield name, givers.bare(more, disk, name)  # type: ignore[arg-type]


def make_film(place: Path, size: int) -> Film:
    """A v1 torrent, since not all of the others read more, of bytes that nobody can shorten."""
    content = place / "Film"
    content.mkdir(parents=True)
    digests, size = bytearray(), size // PIECE * PIECE
    with (content / "film.mkv").open("wb") as out:
        for _ in range(size // PIECE):
            piece = os.urandom(PIECE)
            digests += sha1(piece, usedforsecurity=False).digest()
            out.write(piece)
    files = [FileHashes(RelativePath("film.mkv"), size)]
    path = place / "Film.torrent"
    nobody = "http://127.0.0.1:9/announce"  # rtorrent takes no torrent without a tracker
    path.write_bytes(torrent.build("Film", files, PIECE, bytes(digests), Kind.V1, [nobody]))
    return Film(path, place, size)


def compare(
    film: Film, starts: dict[str, Start], place: Path, rounds: int, takers: tuple[str, ...]
) -> None:
    """Start all, let each give in turn, print them side by side."""
    rows: dict[str, Row] = {}
    with contextlib.ExitStack() as stack:
        running = []
        for number, (name, start) in enumerate(starts.items()):
            own = place / str(number)
            own.mkdir()
            try:
                giver = stack.enter_context(start(film, own))
            except (Missing, TimeoutError) as why:
                print(f"{name}: left out, {type(why).__name__.lower()} ({why})")
                continue
            rows[name] = Row(name)
            _, rows[name].first = take(film, giver, "read") or (0.0, 0.0)
            running.append(giver)
        for _ in range(rounds):
            for taker in takers:
                for giver in running:
                    _note(rows[giver.name], taker, take(film, giver, taker))
    print(f"\n{film.size >> 20} MiB, best of {rounds}, load {_load()}, {os.cpu_count()} cores")
    print("CPU: the giver's processor seconds per 10^9 bytes; (ratio to the first row)")
    for row in rows.values():
        print(_line(row, next(iter(rows.values())), takers))


def take(film: Film, giver: Giver, taker: str) -> tuple[float, float] | None:
    """Bytes in a second, and the giver's seconds of processor for 10^9 bytes."""
    shelf = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- memory, not a name
    before = giver.seconds
    with tempfile.TemporaryDirectory(dir=shelf) as into:
        command = [sys.executable, str(TAKERS_FILE), taker, str(film.torrent), str(giver.port)]
        try:
            done = subprocess.run(
                [*command, into], check=True, capture_output=True, text=True, timeout=300
            )
        except subprocess.SubprocessError as error:
            print(f"{giver.name}: {taker}: {error}")
            return None
    return film.size / float(done.stdout), (giver.seconds - before) / film.size * 1e9


def _note(row: Row, taker: str, found: tuple[float, float] | None) -> None:
    if found:
        row.rates[taker] = max(found[0], row.rates.get(taker, 0.0))
        row.costs[taker] = min(found[1], row.costs.get(taker, found[1]))


def _line(row: Row, base: Row, takers: tuple[str, ...]) -> str:
    told = f"{row.name:22} first copy CPU {row.first:5.2f}"
    for taker in takers:
        if taker in row.rates and taker in base.rates:
            rate, cost = row.rates[taker], row.costs[taker]
            told += f"   {taker}: {rate / 1e6:5.0f} MB/s ({rate / base.rates[taker]:.2f})"
            told += f" CPU {cost:5.2f} ({cost / max(base.costs[taker], 0.01):.2f})"
    return told


def scale(place: Path, count: int) -> None:
    """Start, memory, announces, answers with and without leechers, goodbye."""
    desk, home = sealed.desk(place / "author"), Home(place / "home")
    home.save_pins((desk.publisher.pin,))
    pin = words.spell(desk.publisher.pin.words)
    tracking.MAX_SWARMS = 2 * count  # hybrids are announced twice
    tracking._Server.request_queue_size = 1000
    tracking.INTERVAL = 1800  # as trackers have it; ours lives in the process that asks
    film = make_film(place / "film", 64 * 1024 * 1024)
    with tracking.Tracker() as tracker:
        made = thousands.thousands(place / "films", count, pin, tracker.url, Kind.HYBRID)
        held = thousands.keep_all(home.folder("seed"), made)
        large = thousands.kept(film.folder / "Film", film.torrent.read_bytes(), pin)
        thousands.keep_all(home.folder("seed"), iter([large]))
        print(f"\n{count + 1} releases, load {_load()}, {os.cpu_count()} cores")
        began = time.monotonic()
        with node(home.path) as running:
            giver = Giver("node", running.process.pid, int(running.address.rsplit(":", 1)[1]))
            print(f"listens after {time.monotonic() - began:.2f} s", flush=True)
            until_offered(home.path / "seed", giver, began)
            until_announced(tracker, [bytes.fromhex(one.identity) for one in held], began)
            answers(home.path / "seed", "alone")
            under_load(home.path / "seed", giver, film)
            print(f"memory {thousands.memory(giver.pid) / 1e6:.0f} MB, load {_load()}")
            began = time.monotonic()
            running.process.terminate()
            code = running.process.wait(60)
            print(f"stopped after {time.monotonic() - began:.1f} s with {code}")


def until_offered(folder: Path, giver: Giver, began: float) -> None:
    """All are seeding; ``began`` is when the process was started."""
    while {one.state for one in status(folder)} != {State.SEEDING}:
        time.sleep(0.1)
    took = time.monotonic() - began
    print(f"all seed after {took:.2f} s ({giver.seconds:.2f} s of processor)", flush=True)


def until_announced(tracker: tracking.Tracker, hashes: list[bytes], began: float) -> None:
    """All, or two minutes."""
    silent = len(hashes)
    while silent and time.monotonic() - began < 120:
        time.sleep(0.5)
        silent = sum(not tracker.peers(one) for one in hashes)
    took = time.monotonic() - began
    print(f"{len(hashes) - silent} announced after {took:.1f} s", flush=True)


def under_load(folder: Path, giver: Giver, film: Film) -> None:
    """The same answers while as many as we say take a film."""
    with leechers(film, giver.port) as crowd:
        while max(one.peers for one in status(folder)) < LEECHERS:
            time.sleep(0.5)
        answers(folder, f"{LEECHERS} leechers")
        there = max(one.peers for one in status(folder))
        told, _ = crowd.communicate(timeout=60)
        print(f"{there} leechers at once: {told.strip()}")


def status(folder: Path) -> tuple[ReleaseStatus, ...]:
    """All releases, as the node tells them."""
    return ask(folder, Request(Verb.STATUS)).releases


def answers(folder: Path, when: str) -> None:
    """How long commands wait: all releases told, and none of them."""
    for verb, subject, name in ((Verb.STATUS, "", "status"), (Verb.RESUME, "", "resume")):
        found = []
        for _ in range(40):
            began = time.monotonic()
            ask(folder, Request(verb, subject))
            found.append((time.monotonic() - began) * 1000)
            time.sleep(0.05)
        found.sort()
        print(
            f"{name}, {when}: median {statistics.median(found):.0f} ms,"
            f" p95 {found[int(len(found) * 0.95)]:.0f} ms, most {found[-1]:.0f} ms"
        )


@contextlib.contextmanager
def leechers(film: Film, port: int) -> Iterator[subprocess.Popen[str]]:
    """So many that read all of a film as fast as it comes, again and again."""
    command = [sys.executable, str(TAKERS_FILE), "crowd", str(film.torrent), str(port)]
    process = subprocess.Popen(
        [*command, str(LEECHERS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _load() -> str:
    return Path("/proc/loadavg").read_text().split()[0]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="how fast and how large a seed node can be")
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--releases", type=int, default=5000)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("folder", nargs="?", help="where twice that size fits")
    return parser.parse_args()


if __name__ == "__main__":
    main()
