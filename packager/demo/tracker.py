"""A tiny BitTorrent tracker (BEP 3, 7, 23, 48) on loopback, so that clients in a demo meet.

It believes nothing: a peer's address is the one its connection came from, and whatever is not a
plain announce or scrape gets a ``failure reason``. Nothing is written anywhere.
"""

import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Address, IPv6Address, ip_address
from types import TracebackType
from typing import ClassVar, Self
from urllib.parse import unquote_to_bytes

from packager.errors import InputRefused, MachineFailed
from packager.torrent import Value, encode

HOST = "127.0.0.1"
INTERVAL = 2  # seconds between announces; short, since a demo is short
MAX_SWARMS = 100
MAX_PEERS = 200  # of one swarm; the oldest makes room
MAX_QUERY = 4000  # characters
MAX_PORT = 65535
PATIENCE = 5  # seconds for a client to say what it wants
_HASH_SIZE = 20
_EVENTS = frozenset({b"", b"started", b"stopped", b"completed", b"paused"})
_NUMBER = re.compile(rb"[0-9]{1,19}")
_NOT_WANTED = re.compile(rb"-[0-9]{1,9}")  # clients say -1 for "as many as you like"

Host = IPv4Address | IPv6Address
Peer = tuple[Host, int]


@dataclass(frozen=True, slots=True)
class Announce:
    """One peer's word about one torrent."""

    info_hash: bytes
    port: int
    left: int  # bytes it still misses
    event: bytes
    wanted: int  # peers
    compact: bool


@dataclass(slots=True)
class Swarm:
    """The peers of one torrent, with the bytes each still misses."""

    peers: dict[Peer, int] = field(default_factory=dict)
    downloaded: int = 0


class Book:
    """Who is in which swarm; safe to use from many threads."""

    def __init__(self) -> None:
        self._swarms: dict[bytes, Swarm] = {}
        self._lock = threading.Lock()

    def announce(self, host: Host, news: Announce) -> Value:
        """Take a peer's word in, and name the others."""
        me = (host, news.port)
        with self._lock:
            swarm = self._swarm(news.info_hash)
            _update(swarm, me, news)
            others = [peer for peer in swarm.peers if peer != me][: news.wanted]
            peers = _compact(others) if news.compact else {b"peers": _listed(others)}
            times: dict[bytes, Value] = {b"interval": INTERVAL, b"min interval": 1}
            return {**_counts(swarm), **times, **peers}

    def scrape(self, hashes: Iterable[bytes]) -> Value:
        """Numbers about the swarms that are named."""
        with self._lock:
            files: dict[bytes, Value] = {}
            for one in hashes:
                if swarm := self._swarms.get(one):
                    files[one] = _counts(swarm) | {b"downloaded": swarm.downloaded}
            return {b"files": files}

    def count(self, info_hash: bytes) -> int:
        """How many peers are in a swarm."""
        with self._lock:
            swarm = self._swarms.get(info_hash)
            return len(swarm.peers) if swarm else 0

    def _swarm(self, info_hash: bytes) -> Swarm:
        """The swarm of that name, now the newest one."""
        swarm = self._swarms.pop(info_hash, None) or Swarm()
        self._swarms[info_hash] = swarm
        if len(self._swarms) > MAX_SWARMS:
            del self._swarms[next(iter(self._swarms))]
        return swarm


