"""Files that are two things at once: each kind that travels with each kind that tempts."""

from hostile.build import (
    ELF,
    EPUB,
    EXE,
    HTML,
    LITTLE,
    M4B,
    MKV,
    MP3,
    MP4,
    SRT,
    VTT,
    Sample,
    box,
    commented,
    frame,
    id3,
    in_segment,
    of,
    picture,
    void,
    zipped,
)  # fmt: skip
from hostile.flat import FB2
from packager.container import armour
from packager.safety import Rule

PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n"
HOSTS: dict[str, bytes] = {
    "mkv": MKV,
    "mp4": MP4,
    "m4b": M4B,
    "mp3": MP3,
    "epub": EPUB,
    "fb2": FB2,
    "jpg": picture("JPEG"),
    "png": picture("PNG"),
    "srt": SRT,
    "vtt": VTT,
    "txt": b"hello\n",
    "m3u8": b"#EXTM3U\n01.mp3\n",
}
GUESTS: dict[str, bytes] = HOSTS | {
    "zip": zipped(("setup.exe", EXE)),
    "commented zip": commented(zipped(("setup.exe", EXE)), b"A" * 60_000),
    "pdf": PDF,
    "html": HTML,
    "exe": EXE,
    "elf": ELF,
    "rar": b"Rar!\x1a\x07\1\0" + LITTLE,
    "7z": b"7z\xbc\xaf\x27\x1c\0\4" + LITTLE,
    "gif": b"GIF89a\1\0\1\0\0\0\0;" + LITTLE,
    "iso": bytes(32769) + b"CD001" + bytes(2048),
}
_TEXTS = frozenset({"srt", "vtt", "txt", "m3u8"})
_WORDS = _TEXTS | {"fb2"}


def samples() -> list[Sample]:
    """Rules are not foretold: which of them speaks first depends on the pair."""
    made = []
    for host, whole in HOSTS.items():
        for guest, other in GUESTS.items():
            if guest == host or (host in _TEXTS and guest in _WORDS):
                continue
            behind = f"{guest} behind {host}"
            made.append(of(behind, f"work.{host}", whole + other, Rule.POLYGLOT))
            made.append(of(f"{guest} before {host}", f"work.{host}", other + whole, Rule.POLYGLOT))
    for guest, other in GUESTS.items():
        for host, inside in (
            ("mkv", lambda data: in_segment(MKV, void(data))),
            ("mp4", lambda data: MP4 + box(b"free", data)),
            ("epub", lambda data: commented(EPUB, armour.encode(data[:48_000]))),
            ("mp3", lambda data: id3(MP3, frame(b"TXXX", b"\0a\0" + data))),
        ):
            what = f"{guest} in the seal's place of {host}"
            if host != "mp3" or guest not in {*_WORDS, "html", "pdf"}:
                made.append(of(what, f"work.{host}", inside(other), Rule.HIDDEN))  # type: ignore[no-untyped-call]
    made.append(
        of(
            "pdf in the head of mp3",
            "work.mp3",
            id3(MP3, frame(b"TIT2", b"\0" + PDF)),
            Rule.POLYGLOT,
        )
    )
    return made
