"""The seal, version 1: noise to whoever does not know the words, proof to whoever does.

``docs/seal.md`` is the normative text. A sealed file is PREFIX || PAYLOAD || SUFFIX, and

    PAYLOAD = salt[32] || ChaCha20(file key, plain)
    plain   = magic[16] || version u16 || five lengths u32 || signature[64]
              || manifest || chain || layer || report || zeros

Every byte is bound: the manifest by the signature; chain and report by their hashes in the
manifest; the layer by the root; the lengths and zeros by having one possible form; the salt by
being computed from ``plain``.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from packager import chain as chains
from packager import manifest as manifests
from packager import merkle, sshsig
from packager.chain import Chain
from packager.errors import CannotTell, InputRefused
from packager.keys import SIGNATURE_SIZE, PublicKey, SecretKey, whiten
from packager.manifest import Manifest
from packager.values import DIGEST_SIZE, MAX_TEXT_BYTES, SEALED_NAME, Digest
from packager.words import Words, of_root

VERSION = 1
MAX_PAYLOAD = 1024 * 1024
_MAGIC = b"magnitizdat-seal"
_SALT = 32
_LENGTHS = 5
_HEAD = len(_MAGIC) + 2 + 4 * _LENGTHS
MIN_PAYLOAD = _SALT + _HEAD + SIGNATURE_SIZE
_MAX_PADDING = 8192


@dataclass(frozen=True, slots=True)
class Opened:
    """A payload whose whitening came off. Nothing in it is trusted before ``check``."""

    words: Words
    plain: bytes
    salt: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that holds: chain, signature and records all fit. The PREFIX is not yet compared."""

    manifest: Manifest
    chain: Chain
    signature: bytes
    layer: tuple[Digest, ...]
    report: dict[str, str]  # file name: text


class Forged(InputRefused):
    """The words open it, but what is inside does not hold together."""


class ForeignKey(Forged):
    """Made by somebody who knew the words, with a key that is not the publisher's."""


class StolenKey(Forged):
    """Signed with a key that the publisher calls stolen."""


def build(
    manifest: Manifest,
    chain: Chain,
    layer: tuple[Digest, ...],
    report: bytes,
    daily: SecretKey,
    size: int,
) -> bytes:
    """The payload of exactly ``size`` bytes (from ``payload_size``)."""
    text = manifest.encode()
    signature = sshsig.sign(daily, sshsig.SEAL, text)
    records = (text, chain.encode(), b"".join(layer), report)
    padding = size - _SALT - _HEAD - SIGNATURE_SIZE - sum(map(len, records))
    lengths = [*map(len, records), padding]
    plain = _MAGIC + VERSION.to_bytes(2, "big")
    plain += b"".join(length.to_bytes(4, "big") for length in lengths)
    plain += signature + b"".join(records) + bytes(padding)
    secret = _words_key(of_root(chain.first_root.raw))
    salt = _salt(secret, plain)
    return salt + whiten(_file_key(secret, salt), plain)


def payload_size(manifest: Manifest, chain: Chain, pieces: int, report: bytes) -> int:
    """How large the payload of a file will be, before anything is hashed.

    Digests have a fixed spelling, so a manifest with the right lengths and any roots gives the
    size. The padding comes from the variant: the size says nothing about the file.
    """
    layer = pieces * DIGEST_SIZE if pieces > 1 else 0
    draw = hmac.digest(manifest.variant, b"seal padding " + manifest.path.encode(), "sha256")
    padding = int.from_bytes(draw[:4], "big") % _MAX_PADDING
    records = len(manifest.encode()) + len(chain.encode()) + layer + len(report)
    size = _SALT + _HEAD + SIGNATURE_SIZE + records + padding
    if size > MAX_PAYLOAD:
        raise InputRefused(
            f"the seal would be {size} bytes, the limit is {MAX_PAYLOAD}",
            "make the report's text shorter, or the release smaller",
        )
    return size


