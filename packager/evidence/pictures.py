"""The size of a JPEG or PNG, from its head; no picture is decoded for it."""

from packager.errors import InputRefused

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # SOF markers


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels; InputRefused where nothing says so."""
    if data.startswith(_PNG) and len(data) >= 24:  # noqa: PLR2004 -- IHDR's sizes end there
        return _number(data[16:20]), _number(data[20:24])
    at = 2
    while data.startswith(b"\xff\xd8") and data[at : at + 1] == b"\xff" and at + 9 <= len(data):
        if data[at + 1] in _FRAMES:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        at += 2 + _number(data[at + 2 : at + 4])
    raise InputRefused("the picture cannot be read")


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
