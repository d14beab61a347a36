"""The report's own files inside the book: the same bytes, shown on pages at its end.

The book is the text, so its seal carries none; these pages are what ``unpack`` gives back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from packager.article import pictures
from packager.book.sheets import Told
from packager.report import Text
from packager.values import RelativePath


@dataclass(frozen=True, slots=True)
class Written:
    """One file: ``name`` is where ``unpack`` puts it, with a folder where reports are several."""

    page: str
    name: RelativePath
    story: int
    text: Text
    pictures: tuple[tuple[RelativePath, RelativePath], ...]  # as in the text, where it is put


def written(stories: Sequence[Told]) -> tuple[Written, ...]:
    """Every text of every report, in order."""
    found: list[Written] = []
    for story, told in enumerate(stories):
        folder = f"{story + 1:02}/" if len(stories) > 1 else ""
        for text in told.report.texts:
            named = dict.fromkeys(one.path for one in pictures(told.articles[text.language]))
            shown = tuple((path, RelativePath(folder + path)) for path in named)
            page = f"a{len(found) + 1:02}.xhtml"
            found.append(Written(page, RelativePath(folder + text.file), story, text, shown))
    return tuple(found)
