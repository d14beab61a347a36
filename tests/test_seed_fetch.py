"""What is not here yet: nothing unproved is kept, and nothing at all is given before it is."""

import shutil
import signal
import time
from pathlib import Path

import libtorrent
import pytest
import sealed
from hypothesis import given
from hypothesis import strategies as some
from nodes import (
    CLOSED,
    NAME,
    arrived,
    info_hash,
    leech,
    link_of,
    node,
    packager,
    packed,
    seeded,
    until,
)
from trees import PIECE, built

from packager import torrent
from packager.demo.tracker import Tracker
from packager.errors import Exit, InputRefused
from packager.seed import pieces, policy
from packager.seed.quarantine import Quarantine
from packager.seed.session import Session
from packager.torrent import InfoHashes, Kind

LENGTHS = some.dictionaries(
    some.sampled_from(["a.mkv", "b/c.mp3", "d.txt", "e.epub", "f.srt"]),
    some.integers(1, 5 * PIECE),
    min_size=1,
)


@given(LENGTHS, some.sampled_from(Kind))
def test_every_byte_of_a_file_is_where_the_pieces_say(lengths: dict[str, int], kind: Kind) -> None:
    """The stream put together by places hashes to the torrent's own pieces."""
    read = torrent.read(built(lengths, kind))
    places = list(pieces.places(read))
    assert {place.path: place.length for place in places} == lengths
    assert all(place.start % PIECE == 0 for place in places) or kind is Kind.V1
    ends = [place.start + place.length for place in places]
    assert all(a <= b.start for a, b in zip(ends, places[1:], strict=False))
    wanted = pieces.tails(read)
    for place in places:
        last = (place.start + place.length - 1) // PIECE
        sealable = place.path.suffix in policy.SEALED
        if sealable:
            assert {place.start // PIECE, last} <= wanted
        elif kind is not Kind.V1:
            assert last not in wanted


@given(LENGTHS, some.sampled_from(Kind))
def test_metadata_alone_is_read_as_in_its_torrent(lengths: dict[str, int], kind: Kind) -> None:
    data = built(lengths, kind, trackers=("http://127.0.0.1/announce",))
    whole, outer = torrent.read(data), torrent.decode(data, 1 << 20)
    assert isinstance(outer, dict)
    alone = torrent.read_info(torrent.encode(outer[b"info"]))
    assert (alone.name, alone.kind, alone.pieces) == (whole.name, whole.kind, whole.pieces)
    assert alone.info_hashes == whole.info_hashes
    assert [(f.path, f.length, f.root) for f in alone.files] == [
        (f.path, f.length, f.root) for f in whole.files
    ]


@given(LENGTHS, some.sampled_from(Kind))
def test_our_own_links_are_read(lengths: dict[str, int], kind: Kind) -> None:
    urls = ("http://127.0.0.1:80/announce?a=b&c", "udp://tracker.example:6969/announce")
    data = built(lengths, kind, trackers=urls)
    link = torrent.read_link(torrent.magnet(data))
    assert (link.info_hashes, link.trackers) == (torrent.info_hashes(data), urls)


@given(some.text() | some.text().map("magnet:?".__add__))
def test_any_text_is_a_link_or_refused(untrusted: str) -> None:
    with pytest.raises(InputRefused, match="magnet link was refused"):
        torrent.read_link(untrusted)


def test_a_link_names_no_peer_no_web_seed_and_one_torrent() -> None:
    link = "magnet:?xt=urn:btih:" + "0A" * 20 + "&x.pe=192.0.2.1:5&ws=http://192.0.2.2/"
    assert torrent.read_link(link + "&tr=ws%3A//192.0.2.3/&tr=%ff") == torrent.Link(
        InfoHashes(b"\n" * 20, None), ()
    )
    with pytest.raises(InputRefused, match="several"):
        torrent.read_link(link + "&xt=urn:btih:" + "0b" * 20)


@pytest.mark.parametrize(
    ("lengths", "word"),
    [
        ({"a.mkv": 1, "codec.exe": 1}, "codec.exe"),
        ({"a.mkv.mp4": 1}, "two types"),
        ({"a.mkv": 1, "b.txt": 2 * 1024 * 1024}, "limit"),
        ({"a.txt": 1}, "carry a seal"),
        ({"a.mkv": 1, "b.zip": 1}, "b.zip"),
    ],
)
def test_metadata_is_judged_by_names_and_sizes(lengths: dict[str, int], word: str) -> None:
    problem = policy.metadata_problem(torrent.read(built(lengths, Kind.V1)))
    assert problem
    assert word in problem.fact
    assert policy.metadata_problem(torrent.read(built({"a.mkv": 1}, Kind.V1))) is None


# From here on with real swarms


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.parametrize("kind", Kind)
def test_a_magnet_link_is_enough(
    kind: Kind, home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker
) -> None:
    out = tmp_path / "out" / NAME
    packed(out, desk, tracker.url, kind)
    with node(home) as one:
        with seeded(out, tracker.url):
            assert one.releases("add", link_of(out))[0]["state"] == "fetching"
            until(lambda: one.states() == ["seeding"], 40)
        assert leech(out, tmp_path / "copy", one.address) == 0
        assert arrived(out, tmp_path / "copy")
        release = one.releases("status")[0]
        assert (release["name"], release["publisher"]) == (NAME, "desk")
        assert not list((home / "seed" / "quarantine").iterdir())
        one.end(signal.SIGTERM)
    with node(home) as again:
        until(lambda: again.states() == ["seeding"])


@pytest.mark.swarm
@pytest.mark.slow
def test_a_torrent_without_files_is_fetched_also_after_a_crash(
    home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker
) -> None:
    out = tmp_path / "out" / NAME
    packed(out, desk, tracker.url)
    (tmp_path / "alone").mkdir()
    shutil.copy(out / f"{NAME}.torrent", tmp_path / "alone")
    with node(home) as first:
        told = first.releases("add", str(tmp_path / "alone" / f"{NAME}.torrent"))
        assert (told[0]["state"], told[0]["note"]) == ("fetching", "seals")
        first.end(signal.SIGKILL)
    with node(home) as second:
        assert second.states() == ["fetching"]
        with seeded(out, tracker.url):
            until(lambda: second.states() == ["seeding"], 40)


@pytest.mark.swarm
@pytest.mark.slow
def test_what_nobody_trusted_sealed_is_deleted_after_its_tail(
    home: Path, tmp_path: Path, tracker: Tracker
) -> None:
    stranger = sealed.desk(tmp_path / "stranger", "stranger")
    out = tmp_path / "out" / NAME
    big = sealed.film_bytes("mkv", seconds=30)
    done = sealed.release(out / NAME, stranger, film=big)
    data = torrent.build(
        NAME, done.files, done.piece_length, done.sha1_pieces, Kind.V1, [tracker.url]
    )
    (out / f"{NAME}.torrent").write_bytes(data)
    with seeded(out, tracker.url) as giver, node(home) as one:
        one.ask("add", link_of(out))
        until(lambda: one.states() == [], 30)
        assert "no trusted publisher's words" in one.told()["notes"][-1]
        giver.settle()
        given = giver.swarms()[info_hash(out).hex()].uploaded
        assert 0 < given < len(big) * 3 // 4
        assert not list((home / "seed" / "quarantine").iterdir())
        one.end(signal.SIGTERM)
    with node(home) as again:
        assert again.states() == []


@pytest.mark.swarm
@pytest.mark.slow
def test_not_a_byte_of_unsafe_metadata_is_fetched(
    home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker
) -> None:
    out = tmp_path / "out" / NAME
    done = sealed.release(out / NAME, desk)
    (out / NAME / "codec.exe").write_bytes(b"MZ" + bytes(100_000))
    made = sorted(libtorrent.list_files(str(out / NAME)), key=lambda one: one.filename)
    creator = libtorrent.create_torrent(made, done.piece_length, libtorrent.create_torrent.v1_only)
    creator.set_creation_date(0)
    creator.set_creator("")
    creator.add_tracker(tracker.url)
    libtorrent.set_piece_hashes(creator, str(out))
    (out / f"{NAME}.torrent").write_bytes(libtorrent.bencode(creator.generate()))
    with seeded(out, tracker.url) as giver, node(home) as one:
        one.ask("add", link_of(out))
        until(lambda: one.states() == [], 30)
        assert "codec.exe" in one.told()["notes"][-1]
        giver.settle()
        assert giver.swarms()[info_hash(out).hex()].uploaded == 0


@pytest.mark.swarm
@pytest.mark.slow
def test_a_fetch_that_the_quota_forbids_is_refused_at_once(
    home: Path, desk: sealed.Desk, tmp_path: Path, tracker: Tracker
) -> None:
    out = tmp_path / "out" / NAME
    packed(out, desk, tracker.url)
    shutil.rmtree(out / NAME)
    (home / "node.toml").write_text("[disk]\nquota = '1 kB'\n")
    with node(home) as one:
        done = packager(home, "seed", "add", str(out / f"{NAME}.torrent"))
        assert (done.returncode, "are left" in done.stderr) == (Exit.REFUSED, True)
        (home / "node.toml").write_text("[disk]\nkeep_free = '1000 TB'\n")
        one.process.send_signal(signal.SIGHUP)
        until(lambda: one.told()["quota"] == -1)
        done = packager(home, "seed", "add", str(out / f"{NAME}.torrent"))
        assert (done.returncode, "stay free" in done.stderr) == (Exit.MACHINE, True)
        assert one.states() == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "out" / "Film"
    content.mkdir(parents=True)
    (content / "film.mkv").write_bytes(bytes(range(256)) * 8000)
    return content.parent


def hungry_neighbour(data: bytes, into: Path, port: int, enough: int = 0) -> tuple[bool, int]:
    """Whether somebody who misses everything met the one at ``port``, and how much it got.

    It asks until it has more than ``enough``, or for four seconds after they met.
    """
    settings: libtorrent.settings_pack = {
        "listen_interfaces": "127.0.0.1:0",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
    }
    hungry = libtorrent.session(libtorrent.session_params(settings))
    params = libtorrent.load_torrent_buffer(data)
    params.save_path = str(into)
    params.trackers = []
    handle = hungry.add_torrent(params)
    met = got = 0  # looks since then, and bytes
    for _ in range(400):
        handle.connect_peer(("127.0.0.1", port))
        met += met > 0 or handle.status().num_peers > 0
        got = handle.status().total_payload_download
        if got > enough or met > 40:
            break
        time.sleep(0.1)
    return met > 0, got


@pytest.mark.swarm
@pytest.mark.slow
def test_the_quarantine_gives_nothing_to_a_hungry_neighbour(folder: Path, tmp_path: Path) -> None:
    """Half of the pieces are in quarantine, their only giver is gone, and somebody asks."""
    made = libtorrent.create_torrent(
        libtorrent.list_files(str(folder / "Film")), PIECE, libtorrent.create_torrent.v1_only
    )
    made.set_creation_date(0)
    libtorrent.set_piece_hashes(made, str(folder))
    data = libtorrent.bencode(made.generate())
    with Tracker() as tracker:
        giver = Session(CLOSED)
        giver.wait_until_listening()
        identity = giver.hash_and_hold(data, folder, [tracker.url], lambda: False)
        assert identity
        giver.release(identity)
        inside = Quarantine(CLOSED)
        inside.fetch(data, tmp_path / "inside", [tracker.url])
        inside.want(identity, range(16))
        until(lambda: inside.progress(identity).done >= 16 * PIECE)
        giver.close()
    port = inside._session.listen_port()
    assert hungry_neighbour(data, tmp_path / "hungry", port) == (True, 0)
    assert inside.progress(identity).given == 0
    inside.close()
    giver = Session(CLOSED)  # the same neighbour gets all of it where something is offered
    address = giver.wait_until_listening()
    assert giver.hash_and_hold(data, folder, [], lambda: False)
    giver.release(identity)
    assert hungry_neighbour(data, tmp_path / "fed", address.port, 16 * PIECE)[1] > 16 * PIECE
    giver.close()