class Tracker:
    """A running tracker; use it in a ``with`` block. It never leaves loopback."""

    def __init__(self, port: int = 0, host: str = HOST) -> None:
        self._book = Book()
        try:
            self._server = _Server((host, port), partial(_Handler, self._book))
        except OSError as error:
            raise MachineFailed(f"no tracker on {host}:{port}: {error.strerror}") from None
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="tracker", daemon=True
        )

    @property
    def url(self) -> str:
        """Its announce address, to be put into a torrent."""
        host, port = self._server.server_address[:2]
        shown = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{shown}:{port}/announce"

    def peers(self, info_hash: bytes) -> int:
        """How many peers of a torrent have announced themselves and not left."""
        return self._book.count(info_hash)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    """Not ``HTTPServer``: that one asks the name service who we are."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], handler: "Callable[..., _Handler]") -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    timeout: ClassVar[float | None] = PATIENCE

    def __init__(
        self,
        book: Book,
        request: socket.socket,
        client_address: tuple[str, int],
        server: socketserver.BaseServer,
    ) -> None:
        self._book = book
        super().__init__(request, client_address, server)

    def do_GET(self) -> None:
        """Answer with bencode, whatever was asked."""
        try:
            body = self._answer(self.path[:MAX_QUERY])
        except InputRefused as error:
            body = {b"failure reason": error.fact.encode("ascii", "replace")}
        data = encode(body)
        self.send_response_only(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, untrusted_target: str) -> Value:
        path, _, query = untrusted_target.partition("?")
        if path == "/announce":
            return self._book.announce(ip_address(self.client_address[0]), parse_announce(query))
        if path == "/scrape":
            return self._book.scrape(_hashes(_fields(query)))
        raise InputRefused("no such address")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name above
        """Write no log: it would hold addresses."""


def parse_announce(untrusted_query: str) -> Announce:
    """Read the query of an announce; anything odd is refused."""
    fields = _fields(untrusted_query)
    hashes = _hashes(fields)
    if len(hashes) != 1:
        raise InputRefused("an announce names one torrent")
    event = _last(fields, b"event", b"")
    if event not in _EVENTS:
        raise InputRefused("unknown event")
    return Announce(
        info_hash=hashes[0],
        port=_number(fields, b"port", range(1, MAX_PORT + 1)),
        left=_number(fields, b"left", range(2**63), default=1),
        event=event,
        wanted=_wanted(fields),
        compact=_number(fields, b"compact", range(2), default=1) == 1,
    )


def _fields(query: str) -> dict[bytes, list[bytes]]:
    fields: dict[bytes, list[bytes]] = {}
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        fields.setdefault(unquote_to_bytes(key), []).append(unquote_to_bytes(value))
    return fields


def _hashes(fields: dict[bytes, list[bytes]]) -> list[bytes]:
    hashes = fields.get(b"info_hash", [])
    if any(len(one) != _HASH_SIZE for one in hashes):
        raise InputRefused("an info_hash is 20 bytes")
    return hashes


def _wanted(fields: dict[bytes, list[bytes]]) -> int:
    if _NOT_WANTED.fullmatch(_last(fields, b"numwant", b"")):
        return MAX_PEERS
    return min(_number(fields, b"numwant", range(2**31), default=50), MAX_PEERS)


def _number(
    fields: dict[bytes, list[bytes]], key: bytes, allowed: range, default: int | None = None
) -> int:
    text = _last(fields, key, b"")
    if not text and default is not None:
        return default
    if not _NUMBER.fullmatch(text) or int(text) not in allowed:
        raise InputRefused(f"{key.decode()} is not a number that makes sense")
    return int(text)


def _last(fields: dict[bytes, list[bytes]], key: bytes, default: bytes) -> bytes:
    return fields.get(key, [default])[-1]


def _update(swarm: Swarm, peer: Peer, news: Announce) -> None:
    swarm.peers.pop(peer, None)
    if news.event == b"stopped":
        return
    if news.event == b"completed":
        swarm.downloaded += 1
    swarm.peers[peer] = news.left
    if len(swarm.peers) > MAX_PEERS:
        del swarm.peers[next(iter(swarm.peers))]


def _counts(swarm: Swarm) -> dict[bytes, Value]:
    whole = sum(1 for left in swarm.peers.values() if left == 0)
    return {b"complete": whole, b"incomplete": len(swarm.peers) - whole}


def _compact(peers: Sequence[Peer]) -> dict[bytes, Value]:
    """BEP 23 and 7: six bytes a peer, eighteen where its address is of IPv6."""
    told = {4: b"", 6: b""}
    for host, port in peers:
        told[host.version] += host.packed + port.to_bytes(2, "big")
    return {b"peers": told[4], b"peers6": told[6]} if told[6] else {b"peers": told[4]}


def _listed(peers: Sequence[Peer]) -> list[Value]:
    return [{b"ip": str(host).encode(), b"port": port} for host, port in peers]
