"""BitTorrent clients that nobody here wrote, started as people start them, on loopback.

Each is told where to put what it fetches and whether only encrypted neighbours will do, then
handed torrents and magnet links, and left alone.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nodes import running
from tools import tool

from packager.demo.ports import free_port
from packager.torrent import Kind

Running = contextlib.AbstractContextManager[object]
_QBITTORRENT = """\
[BitTorrent]
Session\\Interface=lo
Session\\InterfaceName=lo
Session\\Port={port}
Session\\DefaultSavePath={into}
Session\\Encryption={encrypted:d}
Session\\DHTEnabled=false
Session\\LSDEnabled=false
Session\\QueueingSystemEnabled=false

[LegalNotice]
Accepted=true

[Network]
PortForwardingEnabled=false

[Preferences]
WebUI\\Address=127.0.0.1
WebUI\\Port={page}
"""
_RTORRENT = """\
directory.default.set = {into}
session.path.set = {settings}
network.port_range.set = {port}-{port}
dht.mode.set = disable
protocol.encryption.set = {crypto}
system.daemon.set = true
"""


def aria2(sources: Sequence[str], into: Path, *, encrypted: bool) -> Running:
    crypto = ("--bt-require-crypto=true", "--bt-min-crypto-level=arc4") if encrypted else ()
    return running(
        *(tool("aria2c"), "--no-conf", "--interface=lo", "--seed-time=0", f"--dir={into}"),
        *("--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", *crypto),
        *(f"--listen-port={free_port()}", "--max-concurrent-downloads=99"),
        *("--force-sequential=true", *sources),
    )


@contextlib.contextmanager
def transmission(sources: Sequence[str], into: Path, *, encrypted: bool) -> Iterator[None]:
    with contextlib.ExitStack() as clients:
        for number, source in enumerate(sources):
            settings = into / f".transmission-{number}"
            settings.mkdir()
            wish = {"dht-enabled": False, "utp-enabled": False}
            (settings / "settings.json").write_text(json.dumps(wish))
            client = running(
                *(tool("transmission-cli"), "--no-portmap", "--port", str(free_port())),
                "--encryption-required" if encrypted else "--encryption-tolerated",
                *("--download-dir", str(into), "--config-dir", str(settings), source),
                HOME=str(settings),
            )
            clients.enter_context(client)
        yield


def qbittorrent(sources: Sequence[str], into: Path, *, encrypted: bool) -> Running:
    profile = into / ".qbittorrent"
    settings = profile / "qBittorrent" / "config" / "qBittorrent.conf"
    settings.parent.mkdir(parents=True)
    port, page = free_port(), free_port()
    settings.write_text(_QBITTORRENT.format(port=port, into=into, encrypted=encrypted, page=page))
    words = (f"--profile={profile}", "--skip-dialog=true", *sources)
    return running(tool("qbittorrent-nox"), *words, HOME=str(profile))


def rtorrent(sources: Sequence[str], into: Path, *, encrypted: bool) -> Running:
    settings = into / ".rtorrent"
    settings.mkdir()
    (settings / "rtorrent.rc").write_text(
        _RTORRENT.format(
            into=into,
            settings=settings,
            port=free_port(),
            crypto="require,require_RC4,try_outgoing" if encrypted else "allow_incoming",
        )
    )
    words = ("-n", "-o", f"import={settings}/rtorrent.rc", *sources)
    return running(tool("rtorrent"), *words, HOME=str(settings), TERM="dumb")


@dataclass(frozen=True)
class Client:
    """One of them, and what it can fetch; docs/node.md says why it can't fetch the rest."""

    program: str
    start: Callable[..., Running]
    files: tuple[Kind, ...]
    links: tuple[Kind, ...]


CLIENTS = (
    Client("aria2c", aria2, (Kind.V1,), (Kind.V1,)),
    Client("transmission-cli", transmission, (Kind.V1,), (Kind.V1,)),
    Client("qbittorrent-nox", qbittorrent, tuple(Kind), tuple(Kind)),
    Client("rtorrent", rtorrent, (Kind.V1, Kind.HYBRID), (Kind.V1,)),
)
