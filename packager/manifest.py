"""The manifest: what a seal says about the file it sits in and about the files beside it.

Canonical JSON; every field is always there, so that a value has one spelling and old readers see
unknown fields as a newer format, not as noise. It holds no title, outlet, source or infohash.
"""

import re
from dataclasses import dataclass

from packager.errors import CannotTell, InputRefused
from packager.keys import PublicKey
from packager.values import (
    DIGEST_SIZE,
    MAX_INTEGER,
    Digest,
    Language,
    RelativePath,
    canonical_json,
    parse_canonical_json,
)

VERSION = 1
MAX_BYTES = 128 * 1024
MAX_SIBLINGS = 500
MIN_PIECE, MAX_PIECE = 16 * 1024, 16 * 1024 * 1024
_DATE = re.compile(r"^(\d{4}-\d{2}-\d{2})?$")


@dataclass(frozen=True, slots=True)
class Sibling:
    """A file of the same release. ``root`` is over the PREFIX where sealed, else over all."""

    path: RelativePath
    length: int  # of the whole file
    root: Digest
    sealed: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the daily key signs."""

    path: RelativePath  # inside the folder that travels
    container: str  # mkv, mp4, mp3, epub
    prefix_length: int
    prefix_root: Digest  # BEP 52 root of the PREFIX
    piece: int  # bytes under one hash of the piece layer
    suffix: Digest  # SHA-256 of what the container puts after the payload
    chain: Digest  # SHA-256 of the chain record
    report: Digest  # SHA-256 of the report record
    signer: PublicKey
    siblings: tuple[Sibling, ...]
    disguise: str
    languages: tuple[Language, ...]
    variant: bytes
    date: str  # ISO, or empty
    serial: int
    audience: str  # asked, public
    decision: bytes  # SHA-256 of the decision note; empty unless public
    allowed: tuple[str, ...]  # checks that the author overruled
    cover_licence: str
    expires: str
    replaces: tuple[str, ...]
    feed: str

    def encode(self) -> bytes:
        """The bytes that are signed."""
        return canonical_json(
            {
                "allowed": list(self.allowed),
                "audience": self.audience,
                "chain": self.chain.hex(),
                "container": self.container,
                "cover_licence": self.cover_licence,
                "date": self.date,
                "decision": self.decision.hex(),
                "disguise": self.disguise,
                "expires": self.expires,
                "feed": self.feed,
                "languages": [str(language) for language in self.languages],
                "path": str(self.path),
                "piece": self.piece,
                "prefix": {"length": self.prefix_length, "root": self.prefix_root.hex()},
                "replaces": list(self.replaces),
                "report": self.report.hex(),
                "serial": self.serial,
                "siblings": [
                    {
                        "length": s.length,
                        "path": str(s.path),
                        "root": s.root.hex(),
                        "sealed": s.sealed,
                    }
                    for s in self.siblings
                ],
                "signer": self.signer.raw.hex(),
                "suffix": self.suffix.hex(),
                "v": VERSION,
                "variant": self.variant.hex(),
            }
        )


def parse(untrusted_bytes: bytes) -> Manifest:
    """Read a manifest; CannotTell for a newer format, InputRefused for any defect."""
    value = parse_canonical_json(untrusted_bytes, MAX_BYTES)
    if not isinstance(value, dict):
        raise _malformed("the whole")
    if _integer(value, "v") > VERSION:
        raise CannotTell("the seal has a newer format", "get a newer packager")
    prefix = value.get("prefix")
    if not isinstance(prefix, dict):
        raise _malformed("prefix")
    manifest = Manifest(
        path=RelativePath(_text(value, "path")),
        container=_text(value, "container"),
        prefix_length=_integer(prefix, "length"),
        prefix_root=Digest(_hex(prefix, "root")),
        piece=_piece(value),
        suffix=Digest(_hex(value, "suffix")),
        chain=Digest(_hex(value, "chain")),
        report=Digest(_hex(value, "report")),
        signer=PublicKey(_hex(value, "signer")),
        siblings=_siblings(value),
        disguise=_text(value, "disguise"),
        languages=tuple(Language(text) for text in _texts(value, "languages", set(Language))),
        variant=_hex(value, "variant"),
        date=_date(value, "date"),
        serial=_integer(value, "serial"),
        audience=_text(value, "audience"),
        decision=_hex(value, "decision") if _text(value, "decision") else b"",
        allowed=_texts(value, "allowed"),
        cover_licence=_text(value, "cover_licence"),
        expires=_date(value, "expires"),
        replaces=_texts(value, "replaces"),
        feed=_text(value, "feed"),
    )
    if manifest.encode() != untrusted_bytes:
        raise _malformed("a field too many")
    return manifest


def _siblings(value: dict[str, object]) -> tuple[Sibling, ...]:
    items = _list(value, "siblings")
    siblings = []
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("sealed"), bool):
            raise _malformed("siblings")
        siblings.append(
            Sibling(
                path=RelativePath(_text(item, "path")),
                length=_integer(item, "length"),
                root=Digest(_hex(item, "root")),
                sealed=bool(item["sealed"]),
            )
        )
    paths = [sibling.path for sibling in siblings]
    if len(paths) > MAX_SIBLINGS or paths != sorted(set(paths)):
        raise _malformed("siblings")
    return tuple(siblings)


def _piece(value: dict[str, object]) -> int:
    piece = _integer(value, "piece")
    if not MIN_PIECE <= piece <= MAX_PIECE or piece & (piece - 1):
        raise _malformed("piece")
    return piece


def _text(value: dict[str, object], key: str) -> str:
    text = value.get(key)
    if not isinstance(text, str):
        raise _malformed(key)
    return text


def _date(value: dict[str, object], key: str) -> str:
    text = _text(value, key)
    if not _DATE.match(text):
        raise _malformed(key)
    return text


def _texts(
    value: dict[str, object], key: str, known: set[Language] | None = None
) -> tuple[str, ...]:
    items = _list(value, key)
    texts = tuple(item for item in items if isinstance(item, str) and (not known or item in known))
    if len(texts) != len(items):
        raise _malformed(key)
    return texts


def _list(value: dict[str, object], key: str) -> list[object]:
    items = value.get(key)
    if not isinstance(items, list):
        raise _malformed(key)
    return items


def _integer(value: dict[str, object], key: str) -> int:
    number = value.get(key)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MAX_INTEGER:
        raise _malformed(key)
    return number


def _hex(value: dict[str, object], key: str) -> bytes:
    text = _text(value, key)
    if len(text) != 2 * DIGEST_SIZE:
        raise _malformed(key)
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise _malformed(key) from None


def _malformed(key: str) -> InputRefused:
    return InputRefused(f"the manifest is not in the form it must have ({key})")
