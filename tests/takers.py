"""What takes a torrent from one peer, for the bench: ``python takers.py KIND TORRENT PORT LAST``.

``read`` asks for block after block, and throws away what comes: it costs so little that the giver
alone is measured. ``libtorrent`` is a client that hashes what it gets and keeps it in the folder
LAST; ``rc4`` is the same with every byte encrypted, and ``utp`` over UDP. All print seconds.
``crowd`` are as many readers as LAST says.
"""

import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import libtorrent as lt

from packager import torrent

_BLOCK = 16 * 1024
_ASKED = 512  # blocks at once, as clients do
_HEAD = 13  # bytes before each block
_UNCHOKE, _INTERESTED, _BITFIELD, _REQUEST = 1, 2, 5, 6
_PATIENCE = 120  # seconds
WAYS: "dict[str, lt.settings_pack]" = {
    "libtorrent": {},
    "rc4": {
        "out_enc_policy": lt.enc_policy.pe_forced,
        "in_enc_policy": lt.enc_policy.pe_forced,
        "allowed_enc_level": lt.enc_level.pe_rc4,
    },
    "utp": {"enable_outgoing_utp": True, "enable_outgoing_tcp": False},
}


def offers(port: int, info_hash: bytes) -> bool:
    """Whether the peer at ``port`` says that it has every piece."""
    try:
        with _greeted(port, info_hash) as peer:
            kind, payload = next(_messages(peer))
            whole = payload.rstrip(b"\xff")
            return kind == _BITFIELD and len(whole) <= 1 and len(payload) > len(whole)
    except (OSError, StopIteration):
        return False


def read(path: Path, port: int) -> float:
    """Seconds that every block of a torrent takes from its first request on."""
    info = torrent.read(path.read_bytes())
    assert info.info_hashes.v1
    asked = b"".join(_requests(info.total, info.piece_length))
    size = 4 + _HEAD
    with _greeted(port, info.info_hashes.v1) as peer:
        peer.sendall(struct.pack(">IB", 1, _INTERESTED))
        while next(_messages(peer))[0] != _UNCHOKE:
            pass
        began, got, sent = time.perf_counter(), 0, 0
        wanted, hold = info.total + len(asked) // size * _HEAD, bytearray(1 << 20)
        while got < wanted:
            due = min(len(asked), (got // (_BLOCK + _HEAD) + _ASKED) * size)
            if due - sent >= 64 * size or due == len(asked) > sent:
                peer.sendall(asked[sent:due])
                sent = due
            if not (count := peer.recv_into(hold)):
                raise ConnectionError("the giver hung up")
            got += count
        return time.perf_counter() - began


def fetch(path: Path, port: int, into: Path, way: "lt.settings_pack") -> float:
    """Seconds until a libtorrent session of its own has all of it."""
    from givers import PLAIN  # noqa: PLC0415 -- that imports this

    session = lt.session(lt.session_params(PLAIN | way))
    wanted = lt.load_torrent_file(str(path))
    wanted.save_path, wanted.trackers = str(into), []
    handle = session.add_torrent(wanted)
    handle.connect_peer(("127.0.0.1", port))
    began = time.perf_counter()
    while not handle.status(0).is_seeding:
        time.sleep(0.02)
    return time.perf_counter() - began


def crowd(path: Path, port: int, count: int) -> str:
    """So many at once read a torrent again and again until nothing more comes on stdin."""
    done = []

    def often() -> None:
        while True:
            read(path, port)
            done.append(path)

    began = time.monotonic()
    for _ in range(count):
        threading.Thread(target=often, daemon=True).start()
    sys.stdin.read()
    return f"{len(done)} copies in {time.monotonic() - began:.0f} s"


def _greeted(port: int, info_hash: bytes) -> socket.socket:
    """A connection after both handshakes (BEP 3); no extension is spoken."""
    peer = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    name = b"\x13BitTorrent protocol"
    peer.sendall(name + bytes(8) + info_hash + b"-XX0001-" + os.urandom(12))
    if _exactly(peer, 68)[:20] != name:
        raise ConnectionError("no handshake")
    return peer


def _messages(peer: socket.socket) -> Iterator[tuple[int, bytes]]:
    while True:
        (length,) = struct.unpack(">I", _exactly(peer, 4))
        if length:
            body = _exactly(peer, length)
            yield body[0], body[1:]


def _exactly(peer: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        if not (part := peer.recv(count - len(found))):
            raise ConnectionError("the giver hung up")
        found += part
    return bytes(found)


def _requests(total: int, piece: int) -> Iterator[bytes]:
    for start in range(0, total, _BLOCK):
        length = min(_BLOCK, total - start)
        yield struct.pack(">IBIII", _HEAD, _REQUEST, start // piece, start % piece, length)


if __name__ == "__main__":
    _, kind, named, at, last = sys.argv
    if kind == "read":
        told: object = read(Path(named), int(at))
    elif kind == "crowd":
        told = crowd(Path(named), int(at), int(last))
    else:
        told = fetch(Path(named), int(at), Path(last), WAYS[kind])
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
    os._exit(0)  # threads that still read, and a session that would say goodbye
