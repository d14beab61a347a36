"""JPEG and PNG: nothing but the parts that make the picture, and nothing behind its end."""

import re

_JPEG = b"\xff\xd8"
_JPEG_END = b"\xff\xd9"
_END, _SCAN, _COMMENT, _NOTE = 0xD9, 0xDA, 0xFE, 0xE0
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD pHYs".split()  # no text, no profiles
)
_MAX_NOTES = 64 * 1024


def problem(data: bytes) -> str | None:
    """What is in a picture besides the picture, or that it is none."""
    if data.startswith(_PNG):
        return _png(data)
    return _jpeg(data) if data.startswith(_JPEG) else "it is neither a JPEG nor a PNG"


def _png(data: bytes) -> str | None:
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind not in _PNG_PARTS:
            return f"a PNG part that pictures do not need ({kind!r})"
        at += 12 + length
        if kind == b"IEND":
            return None if at == len(data) and not length else "something follows the PNG's end"
    return "the PNG breaks off"


def _jpeg(data: bytes) -> str | None:
    notes, at = 0, len(_JPEG)
    while at + 2 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 -- a marker
        marker = data[at + 1]
        if marker == _END:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        notes += length if marker == _COMMENT or marker & 0xF0 == _NOTE else 0
        at += 2 + length
        if marker == _SCAN:
            at = _after_scan(data, at)
    if data[at:] != _JPEG_END:
        return "something follows the JPEG's end, or it breaks off"
    return f"{notes} bytes of notes in the JPEG" if notes > _MAX_NOTES else None


def _after_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that is no part of the compressed data."""
    found = _MARKER.search(data, at)
    return found.start() if found else len(data)
