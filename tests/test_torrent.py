"""Our torrents, judged by libtorrent: the same bytes for the same folder."""

from pathlib import Path
from tempfile import TemporaryDirectory

import libtorrent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trees import PIECE, built, hashes, sha1_pieces, write

from packager import torrent
from packager.errors import InputRefused
from packager.torrent import Kind
from packager.values import RelativePath

FLAGS = {
    Kind.V1: libtorrent.create_torrent.v1_only,
    Kind.HYBRID: 0,
    Kind.V2: libtorrent.create_torrent.v2_only,
}
TRACKERS = ("https://tracker.example/announce", "udp://tracker.example:6969/announce")
SEEDS = ("https://mirror.example/films/", "http://[::1]:8080/")
BLOCK = 16 * 1024
EDGES = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 5 * PIECE + 7]
TREE = {
    "B.mkv": 70_000,
    "Sub/A.srt": 100,
    "Sub/Deep/C.srt": PIECE,
    "a.txt": 20_000,
    "empty.txt": 0,
    "é 漢字.mkv": 2 * PIECE + 5,
}


def judged(
    folder: Path,
    kind: Kind,
    piece: int = PIECE,
    trackers: tuple[str, ...] = (),
    webseeds: tuple[str, ...] = (),
) -> bytes:
    """The torrent that libtorrent makes of ``folder``."""
    entries = sorted(libtorrent.list_files(str(folder)), key=lambda entry: entry.filename)
    maker = libtorrent.create_torrent(entries, piece, FLAGS[kind])
    maker.set_creation_date(0)
    for tier, url in enumerate(trackers):
        maker.add_tracker(url, tier)
    for url in webseeds:
        maker.add_url_seed(url)
    libtorrent.set_piece_hashes(maker, str(folder.parent))
    return libtorrent.bencode(maker.generate())


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("trackers", "webseeds"),
    [((), ()), (TRACKERS[:1], SEEDS[:1]), (TRACKERS, SEEDS)],
    ids=["alone", "one", "two"],
)
def test_same_bytes_as_libtorrent(
    tmp_path: Path, kind: Kind, trackers: tuple[str, ...], webseeds: tuple[str, ...]
) -> None:
    folder = write(tmp_path / "Name", TREE)
    ours = built(TREE, kind, trackers=trackers, webseeds=webseeds)
    assert ours == judged(folder, kind, PIECE, trackers, webseeds)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("length", EDGES[1:])
def test_one_file_of_every_edge(tmp_path: Path, kind: Kind, length: int) -> None:
    folder = write(tmp_path / "Name", {"film.mkv": length})
    assert built({"film.mkv": length}, kind) == judged(folder, kind)


@pytest.mark.parametrize("kind", Kind)
def test_larger_pieces(tmp_path: Path, kind: Kind) -> None:
    tree = {"a.mkv": 300_000, "b.mkv": 700_001}
    folder = write(tmp_path / "Name", tree)
    assert built(tree, kind, piece=4 * PIECE) == judged(folder, kind, 4 * PIECE)


NAMES = st.text("abAB.- 1é漢", min_size=1, max_size=6).filter(
    lambda name: name.strip() == name and name[0] not in ".-" and name[-1] != "."
)
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join),
    st.sampled_from(EDGES),
    min_size=1,
    max_size=6,
)


