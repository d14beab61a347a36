"""Key statements: the paper key's signed word about which daily keys hold, linked into a chain.

The whole chain travels in every seal, so a reader who only ever gets USB sticks learns of every
change. Rules, by number (docs/seal.md part 5):

1. Statement numbers run 1, 2, 3 without a gap; each names the SHA-256 of the one before.
2. Each is signed by the root (paper key) that it names.
3. A statement's root is the root of the one before, or the key whose SHA-256 that one committed
   to as ``next``. So a lost card can be replaced, and a thief of the daily key changes nothing.
4. A reader knows a publisher by the *first* root (or by eight words made from it).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from packager import sshsig
from packager.errors import CannotTell, InputRefused
from packager.keys import PublicKey, SecretKey
from packager.values import canonical_json, parse_canonical_json

VERSION = 1
MAX_CHAIN_BYTES = 64 * 1024
MAX_KEYS = 64


class State(StrEnum):
    """What the paper key says of a daily key."""

    ACTIVE = "active"
    RETIRED = "retired"
    LOST = "lost"
    STOLEN = "stolen"


@dataclass(frozen=True, slots=True)
class Statement:
    """One word of the paper key. ``pointer`` is the DHT key."""

    number: int
    root: PublicKey
    next_root: bytes  # SHA-256 of the next paper key's public key
    previous: bytes  # SHA-256 of the statement before; empty in the first
    keys: tuple[tuple[PublicKey, State], ...]
    pointer: PublicKey

    def encode(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(
            {
                "keys": [{"key": key.raw.hex(), "state": str(state)} for key, state in self.keys],
                "next": self.next_root.hex(),
                "number": self.number,
                "pointer": self.pointer.raw.hex(),
                "previous": self.previous.hex(),
                "root": self.root.raw.hex(),
                "v": VERSION,
            }
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """Statements with their signatures; a chain that exists satisfies rules 1 to 3."""

    links: tuple[tuple[Statement, bytes], ...]

    def __post_init__(self) -> None:
        """Check every link."""
        if not self.links:
            raise InputRefused("a key chain without a statement")
        before: Statement | None = None
        for statement, signature in self.links:
            _check_link(before, statement, signature)
            before = statement

    @property
    def first_root(self) -> PublicKey:
        """The key that the eight words are made from."""
        return self.links[0][0].root

    @property
    def latest(self) -> Statement:
        """The statement that holds."""
        return self.links[-1][0]

    @property
    def states(self) -> dict[PublicKey, State]:
        """Every daily key ever named, oldest first, with what was said of it last."""
        named = dict.fromkeys(key for statement, _ in self.links for key, _ in statement.keys)
        return {key: state for key in named if (state := self.state_of(key))}

    @property
    def daily(self) -> PublicKey | None:
        """The key that signs today: the newest active one; None if there is none."""
        active = [key for key, state in self.states.items() if state is State.ACTIVE]
        return active[-1] if active else None

    def state_of(self, key: PublicKey) -> State | None:
        """What the latest statement that names ``key`` says; None if none ever did."""
        for statement, _ in reversed(self.links):
            for known, state in statement.keys:
                if known == key:
                    return state
        return None

    def parts_from(self, other: "Chain") -> int:
        """The number of the first statement in which two chains differ; 0 if they agree."""
        for mine, theirs in zip(self.links, other.links, strict=False):
            if mine[0] != theirs[0]:
                return mine[0].number
        return 0

    def encode(self) -> bytes:
        """The record that travels in a seal."""
        return canonical_json(
            [
                {"signature": signature.hex(), "statement": statement.encode().decode()}
                for statement, signature in self.links
            ]
        )


def first(root: SecretKey, next_root: PublicKey, daily: PublicKey, pointer: PublicKey) -> Chain:
    """The chain of a new publisher: statement number 1."""
    statement = Statement(
        number=1,
        root=root.public,
        next_root=sha256(next_root.raw).digest(),
        previous=b"",
        keys=((daily, State.ACTIVE),),
        pointer=pointer,
    )
    return Chain(((statement, sshsig.sign(root, sshsig.STATEMENT, statement.encode())),))


def extend(
    chain: Chain,
    paper: SecretKey,
    changes: Mapping[PublicKey, State],
    *,
    next_root: PublicKey | None = None,
    pointer: PublicKey | None = None,
) -> Chain:
    """One more statement, signed by ``paper``: the root in use, or the one committed to.

    It names the changed keys and those that stay active. ``next_root`` is needed where a new root
    takes over (``takes_over``). InputRefused if the chain would grow too long.
    """
    latest = chain.latest
    if takes_over(chain, paper.public) and next_root is None:
        raise ValueError("a new root commits to the one after it")
    states = {key: state for key, state in chain.states.items() if state is State.ACTIVE}
    statement = Statement(
        number=latest.number + 1,
        root=paper.public,
        next_root=sha256(next_root.raw).digest() if next_root else latest.next_root,
        previous=sha256(latest.encode()).digest(),
        keys=tuple((states | dict(changes)).items()),
        pointer=pointer or latest.pointer,
    )
    signature = sshsig.sign(paper, sshsig.STATEMENT, statement.encode())
    longer = Chain((*chain.links, (statement, signature)))
    if len(longer.encode()) > MAX_CHAIN_BYTES:
        raise InputRefused(
            f"there are {latest.number} key statements, and no room in a seal for more",
            "make a new publisher, and say so in a last release of the old one",
        )
    return longer


def takes_over(chain: Chain, root: PublicKey) -> bool:
    """Whether ``root`` is the next paper key; False for the one in use, else InputRefused."""
    if root == chain.latest.root:
        return False
    if sha256(root.raw).digest() == chain.latest.next_root:
        return True
    raise InputRefused(
        "these twelve words are of no paper key that holds for this publisher",
        "take the newest card; a card from before the last `publisher next-root` holds no more",
    )


def parse(untrusted_bytes: bytes) -> Chain:
    """Read a chain record; CannotTell for a newer format, InputRefused for any defect."""
    items = parse_canonical_json(untrusted_bytes, MAX_CHAIN_BYTES)
    if not isinstance(items, list):
        raise _malformed()
    return Chain(tuple(_parse_link(item) for item in items))


def _parse_link(item: object) -> tuple[Statement, bytes]:
    match item:
        case {"signature": str(signature), "statement": str(text), **rest} if not rest:
            value = parse_canonical_json(text.encode("ascii", "replace"), MAX_CHAIN_BYTES)
            return _parse_statement(value), _hex(signature, 64)
    raise _malformed()


def _parse_statement(value: object) -> Statement:
    match value:
        case {
            "keys": list(keys),
            "next": str(next_root),
            "number": int(number),
            "pointer": str(pointer),
            "previous": str(previous),
            "root": str(root),
            "v": 1,
            **rest,
        } if not rest and len(keys) <= MAX_KEYS:
            return Statement(
                number=number,
                root=PublicKey(_hex(root, 32)),
                next_root=_hex(next_root, 32),
                previous=_hex(previous, 32) if previous else b"",
                keys=tuple(_parse_key(key) for key in keys),
                pointer=PublicKey(_hex(pointer, 32)),
            )
        case {"v": int(version)} if version > VERSION:
            raise CannotTell("a key statement has a newer format", "get a newer packager")
    raise _malformed()


def _parse_key(item: object) -> tuple[PublicKey, State]:
    match item:
        case {"key": str(key), "state": str(state), **rest} if not rest and state in set(State):
            return PublicKey(_hex(key, 32)), State(state)
    raise _malformed()


def _hex(text: str, size: int) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise _malformed() from None
    if len(data) != size or data.hex() != text:
        raise _malformed()
    return data


def _check_link(before: Statement | None, statement: Statement, signature: bytes) -> None:
    number = before.number + 1 if before else 1
    previous = sha256(before.encode()).digest() if before else b""
    if statement.number != number or statement.previous != previous:
        raise InputRefused("the key statements do not follow each other (rule 1)")
    same = before is None or statement.root == before.root
    if before and not same and sha256(statement.root.raw).digest() != before.next_root:
        raise InputRefused("a paper key that nobody committed to (rule 3)")
    if not sshsig.verifies(statement.root, sshsig.STATEMENT, statement.encode(), signature):
        raise InputRefused("a key statement is not signed by its paper key (rule 2)")


def _malformed() -> InputRefused:
    return InputRefused("a key statement is not in the form it must have")
