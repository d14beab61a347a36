"""SSHSIG: signatures that the ``ssh-keygen`` on every computer can check (PROTOCOL.sshsig).

The namespace keeps a signature made for one purpose from serving another.
"""

from base64 import b64decode, b64encode
from hashlib import sha512

from packager.keys import PublicKey, SecretKey

SEAL = "seal@magnitizdat"
STATEMENT = "statement@magnitizdat"
RELEASE = "release@magnitizdat"
NOTICE = "notice@magnitizdat"
_MAGIC = b"SSHSIG"
_TYPE = b"ssh-ed25519"
_WIDTH = 70


def sign(key: SecretKey, namespace: str, message: bytes) -> bytes:
    """64 bytes over ``message`` for ``namespace``."""
    return key.sign(_signed(namespace, message))


def verifies(key: PublicKey, namespace: str, message: bytes, signature: bytes) -> bool:
    """Whether ``sign`` made ``signature`` with this key, namespace and message."""
    return key.verifies(_signed(namespace, message), signature)


def armor(key: PublicKey, namespace: str, signature: bytes) -> str:
    """The ``.sig`` file that ``ssh-keygen -Y verify -s`` reads."""
    blob = (
        _MAGIC
        + (1).to_bytes(4, "big")
        + _string(_public_blob(key))
        + _string(namespace.encode())
        + _string(b"")
        + _string(b"sha512")
        + _string(_string(_TYPE) + _string(signature))
    )
    text = b64encode(blob).decode()
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def public_line(key: PublicKey) -> str:
    """Type and key as OpenSSH writes them: ``ssh-ed25519 AAAA...``."""
    return f"{_TYPE.decode()} {b64encode(_public_blob(key)).decode()}"


def allowed_signers(name: str, key: PublicKey) -> str:
    """The line for ``ssh-keygen -Y verify -f``."""
    return f'{name} namespaces="*@magnitizdat" {public_line(key)}'


def parse_public_line(untrusted_type: str, untrusted_base64: str) -> PublicKey:
    """The key of the two middle fields of a pin line; ValueError where they are not one."""
    blob = b64decode(untrusted_base64, validate=True)
    head = _string(_TYPE) + (32).to_bytes(4, "big")
    if untrusted_type != _TYPE.decode() or not blob.startswith(head):
        raise ValueError("not an ssh-ed25519 key")
    return PublicKey(blob[len(head) :])


def _signed(namespace: str, message: bytes) -> bytes:
    return (
        _MAGIC
        + _string(namespace.encode())
        + _string(b"")
        + _string(b"sha512")
        + _string(sha512(message).digest())
    )


def _public_blob(key: PublicKey) -> bytes:
    return _string(_TYPE) + _string(key.raw)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
