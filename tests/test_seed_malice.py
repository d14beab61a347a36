"""Neighbours that mean harm cost a node nothing: it answers, gives, and takes no memory."""

import contextlib
import random
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import peers
import pytest
import sealed
from nodes import NAME, Node, arrived, info_hash, leech, node, packed, until
from peers import Gone, Wire, called, message, numbers

from packager import torrent
from packager.keyring import Home
from packager.seed import control
from packager.seed.control import Request, Verb
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
HUGE = 2**31 - 1
PIECE = 1 << 16
CROWD = 600  # more connections than libtorrent takes by itself
GROWTH = 100_000_000  # bytes of memory that an attack may cost


@dataclass
class Giver:
    """A node that gives one release, and how it was before anybody came."""

    node: Node
    out: Path
    home: Path
    memory: int = 0
    files: frozenset[Path] = frozenset()
    sockets: int = 0

    def alone(self) -> bool:
        """Whether all who came have left; of those before, the next crowd would find no room."""
        return self.count() <= self.sockets

    def count(self) -> int:
        return len(list(Path(f"/proc/{self.node.process.pid}/fd").iterdir()))

    @property
    def hash(self) -> bytes:
        return info_hash(self.out)

    @property
    def film(self) -> bytes:
        return next((self.out / NAME).glob("*.mkv")).read_bytes()

    def unharmed(self) -> None:
        """It answers, gives, holds no more memory and no other file than before."""
        began = time.monotonic()
        told = control.ask(self.home / "seed", Request(Verb.STATUS))
        assert time.monotonic() - began < 2
        assert [one.state for one in told.releases] == ["seeding"]
        assert told.node.problem == ""
        assert peers.block(self.node.address, self.hash) == self.film[: peers.BLOCK]
        assert self.node.memory() < self.memory + GROWTH
        assert files_of(self.home, self.out) == self.files


def files_of(*folders: Path) -> frozenset[Path]:
    return frozenset(path for folder in folders for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def giver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Giver]:
    folder = tmp_path_factory.mktemp("giver")
    desk = sealed.desk(folder / "author")
    home = Home(folder / "home")
    home.save_pins((desk.publisher.pin,))
    out = folder / "out" / NAME
    packed(out, desk, "http://127.0.0.1:9/announce", Kind.HYBRID)
    with node(home.path) as one:
        one.ask("add", str(out))
        found = Giver(one, out, home.path)
        peers.block(one.address, found.hash)
        found.memory, found.files = one.memory(), files_of(home.path, out)
        found.sockets = found.count() + 10  # of its own, which come and go
        yield found
        assert leech(out, folder / "copy", one.address) == 0
        assert arrived(out, folder / "copy")


Attack = Callable[[Giver], None]


@contextlib.contextmanager
def greeted(giver: Giver) -> Iterator[Wire]:
    """A neighbour that misses everything and may ask."""
    with called(giver.node.address, giver.hash) as wire:
        wire.send(peers.HAVE_NONE)
        wire.send(peers.INTERESTED)
        wire.until(peers.UNCHOKE)
        with contextlib.suppress(Gone):  # whatever comes next, it may hang up
            yield wire


def noise_instead_of_a_handshake(giver: Giver) -> None:
    chance = random.Random(1)
    for size in (1, 19, 20, 48, 68, 96, 1000, 1_000_000):
        for start in (b"", b"\x13BitTorrent protocol"):
            with called(giver.node.address) as wire, contextlib.suppress(Gone):
                wire.raw(start + chance.randbytes(size))


def handshakes_that_never_end(giver: Giver) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(CROWD):
            stack.enter_context(called(giver.node.address)).raw(b"\x13BitTorrent")
        giver.unharmed()


def a_crowd_that_wants_nothing(giver: Giver) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(CROWD):
            stack.enter_context(called(giver.node.address, giver.hash))
        giver.unharmed()


