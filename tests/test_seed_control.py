"""Commands and the node understand each other, and nobody else gets in."""

import json
import os
import socket
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from packager.errors import (
    CannotTell,
    CheckFailed,
    InputRefused,
    MachineFailed,
    PackagerError,
    UsageMistake,
)
from packager.seed import control
from packager.seed.control import (
    NodeStatus,
    ReleaseStatus,
    Request,
    Server,
    State,
    Status,
    Verb,
    ask,
)

RELEASES = some.builds(
    ReleaseStatus,
    *[some.text()] * 3,
    some.sampled_from(State),
    *[some.integers(0)] * 4,
    *[some.text()] * 2,
    some.lists(some.text()).map(tuple),
)
NODES = some.builds(
    NodeStatus,
    listening=some.booleans(),
    offline=some.booleans(),
    paused=some.booleans(),
    silent=some.lists(some.text()).map(tuple),
    notes=some.lists(some.text()).map(tuple),
)
STATUSES = some.builds(Status, some.lists(RELEASES).map(tuple), NODES)
NODE = NodeStatus(
    listening=True,
    reached=False,
    address="127.0.0.1",
    port=6881,
    route="loopback",
    offline=True,
    paused=False,
    silent=(),
    upload_limit=-1,
    download_limit=-1,
    limits_change="",
    sent_today=0,
    received_today=0,
    sent_this_month=0,
    month_cap=-1,
    consent_until="",
    held=0,
    quota=-1,
    free=1,
    version="0",
    uptime_seconds=1,
    scrub_behind=0,
    problem="",
    notes=(),
)
ONE = ReleaseStatus("0a" * 20, "film", "desk", State.SEEDING, 5, 6, 7, 5, "", "Bridge", ())


@given(
    some.builds(Request, some.sampled_from(Verb), some.text(), some.lists(some.text()).map(tuple))
)
def test_requests_arrive_as_they_were_sent(request: Request) -> None:
    assert control.parse_request(request.encode()) == request


@pytest.mark.slow
@given(STATUSES)
def test_answers_arrive_as_they_were_sent(status: Status) -> None:
    assert control.parse_answer(control.encode_answer(status)) == status
    assert json.loads(json.dumps(status.facts())) == status.facts()


@pytest.mark.parametrize(
    "kind", [CheckFailed, UsageMistake, CannotTell, InputRefused, MachineFailed]
)
def test_errors_arrive_as_errors(kind: type[PackagerError]) -> None:
    with pytest.raises(kind) as raised:
        control.parse_answer(control.encode_answer(kind("it is so", "do this", "or that")))
    assert (raised.value.fact, raised.value.hints) == ("it is so", ("do this", "or that"))


@given(some.binary())
def test_any_bytes_are_a_request_or_refused(untrusted: bytes) -> None:
    with pytest.raises(InputRefused):
        control.parse_request(untrusted)


@pytest.mark.parametrize(
    "untrusted",
    [
        b"{}",
        b'{"allowed":[],"do":"shutdown","subject":""}',
        b'{"allowed":[1],"do":"add","subject":""}',
        b'{"allowed":[],"do":"add","more":1,"subject":""}',
        b'{"allowed":[],"do":"add"}',
    ],
)
def test_unknown_requests_are_refused(untrusted: bytes) -> None:
    with pytest.raises(InputRefused, match="not a request"):
        control.parse_request(untrusted)


@pytest.mark.parametrize(
    "edit",
    [
        lambda facts: facts["node"].pop("port"),
        lambda facts: facts["node"].update(port="6881"),
        lambda facts: facts["node"].update(more=1),
        lambda facts: facts["releases"][0].update(state="dreaming"),
        lambda facts: facts["releases"][0].update(size=None),
        lambda facts: facts["releases"].append(1),
        lambda facts: facts.pop("node"),
    ],
)
def test_an_answer_in_other_words_is_said_to_be(edit: Callable[[object], object]) -> None:
    facts = Status((ONE,), NODE).facts()
    edit(facts)
    line = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(MachineFailed, match="another version"):
        control.parse_answer(line)


