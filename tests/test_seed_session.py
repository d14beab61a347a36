"""The swarm engine alone, with libtorrent as the second client."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import libtorrent
import pytest

from packager.demo.tracker import Tracker
from packager.errors import CheckFailed, MachineFailed
from packager.seed.policy import Wiring, parse_address
from packager.seed.session import Session

pytestmark = pytest.mark.swarm
CLOSED = Wiring(parse_address("127.0.0.1:0"), offline=True)
FILES = {
    "film.mkv": bytes(range(256)) * 2000,
    "ReadMe.txt": b"Plays in any player.\n",
    "e.srt": b"",
}


@pytest.fixture
def session() -> Iterator[Session]:
    one = Session(CLOSED)
    one.wait_until_listening()
    yield one
    one.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "out" / "Film"
    content.mkdir(parents=True)
    for name, data in FILES.items():
        (content / name).write_bytes(data)
    return content.parent


@pytest.fixture
def torrent(folder: Path) -> bytes:
    """Made by libtorrent, with everything in it that a node must not contact."""
    found = sorted(libtorrent.list_files(str(folder / "Film")), key=lambda one: one.filename)
    made = libtorrent.create_torrent(found, 16384, libtorrent.create_torrent.v1_only)
    made.add_tracker("http://192.0.2.1/announce")
    made.add_url_seed("http://192.0.2.2/")
    made.add_node("192.0.2.3", 6881)
    libtorrent.set_piece_hashes(made, str(folder))
    return libtorrent.bencode(made.generate())


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    for _ in range(int(seconds * 20)):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def leech(session: Session, torrent: bytes, into: Path, seconds: int = 20) -> bool:
    address = session.listening()
    assert address
    path = into.with_suffix(".torrent")
    path.write_bytes(torrent)
    words = (str(path), str(into), str(address), "--seconds", str(seconds))
    command = (sys.executable, "-m", "packager.demo.leecher", *words)
    return subprocess.run(command, check=False, timeout=60).returncode == 0


def given(session: Session, identity: str) -> int:
    session.settle()
    return session.swarms()[identity].uploaded


def spoil(folder: Path) -> None:
    film = folder / "Film" / "film.mkv"
    film.write_bytes(film.read_bytes()[::-1])


def test_nothing_is_offered_before_release(
    session: Session, torrent: bytes, folder: Path, tmp_path: Path
) -> None:
    with Tracker() as tracker:
        identity = session.hash_and_hold(torrent, folder, [tracker.url], lambda: False)
        assert identity == session_id(torrent)
        assert not leech(session, torrent, tmp_path / "early", 1)
        assert tracker.peers(bytes.fromhex(identity)) == 0
        session.release(identity)
        assert leech(session, torrent, tmp_path / "copy")
        until(lambda: tracker.peers(bytes.fromhex(identity)) == 1)
        until(lambda: given(session, identity) > len(FILES["film.mkv"]) / 2)
        session.drop(identity)
        until(lambda: tracker.peers(bytes.fromhex(identity)) == 0)
    copied = {p.name: p.read_bytes() for p in (tmp_path / "copy" / "Film").iterdir()}
    assert copied == FILES


def test_what_is_offered_before_it_listens_is_counted(
    torrent: bytes, folder: Path, tmp_path: Path
) -> None:
    """The engine tells once that a torrent arrived, and may do so while the socket opens."""
    session = Session(CLOSED)
    try:
        identity = session.offer_known(torrent, folder, [])
        until(lambda: bool(session._session.get_torrents()))
        session.wait_until_listening()
        assert leech(session, torrent, tmp_path / "copy")
        session.troubles()
        until(lambda: session.troubles() == set() and identity in session.swarms())
    finally:
        session.close()


def session_id(torrent: bytes) -> str:
    read = libtorrent.load_torrent_buffer(torrent).ti
    assert read
    return read.info_hashes().v1.to_bytes().hex()


def test_no_address_in_a_torrent_is_contacted(
    session: Session, torrent: bytes, folder: Path
) -> None:
    assert session.hash_and_hold(torrent, folder, [], lambda: False)
    (handle,) = session._session.get_torrents()
    assert (handle.trackers(), handle.url_seeds()) == ([], [])
    assert handle.flags() & libtorrent.torrent_flags.upload_mode


@pytest.mark.parametrize("change", [spoil, lambda folder: (folder / "Film/film.mkv").unlink()])
def test_what_does_not_fit_is_let_go_and_never_fetched(
    session: Session, torrent: bytes, folder: Path, change: Callable[[Path], None]
) -> None:
    change(folder)
    before = sorted(folder.rglob("*"))
    assert session.hash_and_hold(torrent, folder, [], lambda: False) is None
    session.settle()
    assert session.swarms() == {}
    assert sorted(folder.rglob("*")) == before


def test_hashing_stops_when_the_node_does(session: Session, torrent: bytes, folder: Path) -> None:
    assert session.hash_and_hold(torrent, folder, [], lambda: True) in {None, session_id(torrent)}


def test_rot_is_noticed_before_a_peer_takes_it(
    session: Session, torrent: bytes, folder: Path, tmp_path: Path
) -> None:
    spoil(folder)
    identity = session.offer_known(torrent, folder, [])
    assert not leech(session, torrent, tmp_path / "copy", 2)
    until(lambda: identity in session.troubles())
    assert (
        not (tmp_path / "copy" / "Film" / "film.mkv").exists()
        or (tmp_path / "copy" / "Film" / "film.mkv").read_bytes() != FILES["film.mkv"]
    )


def test_a_trouble_is_found_even_if_the_engine_could_not_keep_it(
    session: Session, torrent: bytes, folder: Path
) -> None:
    session._session.apply_settings({"alert_queue_size": 1})
    (folder / "Film" / "film.mkv").unlink()
    identity = session.offer_known(torrent, folder, [])
    until(lambda: identity in session.troubles())


def test_what_is_dropped_on_its_way_comes_again_when_asked(
    session: Session, torrent: bytes, folder: Path, tmp_path: Path
) -> None:
    identity = session.offer_known(torrent, folder, [])
    assert session.drop(identity) == 0
    assert not session._session.get_torrents()
    assert session.offer_known(torrent, folder, []) == identity
    session.troubles()
    assert leech(session, torrent, tmp_path / "copy")
    until(lambda: given(session, identity) > 0)
    assert session.drop(identity) >= len(FILES["film.mkv"])
    assert not session.swarms()


def test_another_torrent_than_the_one_kept_is_not_offered(
    session: Session, torrent: bytes, folder: Path
) -> None:
    with pytest.raises(CheckFailed, match="not the one that was kept"):
        session.offer_known(torrent, folder, [], "0" * 40)
    assert not session._session.get_torrents()


def test_a_node_never_downloads(
    session: Session, torrent: bytes, folder: Path, tmp_path: Path
) -> None:
    """Even with its files gone and a whole peer beside it."""
    whole = Session(CLOSED)
    try:
        address = whole.wait_until_listening()
        identity = whole.hash_and_hold(torrent, folder, [], lambda: False)
        assert identity
        whole.release(identity)
        (tmp_path / "empty" / "Film").mkdir(parents=True)
        session.offer_known(torrent, tmp_path / "empty", [])
        (handle,) = session._session.get_torrents()
        handle.connect_peer((str(address.host), address.port))
        time.sleep(1.5)
        found = (p.name for p in (tmp_path / "empty" / "Film").iterdir())
        assert set(found) <= {"e.srt"}  # libtorrent makes empty files again; they hold nothing
        whole.settle()
        assert whole.swarms()[identity].uploaded == 0
        assert session.troubles()
    finally:
        whole.close()


def test_pausing_lets_hashing_go_on(
    session: Session, torrent: bytes, folder: Path, tmp_path: Path
) -> None:
    session.hush(silent=True)
    identity = session.hash_and_hold(torrent, folder, [], lambda: False)
    assert identity
    session.release(identity)
    assert not leech(session, torrent, tmp_path / "early", 1)
    session.hush(silent=False)
    assert leech(session, torrent, tmp_path / "copy")


def test_nonsense_is_refused_in_our_words(session: Session, torrent: bytes, folder: Path) -> None:
    with pytest.raises(MachineFailed, match="cannot read the torrent"):
        session.offer_known(b"d4:infodee", folder, [])
    session.offer_known(torrent, folder, [])
    with pytest.raises(MachineFailed, match="does not take the torrent"):
        session.offer_known(torrent, folder, [])


def test_it_names_no_program_and_asks_no_stranger(session: Session) -> None:
    settings = session._session.get_settings()
    for key in ("enable_dht", "enable_lsd", "enable_upnp", "enable_natpmp", "enable_ip_notifier"):
        assert settings[key] is False, key
    for key in ("user_agent", "peer_fingerprint", "webtorrent_stun_server", "dht_bootstrap_nodes"):
        assert settings[key] == "", key  # type: ignore[literal-required]
    assert settings["anonymous_mode"]
    hidden = libtorrent.alert_category.peer | libtorrent.alert_category.connect
    assert not settings["alert_mask"] & hidden
    allowed = session._session.get_ip_filter()
    assert [allowed.access(ip) for ip in ("127.0.0.1", "::1", "192.0.2.1", "2001:db8::1")] == [
        *(0, 0, 1, 1)
    ]


def test_trouble_with_what_was_let_go_is_no_news(
    session: Session, torrent: bytes, folder: Path
) -> None:
    (folder / "Film" / "film.mkv").unlink()
    session.drop(session.offer_known(torrent, folder, []))
    time.sleep(0.3)
    assert session.troubles() == frozenset()
    assert session.hash_and_hold(torrent, folder, [], lambda: False) is None
    time.sleep(0.3)
    assert session.troubles() == frozenset()


@pytest.mark.parametrize("taken", ["0.0.0.0", "::1"])  # noqa: S104 -- that is the matter
def test_a_port_that_is_taken_in_one_family_is_not_half_listened_on(taken: str) -> None:
    family = socket.AF_INET6 if ":" in taken else socket.AF_INET
    with socket.socket(family) as other:
        other.bind((taken, 0))
        other.listen()
        wiring = Wiring(parse_address(f"[::]:{other.getsockname()[1]}"), offline=True)
        session = Session(wiring)
        with pytest.raises(MachineFailed, match="cannot listen"):
            session.wait_until_listening()
        session.close()