def noise_and_calls_over_udp(giver: Giver) -> None:
    """uTP makes a connection of the first packet of a call, whoever sent it."""
    chance = random.Random(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as away:
        host, port = giver.node.address.split(":")
        away.connect((host, int(port)))
        for number in range(CROWD):
            with contextlib.suppress(OSError):
                away.send(chance.randbytes(chance.randrange(1, 1400)))
                away.send(struct.pack(">BBHIIIHH", 0x41, 0, number * 3, 0, 0, 1 << 20, 1, 0))
    giver.unharmed()


def requests_without_end(giver: Giver) -> None:
    """More than is ever read of the answers."""
    body = numbers(0, 0, peers.BLOCK)
    for _ in range(5):
        with greeted(giver) as wire:
            for _ in range(100):
                wire.raw(message(peers.REQUEST, body) * 500)


def requests_that_make_no_sense(giver: Giver) -> None:
    for odd in (HUGE, 2**32 - 1, 2**24):
        for body in (
            numbers(odd, 0, peers.BLOCK),
            numbers(0, odd, peers.BLOCK),
            numbers(0, 0, odd),
            numbers(odd, odd, odd),
            numbers(0, 0, 0),
            b"",
        ):
            with greeted(giver) as wire:
                wire.send(peers.REQUEST, body)


def lengths_that_lie(giver: Giver) -> None:
    for length in (2**32 - 1, HUGE, 100_000_000, 2**24):
        for kind in (peers.PIECE, peers.BITFIELD, peers.EXTENDED, 99):
            with greeted(giver) as wire:
                wire.raw(length.to_bytes(4, "big") + bytes([kind]) + bytes(100_000))


def bitfields_of_the_wrong_size(giver: Giver) -> None:
    for field in (b"", b"\xff", b"\xff" * 2, b"\xff" * 100, b"\xff" * 1_000_000):
        with called(giver.node.address, giver.hash) as wire, contextlib.suppress(Gone):
            wire.send(peers.BITFIELD, field)
            wire.send(peers.BITFIELD, field)
            wire.send(peers.HAVE_ALL)


def fast_extension_abused(giver: Giver) -> None:
    for kind in (peers.SUGGEST, peers.ALLOWED_FAST, peers.HAVE, peers.REJECT):
        for index in (0, 2**32 - 1, HUGE):
            body = numbers(index, 0, peers.BLOCK) if kind == peers.REJECT else numbers(index)
            with greeted(giver) as wire:
                wire.raw(message(kind, body) * 20_000)
    with greeted(giver) as wire:
        wire.raw((message(peers.HAVE_ALL) + message(peers.HAVE_NONE)) * 10_000)


def extension_messages_of_noise(giver: Giver) -> None:
    bodies = [
        *(b"", b"\0", b"\0d", b"\0" + b"l" * 100_000, b"\0di1e", b"\0d1:mi5ee", b"\xffde"),
        b"\0d1:md11:ut_metadatai-1ee4:reqqi-1e1:pi99999ee",
        b"\0d13:metadata_sizei9223372036854775807ee",
        b"\0d4:ipv43:abc4:ipv63:abc6:yourip1:a1:v100000:" + bytes(100_000) + b"e",
        b"\0d1:md" + b"".join(b"5:%05di%de" % (n, n % 256) for n in range(10_000)) + b"ee",
    ]
    for body in bodies:
        with greeted(giver) as wire:
            wire.send(peers.EXTENDED, body)


def metadata_asked_for_without_end(giver: Giver) -> None:
    with greeted(giver) as wire:
        number = wire.number_of(b"ut_metadata")
        wire.extended(0, {b"m": {b"ut_metadata": peers.METADATA}})
        for piece in (-1, HUGE, 2**62):
            wire.extended(number, {b"msg_type": 0, b"piece": piece})
            wire.extended(number, {b"msg_type": 9, b"piece": piece})
    with greeted(giver) as wire:
        wire.extended(0, {b"m": {b"ut_metadata": peers.METADATA}})
        ask = torrent.encode({b"msg_type": 0, b"piece": 0})
        wire.raw(message(peers.EXTENDED, bytes([number]) + ask) * 20_000)


def hashes_asked_for_without_end(giver: Giver) -> None:
    with called(giver.node.address, giver.hash, v2=True) as wire, contextlib.suppress(Gone):
        root = torrent.read((giver.out / f"{NAME}.torrent").read_bytes()).files[0].root
        assert root
        for odd in (0, 1, 31, HUGE, 2**32 - 1):
            wire.send(peers.HASH_REQUEST, root + numbers(odd, odd, odd, odd))
            wire.send(peers.HASH_REQUEST, bytes(32) + numbers(0, 0, odd, odd))
        wire.raw(message(peers.HASH_REQUEST, root + numbers(0, 0, 512, 0)) * 20_000)


def strangers_named_to_it(giver: Giver) -> None:
    """A node that calls everybody whom a neighbour names would be a weapon against them."""

    def silent(wire: Wire) -> None:
        wire.read(1_000_000)

    everywhere = "0.0.0.0"  # noqa: S104 -- all of loopback
    with peers.Neighbour(silent, everywhere) as victim, greeted(giver) as wire:
        wire.extended(0, {b"m": {b"ut_pex": peers.PEX}})
        number = wire.number_of(b"ut_pex")
        for turn in range(50):
            many = 2000 if turn else 40
            named = [bytes([127, 1 + turn, n // 256, n % 256]) for n in range(1, many)]
            added = b"".join(one + victim.port.to_bytes(2, "big") for one in named)
            with contextlib.suppress(Gone):
                wire.extended(number, {b"added": added, b"added.f": bytes(len(named))})
        until(lambda: victim.calls > 30)
        time.sleep(1)
        assert victim.calls <= 50


ATTACKS: list[Attack] = [
    noise_instead_of_a_handshake,
    handshakes_that_never_end,
    a_crowd_that_wants_nothing,
    noise_and_calls_over_udp,
    requests_without_end,
    requests_that_make_no_sense,
    lengths_that_lie,
    bitfields_of_the_wrong_size,
    fast_extension_abused,
    extension_messages_of_noise,
    metadata_asked_for_without_end,
    hashes_asked_for_without_end,
    strangers_named_to_it,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_costs_nothing(attack: Attack, giver: Giver) -> None:
    until(giver.alone)
    attack(giver)
    giver.unharmed()
