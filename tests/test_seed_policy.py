"""What the node may do, from facts alone."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as some

from packager.errors import CannotTell, CheckFailed, InputRefused, UsageMistake
from packager.seed import policy
from packager.seed.policy import Address, Print, ReleaseFacts, Route, Wiring

ADDRESSES = some.builds(
    Address, some.ip_addresses().filter(lambda a: not a.is_multicast), some.integers(0, 65535)
)
NAMES = some.lists(some.text(min_size=1, max_size=5), max_size=2).map(tuple)
PRINTS = some.builds(Print, some.text(), *[some.integers(0, 2**63)] * 4)
GOOD = ReleaseFacts("genuine", "", (), (), (), (), ())
HOME = Wiring(policy.parse_address("127.0.0.1:6881"), offline=False)
WORLD = Wiring(policy.parse_address("0.0.0.0:6881"), offline=False)
QUIET = replace(WORLD, offline=True)


@given(ADDRESSES)
def test_an_address_is_read_as_it_is_written(address: Address) -> None:
    assert policy.parse_address(str(address)) == address


@pytest.mark.parametrize(
    "untrusted",
    [
        *("", "127.0.0.1", ":6881", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1"),
        *("localhost:6881", "::1:6881", "[127.0.0.1]:6881", "[::1]", "127.1:6881", "1:1"),
        *("[fe80::1%eth0]:6881", "224.0.0.1:6881", "[ff02::1]:1", "127.0.0.1: 1", "0177.0.0.1:1"),
        *("127.0.0.1:٦", "127.0.0.1:6881\n", "127.0.0.1:6881,0.0.0.0:6881"),
    ],
)
def test_other_addresses_are_a_mistake(untrusted: str) -> None:
    with pytest.raises(UsageMistake):
        policy.parse_address(untrusted)


@given(some.text())
def test_any_text_is_an_address_or_a_mistake(untrusted: str) -> None:
    try:
        policy.parse_address(untrusted)
    except UsageMistake:
        return


@given(address=ADDRESSES, daily_key=some.booleans(), accepted=some.booleans())
def test_authors_stay_on_loopback_and_others_accept_the_risk(
    *, address: Address, daily_key: bool, accepted: bool
) -> None:
    problem = policy.listen_problem(
        Wiring(address, offline=False), daily_key=daily_key, accepted_risk=accepted
    )
    if problem is None:
        assert address.loopback or (accepted and not daily_key)
    elif daily_key:
        assert isinstance(problem, InputRefused)
        assert "the first seeder is the author" in problem.hints[0]
    else:
        assert isinstance(problem, UsageMistake)


@pytest.mark.parametrize("daily_key", [True, False])
@pytest.mark.parametrize("offline", [True, False])
def test_the_default_address_never_needs_luck(*, daily_key: bool, offline: bool) -> None:
    address = policy.default_address(daily_key=daily_key, offline=offline)
    assert address.loopback is (daily_key or offline)
    assert (
        policy.listen_problem(Wiring(address, offline), daily_key=daily_key, accepted_risk=True)
        is None
    )


def test_the_route_follows_the_address() -> None:
    assert (HOME.route, WORLD.route, QUIET.route) == (Route.LOOPBACK, Route.DIRECT, Route.DIRECT)
    assert (HOME.closed, WORLD.closed, QUIET.closed) == (True, False, True)


LOCAL = ("http://127.0.0.1:7000/announce", "udp://[::1]:7000", "https://127.9.9.9/a?b=c")
FAR = ("https://tracker.example/announce", "udp://192.0.2.1:6969/announce", "http://[2001:db8::1]/")
NEVER = (
    *("ws://127.0.0.1:7000/announce", "wss://tracker.example/", "http://user@127.0.0.1/announce"),
    *("http://127.0.0.1@tracker.example/", "file:///etc/passwd", "http://", "", "udp://:80"),
    *("http://127.0.0.1:7000/an nounce", "http://127.0.0.1/\n", "http://[127.0.0.1]]/"),
)


def test_a_closed_node_announces_to_loopback_alone() -> None:
    urls = (*NEVER, *LOCAL, *FAR, "http://localhost:7000/announce", *LOCAL)
    for closed in (HOME, QUIET):
        assert policy.trackers(urls, closed) == LOCAL
    assert policy.trackers(urls, WORLD) == (*LOCAL, *FAR, "http://localhost:7000/announce")
    many = [f"https://tracker{number}.example/" for number in range(99)]
    assert len(policy.trackers(many, WORLD)) == policy.MAX_TRACKERS


@given(some.text(), some.sampled_from([HOME, WORLD, QUIET]))
def test_a_websocket_or_nonsense_is_no_tracker(untrusted: str, wiring: Wiring) -> None:
    assert policy.trackers(["ws://" + untrusted, "wss://" + untrusted], wiring) == ()
    assert policy.trackers([untrusted], HOME) in {(), (untrusted,)}


@given(
    some.builds(
        ReleaseFacts,
        some.sampled_from(["genuine", "not-genuine", "cannot-tell", "", "Genuine"]),
        some.text(max_size=5),
        *[NAMES] * 5,
    ),
    some.frozensets(some.text(max_size=5), max_size=2),
)
def test_only_what_is_genuine_and_nothing_more_is_offered(
    facts: ReleaseFacts, allowed: frozenset[str]
) -> None:
    passes = (
        facts.verdict == "genuine"
        and not (facts.unsafe or facts.unproved or facts.unlisted or facts.absent)
        and set(facts.overruled) <= allowed
    )
    assert (policy.offer_problem(facts, allowed) is None) is passes


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (replace(GOOD, verdict="not-genuine"), CheckFailed),
        (replace(GOOD, verdict="cannot-tell"), CannotTell),
        (replace(GOOD, verdict="not-genuine", unsafe=("x.exe",)), InputRefused),
        (replace(GOOD, unproved=("a",)), CheckFailed),
        (replace(GOOD, unlisted=("a",)), CheckFailed),
        (replace(GOOD, absent=("a",)), CheckFailed),
        (replace(GOOD, overruled=("real-title",)), InputRefused),
    ],
)
def test_each_reason_has_its_exit_code(facts: ReleaseFacts, kind: type[Exception]) -> None:
    assert type(policy.offer_problem(facts, frozenset())) is kind


def test_an_overruled_check_needs_the_owners_word() -> None:
    facts = replace(GOOD, overruled=("real-title", "synced-folder"))
    problem = policy.offer_problem(facts, frozenset({"real-title"}))
    assert problem
    assert "--allow synced-folder" in problem.hints[0]
    assert policy.offer_problem(facts, frozenset(facts.overruled)) is None


@given(some.lists(PRINTS), some.lists(PRINTS))
def test_unsure_means_touched(then: list[Print], now: list[Print]) -> None:
    assert policy.untouched(then, then) is bool(then)
    assert policy.untouched(then, now) is (bool(then) and then == now)


def test_loopback_is_what_the_system_calls_so() -> None:
    assert Address(ip_address("127.3.2.1"), 1).loopback
    assert Address(ip_address("::1"), 1).loopback
    assert not Address(ip_address("0.0.0.0"), 1).loopback  # noqa: S104


def test_both_families_are_one_address() -> None:
    both = policy.default_address(daily_key=False, offline=False)
    assert str(both) == "[::]:6881"
    assert [str(one) for one in both.sockets] == ["0.0.0.0:6881", "[::]:6881"]
    for text in ("0.0.0.0:6881", "[::1]:6881", "[2001:db8::1]:1"):
        assert [str(one) for one in policy.parse_address(text).sockets] == [text]
