"""Playlists of an album: names of files that lie beside it, and no other instruction."""

import re
from collections.abc import Iterator

from packager.errors import InputRefused
from packager.safety import text as plain
from packager.safety.finding import Found, Rule, Source, Unsafe
from packager.values import RelativePath, printable

MAX_LINE = 300  # characters
_NOTE = re.compile(
    r"#EXTM3U|#EXTINF:-?[0-9]{1,6}(\.[0-9]{1,6})?,.*|#(PLAYLIST|EXTALB|EXTART|EXTENC):.*"
)
_PLAYED = frozenset({".mp3", ".m4a", ".m4b", ".mp4", ".mkv"})


def problems(source: Source) -> Iterator[Found]:
    """Judge a ``.m3u8`` or ``.m3u``."""
    text = plain.decoded(source.whole())
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    folder = source.path.rpartition("/")[0]
    entries = 0
    for number, line in enumerate(lines, 1):
        if "\r" in line or len(line) > MAX_LINE:
            raise Unsafe(Rule.TEXT, f"line {number} is too long, or ends in no way that is known")
        if line.startswith("#"):
            if not _NOTE.fullmatch(line):
                raise Unsafe(
                    Rule.ACTIVE, f"line {number} is an instruction: {printable(line[:40])}"
                )
        else:
            entries += 1
            yield from _entry(number, line, folder, source)
    if not entries:
        yield Found(Rule.CONTENT, "a playlist that names no file")


def _entry(number: int, line: str, folder: str, source: Source) -> Iterator[Found]:
    shown = printable(line[:60])
    try:
        path = RelativePath(line)
    except InputRefused:
        yield Found(Rule.REMOTE, f"line {number} is not the name of a file beside it: {shown!r}")
        return
    if path.suffix not in _PLAYED:
        yield Found(Rule.CONTENT, f"line {number} names no sound or film: {shown!r}")
    elif not source.exists(f"{folder}/{path}" if folder else path):
        yield Found(Rule.CONTENT, f"line {number} names a file that is not there: {shown!r}")
