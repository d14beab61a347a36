"""Wash the encoder's marks out of a finished MP3, byte for byte at equal length.

Nothing is forged: LAME's name and version, with which it fills up frames at any bit, and the
library's name in the first frame become zeros. An M4B holds neither.
"""

import mmap
import re
from pathlib import Path

from packager.container.mp3 import ID3, audio_start

_NAME = b"LAME4.1 (alpha 0)"  # as the LAME of our ffmpeg calls itself
_LEAST = 5  # bytes of it; fewer come up by chance
_NOTE = re.compile(rb"(?:Info|Xing)\x00\x00\x00\x0f.{112}", re.DOTALL)  # a note, to the encoder
_ENCODER = 9
_FIRST_FRAME = 64  # bytes from a frame's start to the note, at most


def wash(path: Path) -> None:
    """Wash the sound in place; it must have been written by our ffmpeg."""
    with path.open("r+b") as file:
        if file.read(len(ID3)) != ID3:
            return
        with mmap.mmap(file.fileno(), 0) as data:
            start = audio_start(lambda at, length: data[at : at + length]) or 0
            _forget_encoder(data, start)
            for shift, mark in enumerate(_MARKS):
                for found in mark.finditer(data, start):
                    _blank(data, found.start() * 8 - (8 - shift) % 8)


def _forget_encoder(data: mmap.mmap, start: int) -> None:
    note = _NOTE.search(data, start, start + _FIRST_FRAME + 256)
    if note is not None:
        data[note.end() : note.end() + _ENCODER] = bytes(_ENCODER)


def _shifted(name: bytes, shift: int, behind: int) -> bytes:
    """``name`` from bit ``shift`` of a byte on, ``behind`` zero bits after it."""
    bits = (len(name) * 8 + shift + behind) // 8
    return (int.from_bytes(name) << behind).to_bytes(bits)


def _mark(shift: int) -> re.Pattern[bytes]:
    """The bytes that the beginning of the name fills whole, if it starts at bit ``shift``."""
    if not shift:
        return re.compile(re.escape(_NAME[:_LEAST]))
    return re.compile(re.escape(_shifted(_NAME[:_LEAST], shift, 8 - shift)[1:-1]), re.DOTALL)


_MARKS = tuple(map(_mark, range(8)))


def _blank(data: mmap.mmap | bytearray, bit: int) -> None:
    """Zero as much of the name as stands at ``bit``; nothing where its first bits differ."""
    first, shift = divmod(bit, 8)
    behind = (8 - shift) % 8
    for length in range(len(_NAME), _LEAST - 1, -1):
        wanted = _shifted(_NAME[:length], shift, behind)
        mask = int.from_bytes(_shifted(b"\xff" * length, shift, behind))
        there = int.from_bytes(data[first : first + len(wanted)])
        if there & mask == int.from_bytes(wanted):
            data[first : first + len(wanted)] = (there & ~mask).to_bytes(len(wanted))
            return
