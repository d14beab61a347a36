"""What planted files are made with: the mark, foreign programs, and bytes put in by hand."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools import tool

from packager import ffmpeg

Make = Callable[[Path, str, Path], None]
"""Makes a file at a path with a mark in it; the folder is for files on the way."""
WORD = "quillvexil"


@dataclass(frozen=True)
class Planted:
    """A file: in what the mark stands, and how it is made."""

    what: str
    suffix: str
    make: Make


def word(number: int) -> str:
    """The mark of a file: thirteen letters and digits."""
    return f"{WORD}{number:03}"


def exiftool(path: Path, *words: str) -> None:
    command = [tool("exiftool"), "-q", "-q", "-m", "-overwrite_original", *words, str(path)]
    subprocess.run(command, check=True, timeout=60)


def run(path: Path, *words: str | Path) -> None:
    command = [str(ffmpeg.binary()), "-nostdin", "-v", "error", "-y", *map(str, words), str(path)]
    subprocess.run(command, check=True, timeout=60)


@cache
def base(bench: Path, suffix: str, *words: str) -> Path:
    """A file of half a second that others are copied from."""
    path = bench / f"base.{suffix}"
    run(path, *words)
    return path


def captions(text: str) -> bytes:
    """Letters as CEA-608 has them: seven bits and odd parity, two in each triplet."""
    odd = [ord(one) | (0x80 if ord(one).bit_count() % 2 == 0 else 0) for one in text]
    odd += [0x80] * (len(odd) % 2)
    return b"".join(bytes((0xFC, *odd[at : at + 2])) for at in range(0, len(odd), 2))


def box(kind: bytes, body: bytes) -> bytes:
    """ISO/IEC 14496-12, 4.2."""
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def chunk(kind: bytes, body: bytes) -> bytes:
    """Of a RIFF file."""
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def grown(data: bytes, more: bytes) -> bytes:
    """A RIFF file with one more chunk at its end."""
    return data[:4] + (len(data) + len(more) - 8).to_bytes(4, "little") + data[8:] + more


def appended(path: Path, more: bytes) -> None:
    path.write_bytes(path.read_bytes() + more)
