"""Notices: a publisher's signed word that a release is withdrawn.

A notice names a release by its info-hashes and by the roots of its sealed files, never by a title.
It carries the key chain, so it can be judged by whoever pinned the publisher's words. A daily key
signs it, or the paper key itself: nodes obey a daily key only so far (a stolen key must not be a
delete button).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from packager import chain as chains
from packager import sshsig, words
from packager.chain import Chain, State
from packager.errors import CannotTell, CheckFailed, InputRefused
from packager.keys import PublicKey, SecretKey
from packager.known import Known
from packager.values import DIGEST_SIZE, Digest, canonical_json, parse_canonical_json
from packager.words import Words

VERSION = 1
MAX_BYTES = 4 * chains.MAX_CHAIN_BYTES
MAX_NAMES = 1000
SUFFIX = ".notice"
START = b'{"chain":'  # how every notice begins
_INFOHASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Reason(StrEnum):
    """Why a release is withdrawn."""

    SOURCE = "source-at-risk"
    ERROR = "error"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is signed. ``infohashes`` are v1 or v2, in lower-case hexadecimal digits."""

    infohashes: tuple[str, ...]
    roots: tuple[Digest, ...]  # of the PREFIX of each sealed file
    reason: Reason
    date: str  # ISO
    signer: PublicKey

    def encode(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(
            {
                "date": self.date,
                "infohashes": list(self.infohashes),
                "kind": "withdrawn",
                "reason": str(self.reason),
                "roots": [root.hex() for root in self.roots],
                "signer": self.signer.raw.hex(),
                "v": VERSION,
            }
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """A withdrawal with its signature and the key chain it rests on."""

    stated: Withdrawal
    signature: bytes
    chain: Chain

    @property
    def words(self) -> Words:
        """Whose it claims to be."""
        return words.of_root(self.chain.first_root.raw)

    @property
    def identity(self) -> str:
        """Its name in a node: SHA-256 of what is signed."""
        return sha256(self.stated.encode()).hexdigest()

    def encode(self) -> bytes:
        """The file."""
        fields = {
            "chain": self.chain.encode().decode("ascii"),
            "signature": self.signature.hex(),
            "stated": self.stated.encode().decode("ascii"),
        }
        return canonical_json(fields) + b"\n"


def sign(stated: Withdrawal, chain: Chain, key: SecretKey) -> Notice:
    """A notice signed by the key that it names."""
    if key.public != stated.signer:
        raise ValueError("another signer")
    return Notice(stated, sshsig.sign(key, sshsig.NOTICE, stated.encode()), chain)


def parse(untrusted_bytes: bytes) -> Notice:
    """Read a notice; CannotTell for a newer format, InputRefused for any defect."""
    match parse_canonical_json(untrusted_bytes.removesuffix(b"\n"), MAX_BYTES):
        case {"chain": str(chain), "signature": str(signature), "stated": str(stated), **rest} if (
            not rest and re.fullmatch(r"[0-9a-f]{128}", signature)
        ):
            return Notice(
                _withdrawal(stated.encode("ascii", "replace")),
                bytes.fromhex(signature),
                chains.parse(chain.encode("ascii", "replace")),
            )
    raise _malformed()


def check(notice: Notice, memory: Known | None) -> bool:
    """Whether it holds: True by the paper key, False by a daily key alone.

    ``memory`` is what this home has seen of the publisher. CheckFailed where it does not hold.
    """
    number = memory.chain.parts_from(notice.chain) if memory else 0
    if number:
        raise CheckFailed(
            f"its key statement {number} is not the one that you have seen from this publisher",
            "somebody else holds a paper key of theirs; ask them",
        )
    chain = max((notice.chain, *([memory.chain] if memory else ())), key=lambda c: len(c.links))
    signer = notice.stated.signer
    by_paper = bool(signer == chain.latest.root)
    if not by_paper and chain.state_of(signer) not in {State.ACTIVE, State.RETIRED}:
        raise CheckFailed(
            "the notice is signed with a key that the publisher does not vouch for",
            "do not act on it; ask the publisher on another way",
        )
    if not sshsig.verifies(signer, sshsig.NOTICE, notice.stated.encode(), notice.signature):
        raise CheckFailed("the signature of the notice does not fit", "get it again")
    return by_paper


def _withdrawal(untrusted_bytes: bytes) -> Withdrawal:
    match parse_canonical_json(untrusted_bytes, MAX_BYTES):
        case {
            "date": str(date),
            "infohashes": list(hashes),
            "kind": "withdrawn",
            "reason": str(reason),
            "roots": list(roots),
            "signer": str(signer),
            "v": 1,
            **rest,
        } if not rest and reason in set(Reason) and _DATE.fullmatch(date):
            named = tuple(_name(one) for one in hashes)
            trees = tuple(Digest(_digest(one)) for one in roots)
            if 0 < len(named) + len(trees) <= MAX_NAMES:
                key = PublicKey(_digest(signer))
                return Withdrawal(named, trees, Reason(reason), date, key)
        case {"v": int(version)} if version > VERSION:
            raise CannotTell("the notice has a newer format", "get a newer packager")
    raise _malformed()


def _name(item: object) -> str:
    if not isinstance(item, str) or not _INFOHASH.fullmatch(item):
        raise _malformed()
    return item


def _digest(item: object) -> bytes:
    if not isinstance(item, str) or not re.fullmatch(f"[0-9a-f]{{{2 * DIGEST_SIZE}}}", item):
        raise _malformed()
    return bytes.fromhex(item)


def _malformed() -> InputRefused:
    return InputRefused("this is not a notice, or it was damaged", "get the file again")
