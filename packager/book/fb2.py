"""The same book as FB2, which readers in Russian, Ukrainian and Belarusian look for.

One XML file (FictionBook 2.1), pictures in it as base64. It carries no seal: the seal of the EPUB
beside it lists it, and only the EPUB holds the report's own files.
"""

from base64 import encodebytes
from collections.abc import Iterable, Mapping, Sequence

from packager import render
from packager.article import Block
from packager.book import pages
from packager.book.epub import facts_of
from packager.book.flat import Flat, flatten
from packager.book.pages import Plate, Plates
from packager.book.sheets import Part, Told, tongues
from packager.disguise.base import Notice
from packager.disguise.items import BookItem
from packager.disguise.naming.draw import Draw
from packager.values import Language, RelativePath

_GENRES = ("prose_history", "prose_counter", "det_classic", "adventure", "detective")


def bind(
    item: BookItem, stories: Sequence[Told], notices: Mapping[Language, Notice], cover: bytes
) -> bytes:
    """The finished FB2; the arguments are those of the EPUB."""
    spoken = tongues(stories, item.language, notices)
    plates = pages.plates(stories)
    draw = Draw(item.seed, "fb2")
    binaries = [("cover.jpg", "image/jpeg", encodebytes(cover).decode())]
    binaries += [
        (_id(plate), plate.type, encodebytes(plate.data).decode())
        for plate in dict.fromkeys(plates.values())
    ]
    first, _, last = item.author.rpartition(" ")
    text = render.render(
        "book/book.fb2.j2",
        book=facts_of(item, spoken),
        genre=draw.pick(_GENRES),
        id=draw.key.hex()[:32].upper(),
        first=first,
        last=last,
        notice=notices[item.language],
        tongues=spoken,
        binaries=binaries,
        setter=_Setter([part for tongue in spoken for part in tongue.parts], plates),
    )
    return text.encode()


class _Setter:
    """What the template asks of parts, in whichever order."""

    def __init__(self, parts: Sequence[Part], plates: Plates) -> None:
        self._parts = parts
        self._plates = plates

    def noted(self) -> list[Part]:
        """The parts with notes."""
        return [part for part in self._parts if part.footnotes]

    def note(self, part: Part, number: int) -> str:
        """The id of a note: their numbers begin anew in each part."""
        return f"n{self._parts.index(part) + 1}-{number}"

    def flat(self, blocks: Iterable[Block]) -> list[Flat]:
        """The elements of a section; it may not begin with a picture."""
        found = list(flatten(blocks))
        begins = bool(found) and found[0].kind != "image"
        return found if begins else [Flat("empty-line"), *found]

    def image(self, part: Part, path: RelativePath) -> str:
        """The id of a picture."""
        return _id(self._plates[part.story, path])


def _id(plate: Plate) -> str:
    return f"p{plate.name}"