def usable(lengths: dict[str, int], kind: Kind) -> bool:
    try:
        built(lengths, kind)
    except InputRefused:
        return False
    ordered = sorted(lengths)
    return kind is not Kind.HYBRID or ordered == sorted(lengths, key=lambda p: p.split("/"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@given(lengths=TREES, kind=st.sampled_from(Kind))
def test_any_tree(lengths: dict[str, int], kind: Kind) -> None:
    if not usable(lengths, kind):
        return
    with TemporaryDirectory() as place:
        ours = built(lengths, kind)
        assert ours == judged(write(Path(place) / "Name", lengths), kind)
    again = torrent.read(ours)
    assert {str(file.path): file.length for file in again.files} == lengths
    assert again.kind is kind


def test_hybrid_order_where_libtorrent_cannot_load_its_own(tmp_path: Path) -> None:
    tree = {"a/b.txt": 100, "a.txt": 100}
    folder = write(tmp_path / "Name", tree)
    with pytest.raises(RuntimeError, match="does not match"):
        libtorrent.load_torrent_buffer(judged(folder, Kind.HYBRID))
    loaded = libtorrent.load_torrent_buffer(built(tree, Kind.HYBRID)).ti
    assert loaded is not None
    paths = [loaded.layout().file_path(i) for i in range(loaded.num_files())]
    assert [path for path in paths if ".pad" not in path] == ["Name/a/b.txt", "Name/a.txt"]


def test_v1_layout_has_no_padding_and_hybrid_has() -> None:
    lengths = {RelativePath("a"): PIECE + 1, RelativePath("b"): PIECE, RelativePath("c"): 5}
    assert [s.path for s in torrent.v1_layout(lengths, Kind.V1, PIECE)] == ["a", "b", "c"]
    spans = [(s.path, s.length) for s in torrent.v1_layout(lengths, Kind.HYBRID, PIECE)]
    assert spans == [
        ("a", PIECE + 1), (None, PIECE - 1), ("b", PIECE), ("c", 5), (None, PIECE - 5),
    ]  # fmt: skip
    assert torrent.v1_layout(lengths, Kind.V2, PIECE) == ()


@pytest.mark.parametrize(
    ("total", "wanted"),
    [
        (1, 64 * 1024),
        (100 * 2**20, 64 * 1024),
        (700 * 2**20, 512 * 1024),
        (2**30, 2**20),
        (4 * 2**30, 4 * 2**20),
        (8 * 10**9, 4 * 2**20),
        (2**40, 16 * 2**20),
    ],
)
def test_piece_length(total: int, wanted: int) -> None:
    assert torrent.piece_length(total) == wanted


@pytest.mark.parametrize("kind", Kind)
def test_nothing_but_what_it_needs(kind: Kind) -> None:
    outer = torrent.decode(built(TREE, kind, trackers=TRACKERS, webseeds=SEEDS), 10**6)
    assert isinstance(outer, dict)
    assert outer.keys() - {b"piece layers"} == {
        b"announce", b"announce-list", b"info", b"url-list",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "tree", "kind", "fact"),
    [
        ("a/b", {"x": 1}, Kind.V1, "slash"),
        ("..", {"x": 1}, Kind.V1, "not a safe name"),
        ("Name", {"x": 0}, Kind.V1, "nothing"),
        ("Name", {}, Kind.V1, "nothing"),
        ("Name", {"x": 1, "X": 1}, Kind.V1, "two files"),
        ("Name", {"x/a": 1, "X/b": 1}, Kind.V1, "spelt two ways"),
        ("Name", {"x/a": 1, "x": 1}, Kind.V1, "file and a folder"),
        ("Name", {"Name": 1}, Kind.V2, "cannot hold the folder"),
    ],
)
def test_refused_before_writing(name: str, tree: dict[str, int], kind: Kind, fact: str) -> None:
    with pytest.raises(InputRefused, match=fact):
        built(tree, kind, name=name)


def test_hashes_that_do_not_fit_are_a_mistake() -> None:
    file, pieces = hashes("a", 2 * PIECE), sha1_pieces({"a": 2 * PIECE}, Kind.HYBRID)
    with pytest.raises(ValueError, match="SHA-1"):
        torrent.build("Name", [file], PIECE, pieces[:20], Kind.HYBRID, (), ())
    short = torrent.FileHashes(file.path, file.length, file.root, file.layer[:1])
    with pytest.raises(ValueError, match="hashes of 'a'"):
        torrent.build("Name", [short], PIECE, pieces, Kind.HYBRID, (), ())


@pytest.mark.parametrize(
    "url",
    [
        "https://tracker.example/announce?key=1",
        "http://127.0.0.1:6969/announce",
        "udp://[::1]:6969",
        "udp://tracker.example:6969/announce",
    ],
)
def test_tracker_accepted(url: str) -> None:
    assert torrent.tracker_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ws://tracker.example/",
        "wss://tracker.example/",
        "tracker.example:6969",
        "udp://tracker.example/announce",
        "udp://tracker.example:0",
        "http://tracker.example:65536/",
        "http://user:secret@tracker.example/",
        "http://tracker.example/a b",
        "http://tracker.example/\n",
        "http://tracker.example/announce#x",
        "http://пример.example/",
        "file:///etc/passwd",
        "http:///announce",
        "http://tracker.example/" + "a" * 500,
    ],
)
def test_tracker_refused(url: str) -> None:
    with pytest.raises(InputRefused, match="not a tracker's address") as refusal:
        torrent.tracker_url(url)
    assert refusal.value.hints


@pytest.mark.parametrize(
    "url", ["udp://mirror.example:1/", "ftp://m.example/", "https://m.example/x"]
)
def test_webseed_refused(url: str) -> None:
    with pytest.raises(InputRefused, match="web seed's address"):
        torrent.webseed_url(url)


def test_addresses_once_each() -> None:
    twice = built({"a": 1}, Kind.V1, trackers=TRACKERS[:1] * 2, webseeds=SEEDS[:1] * 2)
    assert twice == built({"a": 1}, Kind.V1, trackers=TRACKERS[:1], webseeds=SEEDS[:1])