@pytest.fixture(params=["short", "deep"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An AF_UNIX address holds 107 bytes; a home may lie deeper than that."""
    folder = tmp_path / ("x" * 120 if request.param == "deep" else "x")
    folder.mkdir(mode=0o700)
    return folder


def test_a_question_gets_its_answer(folder: Path) -> None:
    def answer(request: Request) -> Status:
        if request.verb is Verb.REMOVE:
            raise InputRefused("no such thing", "look again")
        return Status((replace(ONE, name=request.subject),) * 3000, NODE)

    server = Server(folder, answer)
    try:
        assert stat.S_IMODE((folder / control.SOCKET).stat().st_mode) == 0o600
        assert len(ask(folder, Request(Verb.ADD, "a path")).releases) == 3000
        with pytest.raises(InputRefused) as raised:
            ask(folder, Request(Verb.REMOVE, "x"))
        assert raised.value.hints == ("look again",)
    finally:
        server.close()
    assert not (folder / control.SOCKET).exists()
    with pytest.raises(MachineFailed, match="no node is running"):
        ask(folder, Request(Verb.STATUS))


def test_a_slow_question_holds_up_nobody(folder: Path) -> None:
    free = threading.Event()

    def answer(request: Request) -> Status:
        if request.verb is Verb.ADD:
            assert free.wait(10)
        return Status((), NODE)

    server = Server(folder, answer)
    slow = threading.Thread(target=ask, args=(folder, Request(Verb.ADD, "large")))
    slow.start()
    try:
        before = time.monotonic()
        ask(folder, Request(Verb.STATUS))
        assert time.monotonic() - before < 5
    finally:
        free.set()
        slow.join()
        server.close()


def test_a_mistake_of_the_node_does_not_end_it(folder: Path) -> None:
    def answer(request: Request) -> Status:
        raise ZeroDivisionError(request.verb)

    server = Server(folder, answer)
    try:
        for _ in range(2):
            with pytest.raises(MachineFailed, match="made a mistake: ZeroDivisionError"):
                ask(folder, Request(Verb.STATUS))
    finally:
        server.close()


@pytest.mark.parametrize("untrusted", [b"", b"\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 70_000])
def test_noise_on_the_socket_is_answered_or_dropped(folder: Path, untrusted: bytes) -> None:
    server = Server(folder, lambda _: Status((), NODE))
    try:
        with (
            control._reachable(folder) as address,
            socket.socket(socket.AF_UNIX) as connection,
        ):
            connection.connect(address)
            connection.settimeout(5)
            connection.sendall(untrusted)
            connection.shutdown(socket.SHUT_WR)
            assert b'"exit":4' in connection.recv(65536)
        assert ask(folder, Request(Verb.STATUS)) == Status((), NODE)
    finally:
        server.close()


def test_a_socket_left_by_a_crash_is_replaced(folder: Path) -> None:
    with control._reachable(folder) as address, socket.socket(socket.AF_UNIX) as dead:
        dead.bind(address)
    with pytest.raises(MachineFailed, match="no node is running"):
        ask(folder, Request(Verb.STATUS))
    server = Server(folder, lambda _: Status((), NODE))
    try:
        assert ask(folder, Request(Verb.STATUS)) == Status((), NODE)
    finally:
        server.close()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can pretend to be somebody else")
def test_another_user_is_not_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(tmp_path, lambda _: Status((), NODE))
    try:
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        with pytest.raises(MachineFailed, match="another user"):
            ask(tmp_path, Request(Verb.STATUS))
    finally:
        server.close()


def test_a_place_is_told_in_words() -> None:
    assert NODE.place == "127.0.0.1 port 6881"
    assert replace(NODE, address="::").place == "all addresses of this computer, port 6881"
