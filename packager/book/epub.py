"""Bind a report as EPUB 3: the same reports and the same item give the same bytes.

First page: what this is. Then the contents, the languages one after the other, each with its last
page (sources, links, tools, how to check, pass on), and at the very end the report's own files.
Nothing is loaded from outside, nothing runs, and no address can be touched.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from packager import render
from packager.book import pages
from packager.book.pages import Node
from packager.book.sheets import Told, Tongue, tongues
from packager.disguise import naming
from packager.disguise.base import Notice
from packager.disguise.items import BookItem
from packager.disguise.naming.draw import Draw
from packager.values import Language

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16
_LEVEL = 9


def bind(
    item: BookItem, stories: Sequence[Told], notices: Mapping[Language, Notice], cover: bytes
) -> bytes:
    """The finished EPUB. ``cover`` is a JPEG; ``notices`` has every language of the texts."""
    spoken = tongues(stories, item.language, notices)
    plates = pages.plates(stories)
    laid = pages.lay(item.title, spoken, stories, plates)
    images = tuple(dict.fromkeys(plates.values()))
    facts = {
        "book": facts_of(item, spoken),
        "pages": laid.pages,
        "nodes": laid.nodes,
        "depth": _depth(laid.nodes),
        "start": laid.start,
        "images": images,
    }
    files = {
        "META-INF/container.xml": render.render("book/container.xml.j2").encode(),
        "OEBPS/Images/cover.jpg": cover,
        "OEBPS/Styles/style.css": render.render("book/style.css").encode(),
        "OEBPS/content.opf": render.render("book/content.opf.j2", **facts).encode(),
        "OEBPS/toc.ncx": render.render("book/toc.ncx.j2", **facts).encode(),
    }
    files |= {f"OEBPS/Images/{image.name}": image.data for image in images}
    for page in laid.pages:
        values = {**facts, **page.values, "page": page}
        text = render.render(f"book/{page.template}.xhtml.j2", **values)
        files[f"OEBPS/Text/{page.name}"] = text.encode()
    return archive(files)


class Facts(NamedTuple):
    """What the book says of itself."""

    title: str
    author: str
    year: int
    language: Language
    tongues: tuple[Tongue, ...]
    uuid: str
    modified: str  # a moment of the book's year; no clock is asked


def facts_of(item: BookItem, spoken: tuple[Tongue, ...]) -> Facts:
    """The item's own facts, and an id and a date drawn from its seed."""
    key = naming.seed(item.seed, "book id").hex()
    uuid = f"{key[:8]}-{key[8:12]}-4{key[13:16]}-{'89ab'[int(key[16], 16) % 4]}{key[17:20]}"
    draw = Draw(item.seed, "book date")
    day = f"{item.year}-{draw.between(1, 12):02}-{draw.between(1, 28):02}"
    hour = f"{draw.below(24):02}:{draw.below(60):02}:{draw.below(60):02}"
    return Facts(
        item.title,
        item.author,
        item.year,
        item.language,
        spoken,
        f"{uuid}-{key[20:32]}",
        f"{day}T{hour}Z",
    )


def archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of ``files`` in the order of their names, the type first and stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        _add(zipped, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name in sorted(files):
            picture = name.endswith((".jpg", ".png"))
            _add(zipped, name, files[name], zipfile.ZIP_STORED if picture else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _add(zipped: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = _MODE
    entry.compress_type = method
    zipped.writestr(entry, data, compresslevel=_LEVEL)


def _depth(nodes: Sequence[Node]) -> int:
    return 1 + max((_depth(node.children) for node in nodes if node.children), default=0)
