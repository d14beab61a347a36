"""A BitTorrent neighbour made of a bare socket, so that it can also say what no client would.

It speaks the peer wire protocol (BEP 3) with fast extension (6), extension protocol (10), metadata
(9), peer exchange (11) and hash requests (52). ``Wire`` is one connection, ``Neighbour`` is called.
"""

import contextlib
import http.client
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from typing import Self
from urllib.parse import quote_from_bytes, urlsplit

from packager import torrent
from packager.torrent import Value

BLOCK = 16 * 1024
CHOKE, UNCHOKE, INTERESTED, HAVE, BITFIELD, REQUEST, PIECE = 0, 1, 2, 4, 5, 6, 7
SUGGEST, HAVE_ALL, HAVE_NONE, REJECT, ALLOWED_FAST, EXTENDED = 13, 14, 15, 16, 17, 20
HASH_REQUEST = 21
METADATA, PEX = 1, 2  # our numbers for their messages
_PROTOCOL = b"\x13BitTorrent protocol"
_ABILITIES = bytes([0, 0, 0, 0, 0, 0x10, 0, 0x04])  # extensions, fast
_WITH_V2 = bytes([0, 0, 0, 0, 0, 0x10, 0, 0x14])  # a v1 torrent has no place for who says so
_PATIENCE = 5.0  # seconds


class Gone(Exception):
    """The other side hung up, or says nothing."""


def numbers(*values: int) -> bytes:
    """Four bytes each."""
    return b"".join(value.to_bytes(4, "big") for value in values)


def message(kind: int, body: bytes = b"") -> bytes:
    """One, as it goes over the wire."""
    return (len(body) + 1).to_bytes(4, "big") + bytes([kind]) + body


class Wire:
    """One connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.socket.settimeout(_PATIENCE)
        self.theirs: dict[bytes, Value] = {}  # their extension handshake

    def raw(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Gone from error

    def send(self, kind: int, body: bytes = b"") -> None:
        self.raw(message(kind, body))

    def extended(self, number: int, value: Value, more: bytes = b"") -> None:
        self.send(EXTENDED, bytes([number]) + torrent.encode(value) + more)

    def read(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            try:
                part = self.socket.recv(size - len(parts))
            except OSError as error:
                raise Gone from error
            if not part:
                raise Gone
            parts += part
        return bytes(parts)

    def message(self) -> tuple[int, bytes]:
        """The next message that is not a keep-alive; what they can is taken note of."""
        length = 0
        while not length:
            length = int.from_bytes(self.read(4), "big")
        data = self.read(length)
        if data[:2] == bytes([EXTENDED, 0]):
            told = torrent.decode(data[2:], 1 << 20)
            assert isinstance(told, dict)
            self.theirs = told
        return data[0], data[1:]

    def until(self, wanted: int) -> bytes:
        """The body of the next message of that kind."""
        while True:
            kind, body = self.message()
            if kind == wanted:
                return body

    def handshake(self, info_hash: bytes, *, v2: bool = False) -> None:
        self.raw(_PROTOCOL + (_WITH_V2 if v2 else _ABILITIES) + info_hash[:20] + os.urandom(20))
        self.read(68)

    def number_of(self, name: bytes) -> int:
        """Their number for an extension message."""
        kinds = self.theirs[b"m"]
        assert isinstance(kinds, dict)
        found = kinds[name]
        assert isinstance(found, int)
        return found

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.close()


@contextlib.contextmanager
def called(address: str, info_hash: bytes = b"", *, v2: bool = False) -> Iterator[Wire]:
    """Call somebody; with an info-hash, shake hands."""
    host, port = address.rsplit(":", 1)
    wire = Wire(socket.create_connection((host.strip("[]"), int(port)), _PATIENCE))
    try:
        if info_hash:
            wire.handshake(info_hash, v2=v2)
        yield wire
    finally:
        wire.close()


def block(address: str, info_hash: bytes, piece: int = 0) -> bytes:
    """What an honest neighbour is given: the first block of a piece."""
    with called(address, info_hash) as wire:
        wire.send(HAVE_NONE)
        wire.send(INTERESTED)
        wire.until(UNCHOKE)
        wire.send(REQUEST, numbers(piece, 0, BLOCK))
        return wire.until(PIECE)[8:]


@dataclass
class Neighbour:
    """Listens on loopback, and does ``script`` with everybody who calls."""

    script: Callable[[Wire], object]
    host: str = "127.0.0.1"
    calls: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self.host, 0))
        self._wires: list[Wire] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in self._wires:
            wire.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def announce(self, url: str, info_hash: bytes) -> None:
        """Tell a tracker that all of a torrent is here."""
        target = urlsplit(url)
        connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=5)
        words = f"info_hash={quote_from_bytes(info_hash[:20])}&port={self.port}&left=0"
        connection.request("GET", f"{target.path}?{words}")
        connection.getresponse().read()
        connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.calls += 1
            self._wires.append(Wire(connection))
            threading.Thread(target=self._serve, args=(self._wires[-1],), daemon=True).start()

    def _serve(self, wire: Wire) -> None:
        with contextlib.suppress(Gone, OSError):
            self.script(wire)
        wire.close()


@dataclass
class Metadata:
    """A script: has an info dictionary, whatever is in it, and hands it out.

    ``claimed`` is the size that it says the dictionary has.
    """

    info: bytes
    claimed: int = 0
    data: bytes = b""  # of the torrent, as the pieces run over it; empty to give none
    piece: int = 1 << 16
    calls: int = 0
    given: int = 0  # bytes of data
    got: int = 0  # messages with data; it asks everybody for some
    asked: int = 0  # pieces of metadata

    @property
    def info_hash(self) -> bytes:
        return sha1(self.info, usedforsecurity=False).digest()

    def __call__(self, wire: Wire) -> None:
        self.calls += 1
        if wire.read(len(_PROTOCOL)) != _PROTOCOL:
            return  # encrypted: it calls again, in the open
        wire.read(48)
        wire.raw(_PROTOCOL + _ABILITIES + self.info_hash + os.urandom(20))
        size = self.claimed or len(self.info)
        wire.extended(0, {b"m": {b"ut_metadata": METADATA}, b"metadata_size": size})
        if self.data:
            wire.send(HAVE_ALL)
            wire.send(UNCHOKE)
        wire.send(INTERESTED)
        for index in range(len(self.data) // self.piece + 1):
            wire.send(REQUEST, numbers(index, 0, BLOCK))
        while True:
            kind, body = wire.message()
            if kind == EXTENDED and body[0] == METADATA:
                self._metadata(wire, body[1:])
            elif kind == REQUEST and self.data:
                self._block(wire, body)
            self.got += kind == PIECE

    def _metadata(self, wire: Wire, body: bytes) -> None:
        asked = torrent.decode(body, 1000)
        assert isinstance(asked, dict)
        if asked[b"msg_type"] == 0:
            self.asked += 1
            number = asked[b"piece"]
            assert isinstance(number, int)
            part = self.info[number * BLOCK : (number + 1) * BLOCK]
            size = self.claimed or len(self.info)
            told: Value = {b"msg_type": 1, b"piece": number, b"total_size": size}
            wire.extended(wire.number_of(b"ut_metadata"), told, part)

    def _block(self, wire: Wire, body: bytes) -> None:
        index, begin, length = (int.from_bytes(body[n : n + 4], "big") for n in (0, 4, 8))
        start = index * self.piece + begin
        wire.send(PIECE, body[:8] + self.data[start : start + length])
        self.given += length
