"""Ed25519, strictly: the same verdict as libsodium on every published edge case.

pycryptodome's own ``verify`` is cofactored and takes small-order keys, under which any message
verifies. Here a signature must satisfy the plain equation, byte for byte, and neither the key nor
R may be of low order or spelt in a non-canonical way.

pycryptodome is loaded when a key is first used: who verifies a film reads it meanwhile.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import blake2b, sha512
from types import ModuleType
from typing import Self

from packager.errors import InputRefused

KEY_SIZE = 32
SIGNATURE_SIZE = 64
SEED_SIZE = 32
_ORDER = 2**252 + 27742317777372353535851937790883648493
_BASE = b"\x58" + b"\x66" * 31  # the generator of the curve
_LOW_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    )
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """32 bytes that are a point of the right kind; refused otherwise."""

    raw: bytes

    def __post_init__(self) -> None:
        """Refuse what libsodium refuses."""
        if len(self.raw) != KEY_SIZE:
            raise InputRefused(f"a key has {KEY_SIZE} bytes, not {len(self.raw)}")
        if self.raw in _LOW_ORDER:
            raise InputRefused("this key is of low order: any signature would fit it")
        try:
            canonical = _eddsa().import_public_key(self.raw).export_key(format="raw") == self.raw
        except ValueError:
            canonical = False
        if not canonical:
            raise InputRefused("these 32 bytes are not an Ed25519 key")

    @property
    def key_number(self) -> bytes:
        """Minisign's 8 bytes, derived so that they never need storing."""
        return blake2b(self.raw, digest_size=8, person=b"minisign keynum").digest()

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is this key's over ``message``; never raises."""
        from Crypto.PublicKey import ECC  # noqa: PLC0415 -- loads slowly

        if len(signature) != SIGNATURE_SIZE or signature[:32] in _LOW_ORDER:
            return False
        scalar = int.from_bytes(signature[32:], "little")
        if scalar >= _ORDER:
            return False
        digest = sha512(signature[:32] + self.raw + message).digest()
        challenge = int.from_bytes(digest, "little") % _ORDER
        generator, point = (_eddsa().import_public_key(raw).pointQ for raw in (_BASE, self.raw))
        commitment = generator * scalar + (-point) * challenge
        encoded: bytes = ECC.EccKey(curve="ed25519", point=commitment).export_key(format="raw")
        return encoded == signature[:32]


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A 32-byte seed. Its text form never shows it."""

    _secret_seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a seed of another size."""
        if len(self._secret_seed) != SEED_SIZE:
            raise ValueError("a seed has 32 bytes")

    @property
    def public(self) -> PublicKey:
        """The key to verify with."""
        key = _eddsa().import_private_key(self._secret_seed)
        return PublicKey(key.public_key().export_key(format="raw"))

    @property
    def secret_seed(self) -> bytes:
        """The secret itself; every use of it can be found by this name."""
        return self._secret_seed

    def sign(self, message: bytes) -> bytes:
        """64 bytes, the same each time (RFC 8032)."""
        key = _eddsa().import_private_key(self._secret_seed)
        signature: bytes = _eddsa().new(key, "rfc8032").sign(message)
        return signature

    def derive(self, purpose: str) -> bytes:
        """32 bytes for another purpose, from which the seed cannot be found."""
        return hmac.digest(self._secret_seed, b"magnitizdat " + purpose.encode(), "sha256")

    @classmethod
    def from_entropy(cls, entropy: bytes, purpose: str) -> Self:
        """The key that twelve words (16 bytes of entropy) stand for."""
        return cls(hmac.digest(entropy, b"magnitizdat " + purpose.encode(), "sha256"))


def whiten(key: bytes, data: bytes) -> bytes:
    """ChaCha20 (RFC 8439) with a zero nonce from block 0; ``key`` must never serve twice."""
    from Crypto.Cipher import ChaCha20  # noqa: PLC0415 -- loads slowly

    return ChaCha20.new(key=key, nonce=bytes(12)).encrypt(data)


def _eddsa() -> ModuleType:
    from Crypto.Signature import eddsa  # noqa: PLC0415 -- loads slowly

    return eddsa
