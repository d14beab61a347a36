"""Base64 for containers where binary bytes would be taken for something else.

One payload has one text: what is not the encoding of what it decodes to is no payload.
"""

import base64
import binascii


def length(size: int) -> int:
    """Characters that stand for ``size`` bytes."""
    return -(-size // 3) * 4


def encode(payload: bytes) -> bytes:
    """The text of a payload: RFC 4648 with padding, in one line."""
    return base64.b64encode(payload)


def decode(untrusted_text: bytes) -> bytes | None:
    """The payload of a text; None where it is not spelt exactly so."""
    try:
        payload = base64.b64decode(untrusted_text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return payload if encode(payload) == untrusted_text else None
