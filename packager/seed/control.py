"""How commands talk to the running node: a unix socket in the home, one JSON object each way.

Only the owner of the home can open the socket (0600 in a 0700 folder), and both sides ask the
system who the other is. Client and server share the types below; errors travel as errors.
"""

import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from packager.errors import (
    CannotTell,
    CheckFailed,
    InputRefused,
    MachineFailed,
    PackagerError,
    UsageMistake,
)
from packager.files import guarded_writes
from packager.values import canonical_json, parse_canonical_json

SOCKET = "node.sock"
MAX_REQUEST = 64 * 1024  # bytes
MAX_ANSWER = 16 * 1024 * 1024
_LONGEST = 107  # bytes of an AF_UNIX path
_PATIENCE = 10  # seconds to read a request
_CREDENTIALS = struct.Struct("3i")  # process, user, group
_KINDS: dict[int, type[PackagerError]] = {
    kind.exit: kind for kind in (CheckFailed, UsageMistake, CannotTell, InputRefused, MachineFailed)
}


class Verb(StrEnum):
    """What a node can be asked to do."""

    ADD = "add"
    REMOVE = "remove"
    STATUS = "status"
    PAUSE = "pause"
    RESUME = "resume"
    ACCEPT = "accept"  # a withdrawal that waits
    REFUSE = "refuse"
    STOP = "stop"  # the node ends
    IMPORT = "import"  # what lies on a stick
    SCRUB = "scrub"  # one release, or all
    RENEW = "renew"  # the owner's word


class State(StrEnum):
    """How a release is doing."""

    CHECKING = "checking"  # its bytes are being verified or hashed; nothing is offered
    SEEDING = "seeding"
    PAUSED = "paused"
    MISSING = "missing"  # its files are gone
    ALTERED = "altered"  # its files are no longer what was sealed
    UNTRUSTED = "untrusted"  # no pin of this home opens it any more
    FETCHING = "fetching"  # not all of it is here yet; nothing is offered
    WITHDRAWN = "withdrawn"  # a notice says so and waits for the owner; nothing is offered
    REPAIRING = "repairing"  # its bytes rotted and are fetched again; nothing is offered
    RESTING = "resting"  # given often or long enough, says the owner


@dataclass(frozen=True, slots=True)
class Request:
    """One question; ``subject`` is an absolute path or an id, ``allowed`` goes with ``add``."""

    verb: Verb
    subject: str = ""
    allowed: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """One line."""
        fields = {"allowed": list(self.allowed), "do": str(self.verb), "subject": self.subject}
        return canonical_json(fields) + b"\n"


@dataclass(frozen=True, slots=True)
class ReleaseStatus:
    """One release, as ``seed status`` shows it."""

    id: str
    name: str
    publisher: str
    state: State
    size: int  # bytes
    uploaded: int  # bytes, in all sessions
    peers: int
    done: int  # bytes that are here
    note: str  # what its owner should know
    title: str  # of the report in it
    overruled: tuple[str, ...]  # checks that its author overruled and the owner did not mind


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """The node itself."""

    listening: bool
    reached: bool  # a peer on another computer called and got through
    address: str
    port: int
    route: str  # loopback, direct
    offline: bool
    paused: bool
    silent: tuple[str, ...]  # why nothing is offered: paused, hours, month-cap, consent, route
    upload_limit: int  # bytes per second of this hour; -1 is none
    download_limit: int
    limits_change: str  # when the hours change them, in the owner's zone; or empty
    sent_today: int  # bytes, with the headers of packets
    received_today: int
    sent_this_month: int
    month_cap: int  # -1 is none
    consent_until: str  # ISO day; empty where it has no end
    held: int  # bytes of all releases
    quota: int  # -1 is none
    free: int  # bytes of the disk
    version: str
    uptime_seconds: int
    scrub_behind: int  # releases that should have been read again a week ago
    problem: str  # what kept the node from its work just now, such as a full disk; or empty
    notes: tuple[str, ...]  # what its owner should know

    @property
    def place(self) -> str:
        """Where it listens, in words."""
        where = "all addresses of this computer," if self.address == "::" else self.address
        return f"{where} port {self.port}"


@dataclass(frozen=True, slots=True)
class Status:
    """Every answer: the node, and the releases that were asked about."""

    releases: tuple[ReleaseStatus, ...]
    node: NodeStatus

    def facts(self) -> dict[str, object]:
        """What ``--json`` prints."""
        return {
            "releases": [_fields(one) for one in self.releases],
            "node": _fields(self.node),
        }


def ask(folder: Path, request: Request) -> Status:
    """Put one question to the node whose socket lies in ``folder``; its errors are raised here."""
    with _connected(folder) as connection:
        try:
            connection.sendall(request.encode())
            untrusted_answer = _read_line(connection, MAX_ANSWER)
        except OSError as error:
            raise _gone(error.strerror or "") from None
    if not untrusted_answer:
        raise _gone("it stopped")
    return parse_answer(untrusted_answer)


def parse_request(untrusted_line: bytes) -> Request:
    """Read what ``Request.encode`` wrote."""
    value = parse_canonical_json(untrusted_line.removesuffix(b"\n"), MAX_REQUEST)
    match value:
        case {"allowed": list(allowed), "do": str(verb), "subject": str(subject), **rest} if (
            not rest and verb in set(Verb) and all(isinstance(one, str) for one in allowed)
        ):
            return Request(Verb(verb), subject, tuple(allowed))
        case _:
            raise InputRefused("not a request that this node knows", "update packager")


