"""Programs that give one torrent to whoever calls, for the bench: ours, and those of others.

Each runs in a folder of its own, on loopback, with no DHT, no port mapping and no local discovery,
and is ended by its process id.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import libtorrent as lt
import sealed
import thousands
from nodes import node
from takers import offers
from tools import PLACES

from packager import torrent, words
from packager.demo.leecher import KNOWS_NOBODY
from packager.demo.ports import free_port
from packager.keyring import Home
from packager.seed import engine

PLAIN: "lt.settings_pack" = KNOWS_NOBODY | {
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "unchoke_slots_limit": -1,
}
_PATIENCE = 120  # seconds until a program offers what it has


@dataclass(frozen=True, slots=True)
class Film:
    """One torrent, and the folder around what it names."""

    torrent: Path
    folder: Path
    size: int

    @property
    def info_hash(self) -> bytes:
        found = torrent.info_hashes(self.torrent.read_bytes()).v1
        assert found
        return found


@dataclass(frozen=True, slots=True)
class Giver:
    """A program that runs and offers."""

    name: str
    pid: int
    port: int

    @property
    def seconds(self) -> float:
        """Of processor, until now."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


Start = Callable[[Film, Path], contextlib.AbstractContextManager[Giver]]


@contextlib.contextmanager
def ours(film: Film, place: Path) -> Iterator[Giver]:
    """The node, whose store says that the film was judged and hashed."""
    desk, home = sealed.desk(place / "author"), Home(place / "home")
    home.save_pins((desk.publisher.pin,))
    pin = words.spell(desk.publisher.pin.words)
    content = film.folder / torrent.read(film.torrent.read_bytes()).name
    kept = thousands.kept(content, film.torrent.read_bytes(), pin)
    thousands.keep_all(home.folder("seed"), iter([kept]))
    with node(home.path) as running:
        port = int(running.address.rsplit(":", 1)[1])
        yield _ready(Giver("node", running.process.pid, port), film)


def bare(settings: "lt.settings_pack", disk: str = "", name: str = "bare session") -> Start:
    """A libtorrent session of the same version and nothing else."""

    @contextlib.contextmanager
    def start(film: Film, _place: Path) -> Iterator[Giver]:
        asked = json.dumps([str(film.torrent), str(film.folder), settings, disk])
        with _started(sys.executable, __file__, asked) as process:
            assert process.stdout
            yield _ready(Giver(name, process.pid, int(process.stdout.readline())), film)

    return start


def best() -> Start:
    """With what was found to be best: the node's own settings for giving."""
    return bare(engine.GIVING)


@contextlib.contextmanager
def qbittorrent(film: Film, place: Path) -> Iterator[Giver]:
    port, web = free_port(), free_port()
    config = place / "qBittorrent" / "config" / "qBittorrent.conf"
    config.parent.mkdir(parents=True)
    off = ("DHTEnabled", "LSDEnabled", "PeXEnabled", "QueueingSystemEnabled")
    config.write_text(
        "[LegalNotice]\nAccepted=true\n[BitTorrent]\n"
        f"Session\\Port={port}\nSession\\Interface=lo\nSession\\InterfaceName=lo\n"
        + "".join(f"Session\\{one}=false\n" for one in off)
        + "Session\\MaxUploads=-1\nSession\\MaxUploadsPerTorrent=-1\n"
        "[Network]\nPortForwardingEnabled=false\n"
        f"[Preferences]\nWebUI\\Address=127.0.0.1\nWebUI\\Port={web}\nWebUI\\UseUPnP=false\n"
        "WebUI\\LocalHostAuth=false\nWebUI\\HostHeaderValidation=false\n"
    )
    with _started(tool("qbittorrent-nox"), f"--profile={place}", HOME=str(place)) as process:
        _add_to_qbittorrent(f"http://127.0.0.1:{web}", film)
        yield _ready(Giver("qbittorrent-nox", process.pid, port), film)


def _add_to_qbittorrent(url: str, film: Film) -> None:
    """By its own interface; it takes the files as they are."""
    fields = {"savepath": str(film.folder), "skip_checking": "true", "autoTMM": "false"}
    edge = "film-and-its-folder"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="torrents"; filename="a.torrent"\r\n'
    head += "Content-Type: application/x-bittorrent\r\n\r\n"
    parts += [head.encode(), film.torrent.read_bytes(), f"\r\n--{edge}--\r\n".encode()]
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    request = urllib.request.Request(f"{url}/api/v2/torrents/add", b"".join(parts), kind)  # noqa: S310 -- loopback
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                assert answer.read() == b"Ok."
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("qbittorrent-nox does not answer")


@contextlib.contextmanager
def rtorrent(film: Film, place: Path) -> Iterator[Giver]:
    port = free_port()
    (place / "session").mkdir()
    orders = (
        "system.daemon.set=true",
        f"network.port_range.set={port}-{port}",
        "network.port_random.set=no",
        "network.bind_address.set=127.0.0.1",
        "dht.mode.set=disable",
        "protocol.pex.set=no",
        "trackers.use_udp.set=no",
        f"session.path.set={place / 'session'}",
        f"directory.default.set={film.folder}",
        "pieces.memory.max.set=4096M",
        f'schedule2 = film,1,0,((load.start,"{film.torrent}"))',
    )
    (place / ".rtorrent.rc").write_text("\n".join(orders) + "\n")
    with _started(tool("rtorrent"), HOME=str(place)) as process:
        yield _ready(Giver("rtorrent", process.pid, port), film)


@contextlib.contextmanager
def aria(film: Film, _place: Path) -> Iterator[Giver]:
    port = free_port()
    with _started(
        *(tool("aria2c"), "--no-conf", "--disable-ipv6", "--interface=127.0.0.1"),
        *("--enable-dht=false", "--bt-enable-lpd=false", f"--listen-port={port}"),
        *("--bt-seed-unverified=true", "--seed-ratio=0.0", f"--dir={film.folder}"),
        *("--enable-peer-exchange=false", str(film.torrent)),
    ) as process:
        yield _ready(Giver("aria2c", process.pid, port), film)


class Missing(Exception):
    """A program that is not installed here."""


def tool(name: str) -> str:
    for folder in PLACES.split(":"):
        if (path := Path(folder) / name).exists():
            return str(path)
    raise Missing(name)


def _ready(giver: Giver, film: Film) -> Giver:
    """Once it offers all of the film; what it did until then is not counted."""
    began = time.monotonic()
    while not offers(giver.port, film.info_hash):
        if time.monotonic() - began > _PATIENCE:
            raise TimeoutError(f"{giver.name} offers nothing")
        time.sleep(0.2)
    return giver


@contextlib.contextmanager
def _started(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if command[0] == sys.executable else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": PLACES, **environment},
    )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.communicate()


def _give_bare(path: str, folder: str, settings: "lt.settings_pack", disk: str) -> None:
    params = lt.session_params(PLAIN | settings)
    if disk:
        params.disk_io_constructor = disk
    session = lt.session(params)
    wanted = lt.load_torrent_file(path)
    wanted.save_path = folder
    wanted.flags = lt.torrent_flags.seed_mode | lt.torrent_flags.upload_mode
    session.add_torrent(wanted)
    while not session.listen_port():
        time.sleep(0.05)
    sys.stdout.write(f"{session.listen_port()}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _give_bare(*json.loads(sys.argv[1]))
