"""Our torrents and magnet links, read by the clients that people use."""

import subprocess
from pathlib import Path

import libtorrent
import pytest
import torf
from tools import tool
from trees import built, write

from packager import torrent
from packager.torrent import Kind

NAME = "The Long Way Home (2021) é & more"
TREE = {"film.mkv": 200_000, "Subs/en.srt": 100, "Subs/ru.srt": 0, "read me.txt": 20_000}
TRACKERS = ("https://tracker.example/announce?key=1&x=%20", "udp://tracker.example:6969")
SEEDS = ("https://mirror.example/films/",)


def ours(kind: Kind) -> bytes:
    return built(TREE, kind, name=NAME, trackers=TRACKERS, webseeds=SEEDS)


def said(*command: str) -> str:
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL
    ).stdout


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "our.torrent"
    path.write_bytes(ours(Kind.V1))
    return path


@pytest.mark.parametrize("kind", Kind)
def test_libtorrent_agrees_on_identity(kind: Kind) -> None:
    loaded = libtorrent.load_torrent_buffer(ours(kind))
    assert loaded.ti is not None
    assert loaded.ti.name() == NAME
    hashes, theirs = torrent.info_hashes(ours(kind)), loaded.ti.info_hashes()
    assert hashes.v1 == (theirs.v1.to_bytes() if theirs.has_v1() else None)
    assert hashes.v2 == (theirs.v2.to_bytes() if theirs.has_v2() else None)
    assert (tuple(loaded.trackers), tuple(loaded.url_seeds)) == (TRACKERS, SEEDS)


@pytest.mark.parametrize("kind", Kind)
def test_libtorrent_reads_the_magnet(kind: Kind) -> None:
    link = torrent.magnet(ours(kind))
    assert link.isascii()
    read = libtorrent.parse_magnet_uri(link)
    hashes = torrent.info_hashes(ours(kind))
    assert read.info_hashes.v1.to_bytes() == (hashes.v1 or bytes(20))
    assert read.info_hashes.v2.to_bytes() == (hashes.v2 or bytes(32))
    assert (read.name, tuple(read.trackers), tuple(read.url_seeds)) == (NAME, TRACKERS, SEEDS)


def test_torf_reads_it_and_finds_the_same_files(stored: Path, tmp_path: Path) -> None:
    read = torf.Torrent.read(stored)
    hashes = torrent.info_hashes(ours(Kind.V1))
    assert hashes.v1 is not None
    assert read.infohash == hashes.v1.hex()
    assert (read.creation_date, read.created_by, read.comment) == (None, None, None)
    assert read.verify(write(tmp_path / NAME, TREE))


@pytest.mark.parametrize("kind", [Kind.V1, Kind.HYBRID])
def test_torf_reads_our_magnet(kind: Kind) -> None:
    link = torf.Magnet.from_string(torrent.magnet(ours(kind)).split("&xt=urn:btmh")[0])
    hashes = torrent.info_hashes(ours(kind))
    assert hashes.v1 is not None
    assert link.infohash == hashes.v1.hex()


@pytest.mark.tool
def test_aria2_shows_the_same(stored: Path) -> None:
    words = said(tool("aria2c"), "-S", str(stored))
    hashes = torrent.info_hashes(ours(Kind.V1))
    assert hashes.v1 is not None
    assert f"Info Hash: {hashes.v1.hex()}" in words
    assert f"Name: {NAME}" in words
    assert "Creation Date" not in words
    for path in TREE:
        assert f"{NAME}/{path}" in words


@pytest.mark.tool
def test_transmission_shows_the_same(stored: Path) -> None:
    words = said(tool("transmission-show"), str(stored))
    hashes = torrent.info_hashes(ours(Kind.V1))
    assert hashes.v1 is not None
    assert f"Hash: {hashes.v1.hex()}" in words
    assert f"Name: {NAME}" in words
    assert "Created on: Unknown" in words
    for path in TREE:
        assert f"{NAME}/{path}" in words


@pytest.mark.tool
def test_aria2_verifies_the_files(stored: Path, tmp_path: Path) -> None:
    write(tmp_path / NAME, TREE)
    words = said(
        tool("aria2c"), "--check-integrity=true", "--hash-check-only=true", "--seed-time=0",
        "--enable-dht=false", "--bt-exclude-tracker=*", "--interface=lo", f"--dir={tmp_path}",
        str(stored),
    )  # fmt: skip
    assert "Verification finished successfully" in words