def encode_answer(answer: Status | PackagerError) -> bytes:
    """One line."""
    if isinstance(answer, PackagerError):
        error = {"error": answer.fact, "exit": int(answer.exit), "hints": list(answer.hints)}
        return canonical_json(error) + b"\n"
    releases = b",".join(map(_encoded, answer.releases))
    return b'{"node":%b,"releases":[%b]}\n' % (canonical_json(_fields(answer.node)), releases)


def parse_answer(untrusted_line: bytes) -> Status:
    """Read an answer; if it is an error, it is raised."""
    value: object = None
    with suppress(ValueError, RecursionError):  # no float passes for a number below
        value = json.loads(untrusted_line)
    match value:
        case {"error": str(fact), "exit": int(code), "hints": list(hints)}:
            raise _KINDS.get(code, MachineFailed)(fact, *[str(hint) for hint in hints])
        case {"releases": list(releases), "node": dict(node)}:
            try:
                return Status(tuple(_release(one) for one in releases), _node(node))
            except (TypeError, ValueError):
                pass
        case _:
            pass
    raise MachineFailed("the running node answered in another version's words", "restart the node")


class Server:
    """Answers questions until ``close``; each connection has a thread of its own."""

    def __init__(self, folder: Path, answer: Callable[[Request], Status]) -> None:
        self._answer = answer
        self._path = folder / SOCKET
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with guarded_writes(), _reachable(folder) as address:
            self._path.unlink(missing_ok=True)  # the store's lock says nobody else uses it
            self._socket.bind(address)
            self._path.chmod(0o600)
        self._socket.listen()
        threading.Thread(target=self._accept, name="control", daemon=True).start()

    def close(self) -> None:
        """Take no more questions."""
        with suppress(OSError):  # the disk may be read-only by now
            self._path.unlink(missing_ok=True)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if not _same_user(connection):
                return
            connection.settimeout(_PATIENCE)
            line = _read_line(connection, MAX_REQUEST)
            connection.settimeout(None)
            connection.sendall(encode_answer(self._reply(line)))

    def _reply(self, untrusted_line: bytes) -> Status | PackagerError:
        try:
            return self._answer(parse_request(untrusted_line))
        except PackagerError as error:
            return error
        except Exception as error:  # noqa: BLE001 -- the node must outlive a mistake of ours
            return MachineFailed(f"the node made a mistake: {type(error).__name__}: {error}")


@contextmanager
def _connected(folder: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            with _reachable(folder) as address:
                connection.connect(address)
        except OSError:
            raise _gone("no node is running in this home") from None
        if not _same_user(connection):
            raise MachineFailed("the node of this home belongs to another user of this computer")
        yield connection


@contextmanager
def _reachable(folder: Path) -> Iterator[str]:
    """A path to the socket that fits an AF_UNIX address, however deep the home lies."""
    path = str(folder / SOCKET)
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)


def _same_user(connection: socket.socket) -> bool:
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    return bool(user == os.getuid())


def _read_line(connection: socket.socket, limit: int) -> bytes:
    """Everything up to a line's end, or to the end of the connection."""
    parts = bytearray()
    while not parts.endswith(b"\n") and len(parts) <= limit:
        if not (part := connection.recv(65536)):
            break
        parts += part
    return bytes(parts)


@lru_cache(maxsize=16_384)
def _encoded(one: ReleaseStatus) -> bytes:
    """Most releases are as they were a moment ago, and thousands take their time to spell."""
    return canonical_json(_fields(one))


def _fields(one: ReleaseStatus | NodeStatus) -> dict[str, object]:
    found = {name: getattr(one, name) for name in one.__slots__}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}


class _Shape:
    """The fields of a type as JSON has them; made to read thousands of answers."""

    def __init__(self, kind: type[ReleaseStatus | NodeStatus]) -> None:
        there: dict[object, type] = {str: str, int: int, bool: bool, State: str}
        self._types = tuple(there.get(one.type, list) for one in fields(kind))
        self._values = itemgetter(*(one.name for one in fields(kind)))

    def read(self, untrusted_value: object) -> list[Any]:
        """The value of each field, in their order; ValueError if it is not exactly these."""
        if not isinstance(untrusted_value, dict) or len(untrusted_value) != len(self._types):
            raise ValueError(untrusted_value)
        try:
            found = self._values(untrusted_value)
        except KeyError:
            raise ValueError(untrusted_value) from None
        if tuple(map(type, found)) != self._types:
            raise ValueError(untrusted_value)
        return [tuple(map(str, one)) if type(one) is list else one for one in found]


_RELEASE, _NODE = _Shape(ReleaseStatus), _Shape(NodeStatus)
_STATE = ReleaseStatus.__slots__.index("state")


def _release(untrusted_value: object) -> ReleaseStatus:
    values = _RELEASE.read(untrusted_value)
    values[_STATE] = State(values[_STATE])
    return ReleaseStatus(*values)


def _node(untrusted_value: object) -> NodeStatus:
    return NodeStatus(*_NODE.read(untrusted_value))


def _gone(why: str) -> MachineFailed:
    return MachineFailed(f"the node does not answer: {why}", "start it with `packager seed run`")
