"""A private route: everything goes that way, or nothing; seen in networks that lead nowhere."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGTERM

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tools import tool

from packager.errors import Exit, InputRefused, MachineFailed
from packager.keyring import Home
from packager.seed import config, daemon, engine, leaks, policy, routes
from packager.seed.config import Network
from packager.seed.policy import Route, Via, Wiring

WG = Via(Route.INTERFACE, name="wg0")
VPN = Via(Route.ADDRESS, host=ip_address("10.99.0.2"))
TOR = Via(Route.SOCKS5, host=ip_address("127.0.0.1"), port=9050)
PRIVATE = (WG, VPN, TOR)


def wired(via: Via, *, lookup: bool = False) -> Wiring:
    return Wiring(policy.private_address(via, 6881), offline=False, via=via, lookup=lookup)


@pytest.mark.parametrize("via", PRIVATE)
def test_a_route_is_read_as_it_is_written(via: Via) -> None:
    assert policy.parse_via(str(via)) == via
    assert policy.parse_via("direct") is None
    assert config.parse(f"[network]\nroute = '{via}'").network == Network(route=via)


@given(some.text() | some.text().map("interface ".__add__) | some.text().map("socks5 ".__add__))
def test_any_text_is_a_route_or_a_mistake(untrusted: str) -> None:
    try:
        found = policy.parse_via(untrusted)
    except ValueError:
        return
    assert found is None or policy.parse_via(str(found)) == found


@pytest.mark.parametrize(
    "text", ["interface ../eth0", "address 0.0.0.0", "socks5 tor:9050", "i2p x"]
)
def test_other_routes_are_refused_with_the_line(text: str) -> None:
    with pytest.raises(InputRefused, match="line 2"):
        config.parse(f"[network]\nroute = '{text}'")


@pytest.mark.parametrize("via", PRIVATE)
def test_every_switch_is_off_on_a_private_route(via: Via) -> None:
    found = dict(engine.settings(wired(via)))
    for key in ("enable_upnp", "enable_natpmp", "enable_lsd", "enable_dht", "enable_ip_notifier"):
        assert found[key] is False, key
    for key in ("peer_fingerprint", "user_agent", "webtorrent_stun_server", "dht_bootstrap_nodes"):
        assert found[key] == "", key
    assert found["anonymous_mode"]
    if via.kind is Route.SOCKS5:
        assert found["proxy_hostnames"]
        assert found["proxy_peer_connections"]
        assert found["proxy_tracker_connections"]
        assert found["listen_interfaces"] == "127.0.0.1:6881"
        assert not found["enable_outgoing_utp"]
    else:
        here = via.name or str(via.host)
        assert found["listen_interfaces"] == f"{here}:6881"
        assert found["outgoing_interfaces"] == here


FAR = ("http://192.0.2.1/announce", "udp://192.0.2.1:6969/announce")
NAMED = "http://tracker.example/announce"
NEVER = ("ws://192.0.2.1/", "wss://tracker.example/", "http://127.0.0.1/announce", "udp://[::1]:1/")


def test_trackers_are_those_that_only_the_route_sees() -> None:
    urls = (*NEVER, *FAR, NAMED)
    assert policy.trackers(urls, wired(WG)) == FAR
    assert policy.trackers(urls, wired(VPN)) == FAR
    assert policy.trackers(urls, wired(WG, lookup=True)) == (*FAR, NAMED)
    assert policy.trackers(urls, wired(TOR)) == (FAR[0], NAMED)


@pytest.mark.parametrize("via", PRIVATE)
def test_an_author_may_use_a_private_route(via: Via) -> None:
    assert policy.listen_problem(wired(via), daily_key=True, accepted_risk=True) is None
    assert policy.listen_problem(wired(via), daily_key=True, accepted_risk=False)
    assert not wired(via).local


def test_a_route_that_is_not_there_is_said(tmp_path: Path) -> None:
    facts = [routes.problem(one) for one in (Via(Route.INTERFACE, name="nosuch0"), VPN)]
    assert all(fact and "the route is gone" in fact.fact for fact in facts)
    assert routes.problem(None) is None
    assert routes.problem(Via(Route.INTERFACE, name="lo")) is None
    assert routes.problem(Via(Route.ADDRESS, host=ip_address("127.0.0.1"))) is None
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "node.toml").write_text("[network]\nroute = 'interface nosuch0'\n")
    wish = daemon.Wish(None, offline=False, accepted_risk=True)
    before = {number: signal.getsignal(number) for number in (SIGTERM, SIGINT, SIGHUP)}
    try:
        with pytest.raises(MachineFailed, match="there is no interface nosuch0"):
            daemon.run(Home(tmp_path / "home"), wish, print)
    finally:  # a node that ended hears no more of them; what else runs here does
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.swarm
def test_a_proxy_is_asked_whether_it_is_one() -> None:
    proxy = leaks.Proxy(("127.0.0.1", 0))
    proxy.start()
    assert proxy._listener
    port = proxy._listener.getsockname()[1]
    here = Via(Route.SOCKS5, host=ip_address("127.0.0.1"), port=port)
    assert routes.problem(here) is None
    proxy.stop()
    problem = routes.problem(here)
    assert problem
    assert "nobody answers" in problem.fact


def test_packets_are_told_apart() -> None:
    v4 = bytes([0x45, *bytes(8), 17, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1])
    assert leaks.described(0x0800, v4) == "192.0.2.1 protocol 17"
    lsd = bytes([0x45, *bytes(8), 17, 0, 0, 10, 0, 0, 1, 239, 192, 152, 143])
    assert leaks.described(0x0800, lsd) == "239.192.152.143 protocol 17"
    v6 = bytes([0x60, *bytes(5), 58, 0, *bytes(16)])
    assert leaks.described(0x86DD, v6 + ip_address("ff02::2").packed) == ""
    assert (
        leaks.described(0x86DD, v6 + ip_address("2001:db8::1").packed) == "2001:db8::1 protocol 58"
    )


def namespace(*words: str) -> subprocess.CompletedProcess[str]:
    tool("ip")
    return subprocess.run(
        [tool("unshare"), "-Urn", sys.executable, *words],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def leaked(route: str, happening: str) -> tuple[list[str], list[str]]:
    done = namespace("-m", "packager.seed.leaks", route, happening)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return told["outside"], told["inside"]


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.tool
def test_what_leaks_is_seen() -> None:
    """The control: without a private route the same walk is seen outside, whoever is spoken to."""
    outside, _ = leaked("direct", "stays")
    assert {one.split()[0] for one in outside} >= {"192.0.2.10", "192.0.2.13"}
    assert any(one.endswith("protocol 17") for one in outside)


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.tool
def test_not_one_packet_leaves_past_a_route() -> None:
    """Each in a network of its own, several at once: most of the time they wait."""
    via = (*PRIVATE, Via(Route.ADDRESS, host=ip_address("2001:db8:9::2")))
    cases = [(str(one), what) for one in via for what in leaks.Happening]
    with ThreadPoolExecutor(6) as pool:
        seen = dict(zip(cases, pool.map(lambda case: leaked(*case), cases), strict=True))
    assert {case: outside for case, (outside, _) in seen.items() if outside} == {}
    silent = [case for case, (_, inside) in seen.items() if not inside]
    assert silent == [case for case in cases if case[1] is leaks.Happening.MISSING]
    for what in (leaks.Happening.STAYS, leaks.Happening.VANISHES):
        assert "t.example" in seen[str(TOR), what][1]  # names are looked up by the proxy


WALK = """
import json, os, subprocess, sys, time
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGTERM
from packager.seed import leaks, policy
home = Path(sys.argv[1])
via = policy.parse_via("interface wg0")
leaks._outside()
leaks._open(via, None)
words = [sys.executable, "-m", "packager", "--home", str(home), "seed"]
node = subprocess.Popen([*words, "run", "--accept-risk"], stderr=subprocess.PIPE, text=True)
lines = [node.stderr.readline()]

