"""What may travel in a release: by name, and by what the first and last bytes are.

Only films, sound, books, pictures, subtitles and plain text. A file must be what its name says;
nothing that could run, and nothing that hides behind or inside an allowed name. The rules are a
closed list. This is the quick look that needs no parser of the whole file.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from packager.errors import InputRefused
from packager.values import RelativePath, printable

KIB = 1024
MAX_TEXT = KIB * KIB  # bytes
HEAD = MAX_TEXT + 1  # bytes that a caller reads from the start, so that a text is seen whole
TAIL = 64 * KIB + 64  # and from the end: a ZIP's directory ends at most this far from it
MAX_PICTURE = 20 * KIB * KIB
MAX_SIZE = 4 * KIB * KIB * KIB - 1  # FAT32: what USB sticks hold
MAX_FILES = 1000
MAX_PATH = 200  # characters; Windows takes 260 with the folders in front


class Rule(StrEnum):
    """Why a file may not travel; scripts rely on these names."""

    NAME = "name"
    TYPE = "type"
    DOUBLE_SUFFIX = "double-suffix"
    SIZE = "size"
    PROGRAM = "program"
    CONTENT = "content"
    TEXT = "text"
    TRAILING = "trailing"
    HIDDEN = "hidden"
    COLLISION = "collision"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One broken rule; ``path`` is safe to print."""

    path: str
    rule: Rule
    message: str


_TEXTS = frozenset({".txt", ".nfo", ".srt", ".vtt", ".fb2"})
_PICTURES = frozenset({".jpg", ".png"})
_MEDIA = frozenset({".mp4", ".mkv", ".m4a", ".m4b", ".mp3", ".epub"})
ALLOWED = _MEDIA | _PICTURES | _TEXTS
_LITTER = (
    (re.compile(r"\.DS_Store"), b"\0\0\0\1Bud1"),
    (re.compile(r"\._.+"), b"\0\5\x16\7\0\2\0\0"),  # AppleDouble
    (re.compile(r"Thumbs\.db"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
)
_RUNNABLE = frozenset(
    "7z apk app bat chm cmd com cpl dll dmg exe gz hta htm html img inf iso jar js lnk msi pdf "
    "pif ps1 py rar reg scr sh svg swf tar url vbs wsf zip".split()
)
_PROGRAMS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xfe\xed\xfa\xce", "a macOS program"),
    (b"\xfe\xed\xfa\xcf", "a macOS program"),
    (b"\xce\xfa\xed\xfe", "a macOS program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a macOS or Java program"),
    (b"dex\n", "an Android program"),
    (b"\x00asm", "a WebAssembly program"),
    (b"#!", "a script"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"MSCF", "a Windows cabinet"),
    (b"ITSF", "a Windows help file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document or installer"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"FWS", "a Flash program"),
    (b"CWS", "a Flash program"),
)
_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("<!doctype html", "an HTML page"),
    ("<html", "an HTML page"),
    ("<svg", "an SVG picture, which can run scripts"),
    ("<?php", "a script"),
    ("<%", "a script"),
    ("@echo", "a Windows script"),
    ("windows registry editor", "a Windows registry script"),
    ("[internetshortcut]", "an internet shortcut"),
    ("[desktop entry]", "a desktop shortcut"),
    ("[script info]", "an ASS subtitle, which can do too much"),
)
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff"
    "\U000e0000-\U000e007f]"
)
_MP4 = rb"....ftyp(isom|iso[2456]|mp4[12]|avc1|M4[ABV] )"
_HEADS = {
    suffix: re.compile(pattern, re.DOTALL)
    for suffix, pattern in {
        ".mp4": _MP4,
        ".m4a": _MP4,
        ".m4b": _MP4,
        ".mkv": rb"\x1aE\xdf\xa3.{0,60}\x42\x82\x88matroska",
        ".mp3": rb"ID3[\x03\x04]\0|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xf0-\xff]",
        ".jpg": rb"\xff\xd8\xff",
        ".png": rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        ".epub": rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip",
        ".vtt": rb"(\xef\xbb\xbf)?WEBVTT[\s]",
        ".srt": rb"(\xef\xbb\xbf)?\s*\d+[ \t]*\r?\n\d+:\d\d:\d\d,\d{3} --> ",
        ".fb2": rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>)?\s*<FictionBook[\s>]",
        ".txt": rb"",  # a text is looked at as a whole
        ".nfo": rb"",
    }.items()
}


