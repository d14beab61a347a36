"""Small sealed releases for tests: a real film of two seconds, a ReadMe, a throw-away publisher."""

import io
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import imageio_ffmpeg

from packager import publisher as publishers
from packager.keyring import Home, Publisher
from packager.keys import SecretKey
from packager.pack.sealing import Sealed, Signer, Terms, Unsealed, seal_folder
from packager.torrent import Kind
from packager.values import Language, RelativePath

REPORT = {
    "report.md": "---\nlanguage: en\n---\n# The bridge\r\n\r\nPlain words.\n",
    "report.ru.md": "---\nlanguage: ru\n---\n# Мост\n\nПростые слова.\n",
}


@dataclass(frozen=True)
class Desk:
    """A publisher whose keys come from a number instead of chance."""

    home: Home
    publisher: Publisher
    daily: SecretKey
    paper_words: str

    @property
    def signer(self) -> Signer:
        return Signer(self.publisher.chain, self.daily)


def desk(folder: Path, name: str = "desk") -> Desk:
    count = 0

    def entropy(size: int) -> bytes:
        nonlocal count
        count += 1
        return sha256(f"{name} {count}".encode()).digest()[:size]

    home = Home(folder)
    new = publishers.new(home, name, "", entropy)
    daily = home.daily_key(new.publisher, lambda _: "")
    return Desk(home, new.publisher, daily, new.paper_key.secret_words)


SUFFIXES = ("mkv", "mp4", "mp3", "epub")
_SOUND = {
    "mp3": "-c:a libmp3lame -b:a 320k -write_id3v1 0 -id3v2_version 3 -f mp3",
    "m4a": "-c:a aac -f ipod",
    "m4b": "-c:a aac -f ipod",
}


def media_bytes(suffix: str, seconds: int | None = None) -> bytes:
    """A small unsealed file of any kind that can be sealed."""
    if suffix == "epub":
        return book_bytes()
    if suffix in _SOUND:
        return sound_bytes(suffix, seconds or (8 if suffix == "mp3" else 2))
    return film_bytes(suffix, seconds=seconds or 2)


@cache
def sound_bytes(suffix: str, seconds: int) -> bytes:
    """A tone; an mp3 must be long enough that the seal is less than a 16th of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sound.{suffix}"
        subprocess.run(
            [
                *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error"),
                *("-f", "lavfi", "-i", f"sine=d={seconds}", "-metadata", "title=Tone"),
                *_SOUND[suffix].split(),
                str(path),
            ],
            check=True,
        )
        return path.read_bytes()


_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A Walk</title></head>
<body><p>It rained until noon.</p></body></html>
"""
_BOOK = {
    "META-INF/container.xml": """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
""",
    "book.opf": """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:2f1f2c9e-8a5c-4d0e-9a52-000000000001</dc:identifier>
<dc:title>A Walk</dc:title><dc:language>en</dc:language>
<meta property="dcterms:modified">2020-01-01T00:00:00Z</meta></metadata>
<manifest><item id="page" href="page.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>
<spine><itemref idref="page"/></spine></package>
""",
    "nav.xhtml": _PAGE.replace(
        "<p>It rained until noon.</p>",
        '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc">'
        '<ol><li><a href="page.xhtml">A Walk</a></li></ol></nav>',
    ),
    "page.xhtml": _PAGE,
}


def book_bytes(more: dict[str, bytes] | None = None) -> bytes:
    """A whole EPUB of one page; ``more`` are further entries by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/epub+zip")
        entries: dict[str, bytes] = {name: text.encode() for name, text in _BOOK.items()}
        for name, text in (entries | (more or {})).items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def film_bytes(suffix: str, look: str = "testsrc2", seconds: int = 2) -> bytes:
    """An unsealed film as this program's ffmpeg makes it."""

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{suffix}"
        subprocess.run(
            [
                *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error"),
                *("-f", "lavfi", "-i", f"{look}=s=320x180:r=25:d={seconds}"),
                *("-f", "lavfi", "-i", f"sine=d={seconds}", "-c:v", "libx264"),
                *("-preset", "ultrafast", "-threads", "1", "-c:a", "aac", "-shortest"),
                *("-f", {"mp4": "mp4", "mkv": "matroska"}[suffix], str(path)),
            ],
            check=True,
        )
        return path.read_bytes()


def terms(variant: bytes = b"v" * 32) -> Terms:
    return Terms(
        disguise="movie",
        languages=(Language.EN, Language.RU),
        variant=variant,
        date="2026-05-31",
        serial=7,
    )


def release(
    folder: Path,
    by: Desk,
    suffix: str = "mkv",
    *,
    film: bytes | None = None,
    told: Terms | None = None,
    kind: Kind = Kind.V1,
) -> Sealed:
    """A release folder with a sealed film, a ReadMe and an NFO."""
    folder.mkdir(parents=True)
    name = RelativePath(f"Quiet.Harbor.2019.720p.{suffix}")
    (folder / name).write_bytes(media_bytes(suffix) if film is None else film)
    (folder / "ReadMe.txt").write_bytes("\ufeffPlays in any player.\r\n".encode())
    (folder / "Quiet.Harbor.2019.720p.nfo").write_text("Quiet Harbor\n", encoding="utf-8")
    return seal_folder(folder, [Unsealed(name, REPORT)], told or terms(), by.signer, kind)