def silent():
    done = subprocess.run([*words, "status", "--json"], capture_output=True, text=True)
    return json.loads(done.stdout)["node"]["silent"]

def becomes(wanted):
    for _ in range(40):
        if (found := silent()) == wanted:
            return found
        time.sleep(0.3)
    return found

told = [becomes([])]
leaks._ip("link", "del", "wg0")
told.append(becomes(["route"]))
leaks._open(via, None)
told.append(becomes([]))
node.terminate()
node.wait(20)
print(json.dumps([lines, told, node.returncode]))
"""


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.tool
def test_a_node_is_silent_while_its_route_is_gone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").folder().resolve()
    (home / "node.toml").write_text("[network]\nroute = 'interface wg0'\n")
    done = namespace("-c", WALK, str(home))
    assert done.returncode == 0, done.stderr
    lines, told, code = json.loads(done.stdout)
    assert lines == ["listening on 0.0.0.0:6881 (interface wg0)\n"]
    assert (told, code) == ([[], ["route"], []], 0)


@pytest.mark.swarm
@pytest.mark.slow
@pytest.mark.tool
def test_route_check_proves_it_before_the_first_start(tmp_path: Path) -> None:
    tool("ip")
    words = [sys.executable, "-m", "packager", "--home", str(tmp_path), "seed", "route-check"]
    done = subprocess.run(
        [*words, "--route", str(TOR), "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == Exit.DONE, done.stderr
    told = json.loads(done.stdout)
    assert (told["passed"], told["route"], len(told["rows"])) == (True, str(TOR), 3)
    direct = subprocess.run([*words, "--json"], capture_output=True, text=True, check=False)
    assert json.loads(direct.stdout) == {"route": "direct", "rows": [], "passed": True}


BOTH = """
import socket, sys
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGTERM
from packager.seed import leaks, policy
from packager.seed.session import Session
leaks._ip("link", "set", "lo", "up")
if sys.argv[1] == "old":
    Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("1")
address = policy.default_address(daily_key=False, offline=False)
session = Session(policy.Wiring(address, offline=True))
print(session.wait_until_listening())
for host in sys.argv[2:]:
    socket.create_connection((host, 6881), 5).close()
session.close()
"""


@pytest.mark.swarm
@pytest.mark.tool
@pytest.mark.parametrize("words", [("new", "127.0.0.1", "::1"), ("old", "127.0.0.1")])
def test_a_volunteer_listens_on_all_that_the_computer_has(words: tuple[str, ...]) -> None:
    done = namespace("-c", BOTH, *words)
    assert (done.returncode, done.stdout) == (0, "[::]:6881\n"), done.stderr
