"""Bind the reports of a release as a book: EPUB, cover, and FB2 where the item has one."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packager import files, film, picture, render, typeset
from packager.book import epub, fb2
from packager.disguise.book import COVER_SIZE
from packager.disguise.items import BookItem
from packager.pack.telling import Tale, told

_CLIPS = "a book shows no clip and plays no sound: scenes and subtitles stand in it instead"


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
        (_CLIPS,) if any(tale.clips for tale in mine) else (),
    )


def _cover(item: BookItem, bench: Path) -> bytes:
    backdrop = picture.backdrop(item.cover, COVER_SIZE)
    script = typeset.poster(item.cover, COVER_SIZE)
    return film.poster_jpeg(backdrop, script, COVER_SIZE, bench)
