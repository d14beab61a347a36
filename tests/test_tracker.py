"""The demo's tracker: what it believes, and what foreign clients make of it."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tools import tool

from packager.demo import tracker
from packager.demo.tracker import Announce, Book, Tracker, parse_announce
from packager.errors import InputRefused
from packager.torrent import Value, decode

HASH = bytes(range(20))
HOST = IPv4Address("127.0.0.1")


@pytest.fixture
def running() -> Iterator[Tracker]:
    with Tracker() as one:
        yield one


def announce(port: int, **changes: object) -> Announce:
    fields = {"left": 0, "event": b"", "wanted": 50, "compact": True} | changes
    return Announce(info_hash=HASH, port=port, **fields)  # type: ignore[arg-type]


def query(**fields: object) -> str:
    stated = {"info_hash": quote_from_bytes(HASH), "port": 6881, "left": 0} | fields
    return "&".join(f"{key}={value}" for key, value in stated.items() if value is not None)


def get(one: Tracker, target: str) -> dict[bytes, Value]:
    host = urlsplit(one.url)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=5)
    connection.request("GET", target)
    answer = decode(connection.getresponse().read(), 1 << 20)
    connection.close()
    assert isinstance(answer, dict)
    return answer


def field(answer: Value, key: bytes) -> Value:
    assert isinstance(answer, dict)
    return answer[key]


def test_peers_meet_and_never_themselves() -> None:
    book = Book()
    assert field(book.announce(HOST, announce(1000, left=5)), b"peers") == b""
    met = book.announce(HOST, announce(2000))
    assert field(met, b"peers") == HOST.packed + (1000).to_bytes(2, "big")
    assert (field(met, b"complete"), field(met, b"incomplete")) == (1, 1)
    listed = book.announce(HOST, announce(2000, compact=False))
    assert field(listed, b"peers") == [{b"ip": b"127.0.0.1", b"port": 1000}]
    assert field(book.announce(HOST, announce(2000, wanted=0)), b"peers") == b""
    assert book.count(HASH) == 2


def test_peers_of_both_families_are_named() -> None:
    book = Book()
    book.announce(IPv6Address("::1"), announce(1000))
    book.announce(HOST, announce(2000))
    met = book.announce(IPv6Address("::1"), announce(3000))
    assert field(met, b"peers") == HOST.packed + (2000).to_bytes(2, "big")
    assert field(met, b"peers6") == IPv6Address("::1").packed + (1000).to_bytes(2, "big")
    with Tracker(host="::1") as one:
        assert one.url.startswith("http://[::1]:")
        assert get(one, f"/announce?{query()}")[b"complete"] == 1


def test_who_stops_is_gone_and_who_completes_is_counted() -> None:
    book = Book()
    book.announce(HOST, announce(1000, event=b"completed"))
    book.announce(HOST, announce(1000, event=b"stopped"))
    assert book.count(HASH) == 0
    numbers = field(field(book.scrape([HASH, bytes(20)]), b"files"), HASH)
    assert numbers == {b"complete": 0, b"incomplete": 0, b"downloaded": 1}


def test_the_oldest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "MAX_PEERS", 3)
    monkeypatch.setattr(tracker, "MAX_SWARMS", 2)
    book = Book()
    for port in (1, 2, 3, 1, 4):
        book.announce(HOST, announce(port))
    others = field(book.announce(HOST, announce(4)), b"peers")
    assert others == b"".join(HOST.packed + bytes([0, port]) for port in (3, 1))
    for number in (1, 2):
        book.announce(HOST, Announce(bytes([number] * 20), 1, 0, b"", 1, compact=True))
    assert book.count(HASH) == 0


@pytest.mark.parametrize(
    "untrusted",
    [
        "",
        query(info_hash="short"),
        query(info_hash=None),
        query() + "&info_hash=" + quote_from_bytes(HASH),
        query(port=0),
        query(port=65536),
        query(port="80x"),
        query(port="%D9%A1"),
        query(left=-1),
        query(left="9" * 30),
        query(event="begun"),
        query(compact=2),
        query(numwant="many"),
    ],
)
def test_odd_announces_are_refused(untrusted: str) -> None:
    with pytest.raises(InputRefused):
        parse_announce(untrusted)


def test_what_clients_leave_out_has_a_default() -> None:
    assert parse_announce(query(left=None)) == announce(6881, left=1)
    assert parse_announce(query(numwant=-1)).wanted == tracker.MAX_PEERS
    assert parse_announce(query(numwant=10**6)).wanted == tracker.MAX_PEERS


@given(some.text())
def test_any_query_is_read_or_refused(untrusted: str) -> None:
    try:
        parse_announce(untrusted)
    except InputRefused:
        return


@given(some.binary(min_size=20, max_size=20), some.integers(1, 65535), some.integers(0, 2**63 - 1))
def test_what_was_said_is_what_is_heard(info_hash: bytes, port: int, left: int) -> None:
    said = query(info_hash=quote_from_bytes(info_hash, safe=""), port=port, left=left)
    heard = parse_announce(said)
    assert (heard.info_hash, heard.port, heard.left) == (info_hash, port, left)


@pytest.mark.swarm
def test_it_answers_on_loopback_and_takes_no_other_address(running: Tracker) -> None:
    target = urlsplit(running.url).path + "?" + query(ip="192.0.2.1", event="started")
    assert field(get(running, target), b"interval") == tracker.INTERVAL
    other = get(running, "/announce?" + query(port=7000))
    assert other[b"peers"] == HOST.packed + (6881).to_bytes(2, "big")
    assert running.peers(HASH) == 2
    scraped = get(running, "/scrape?info_hash=" + quote_from_bytes(HASH))
    assert field(field(scraped[b"files"], HASH), b"complete") == 2
    for nonsense in ("/", "/announce", "/announce?" + "x" * 5000):
        assert b"failure reason" in get(running, nonsense)


@pytest.mark.swarm
def test_a_silent_client_harms_nobody(running: Tracker) -> None:
    host = urlsplit(running.url)
    with socket.create_connection((host.hostname, host.port)) as silent:
        silent.sendall(b"GET /announce HTT")
        assert b"failure reason" in get(running, "/announce")


@pytest.mark.swarm
@pytest.mark.tool
def test_curl_reads_it_too(running: Tracker) -> None:
    done = subprocess.run(
        [tool("curl"), "-sS", "--noproxy", "*", f"{running.url}?{query()}"],
        capture_output=True,
        check=True,
        timeout=10,
    )
    assert field(decode(done.stdout, 1 << 16), b"complete") == 1


@pytest.mark.swarm
def test_it_stops(running: Tracker) -> None:
    host = urlsplit(running.url)
    with Tracker() as other:
        port = urlsplit(other.url).port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0), timeout=2)
    socket.create_connection((host.hostname, host.port), timeout=2).close()
