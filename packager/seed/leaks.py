"""Does anything leave past the route? Run inside a network namespace of its own.

``python -m packager.seed.leaks ROUTE HAPPENING`` as that namespace's root. It makes an "outside"
(a device with the default route, where every packet is seen), the route, and then lets both
engines of a node do all they can: announce to every kind of tracker, call peers, use web seeds,
fetch. What is seen outside is printed as JSON. Nothing ever leaves this computer.
"""

import json
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha1
from ipaddress import ip_address
from pathlib import Path

from packager import program, torrent
from packager.errors import PackagerError
from packager.seed import policy
from packager.seed.policy import Address, Route, Via, Wiring
from packager.seed.quarantine import Quarantine
from packager.seed.session import Session
from packager.torrent import FileHashes, Kind
from packager.values import RelativePath

OUTSIDE = "out0"
_TUNNEL = "tun9"  # holds the address of an ``address`` route
_SECONDS = 6.0
_PIECE = 64 * 1024
_ALL_PROTOCOLS = 0x0003
_IPV4, _IPV6 = 0x0800, 0x86DD
_PEERS = (("192.0.2.13", 6881), ("2001:db8::13", 6881))
_TRACKERS = (
    *("http://192.0.2.10/announce", "udp://192.0.2.11:6969/announce", "http://t.example/announce"),
    *("ws://192.0.2.12/announce", "wss://t.example/announce", "http://[2001:db8::10]/announce"),
)


class Happening(StrEnum):
    """What becomes of the route."""

    STAYS = "stays"
    MISSING = "missing"  # from the start
    VANISHES = "vanishes"  # half way


@dataclass
class Sniffer:
    """Sees every packet on a device; the kernel's own talk with its neighbours does not count."""

    device: str
    seen: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Begin to look."""
        look = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL_PROTOCOLS))
        look.bind((self.device, _ALL_PROTOCOLS))
        threading.Thread(target=self._look, args=(look,), daemon=True).start()

    def _look(self, look: socket.socket) -> None:
        while True:
            try:
                data, where = look.recvfrom(65536)
            except OSError:
                return
            if told := described(int(where[1]), data):
                self.seen.add(told)


def described(protocol: int, packet: bytes) -> str:
    """Where a packet goes; empty for what the kernel says by itself (neighbours, groups)."""
    if protocol == _IPV4 and len(packet) >= 20:  # noqa: PLR2004 -- its header
        kind, target = packet[9], ip_address(packet[16:20])
        return "" if kind == 2 else f"{target} protocol {kind}"  # noqa: PLR2004 -- IGMP
    if protocol == _IPV6 and len(packet) >= 40:  # noqa: PLR2004
        kind, target = packet[6], ip_address(packet[24:40])
        kernels = kind in {0, 58} and target in _LINK_LOCAL_GROUPS
        return "" if kernels else f"{target} protocol {kind}"
    return ""


class _Groups:
    """ff02::/16, whom the kernel asks for routers and neighbours."""

    def __contains__(self, address: object) -> bool:
        return str(address).startswith("ff02:")


_LINK_LOCAL_GROUPS = _Groups()


@dataclass
class Proxy:
    """A SOCKS5 proxy that lets nobody through and writes down whom they wanted."""

    address: tuple[str, int]
    asked: set[str] = field(default_factory=set)
    _listener: socket.socket | None = None

    def start(self) -> None:
        """Listen."""
        self._listener = socket.create_server(self.address)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Be gone."""
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            try:
                connection.recv(16)
                connection.sendall(b"\x05\x00")
                self.asked.add(wanted(connection.recv(300)))
                connection.sendall(b"\x05\x05\x00\x01" + bytes(6))  # connection refused
            except OSError:
                return


def wanted(request: bytes) -> str:
    """Whom a SOCKS5 request names."""
    if request[3:4] == b"\x03":
        return request[5 : 5 + request[4]].decode("latin-1")
    size = {b"\x01": 4, b"\x04": 16}.get(request[3:4], 0)
    return str(ip_address(request[4 : 4 + size])) if size else "?"


