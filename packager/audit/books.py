"""Books: what their package file says, against their names."""

import re
from collections.abc import Iterator

from packager.audit import checks
from packager.audit.facts import Book, FileFacts, Release
from packager.audit.finding import Finding
from packager.audit.names import says

_TELLING = frozenset(
    "dc:contributor dc:publisher dc:source dc:rights generator cover-generator".split()
)
_YEAR = re.compile(r"\d{4}")


def findings(release: Release) -> Iterator[Finding]:
    """Everything odd in the release's books."""
    for file in release.books:
        if file.book:
            yield from _book(release.name, file, file.book)


def _book(folder: str, file: FileFacts, book: Book) -> Iterator[Finding]:
    stated = {
        "title": book.title,
        "author": book.author,
        "language": book.language,
        "contents": " ".join(book.contents),
    }
    if missing := [key for key, value in stated.items() if not value.strip()]:
        yield checks.BOOK_DATA.at(file.path, f"it states no {' and no '.join(missing)}")
    for key in ("title", "author"):
        if stated[key] and not any(says(name, stated[key]) for name in (file.stem, folder)):
            fact = f"its {key} is {stated[key]!r}, its name says something else"
            yield checks.BOOK_DATA.at(file.path, fact)
    if not book.cover:
        yield checks.COVER_ART.at(file.path, "the book has no cover")
    for key, value in book.metadata:
        if key in _TELLING or (key == "dc:date" and not _YEAR.fullmatch(value.strip())):
            fact = f"its metadata hold {key!r}: {value[:60]!r}"
            yield checks.AUTHOR_METADATA.at(file.path, fact)