def problems(untrusted_path: str, size: int, head: bytes, tail: bytes = b"") -> tuple[Refusal, ...]:
    """Every rule that one file breaks.

    ``size`` in bytes; ``head`` is its first ``HEAD`` bytes, ``tail`` its last ``TAIL`` bytes
    (empty: its end is not looked at, unless ``head`` holds it).
    """
    shown = printable(untrusted_path)
    name, suffix = _name_and_suffix(untrusted_path)
    found = list(_name_rules(untrusted_path, name, suffix, size))
    if suffix in ALLOWED:
        found += _content_rules(suffix, size, head, head[-TAIL:] if len(head) >= size else tail)
    elif program := _program(head, suffix):
        found.append((Rule.PROGRAM, f"it is {program}"))
    return tuple(Refusal(shown, rule, f"'{shown}': {message}") for rule, message in found)


def litter_magic(name: str) -> bytes | None:
    """The first bytes of what macOS and Windows drop into folders that people only look at.

    None for other names. A file with such a name and other first bytes is no litter.
    """
    return next((magic for fits, magic in _LITTER if fits.fullmatch(name)), None)


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


_Found = tuple[Rule, str]


def _name_and_suffix(path: str) -> tuple[str, str]:
    name = path.rsplit("/", 1)[-1]
    stem, dot, ending = name.rpartition(".")
    return name, (dot + ending.lower() if stem else "")


def _name_rules(path: str, name: str, suffix: str, size: int) -> Iterable[_Found]:
    try:
        RelativePath(path)
    except InputRefused as error:
        yield Rule.NAME, error.fact
    if len(path) > MAX_PATH:
        yield Rule.NAME, f"a path of more than {MAX_PATH} characters"
    inner = name.split(".")[-2].strip().lower() if name.count(".") > 1 else ""
    if inner in _RUNNABLE or f".{inner}" in ALLOWED:
        yield Rule.DOUBLE_SUFFIX, f"it ends in two types, .{printable(inner)}{printable(suffix)}"
    if suffix not in ALLOWED:
        yield Rule.TYPE, f"files of this type do not travel, only {' '.join(sorted(ALLOWED))}"
    if size > _limit(suffix):
        yield Rule.SIZE, f"{size} bytes, the limit is {_limit(suffix)}{_REASON.get(suffix, '')}"


_REASON = dict.fromkeys(_MEDIA, ", the most that a USB stick (FAT32) holds")


def _limit(suffix: str) -> int:
    if suffix in _TEXTS:
        return MAX_TEXT
    return MAX_PICTURE if suffix in _PICTURES else MAX_SIZE


def _content_rules(suffix: str, size: int, head: bytes, tail: bytes) -> Iterable[_Found]:
    if size == 0:
        yield Rule.CONTENT, "it is empty"
        return
    if program := _program(head, suffix):
        yield Rule.PROGRAM, f"it is {program}, not what its name says"
        return
    if not _HEADS[suffix].match(head):
        yield Rule.CONTENT, f"its first bytes are not those of {suffix}"
    elif suffix in _TEXTS:
        yield from _text_rules(suffix, size, head)
    elif tail and (trailing := _trailing(suffix, tail)):
        yield Rule.TRAILING, trailing


def _program(head: bytes, suffix: str) -> str | None:
    for magic, what in _PROGRAMS:
        if head.startswith(magic):
            return what
    if head.startswith(_ZIP) and suffix != ".epub":
        return "a ZIP archive"
    start = head[:200].removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip().lower()
    return next((what for word, what in _SCRIPTS if start.startswith(word)), None)


def _text_rules(suffix: str, size: int, head: bytes) -> Iterable[_Found]:
    if len(head) < min(size, MAX_TEXT):
        yield Rule.TEXT, "only a part of this text was looked at"
    try:
        text = head[:MAX_TEXT].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Rule.TEXT, f"it is not UTF-8 text (byte {error.start})"
        return
    if steering := _STEERING.search(text):
        yield Rule.TEXT, f"it holds the control character U+{ord(steering[0]):04X}"
    if "<script" in text.lower():
        yield Rule.PROGRAM, "it holds a script"
    if suffix == ".fb2" and re.search(r"<!(DOCTYPE|ENTITY)|<\?xml-stylesheet", text):
        yield Rule.CONTENT, "a book must not define entities or load style sheets"


def _trailing(suffix: str, tail: bytes) -> str | None:
    """What follows the end of the file proper."""
    if suffix == ".jpg" and not tail.endswith(b"\xff\xd9"):
        return "something follows the end of the picture"
    if suffix == ".png" and not tail.endswith(b"\x00\x00\x00\x00IEND\xaeB`\x82"):
        return "something follows the end of the picture"
    if suffix != ".epub" and _ends_as_zip(tail):
        return "a ZIP archive is appended to it"
    return None


def _ends_as_zip(tail: bytes) -> bool:
    """A ZIP's last record, whose comment reaches just to the end."""
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        if at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
