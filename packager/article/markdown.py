"""Read CommonMark with tables and footnotes into blocks."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from packager.article import remarks
from packager.article.blocks import (
    Article,
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    Verbatim,
    pictures,
)
from packager.errors import InputRefused
from packager.values import RelativePath, hidden_characters, printable

MAX_BRACKETS = 10_000  # each one that leads nowhere takes the parser long
MAX_DEPTH = 16  # lists in quotes in lists
MAX_PICTURES = 200
_PARSED_DEPTH = 60  # far beyond what we take: deeper down the parser drops text
_SHOWN = frozenset({"http", "https", "mailto", "magnet", "tel", "ftp", "sip", "xmpp"})
_SOFT = "\v"  # a line's end inside a paragraph, until its neighbours are known


def parse(file_name: str, body: str, first_line: int = 1) -> Article:
    """Read Markdown; ``body`` starts at line ``first_line`` of the file, for the errors."""
    reader = _Reader(file_name, first_line)
    if body.count("[") > MAX_BRACKETS:
        raise InputRefused(
            f"{file_name}: more than {MAX_BRACKETS} square brackets", "take some out"
        )
    notes: dict[str, Any] = {}
    tokens = iter(_parser(reader).parse(body, notes))
    blocks = tuple(reader.blocks(tokens, "footnote_block_open"))
    footnotes = tuple(
        tuple(reader.blocks(tokens, "footnote_close"))
        for token in tokens
        if token.type == "footnote_open"
    )
    reader.check_footnotes(notes.get("footnotes", {}).get("refs", {}))
    article = Article(blocks, footnotes)
    found = pictures(article)
    if len(found) > MAX_PICTURES:
        raise reader.bad(found[MAX_PICTURES].line, f"more than {MAX_PICTURES} pictures")
    return article


def _parser(reader: "_Reader") -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _PARSED_DEPTH})
    parser.enable("table").use(footnote_plugin).use(remarks.plugin)
    parser.validateLink = _judged_later  # type: ignore[method-assign]
    parser.core.ruler.after("block", "depth", reader.check_depth)
    return parser


def _judged_later(url: str) -> bool:
    del url
    return True


@dataclass(frozen=True, slots=True)
class _Image:
    """A picture as the text names it."""

    untrusted_path: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the parser's flat tokens into blocks."""

    file: str
    first_line: int

    def bad(self, line: int, what: str, *hints: str) -> InputRefused:
        """The refusal of what stands in ``line``."""
        return InputRefused(f"{self.file} line {line}: {what}", *hints)

    def line(self, token: Token) -> int:
        """The line of the file in which ``token`` starts."""
        return self.first_line + (token.map[0] if token.map else 0)

    def check_depth(self, state: StateCore) -> None:
        """Refuse what the parser would drop text of."""
        line = self.first_line
        for token in state.tokens:
            line = self.line(token) if token.map else line
            if token.level > 2 * MAX_DEPTH:
                what = f"lists or quotes more than {MAX_DEPTH} deep"
                raise self.bad(line, what, "write it flatter")

    def check_footnotes(self, refs: dict[str, int]) -> None:
        """Refuse a note that no mark in the text leads to: the parser has dropped it."""
        for name, number in refs.items():
            if number < 0:
                label = printable(name.removeprefix(":")[:40])
                raise InputRefused(
                    f"{self.file}: nothing refers to the footnote [^{label}]",
                    f"write [^{label}] where it belongs, or take the note out",
                )

    def blocks(self, tokens: Iterator[Token], end: str) -> Iterator[Block]:
        """The blocks up to the token ``end``; a picture inside a text becomes a block."""
        for token in tokens:
            match token.type:
                case "paragraph_open":
                    yield from self.flow(tokens, "paragraph_close", Paragraph)
                case "heading_open":
                    level = int(token.tag[1:])
                    yield from self.flow(tokens, "heading_close", lambda runs: Heading(level, runs))  # noqa: B023
                case "bullet_list_open" | "ordered_list_open":
                    yield self.listing(token, tokens)
                case "blockquote_open":
                    yield Quote(tuple(self.blocks(tokens, "blockquote_close")))
                case "table_open":
                    yield from self.table(tokens)
                case "fence" | "code_block":
                    yield Verbatim(_clean(token.content.rstrip("\n"), keep="\n"))
                case "hr":
                    yield Rule()
                case kind if kind == end:
                    return
                case _:
                    pass  # ends of what was read whole, ways back from footnotes

    def listing(self, opening: Token, tokens: Iterator[Token]) -> Listing:
        """A list and all its items."""
        end = opening.type.replace("open", "close")
        items = []
        for token in tokens:
            if token.type == end:
                break
            items.append(tuple(self.blocks(tokens, "list_item_close")))
        start = int(opening.attrs.get("start", 1))
        return Listing(end == "ordered_list_close", tuple(items), start)

    def flow(
        self, tokens: Iterator[Token], end: str, made: Callable[[Runs], Block]
    ) -> Iterator[Block]:
        """One text as ``made`` makes it; a picture cuts it in two."""
        for token in tokens:
            if token.type == end:
                return
            for part in self.inline(token):
                if isinstance(part, Picture):
                    yield part
                elif part:
                    yield made(part)

    def inline(self, token: Token, line: int = 0) -> Iterator[Runs | Picture]:
        """The runs of one text, cut by its pictures."""
        line = line or self.line(token)
        pieces = list(_pieces(token.children or ()))
        runs: list[Run] = []
        for at, piece in enumerate(pieces):
            if isinstance(piece, _Image):
                yield _joined(runs)
                yield self.picture(piece, line)
                runs = []
            elif piece.text == _SOFT:
                line += 1
                space = "" if _chinese(pieces[at - 1 : at + 2 : 2]) else " "
                runs.append(replace(piece, text=space))
            else:
                line += piece.text == "\n"
                runs.append(piece)
        yield _joined(runs)

    def picture(self, image: _Image, line: int) -> Picture:
        """The file that ``image`` names, if it can be one of the folder's."""
        untrusted_path = image.untrusted_path
        if not untrusted_path:
            raise self.bad(line, "a picture without a file", "write ![caption](picture.jpg)")
        if untrusted_path.startswith("/") or _scheme(untrusted_path):
            raise self.bad(
                line,
                f"the picture {printable(untrusted_path[:60])!r} is not in the report's folder",
                "put the file beside report.md and write its name alone",
            )
        try:
            path = RelativePath(unquote(untrusted_path).removeprefix("./"))
        except InputRefused as error:
            raise self.bad(line, error.fact, *error.hints) from None
        return Picture(path, image.caption, image.alt, line)

    def table(self, tokens: Iterator[Token]) -> Iterator[Block]:
        """A table, and behind it the pictures of its cells."""
        rows: list[list[Runs]] = []
        right: list[bool] = []
        found: list[Picture] = []
        line = self.first_line
        for token in tokens:
            match token.type:
                case "table_close":
                    break
                case "tr_open":
                    line = self.line(token) if token.map else line + 1
                    rows.append([])
                case "th_open":
                    right.append("right" in str(token.attrs.get("style", "")))
                case "inline":
                    parts = list(self.inline(token, line))
                    found += [part for part in parts if isinstance(part, Picture)]
                    rows[-1].append(tuple(run for part in parts for run in _runs(part)))
                case _:
                    pass
        cells = [tuple(row) for row in rows]
        yield Table(cells[0], tuple(cells[1:]), tuple(right))
        yield from found


