"""Reading torrents that strangers made: each case has exactly one defect."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import PIECE, built

from packager import torrent
from packager.errors import InputRefused
from packager.torrent import Kind

TREE = {"Sub/a.srt": 100, "film.mkv": 2 * PIECE + 5, "z.mkv": PIECE}
TRACKERS = ("https://tracker.example/announce", "udp://tracker.example:6969/announce")
SEEDS = ("https://mirror.example/films/",)
GOOD = {kind: built(TREE, kind, trackers=TRACKERS, webseeds=SEEDS) for kind in Kind}
Fields = dict[bytes, Any]


@pytest.mark.parametrize("kind", Kind)
def test_reads_what_was_built(kind: Kind) -> None:
    read = torrent.read(GOOD[kind])
    assert (read.name, read.kind, read.piece_length) == ("Name", kind, PIECE)
    assert {file.path: file.length for file in read.files} == TREE
    assert (read.trackers, read.webseeds) == (TRACKERS, SEEDS)
    assert read.total == sum(TREE.values())
    assert bool(read.pieces) == kind.has_v1
    assert all(bool(file.root) == kind.has_v2 for file in read.files)
    again = torrent.build(
        read.name, read.files, PIECE, read.pieces, kind, read.trackers, read.webseeds
    )
    assert again == GOOD[kind]


def test_identity_is_of_the_info_only() -> None:
    assert torrent.info_hashes(GOOD[Kind.HYBRID]) == torrent.info_hashes(built(TREE, Kind.HYBRID))
    bare = built(TREE, Kind.HYBRID, name="Other")
    assert torrent.info_hashes(GOOD[Kind.HYBRID]) != torrent.info_hashes(bare)


def files(outer: Fields, number: int) -> Fields:
    entry: Fields = outer[b"info"][b"files"][number]
    return entry


def film(outer: Fields) -> Fields:
    leaf: Fields = outer[b"info"][b"file tree"][b"film.mkv"][b""]
    return leaf


def put(*where: bytes, value: object) -> Callable[[Fields], None]:
    """A defect: ``value`` at a place; None takes the field away."""

    def defect(outer: Fields) -> None:
        here = outer
        for key in where[:-1]:
            here = here[key]
        if value is None:
            del here[where[-1]]
        else:
            here[where[-1]] = value

    return defect


def path(*names: bytes) -> Callable[[Fields], None]:
    return lambda outer: files(outer, 0).update({b"path": list(names)})


def layer(nodes: bytes) -> Callable[[Fields], None]:
    return lambda outer: outer[b"piece layers"].update({film(outer)[b"pieces root"]: nodes})


V1_DEFECTS: list[tuple[str, Callable[[Fields], None], str]] = [
    ("climbs", path(b"..", b"a"), "not a safe name"),
    ("absolute", path(b"", b"etc", b"passwd"), "not a safe name"),
    ("slash in a name", path(b"a/../../b"), "slash inside a name"),
    ("backslash", path(b"..\\b"), "not a safe name"),
    ("bidi", path("film\u202egpj.exe".encode()), "not a safe name"),
    ("not UTF-8", path(b"\xff"), "not UTF-8"),
    ("no path", path(), "empty, too deep"),
    ("too deep", path(*[b"a"] * 17), "empty, too deep"),
    ("device", path(b"nul.srt"), "not a safe name"),
    ("padding", lambda o: files(o, 0).update({b"attr": b"p"}), "never write: 'attr'"),
    ("pad folder", path(b".pad", b"100"), "not a safe name"),
    ("link", lambda o: files(o, 0).update({b"symlink path": [b"a"]}), "never write"),
    ("twice", path(b"film.mkv"), "two files"),
    ("case", path(b"FILM.mkv"), "two files"),
    ("file as folder", path(b"film.mkv", b"a"), "a file and a folder"),
    ("negative length", lambda o: files(o, 0).update({b"length": -1}), "missing or absurd"),
    ("huge length", lambda o: files(o, 0).update({b"length": 2**50}), "missing or absurd"),
    ("other length", lambda o: files(o, 0).update({b"length": PIECE}), "do not fit the length"),
    ("no length", lambda o: files(o, 0).pop(b"length"), "missing or absurd"),
    ("name climbs", put(b"info", b"name", value=b".."), "not a safe name"),
    ("name with slash", put(b"info", b"name", value=b"a/b"), "slash inside"),
    ("no name", put(b"info", b"name", value=None), "a text is missing"),
    ("private", put(b"info", b"private", value=1), "never write: 'private'"),
    ("single file", put(b"info", b"length", value=5), "single file"),
    ("no files", put(b"info", b"files", value=[]), "cannot be a release"),
    ("too many files", lambda o: o[b"info"].update({
        b"files": [{b"length": 1, b"path": [b"%d" % n]} for n in range(10_001)]
    }), "cannot be a release"),
    ("piece length", put(b"info", b"piece length", value=65537), "not a power of two"),
    ("tiny pieces", put(b"info", b"piece length", value=8192), "not a power of two"),
    ("huge pieces", put(b"info", b"piece length", value=2**25), "not a power of two"),
    ("no piece length", put(b"info", b"piece length", value=None), "missing or absurd"),
    ("too few pieces", put(b"info", b"pieces", value=bytes(60)), "do not fit"),
    ("no pieces", put(b"info", b"pieces", value=None), "string is missing"),
    ("no info", put(b"info", value=None), "dictionary is missing"),
    ("comment", put(b"comment", value=b"hi"), "never write: 'comment'"),
    ("date", put(b"creation date", value=1), "never write"),
    ("hosts", put(b"nodes", value=[[b"1.2.3.4", 1]]), "never write: 'nodes'"),
    ("escape", put(b"\x1b[2J", value=1), r"never write: '\\\\x1b\[2J'"),
    ("layers", put(b"piece layers", value={}), "never write"),
    ("websocket", put(b"announce", value=b"wss://tracker.example/"), "tracker's address"),
    ("no tier", put(b"announce-list", value=[b"http://a/"]), "list is missing"),
    ("tracker number", put(b"announce", value=1), "text is missing"),
    ("trackers", put(b"announce-list", value=[[b"http://a/"]] * 51), "more than 50"),
    ("web seed", put(b"url-list", value=b"file:///etc/"), "web seed's address"),
]  # fmt: skip

V2_DEFECTS: list[tuple[str, Callable[[Fields], None], str]] = [
    ("no layers", put(b"piece layers", value=None), "dictionary is missing"),
    ("a layer missing", lambda o: o[b"piece layers"].clear(), "string is missing"),
    ("a layer too many", put(b"piece layers", b"x" * 32, value=b"y" * 32), "layer of no file"),
    ("wrong layer", layer(bytes(96)), "fit its root"),
    ("short layer", layer(bytes(64)), "fit its root"),
    ("no root", lambda o: film(o).pop(b"pieces root"), "string is missing"),
    ("short root", lambda o: film(o).update({b"pieces root": b"x"}), "32 bytes"),
    ("root of nothing", lambda o: film(o).update({b"length": 0}), "never write: 'pieces root'"),
    ("leaf field", lambda o: film(o).update({b"attr": b"x"}), "never write: 'attr'"),
    ("file and folder", put(b"info", b"file tree", b"z.mkv", b"x", value={}), "write: 'x'"),
    ("empty folder", put(b"info", b"file tree", b"x", value={}), "empty folder"),
    ("no tree", put(b"info", b"file tree", value={}), "empty folder"),
    ("newer", put(b"info", b"meta version", value=3), "newer"),
    ("no version", put(b"info", b"meta version", value=None), "newer"),
    ("climbs", put(b"info", b"file tree", b"..", value={b"": {b"length": 0}}), "not a safe name"),
    ("slash", put(b"info", b"file tree", b"a/b", value={b"": {b"length": 0}}), "slash inside"),
    ("case", put(b"info", b"file tree", b"FILM.mkv", value={b"": {b"length": 0}}), "two files"),
]  # fmt: skip

HYBRID_DEFECTS: list[tuple[str, Callable[[Fields], None], str]] = [
    ("other name", path(b"Sub", b"other.srt"), "two lists"),
    ("other length", lambda o: files(o, 0).update({b"length": 99}), "two lists"),
    ("other order", lambda o: o[b"info"][b"files"].reverse(), "two lists"),
    ("no padding", lambda o: o[b"info"][b"files"].pop(1), "two lists"),
    ("padding elsewhere", lambda o: files(o, 1).update({b"path": [b"a"]}), "two lists"),
    ("padding without mark", lambda o: files(o, 1).pop(b"attr"), "two lists"),
    ("executable", lambda o: files(o, 0).update({b"attr": b"x"}), "two lists"),
    ("file only in v2", put(b"info", b"file tree", b"x", value={b"": {b"length": 0}}), "two lists"),
    ("pieces only", put(b"info", b"files", value=None), "two lists"),
    ("files only", put(b"info", b"pieces", value=None), "string is missing"),
]  # fmt: skip

CASES = [
    pytest.param(kind, defect, fact, id=f"{kind}-{case}")
    for kind, cases in [
        (Kind.V1, V1_DEFECTS), (Kind.V2, V2_DEFECTS), (Kind.HYBRID, V2_DEFECTS[:-2]),
        (Kind.HYBRID, HYBRID_DEFECTS),
    ]
    for case, defect, fact in cases
]  # fmt: skip


@pytest.mark.parametrize(("kind", "defect", "fact"), CASES)
def test_one_defect(kind: Kind, defect: Callable[[Fields], None], fact: str) -> None:
    outer = torrent.decode(GOOD[kind], 10**6)
    assert isinstance(outer, dict)
    defect(outer)
    with pytest.raises(InputRefused, match=fact):
        torrent.read(torrent.encode(outer))


def test_too_large() -> None:
    with pytest.raises(InputRefused, match="the limit is"):
        torrent.read(b"d4:info" + bytes(10 * 2**20))


@given(
    at=st.integers(0, len(GOOD[Kind.HYBRID]) - 1), bit=st.integers(0, 7), kind=st.just(Kind.HYBRID)
)
def test_a_flipped_bit_never_passes_as_the_same(at: int, bit: int, kind: Kind) -> None:
    damaged = bytearray(GOOD[kind])
    damaged[at] ^= 1 << bit
    try:
        read = torrent.read(bytes(damaged))
    except InputRefused:
        return
    assert read != torrent.read(GOOD[kind])


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(InputRefused):
        torrent.read(noise)
