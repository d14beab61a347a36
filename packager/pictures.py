"""Pictures of the report: decoded behind walls and written anew, so that only pixels travel.

No tag, profile, thumbnail or trailing byte of the original survives, because none is copied. The
same file gives the same bytes with the same libraries. What the child answers is as untrusted as
the file it read.
"""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from packager import child, files
from packager.errors import InputRefused
from packager.values import printable

CHILD = ("-m", "packager.develop")
PATIENCE = 90.0  # seconds
LARGEST = 8192  # pixels: the longest side that may be asked for
_HEAD = 64
_MOST_OUT = 64 << 20  # bytes of base64
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")  # what the child may answer with
_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"), "HEIF"),
}
_CONVERT = "save it as JPEG or PNG with a program you trust"
_PROBLEMS = {
    "damaged": ("it is damaged or cut short", "get it again from where it came, or leave it out"),
    "large": ("it has too many pixels", "make it smaller: 4000 pixels on the longer side will do"),
    "memory": ("it needs too much memory", "make it smaller: 4000 pixels on the longer side"),
    "reader": ("HEIC pictures cannot be read on this computer", _CONVERT),
}


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A JPEG or PNG that holds pixels and nothing else; measures in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """The ending that its kind has: ``jpg`` or ``png``."""
        return "png" if self.data.startswith(_SIGNATURES[1]) else "jpg"


def clean(untrusted_path: Path, largest: int) -> CleanPicture:
    """The picture of a file, upright, at most ``largest`` pixels on its longer side.

    Reads JPEG, PNG, GIF and WebP (their first picture), TIFF, AVIF, and HEIC where the library
    for it is installed. Raises InputRefused, which names the file, for all that it cannot show.
    """
    if not 1 <= largest <= LARGEST:
        raise ValueError(largest)
    with os.fdopen(files.open_plain(untrusted_path), "rb") as file:
        try:
            return _developed(file, largest)
        except InputRefused as refusal:
            name = printable(untrusted_path.name)
            raise InputRefused(f"{name}: {refusal.fact}", *refusal.hints) from refusal.__cause__


def _developed(file: BinaryIO, largest: int) -> CleanPicture:
    kind = kind_of(file.read(_HEAD))
    if kind is None:
        raise InputRefused("this is no picture of a kind that is taken", _CONVERT)
    said: list[str] = []
    child.decode((*CHILD, kind, str(largest)), file, PATIENCE, _up_to(_MOST_OUT, said))
    try:
        answer = json.loads(said[0])
        if problem := answer.get("problem"):
            raise _refused(answer, problem)
        data = b"".join(base64.b64decode(line, validate=True) for line in said[1:])
        width, height = int(answer["width"]), int(answer["height"])
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise InputRefused(*_PROBLEMS["damaged"]) from error
    if (
        not data.startswith(_SIGNATURES)
        or not 0 < min(width, height) <= max(width, height) <= largest
    ):
        raise InputRefused(*_PROBLEMS["damaged"])
    return CleanPicture(data, width, height)


def _refused(answer: dict[str, object], problem: str) -> InputRefused:
    fact, hint = _PROBLEMS[problem]
    if problem == "large":
        fact = f"{fact}: {int(str(answer['width']))} x {int(str(answer['height']))}"
    return InputRefused(fact, hint)


def _up_to(most: int, lines: list[str]) -> Callable[[str], None]:
    """Collects lines of ``most`` characters together."""
    room = most

    def take(line: str) -> None:
        nonlocal room
        room -= len(line)
        if room < 0:
            raise InputRefused("it answers with more than a picture", child.SUSPECT)
        lines.append(line)

    return take


def kind_of(head: bytes) -> str | None:
    """Pillow's name for what a file starts with; None for no picture."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, len(head) - 3, 4))]
        found = {_BRANDS[brand] for brand in brands if brand in _BRANDS}
        if found:
            return min(found)  # an AVIF may call itself a HEIF too
    return None