def _runs(part: Runs | Picture) -> Runs:
    return () if isinstance(part, Picture) else part


@dataclass(frozen=True, slots=True)
class _Look:
    """What the marks around a text make of it."""

    bold: int = 0
    italic: int = 0
    link: str = ""  # as written
    said: bool = False  # something of the link was shown

    @property
    def run(self) -> Run:
        """A run without letters."""
        return Run("", self.bold > 0, self.italic > 0, url=self.url)

    @property
    def url(self) -> str:
        """The link, if it is one for people."""
        return self.link if _scheme(self.link) in _SHOWN else ""

    def after(self, token: Token) -> "_Look":
        """How it goes on behind ``token``."""
        match token.type:
            case "strong_open" | "strong_close":
                return replace(self, bold=self.bold + token.nesting)
            case "em_open" | "em_close":
                return replace(self, italic=self.italic + token.nesting)
            case "link_open":
                return replace(self, link=str(token.attrs.get("href", "")), said=False)
            case "link_close":
                return replace(self, link="")
            case "text" | "code_inline":
                return replace(self, said=True)
            case _:
                return self


def _pieces(tokens: Iterable[Token]) -> Iterator[Run | _Image]:
    """Runs and pictures of one text in order; ends of lines are runs of their own."""
    look = _Look()
    for token in tokens:
        if piece := _piece(token, look):
            yield piece
        look = look.after(token)


def _piece(token: Token, look: _Look) -> Run | _Image | None:
    run = look.run
    match token.type:
        case "text" | "text_special" | "code_inline":
            code = token.type == "code_inline"
            return replace(run, text=_clean(token.content), code=code)
        case "softbreak" | "hardbreak":
            return replace(run, text=_SOFT if token.type == "softbreak" else "\n")
        case "footnote_ref":
            number = int(token.meta["id"]) + 1
            return replace(run, text=str(number), footnote=number)
        case "image":
            alt = "".join(_clean(child.content) for child in token.children or ())
            title = _clean(str(token.attrs.get("title", "")))
            return _Image(str(token.attrs.get("src", "")), title or alt, alt)
        case "link_close":
            return _address(look)
        case _:
            return None


def _address(look: _Look) -> Run | None:
    """What must be shown at the end of a link, so that its address is not lost."""
    if look.url:
        return None if look.said else replace(look.run, text=look.url)
    hidden = not look.link or look.link.startswith("#")
    return None if hidden else replace(look.run, text=f" ({_clean(look.link)})")


def _joined(runs: Sequence[Run]) -> Runs:
    """Neighbours of one look as one run, without space at both ends."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(joined[-1], text="") == replace(run, text="") and not run.footnote:
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    while joined and not joined[0].text.strip():
        del joined[0]
    while joined and not joined[-1].text.strip():
        del joined[-1]
    if joined:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip())
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


def _chinese(neighbours: Sequence[Run | _Image]) -> bool:
    """Whether no space belongs between these two, because Chinese has none."""
    if len(neighbours) < 2 or not all(isinstance(one, Run) and one.text for one in neighbours):  # noqa: PLR2004 -- two
        return False
    before, after = (one.text for one in neighbours if isinstance(one, Run))
    return all(unicodedata.east_asian_width(letter) in "WF" for letter in (before[-1], after[0]))


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return "?"


def _clean(text: str, keep: str = "") -> str:
    """``text`` without anything that hides or steers."""
    text = text.replace("\t", " ")
    drop = set(hidden_characters(text)) - set(keep)
    return "".join(letter for letter in text if letter not in drop) if drop else text