def main(arguments: list[str]) -> int:
    """Print what was seen, as one JSON object."""
    via, happening = policy.parse_via(arguments[0]), Happening(arguments[1])
    _outside()
    proxy = Proxy((str(via.host), via.port)) if via and via.kind is Route.SOCKS5 else None
    if happening is not Happening.MISSING:
        _open(via, proxy)
    sniffers = [Sniffer(OUTSIDE)]
    device = _device(via)
    if device and happening is not Happening.MISSING:
        sniffers.append(Sniffer(device))
    for one in sniffers:
        one.start()
    with tempfile.TemporaryDirectory() as folder:
        _exercise(Path(folder), via, lambda: _half_way(via, proxy, happening))
    inside = set(proxy.asked) if proxy else set()
    inside |= {told for one in sniffers[1:] for told in one.seen}
    facts = {"outside": sorted(sniffers[0].seen), "inside": sorted(inside)}
    sys.stdout.write(json.dumps(facts) + "\n")
    return 0


def _exercise(folder: Path, via: Via | None, half_way: Callable[[], None]) -> None:
    """Let a node's engines do all they can for some seconds."""
    address = Address(ip_address("0.0.0.0"), 6881)  # noqa: S104 -- of this namespace
    wiring = Wiring(policy.private_address(via, 6881) if via else address, offline=False, via=via)
    session, quarantine = Session(wiring), Quarantine(wiring)
    here, missing = _release(folder, b"a"), _release(folder, b"b", written=False)
    urls = policy.trackers(_TRACKERS, wiring)
    given = session.offer_known(here, folder, urls)
    fetched = quarantine.fetch(missing, folder, urls)
    quarantine.want(fetched, None)
    end = time.monotonic() + _SECONDS
    told = False
    while time.monotonic() < end:
        if not told and time.monotonic() > end - _SECONDS / 2:
            told = True
            half_way()
        for peer in _PEERS:
            session.call(given, peer)
            quarantine.call(fetched, peer)
        time.sleep(0.5)
    session.close()
    quarantine.close()


def _release(folder: Path, seed: bytes, *, written: bool = True) -> bytes:
    """A small torrent that names web seeds, and its files unless they are to be fetched."""
    name, data = f"Film-{seed.decode()}", seed * _PIECE
    if written:
        (folder / name).mkdir()
        (folder / name / "film.mkv").write_bytes(data)
    file = FileHashes(RelativePath("film.mkv"), len(data))
    pieces = sha1(data, usedforsecurity=False).digest()
    seeds = ("http://192.0.2.14/", "http://w.example/")
    return torrent.build(name, [file], _PIECE, pieces, Kind.V1, _TRACKERS[:2], seeds)


def _outside() -> None:
    """A device with both default routes, on which everything that leaks is seen."""
    _ip("link", "set", "lo", "up")
    _pair(OUTSIDE, "198.51.100.2/24", "2001:db8:1::2/64")
    _ip("route", "add", "default", "dev", OUTSIDE, "metric", "900")
    _ip("-6", "route", "add", "default", "dev", OUTSIDE, "metric", "900")


def _pair(device: str, *addresses: str) -> None:
    """A device whose other end nobody reads; it asks no neighbour, so packets simply go."""
    far = f"{device[:13]}-x"
    _ip("link", "add", "name", device, "type", "veth", "peer", "name", far)
    for one in (device, far):
        _ip("link", "set", "dev", one, "arp", "off", "up")
    for address in addresses:
        more = ("nodad",) if ":" in address else ()
        _ip("addr", "add", address, "dev", device, *more)


def _device(via: Via | None) -> str:
    if via is None or via.kind is Route.SOCKS5:
        return ""
    return via.name or _TUNNEL


def _open(via: Via | None, proxy: Proxy | None) -> None:
    """Make the route."""
    if proxy:
        proxy.start()
    if via and (device := _device(via)):
        address = str(via.host or "10.99.0.2")
        _pair(device, f"{address}/{128 if ':' in address else 24}")
        family = ("-6",) if ":" in address else ()
        _ip(*family, "route", "add", "default", "dev", device, "metric", "100")


def _half_way(via: Via | None, proxy: Proxy | None, happening: Happening) -> None:
    if happening is not Happening.VANISHES:
        return
    if proxy:
        proxy.stop()
    if device := _device(via):
        _ip("link", "del", device)


def _ip(*words: str) -> None:
    program.run(["ip", *words], cwd=Path("/"), timeout=10)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except PackagerError as error:
        sys.stderr.write(f"error: {error.fact} {' '.join(error.hints)}\n")
        sys.exit(int(error.exit))
