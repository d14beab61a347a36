"""What may travel in a release: by name, and by parsing every file from its first byte to its last.

Only films, sound, books, pictures, subtitles, playlists and plain text. A file must be what its
name says and nothing besides; what a judge does not know is refused. The rules are a closed list
(docs/safety.md); each kind has a module, and all answer the same question.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from packager.container import ReadAt
from packager.safety import (
    epub,
    fb2,
    mkv,
    mp3,
    mp4,
    names,
    picture,
    playlist,
    programs,
    subtitle,
    text,
)
from packager.safety.finding import Found, Kind, Rule, Source, Unsafe, kind
from packager.safety.names import padding_size
from packager.values import printable

__all__ = [
    "ALLOWED",
    "MAX_FILES",
    "MAX_TEXT",
    "Kind",
    "Refusal",
    "Rule",
    "folder_problems",
    "litter_magic",
    "name_problems",
    "padding_size",
    "problems",
]

KIB = 1024
MIB = KIB * KIB
MAX_TEXT = MIB  # bytes
MAX_BOOK_TEXT = 32 * MIB
MAX_PICTURE = 20 * MIB
MAX_SIZE = 4 * MIB * KIB - 1  # FAT32: what USB sticks hold
MAX_FILES = 1000
_HEAD = 4 * KIB  # bytes that tell a program
_TAIL = 128 * KIB  # a ZIP's directory ends at most 64 KiB from the end
_MOST = 5  # findings of one file: the first tells enough
_FAT32 = ", the most that a USB stick (FAT32) holds"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One broken rule; ``path`` is safe to print. A warning alone refuses nothing."""

    path: str
    rule: Rule
    message: str

    @property
    def is_warning(self) -> bool:
        """Whether the file may travel all the same."""
        return self.rule is Rule.NOISE


_MP4 = kind(rb"....ftyp(isom|iso[2456]|mp4[12]|avc1|M4[ABV] )", MAX_SIZE, mp4.problems)
_PLAYLIST = kind(rb"", MAX_TEXT, playlist.problems)
_TEXT = kind(rb"", MAX_TEXT, text.problems)
_KINDS: dict[str, Kind] = {
    ".mp4": _MP4,
    ".m4a": _MP4,
    ".m4b": _MP4,
    ".mkv": kind(rb"\x1aE\xdf\xa3.{0,60}\x42\x82\x88matroska", MAX_SIZE, mkv.problems),
    ".mp3": kind(
        rb"ID3[\x03\x04]\0|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xf0-\xff]", MAX_SIZE, mp3.problems
    ),
    ".jpg": kind(rb"\xff\xd8\xff", MAX_PICTURE, picture.jpeg),
    ".png": kind(rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", MAX_PICTURE, picture.png),
    ".epub": kind(rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip", MAX_SIZE, epub.problems),
    ".fb2": kind(
        rb"(\xef\xbb\xbf)?(<\?xml[^>]*\?>)?\s*<FictionBook[\s>]", MAX_BOOK_TEXT, fb2.problems
    ),
    ".vtt": kind(rb"(\xef\xbb\xbf)?WEBVTT\r?\n", MAX_TEXT, subtitle.vtt),
    ".srt": kind(rb"(\xef\xbb\xbf)?\d+\r?\n\d+:\d\d:\d\d,\d{3} --> ", MAX_TEXT, subtitle.srt),
    ".m3u": _PLAYLIST,
    ".m3u8": _PLAYLIST,
    ".txt": _TEXT,
    ".nfo": _TEXT,
}
ALLOWED = frozenset(_KINDS)


def problems(
    untrusted_path: str,
    size: int,
    read_at: ReadAt,
    exists: Callable[[str], bool],
    also: Mapping[str, Kind] = MappingProxyType({}),
) -> tuple[Refusal, ...]:
    """Every rule that one file breaks; ``size`` in bytes, ``exists`` knows the folder's files.

    ``also`` are kinds that may stand there besides those of releases, by their endings.
    """
    source = Source(untrusted_path, size, read_at, exists)
    shown = printable(untrusted_path)
    is_padding = padding_size(untrusted_path) is not None
    found = _padding(source) if is_padding else _file(source, _KINDS | dict(also))
    return tuple(
        Refusal(shown, one.rule, f"'{shown}': {printable(one.message)}")
        for one in islice(found, _MOST)
    )


def name_problems(untrusted_path: str, size: int) -> tuple[Refusal, ...]:
    """What can be said against a file before a byte of it is seen: its name and its size."""
    shown = printable(untrusted_path)
    found = [*names.problems(untrusted_path, ALLOWED)]
    if sort := _KINDS.get(names.suffix_of(untrusted_path)):
        found += _size(sort, size)
    return tuple(Refusal(shown, one.rule, f"'{shown}': {one.message}") for one in found)


def folder_problems(untrusted_paths: Iterable[str]) -> tuple[Refusal, ...]:
    """The rules that files of one folder break together."""
    found = []
    seen: dict[str, str] = {}
    paths = list(untrusted_paths)
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other is not path:
            message = f"'{printable(path)}' and '{printable(other)}' are one name on some systems"
            found.append(Refusal(printable(path), Rule.COLLISION, message))
    if len(paths) > MAX_FILES:
        message = f"{len(paths)} files, the limit is {MAX_FILES}"
        found.append(Refusal("", Rule.COUNT, message))
    return tuple(found)


def litter_magic(name: str) -> bytes | None:
    """The first bytes that a file of this name must have to be litter; None if it is none."""
    return names.litter_magic(name, ALLOWED)


def _padding(source: Source) -> Iterator[Found]:
    """What torrent clients that know no padding write between files: zeros, as many as named."""
    size = padding_size(source.path)
    if source.size != size or source.size > MAX_PICTURE or any(source.whole()):
        yield Found(Rule.CONTENT, "padding of a torrent that is not as many zeros as its name says")


def _file(source: Source, kinds: Mapping[str, Kind]) -> Iterator[Found]:
    yield from names.problems(source.path, frozenset(kinds))
    suffix = names.suffix_of(source.path)
    head = source.read_at(0, _HEAD)
    program = programs.starts_as(head, archive=suffix == ".epub")
    sort = kinds.get(suffix)
    if program:
        yield Found(Rule.PROGRAM, f"it is {program}, not what its name says")
    elif sort and source.size > sort.limit:
        yield from _size(sort, source.size)
    elif sort and not source.size:
        yield Found(Rule.CONTENT, "it is empty")
    elif sort and not sort.head.match(head):
        yield Found(Rule.CONTENT, f"its first bytes are not those of {suffix}")
    elif sort:
        yield from _parsed(source, sort, head)


def _size(sort: Kind, size: int) -> Iterator[Found]:
    if size > sort.limit:
        reason = _FAT32 if sort.limit == MAX_SIZE else ""
        yield Found(Rule.SIZE, f"{size} bytes, the limit is {sort.limit}{reason}")


def _parsed(source: Source, sort: Kind, head: bytes) -> Iterator[Found]:
    tail = source.read_at(max(0, source.size - _TAIL), _TAIL)
    other = programs.also_is(head, b"" if sort.judge is epub.problems else tail)
    if other:
        yield Found(Rule.POLYGLOT, f"it is {other}, too")
    try:
        yield from sort.judge(source)
    except Unsafe as error:
        yield error.found
