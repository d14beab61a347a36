"""Bind the reports of a release as a book: EPUB, cover, and FB2 where the item has one."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packager import files, film, picture, render, typeset
from packager.book import epub, fb2
from packager.disguise.book import COVER_SIZE
from packager.disguise.items import BookItem
from packager.pack.telling import Tale, told
from packager.report import Text

_CLIPS = "a book shows no clip and plays no sound: scenes and subtitles stand in it instead"
_WRITTEN = (
    "the last pages of a book show the report's files as they are written, also the remarks in {}"
    " that no other page shows: take out what should not go along"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """The finished files of a book, and what else the journalist should know."""

    epub: Path
    fb2: Path | None
    cover: Path
    notes: tuple[str, ...]


def bind(
    item: BookItem, tales: Sequence[Tale], bench: Path, progress: Callable[[float], None]
) -> Bound:
    """Bind the item's report, or all of them, in the folder ``bench``."""
    mine = tales if item.story is None else tales[item.story : item.story + 1]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        drawn = pool.submit(_cover, item, bench)
        stories = [told(tale, bench, pool) for tale in mine]
        progress(0.5)
        cover = drawn.result()
    spoken = {text.language for told in stories for text in told.report.texts}
    notices = {language: render.notice(language) for language in spoken | {item.language}}
    made = {"book.epub": epub.bind(item, stories, notices, cover), "cover.jpg": cover}
    if item.fb2:
        made["book.fb2"] = fb2.bind(item, stories, notices, cover)
    for name, data in made.items():
        files.write_atomic(bench / name, data)
    progress(1.0)
    return Bound(
        bench / "book.epub",
        bench / "book.fb2" if item.fb2 else None,
        bench / "cover.jpg",
        tuple(_notes(mine)),
    )


def _notes(tales: Sequence[Tale]) -> Iterator[str]:
    if any(tale.clips for tale in tales):
        yield _CLIPS
    texts = [text for tale in tales for text in tale.source.report.texts]
    named = [text.file for text in texts if _has_remarks(text)]
    if named:
        yield _WRITTEN.format(", ".join(dict.fromkeys(named)))


def _has_remarks(text: Text) -> bool:
    """Whether something stands in the file that no page of the report shows."""
    front = text.source.removesuffix(text.body).splitlines()
    return "<!--" in text.body or any(one.lstrip().startswith("#") or " # " in one for one in front)


def _cover(item: BookItem, bench: Path) -> bytes:
    backdrop = picture.backdrop(item.cover, COVER_SIZE)
    script = typeset.poster(item.cover, COVER_SIZE)
    return film.poster_jpeg(backdrop, script, COVER_SIZE, bench)
