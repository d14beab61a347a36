"""What other types begin with: programs, scripts, archives, documents that do things."""

import re

_MAGICS: tuple[tuple[bytes, str], ...] = (
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
    (b"!<arch>\n", "a package or library"),
    (b"\xed\xab\xee\xdb", "a Linux package"),
)
_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_ZIP_RECORD = b"PK\x01\x02"
_END_SIZE = 22
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("<!doctype html", "an HTML page"),
    ("<html", "an HTML page"),
    ("<svg", "an SVG picture, which can run scripts"),
    ("<hta:", "an HTML program"),
    ("<job", "a Windows script"),
    ("<package", "a Windows script"),
    ("<?php", "a script"),
    ("<%", "a script"),
    ("@echo", "a Windows script"),
    ("windows registry editor", "a Windows registry script"),
    ("regedit4", "a Windows registry script"),
    ("[internetshortcut]", "an internet shortcut"),
    ("[shell]", "a Windows shell command"),
    ("[autorun]", "an autorun file"),
    ("[version]", "a Windows set-up file"),
    ("[desktop entry]", "a desktop shortcut"),
    ("[script info]", "an ASS subtitle, which can do too much"),
    ("mime-version:", "an archived web page"),
)
_PDF = b"%PDF-"
_PDF_WITHIN = 1024  # bytes in which readers look for it
_INSIDE = re.compile(  # each long enough that noise does not hold it by chance
    rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\xfd7zXZ\x00|\x7fELF[\x01\x02][\x01\x02]\x01|%PDF-[12]"
    rb"|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|PK\x03\x04[\x0a\x14\x2d]\x00[\x00-\x08]|ITSF\x03\x00\x00"
    rb"|This program cannot be run|<script|<html|<\?php|!<arch>\n|dex\n03[0-9]\x00"
    rb"|L\x00\x00\x00\x01\x14\x02\x00|GIF8[79]a|JFIF\x00\x01|\x89PNG\r\n\x1a|ftypisom|matroska"
)


def starts_as(head: bytes, *, archive: bool = False) -> str | None:
    """What else a file is, by its first bytes; an ``archive`` may be a ZIP."""
    for magic, what in _MAGICS:
        if head.startswith(magic):
            return what
    if head.startswith(_ZIP) and not archive:
        return "a ZIP archive"
    start = head[:200].removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip().lower()
    return next((what for word, what in _SCRIPTS if start.startswith(word)), None)


def also_is(head: bytes, tail: bytes) -> str | None:
    """What else programs would take a file for, which begins as something allowed."""
    if _PDF in head[:_PDF_WITHIN]:
        return "a PDF"
    return "a ZIP archive" if _ends_as_zip(tail) else None


def holds(data: bytes) -> bool:
    """Whether a program, archive or page stands anywhere in what should be noise."""
    return _INSIDE.search(data) is not None or _ends_as_zip(data)


def _ends_as_zip(tail: bytes) -> bool:
    """A ZIP's last record near the end, with its directory before it or a comment to the end."""
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        size = int.from_bytes(tail[at + 12 : at + 16], "little")
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        listed = 0 < size <= at and tail.startswith(_ZIP_RECORD, at - size)
        if listed or at + _END_SIZE + comment == len(tail):
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
