"""Clients that people use fetch from a running node, in every way that they can."""

import contextlib
import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest
import sealed
from foreign import CLIENTS, Client
from nodes import gave_all, node, packager, same, until
from tools import tool

from packager import torrent
from packager.demo.tracker import Tracker
from packager.keyring import Home
from packager.seed import control
from packager.seed.control import Request, Verb
from packager.torrent import Kind

pytestmark = [pytest.mark.swarm, pytest.mark.slow, pytest.mark.tool]


@dataclass(frozen=True)
class Cell:
    """One client, one way to fetch; its release is its own, so nobody but the node gives it."""

    client: Client
    encrypted: bool
    magnet: bool
    kind: Kind
    folder: Path

    def __str__(self) -> str:
        words = (self.kind, "link" if self.magnet else "file", "encrypted" * self.encrypted)
        return " ".join([self.client.program, *filter(None, words)])

    @property
    def out(self) -> Path:
        return self.folder / "out" / str(self).replace(" ", ".")

    @property
    def into(self) -> Path:
        return self.folder / f"{self.client.program}{'-encrypted' * self.encrypted}"

    @property
    def copy(self) -> Path:
        return self.into / self.out.name

    @property
    def arrived(self) -> bool:
        return self.copy.is_dir() and same(self.out / self.out.name, self.copy)

    @property
    def source(self) -> str:
        path = self.out / f"{self.out.name}.torrent"
        return torrent.magnet(path.read_bytes()) if self.magnet else str(path)

    def release(self, desk: sealed.Desk, url: str, number: int) -> None:
        terms, out = sealed.terms(bytes([number]) * 32), self.out
        done = sealed.release(out / out.name, desk, told=terms, kind=self.kind)
        data = torrent.build(
            out.name, done.files, done.piece_length, done.sha1_pieces, self.kind, [url]
        )
        (out / f"{out.name}.torrent").write_bytes(data)


def cells(folder: Path) -> list[Cell]:
    """All that can be done, a client's own with the same encryption side by side."""
    return [
        Cell(client, encrypted, magnet, kind, folder)
        for client, encrypted in itertools.product(CLIENTS, [False, True])
        for magnet, kinds in ((False, client.files), (True, client.links))
        for kind in kinds
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_every_client_gets_all_of_it_in_every_way(host: str, tmp_path: Path) -> None:
    """Torrent or magnet link, v1, hybrid or v2, with encryption required or not."""
    for client in CLIENTS:
        tool(client.program)
    desk = sealed.desk(tmp_path / "author")
    home = Home(tmp_path / "home")
    home.save_pins((desk.publisher.pin,))
    every = cells(tmp_path)
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(Tracker(host=host.strip("[]"))).url
        giver = stack.enter_context(node(home.path, listen=f"{host}:0"))
        for number, cell in enumerate(every):
            cell.release(desk, url, number)
            control.ask(home.path / "seed", Request(Verb.ADD, str(cell.out)))
        for into, group in itertools.groupby(every, lambda one: one.into):
            into.mkdir()
            mine = list(group)
            sources = [one.source for one in mine]
            stack.enter_context(mine[0].client.start(sources, into, encrypted=mine[0].encrypted))
        with contextlib.suppress(AssertionError):
            until(lambda: all(one.arrived for one in every), 90)
        assert [str(one) for one in every if not one.arrived] == []
        until(lambda: all(map(gave_all, giver.releases("status"))))
    done = packager(home.path, "verify", str(every[-1].copy))
    assert (done.returncode, "genuine" in done.stdout) == (0, True), done.stdout + done.stderr
