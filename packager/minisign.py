"""minisign's own files: public key, encrypted secret key, prehashed signature.

A key outlives this project in the format of a tool that people already have. Only the prehashed
kind (``ED``) is written: the legacy kind can be confused with it when ``-H`` is left out.
"""

import hashlib
from base64 import b64decode, b64encode
from hashlib import blake2b

from packager.errors import InputRefused
from packager.keys import PublicKey, SecretKey

SCRYPT_N = 2**17  # 128 MiB and under a second: works on old laptops
_KDF_SIZE = 104
_MAX_N = 2**21
_SECRET_SIZE = 158
_CHECKSUM = 32
_MAX_MEMORY = 2**31
Secret = str | bytearray
"""A passphrase; its giver can overwrite a bytearray afterwards, and nothing here copies it."""


def public_key_file(key: PublicKey) -> str:
    """Two lines, as ``minisign -G`` writes them."""
    return f"untrusted comment: minisign public key {_shown_number(key)}\n{public_key_text(key)}\n"


def public_key_text(key: PublicKey) -> str:
    """The one line that ``minisign -P`` takes."""
    return b64encode(b"Ed" + key.key_number + key.raw).decode()


def signature_file(key: SecretKey, digest: bytes, comment: str) -> str:
    """A ``.minisig`` over a file whose BLAKE2b-512 is ``digest``; ``comment`` is plain ASCII."""
    if len(digest) != 64 or not comment.isascii() or not comment.replace("\t", " ").isprintable():  # noqa: PLR2004
        raise ValueError("a digest of 64 bytes and a printable ASCII comment are needed")
    public = key.public
    signature = key.sign(digest)
    overall = key.sign(signature + comment.encode())
    return (
        "untrusted comment: signature from minisign secret key\n"
        + b64encode(b"ED" + public.key_number + signature).decode()
        + f"\ntrusted comment: {comment}\n"
        + b64encode(overall).decode()
        + "\n"
    )


def secret_key_file(key: SecretKey, passphrase: Secret, salt: bytes) -> str:
    """The key encrypted under ``passphrase``; ``salt`` is 32 random bytes.

    An empty passphrase writes minisign's unencrypted form.
    """
    public = key.public
    plain = public.key_number + key.secret_seed + public.raw
    if not passphrase:  # minisign leaves the checksum out here
        head = b"Ed" + bytes(2) + b"B2" + bytes(32 + 8 + 8)
        return _secret_file(head + plain + bytes(_CHECKSUM))
    plain += _checksum(public.key_number, key)
    stream = _stretch(passphrase, salt, SCRYPT_N)
    sealed = bytes(a ^ b for a, b in zip(plain, stream, strict=True))
    limits = (SCRYPT_N * 32).to_bytes(8, "little") + (SCRYPT_N * 1024).to_bytes(8, "little")
    return _secret_file(b"EdScB2" + salt + limits + sealed)


def is_encrypted(untrusted_file: str) -> bool:
    """Whether a passphrase is needed."""
    return _secret_bytes(untrusted_file)[2:4] == b"Sc"


def open_secret_key(untrusted_file: str, passphrase: Secret) -> SecretKey:
    """The key of a file that we or ``minisign -G`` wrote."""
    data = _secret_bytes(untrusted_file)
    salt, memory, sealed = data[6:38], int.from_bytes(data[46:54], "little"), data[54:]
    if data[2:4] == b"Sc":
        count = memory // 1024
        if count < 2 or count > _MAX_N or count & (count - 1):  # noqa: PLR2004
            raise InputRefused("the key file asks for an absurd amount of memory")
        stream = _stretch(passphrase, salt, count)
        plain = bytes(a ^ b for a, b in zip(sealed, stream, strict=True))
        check = plain[72:]
    else:
        plain, check = sealed, None
    key = SecretKey(plain[8:40])
    fits = check is None or _checksum(plain[:8], key) == check
    if key.public.raw != plain[40:72] or not fits:
        raise InputRefused("the passphrase does not open the key", "try again; mind capitals")
    return key


def _checksum(number: bytes, key: SecretKey) -> bytes:
    body = b"Ed" + number + key.secret_seed + key.public.raw
    return blake2b(body, digest_size=_CHECKSUM).digest()


def _secret_file(data: bytes) -> str:
    return f"untrusted comment: minisign encrypted secret key\n{b64encode(data).decode()}\n"


def _secret_bytes(untrusted_file: str) -> bytes:
    lines = untrusted_file.splitlines()
    try:
        data = b64decode(lines[1], validate=True)
    except (IndexError, ValueError):
        data = b""
    if len(data) != _SECRET_SIZE or data[:2] != b"Ed" or data[4:6] != b"B2":
        raise InputRefused(
            "this is not a minisign secret key file",
            "bring the key back: packager publisher restore, with the paper key",
        )
    if data[2:4] not in {b"Sc", bytes(2)}:
        raise InputRefused("the key file is encrypted in a way we do not know")
    return data


def _stretch(passphrase: Secret, salt: bytes, count: int) -> bytes:
    secret = passphrase.encode() if isinstance(passphrase, str) else passphrase
    return hashlib.scrypt(
        secret, salt=salt, n=count, r=8, p=1, maxmem=_MAX_MEMORY - 1, dklen=_KDF_SIZE
    )


def _shown_number(key: PublicKey) -> str:
    return f"{int.from_bytes(key.key_number, 'little'):016X}"
