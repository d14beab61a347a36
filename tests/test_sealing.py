"""What one read of a release yields is what other programs find when they read it themselves."""

import time
from pathlib import Path

import libtorrent as lt
import pytest
import sealed
import torf

from packager import torrent
from packager.pack.sealing import Sealed
from packager.sweep import file_tree
from packager.torrent import Kind

pytestmark = pytest.mark.tool


def torrent_of(folder: Path, made: Sealed, kind: Kind) -> bytes:
    return torrent.build(folder.name, made.files, made.piece_length, made.sha1_pieces, kind)


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
@pytest.mark.parametrize("kind", list(Kind))
def test_libtorrent_finds_every_piece(
    tmp_path: Path, desk: sealed.Desk, kind: Kind, suffix: str
) -> None:
    folder = tmp_path / "Quiet.Harbor"
    data = torrent_of(folder, sealed.release(folder, desk, suffix, kind=kind), kind)
    settings: lt.settings_pack = {"listen_interfaces": "", "enable_dht": False, "enable_lsd": False}
    session = lt.session(lt.session_params(settings))
    params = lt.load_torrent_buffer(data)
    params.save_path = str(tmp_path)
    params.flags = lt.torrent_flags.stop_when_ready
    handle = session.add_torrent(params)
    deadline = time.monotonic() + 20

    while not (status := handle.status()).is_seeding and time.monotonic() < deadline:
        time.sleep(0.05)

    assert status.is_seeding, status.state
    assert status.total_wanted_done == status.total_wanted
    del session


def test_torf_finds_every_piece(tmp_path: Path, desk: sealed.Desk) -> None:
    folder = tmp_path / "Quiet.Harbor"
    data = torrent_of(folder, sealed.release(folder, desk), Kind.V1)

    read = torf.Torrent.read_stream(data)

    assert read.verify(folder)
    assert (read.creation_date, read.created_by, read.comment) == (None, None, None)
    assert read.infohash == torrent.info_hashes(data).v1.hex()  # type: ignore[union-attr]


def test_the_roots_are_those_of_the_files(tmp_path: Path, desk: sealed.Desk) -> None:
    folder = tmp_path / "Quiet.Harbor"
    made = sealed.release(folder, desk)

    for one in made.files:
        length, tree = file_tree(folder / one.path)
        assert (one.length, one.root) == (length, tree.root)
