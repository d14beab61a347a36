"""Runs of an article as books set them: a link is its words and then its address, as text.

Reading programs open a browser when a link is touched, and the browser tells the network who
reads what; an address that is only shown tells nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from packager.article import Run, Runs


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look; exactly one of ``text`` and ``note`` counts."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    address: bool = False
    note: int = 0

    @property
    def lines(self) -> list[str]:
        """``text`` at its forced breaks."""
        return self.text.split("\n")


def pieces(runs: Runs) -> tuple[Piece, ...]:
    """``runs`` with the address of each link behind its words, unless they are the address."""
    return tuple(piece for url, group in groupby(runs, _url) for piece in _linked(url, list(group)))


def _url(run: Run) -> str:
    return run.url


def _linked(url: str, runs: list[Run]) -> Iterator[Piece]:
    said = "".join(run.text for run in runs if not run.footnote)
    if url and said in {url, url.removeprefix("mailto:"), url.rstrip("/")}:
        yield Piece(said, address=True)
        return
    for run in runs:
        yield Piece(run.text, run.bold, run.italic, run.code, note=run.footnote)
    if url:
        yield Piece(" (")
        yield Piece(url, address=True)
        yield Piece(")")
