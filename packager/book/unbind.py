"""Take the report's own files out of a book that this program bound; pure, and without templates.

Only the pages at the end of the book are read, and only in the form in which they are written
there: ``h1.file`` names the file, ``pre.written`` holds it, the figures name its pictures.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from packager import archive
from packager.errors import InputRefused
from packager.values import SEALED_NAME, RelativePath

_FILE = re.compile(r'<h1 class="file"[^<>]*>([^<>]+)</h1>\s*<pre class="written"[^<>]*>')
_HIDDEN = re.compile(r'<i class="u">([0-9A-F]{4,6})</i>')
_FIGURE = re.compile(
    r'<figure><img src="([^"<>]+)"[^<>]*/><figcaption>([^<>]+)</figcaption></figure>'
)
_PAGE_END = "</pre>"
_PICTURES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"}
)
MAX_BOOK = 256 * 1024 * 1024  # bytes, as safety allows
_MAX_PAGE = 8 * 1024 * 1024  # bytes; a text of 256 KiB, spelt at its longest, takes less
_MAX_PICTURE = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unbound:
    """The files of the report, by the names that they had or the names of their pictures."""

    texts: dict[RelativePath, str]
    pictures: dict[RelativePath, bytes]


def unbind(book: bytes) -> Unbound:
    """The files of the report; both are empty for a book that was bound elsewhere.

    Raises InputRefused where the pages are there and not in their form.
    """
    texts: dict[RelativePath, str] = {}
    pictures: dict[RelativePath, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(book)) as zipped:
            for page, text in _pages(zipped):
                found = _FILE.search(text)
                if found is None:
                    continue
                source, _, rest = text[found.end() :].partition(_PAGE_END)
                texts[_name(found[1])] = _exact(source)
                for address, shown in _FIGURE.findall(rest):
                    place = normpath(join(dirname(page), html.unescape(address)))
                    pictures[_picture(shown)] = archive.entry(zipped, place, _MAX_PICTURE)
    except archive.BROKEN:
        raise InputRefused("the report cannot be taken out of this book", _OTHER) from None
    return Unbound(texts, pictures)


_OTHER = "open it with a program for books: the report stands in it"


def _pages(zipped: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for entry in zipped.infolist():
        if entry.filename.endswith(".xhtml"):
            data = archive.entry(zipped, entry.filename, _MAX_PAGE)
            yield entry.filename, data.decode()


def _name(shown: str) -> RelativePath:
    name = RelativePath(html.unescape(shown))
    if not SEALED_NAME.match(name):
        raise InputRefused("a page of the book names a file that is no report", _OTHER)
    return name


def _picture(shown: str) -> RelativePath:
    path = RelativePath(html.unescape(shown))
    if path.suffix not in _PICTURES:
        raise InputRefused("a page of the book names a picture that is none", _OTHER)
    return path


def _exact(spelt: str) -> str:
    """The text as ``render`` spelt it: numbers of hidden characters, then entities."""
    pieces = _HIDDEN.split(spelt)
    plain = [html.unescape(piece) for piece in pieces[::2]]
    hidden = [chr(int(number, 16)) for number in pieces[1::2]]
    if any("<" in piece for piece in pieces[::2]) or len(plain) != len(hidden) + 1:
        raise ValueError("not in the form of these pages")
    return "".join(a + b for a, b in zip(plain, [*hidden, ""], strict=True))