def piece_count(length: int, piece: int) -> int:
    """Pieces of a PREFIX of ``length`` bytes."""
    return -(-length // piece)


def unlock(untrusted_payload: bytes, trusted: Iterable[Words]) -> Opened | None:
    """Take the whitening off with the first words that fit; None if none does."""
    if not MIN_PAYLOAD <= len(untrusted_payload) <= MAX_PAYLOAD:
        return None
    salt, body = untrusted_payload[:_SALT], untrusted_payload[_SALT:]
    for words in trusted:
        key = _file_key(_words_key(words), salt)
        if whiten(key, body[: len(_MAGIC)]) == _MAGIC:
            return Opened(words, whiten(key, body), salt)
    return None


def check(opened: Opened) -> Seal:
    """Everything that can be judged without the file itself.

    Raises Forged (ForeignKey where the signer is somebody else), CannotTell for a newer format.
    """
    plain = opened.plain
    version = int.from_bytes(plain[len(_MAGIC) :][:2], "big")
    if version > VERSION:
        raise CannotTell("the seal has a newer format", "get a newer packager")
    if version != VERSION or _salt(_words_key(opened.words), plain) != opened.salt:
        raise Forged("the seal itself was altered")
    try:
        return _check_records(opened.words, *_split(plain))
    except Forged:
        raise
    except InputRefused as error:
        raise Forged(error.fact, *error.hints) from None


def proves(seal: Seal, root: Digest, length: int) -> bool:
    """Whether a PREFIX with this root and length is the sealed one."""
    return seal.manifest.prefix_root == root and seal.manifest.prefix_length == length


def encode_report(texts: dict[str, str]) -> bytes:
    """The report record: its text files, sorted, byte for byte."""
    parts = []
    for name in sorted(texts):
        body = texts[name].encode()
        parts += [len(name).to_bytes(2, "big"), name.encode(), len(body).to_bytes(4, "big"), body]
    return b"".join(parts)


def parse_report(untrusted_record: bytes) -> dict[str, str]:
    """The texts of a report record, by file name."""
    texts: dict[str, str] = {}
    left = untrusted_record
    try:
        while left:
            name, left = _take(left, 2)
            body, left = _take(left, 4)
            texts[name.decode("ascii")] = body.decode()
    except UnicodeDecodeError:
        raise Forged("the report in the seal is not text") from None
    named = all(SEALED_NAME.match(name) for name in texts)
    if not named or list(texts) != sorted(texts) or encode_report(texts) != untrusted_record:
        raise Forged("the report in the seal is not in the form it must have")
    return texts


def _take(data: bytes, width: int) -> tuple[bytes, bytes]:
    size = int.from_bytes(data[:width], "big")
    if len(data) < width + size or size > MAX_TEXT_BYTES:
        raise Forged("the report in the seal is cut off")
    return data[width : width + size], data[width + size :]


def _split(plain: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Signature, manifest, chain, layer, report; the rest must be zeros."""
    at = len(_MAGIC) + 2
    lengths = [int.from_bytes(plain[at + 4 * n :][:4], "big") for n in range(_LENGTHS)]
    at = _HEAD
    signature, at = plain[at : at + SIGNATURE_SIZE], at + SIGNATURE_SIZE
    if at + sum(lengths) != len(plain):
        raise Forged("the lengths in the seal do not add up")
    parts = []
    for length in lengths:
        parts.append(plain[at : at + length])
        at += length
    manifest, chain, layer, report, padding = parts
    if any(padding):
        raise Forged("something hides behind the seal's records")
    return signature, manifest, chain, layer, report


def _check_records(
    words: Words, signature: bytes, manifest: bytes, chain: bytes, layer: bytes, report: bytes
) -> Seal:
    statements = chains.parse(chain)
    if of_root(statements.first_root.raw) != words:
        raise ForeignKey("the seal was made with another publisher's key")
    stated = manifests.parse(manifest)
    _check_signer(statements, stated.signer)
    if not sshsig.verifies(stated.signer, sshsig.SEAL, manifest, signature):
        raise Forged("the signature in the seal does not fit")
    if sha256(chain).digest() != stated.chain or sha256(report).digest() != stated.report:
        raise Forged("a record of the seal was exchanged")
    nodes = merkle.split(layer)
    _check_layer(stated, nodes)
    return Seal(stated, statements, signature, nodes, parse_report(report))


def _check_signer(chain: Chain, signer: PublicKey) -> None:
    state = chain.state_of(signer)
    if state is None:
        raise ForeignKey("the seal was made with a key that the publisher never named")
    if state is chains.State.STOLEN:
        raise StolenKey("the publisher says that the key of this seal was stolen")


def _check_layer(manifest: Manifest, nodes: tuple[Digest, ...]) -> None:
    count = piece_count(manifest.prefix_length, manifest.piece)
    if len(nodes) != (count if count > 1 else 0):
        raise Forged("the piece layer of the seal has the wrong length")
    blocks = manifest.piece // merkle.BLOCK
    if nodes and merkle.root_of_layer(nodes, blocks) != manifest.prefix_root:
        raise Forged("the piece layer of the seal does not fit its root")


def _words_key(words: Words) -> bytes:
    return hmac.digest(b"magnitizdat seal v1", words, "sha256")


def _file_key(words_key: bytes, salt: bytes) -> bytes:
    return hmac.digest(words_key, b"key" + salt, "sha256")


def _salt(words_key: bytes, plain: bytes) -> bytes:
    return hmac.digest(words_key, b"salt" + plain, "sha256")
