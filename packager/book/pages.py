"""The pages of a book in reading order, and its table of contents; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from packager.article import Block, Runs
from packager.book import letters
from packager.book.letters import Piece
from packager.book.sheets import Image, Part, Told, Tongue
from packager.book.written import Written, written
from packager.values import Language, RelativePath

COVER, NAV = "cover", "nav"
_LOWEST_HEADING = 6
_PNG = b"\x89PNG"


class Plate(NamedTuple):
    """A picture as an entry of the book."""

    name: str
    type: str
    width: int
    height: int
    data: bytes


Plates = Mapping[tuple[int, RelativePath], Plate]  # by story and the name in its texts


@dataclass(frozen=True, slots=True)
class Page:
    """One XHTML file, made from ``template`` with ``values``; ``title`` is neutral."""

    id: str
    language: Language
    title: str
    template: str
    values: Mapping[str, object]
    linear: bool = True

    @property
    def name(self) -> str:
        """Of the file."""
        return f"{self.id}.xhtml"


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the table of contents. ``order`` is equal where pages are."""

    label: str
    href: str
    language: Language
    children: tuple["Node", ...] = ()
    number: int = 0
    order: int = 0


@dataclass(frozen=True, slots=True)
class Laid:
    """``start`` is the page on which a reader begins: what this is."""

    pages: tuple[Page, ...]
    nodes: tuple[Node, ...]
    start: str


@dataclass(frozen=True, slots=True)
class Setter:
    """What a template asks while it sets the chapters of one part, in their order."""

    story: int
    plates: Plates
    homes: Mapping[int, str]  # the page of each note
    seen: set[int] = field(default_factory=set)

    def kind(self, block: Block) -> str:
        """The name of the block's type."""
        return type(block).__name__

    def pieces(self, runs: Runs) -> tuple[Piece, ...]:
        """Runs as they are set."""
        return letters.pieces(runs)

    def level(self, level: int) -> int:
        """Of a heading, below the title of the part."""
        return min(max(level, 2), _LOWEST_HEADING)

    def image(self, path: RelativePath) -> Plate:
        """The picture that the report calls ``path``."""
        return self.plates[self.story, path]

    def note(self, number: int) -> str:
        """Where a note stands."""
        return f"{self.homes[number]}#note{number}"

    def first(self, number: int) -> bool:
        """Whether this is the first mark of a note: the one to which it leads back."""
        new = number not in self.seen
        self.seen.add(number)
        return new


def plates(stories: Sequence[Told]) -> dict[tuple[int, RelativePath], Plate]:
    """The pictures under neutral names; equal pictures share one entry."""
    found: dict[tuple[int, RelativePath], Plate] = {}
    known: dict[bytes, Plate] = {}
    for file in written(stories):
        for path, _ in file.pictures:
            image = stories[file.story].pictures[path]
            if image.data not in known:
                known[image.data] = _plate(len(known) + 1, image)
            found[file.story, path] = known[image.data]
    return found


def _plate(number: int, image: Image) -> Plate:
    suffix, kind = ("png", "image/png") if image.data.startswith(_PNG) else ("jpg", "image/jpeg")
    return Plate(f"{number:03}.{suffix}", kind, image.width, image.height, image.data)


def lay(title: str, spoken: tuple[Tongue, ...], stories: Sequence[Told], shown: Plates) -> Laid:
    """Lay out the whole book."""
    main = spoken[0]
    files = written(stories)
    numbers = iter(range(1, 10**6))
    begin: list[Page] = [Page(COVER, main.language, title, "cover", {})]
    nodes: list[Node] = []
    firsts = [f"c{next(numbers):03}" for _ in spoken]
    for tongue, first in zip(spoken, firsts, strict=True):
        others = tuple(
            _Other(other, f"{href}.xhtml")
            for other, href in zip(spoken, firsts, strict=True)
            if other is not tongue
        )
        begin.append(
            Page(first, tongue.language, title, "notice", {"tongue": tongue, "others": others})
        )
        if tongue is main:
            begin.append(Page(NAV, main.language, main.notice.contents, "nav", {}))
        lines, pages = _tongue(tongue, files, shown, lambda: f"c{next(numbers):03}")
        begin += pages
        whole = Node(tongue.notice.language_name, f"{first}.xhtml", tongue.language, lines)
        nodes += [whole] if len(spoken) > 1 else lines
    contents = {tongue.language: tongue.notice.contents for tongue in spoken}
    begin += [_written(file, contents[file.text.language], shown) for file in files]
    return Laid(tuple(begin), _numbered(nodes), f"{firsts[0]}.xhtml")


class _Other(NamedTuple):
    """The way to another language."""

    tongue: Tongue
    href: str


def _tongue(
    tongue: Tongue, files: tuple[Written, ...], shown: Plates, name: Callable[[], str]
) -> tuple[tuple[Node, ...], list[Page]]:
    pages: list[Page] = []
    nodes: list[Node] = []
    for part in tongue.parts:
        made = _part(tongue, part, shown, name)
        lines = tuple(Node(page.title, page.name, page.language) for page in made)
        pages += made
        nodes += [Node(part.label, made[0].name, part.language, lines)] if part.label else lines
    own = tuple(file for file in files if file.text.language == tongue.language)
    values = {"tongue": tongue, "written": own}
    pages.append(Page(name(), tongue.language, tongue.last, "last", values))
    nodes.append(Node(tongue.last, pages[-1].name, tongue.language))
    return tuple(nodes), pages


def _part(tongue: Tongue, part: Part, shown: Plates, name: Callable[[], str]) -> list[Page]:
    ids = [name() for _ in part.chapters]
    homes = {
        note: f"{page}.xhtml"
        for page, chapter in zip(ids, part.chapters, strict=True)
        for note in chapter.notes
    }
    setter = Setter(part.story, shown, homes)
    return [
        Page(
            page,
            tongue.language,
            chapter.label,
            "chapter",
            {
                "tongue": tongue,
                "part": part,
                "chapter": chapter,
                "setter": setter,
                "opening": chapter is part.chapters[0],
            },
        )
        for page, chapter in zip(ids, part.chapters, strict=True)
    ]


def _written(file: Written, title: str, shown: Plates) -> Page:
    values = {
        "file": file.name,
        "source": file.text.source,
        "pictures": tuple((shown[file.story, path], put) for path, put in file.pictures),
    }
    name = file.page.removesuffix(".xhtml")
    return Page(name, file.text.language, title, "written", values, linear=False)


def _numbered(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """With numbers in reading order."""
    orders: dict[str, int] = {}
    count = iter(range(1, 10**6))

    def number(node: Node) -> Node:
        own = next(count)
        order = orders.setdefault(node.href, len(orders) + 1)
        children = tuple(number(child) for child in node.children)
        return replace(node, number=own, order=order, children=children)

    return tuple(number(node) for node in nodes)
