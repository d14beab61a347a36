"""Trackers that mean harm: a node that asked them goes on as before."""

import contextlib
import gzip
import time
from collections.abc import Callable
from pathlib import Path

import peers
import pytest
import sealed
from nodes import NAME, node, until
from peers import Neighbour, Wire

from packager import torrent
from packager.keyring import Home
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
OK = b"HTTP/1.0 200 OK\r\n"
MUCH = 300_000_000  # bytes


def says(*parts: bytes, turns: int = 1) -> Callable[[Wire], None]:
    """A script: hear the question, then say all parts, the last one again and again."""

    def script(wire: Wire) -> None:
        while wire.read(1) != b"\n" or wire.read(2) != b"\r\n":
            pass
        wire.raw(b"".join(parts[:-1]))
        for _ in range(turns):
            wire.raw(parts[-1])

    return script


HARMS = (
    says(OK, b"\r\nd8:intervali1800e5:peers", bytes(100_000), turns=MUCH // 100_000),
    says(OK, b"X-More: " + b"x" * 100_000, turns=MUCH // 100_000),
    says(OK, b"\r\n", b"l" * 500_000),
    says(OK, b"\r\nd8:completei-1e8:intervali-99999999999e5:peers999999:xe"),
    says(OK, b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(MUCH), 1)),
    says(b"HTTP/1.0 302 Found\r\nLocation: /announce?again\r\n\r\n"),
)


def crowd(port: int) -> bytes:
    """What a tracker says that names twenty thousand neighbours, who are all the same one."""
    hosts = (bytes([127, 1, n // 256, n % 256]) for n in range(1, 20_001))
    named = b"".join(host + port.to_bytes(2, "big") for host in hosts)
    return b"\r\nd8:intervali1800e5:peers%d:%be" % (len(named), named)


def test_a_node_goes_on_whatever_its_trackers_say(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "author")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    with contextlib.ExitStack() as stack:
        everywhere = "0.0.0.0"  # noqa: S104 -- all of loopback
        victim = stack.enter_context(Neighbour(lambda wire: wire.read(1), everywhere))
        scripts = (*HARMS, says(OK, crowd(victim.port)))
        trackers = [stack.enter_context(Neighbour(script)) for script in scripts]
        urls = [f"http://127.0.0.1:{one.port}/announce" for one in trackers]
        out = tmp_path / "out" / NAME
        done = sealed.release(out / NAME, desk)
        hashes, length = done.sha1_pieces, done.piece_length
        data = torrent.build(NAME, done.files, length, hashes, Kind.V1, urls)
        (out / f"{NAME}.torrent").write_bytes(data)
        one = stack.enter_context(node(home.path))
        memory = one.memory()
        one.ask("add", str(out))
        until(lambda: victim.calls > 0, 60)
        time.sleep(2)
        assert [tracker.calls < 20 for tracker in trackers] == [True] * len(trackers)
        assert victim.calls < 200  # some dozens a second, never all at once
        assert one.memory() < memory + 100_000_000
        film = next((out / NAME).glob("*.mkv")).read_bytes()
        info_hash = torrent.info_hashes(data).v1 or b""
        assert peers.block(one.address, info_hash) == film[: peers.BLOCK]
        assert one.states() == ["seeding"]
