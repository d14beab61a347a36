"""Bind the reports of a release as a book: EPUB, cover, and FB2 where the item has one."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packager import files, film, picture, pictures, render, typeset
from packager.article import Article, Block, Paragraph, Rule, Run
from packager.book import epub, fb2
from packager.book.sheets import Told
from packager.disguise.book import COVER_SIZE
from packager.disguise.items import BookItem
from packager.source import Source
from packager.subtitles import Cue
from packager.values import Language

_LARGEST = 1600  # pixels: the longer side of a phone, twice as dense as it is read
_CUES = 6  # of a subtitle in one paragraph
_MARKUP = re.compile(r"</?[ib]>")
_CLIPS = "a book shows no clip and plays no sound: only what their subtitles say stands in it"


@dataclass(frozen=True, slots=True)
class Bound:
    """The finished files of a book, and what else the journalist should know."""

    epub: Path
    fb2: Path | None
    cover: Path
    notes: tuple[str, ...]


def bind(
    item: BookItem, sources: Sequence[Source], bench: Path, progress: Callable[[float], None]
) -> Bound:
    """Bind the item's report, or all of them, in the folder ``bench``."""
    mine = sources if item.story is None else sources[item.story : item.story + 1]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        drawn = pool.submit(_cover, item, bench)
        stories = [_told(source, pool) for source in mine]
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
        (_CLIPS,) if any(source.media for source in mine) else (),
    )


def _cover(item: BookItem, bench: Path) -> bytes:
    backdrop = picture.backdrop(item.cover, COVER_SIZE)
    script = typeset.poster(item.cover, COVER_SIZE)
    return film.poster_jpeg(backdrop, script, COVER_SIZE, bench)


def _told(source: Source, pool: ThreadPoolExecutor) -> Told:
    """A report with its pictures made clean, and with what is said in its clips."""
    names = [name for name, _ in source.pictures]
    shown = pool.map(lambda path: pictures.clean(path, _LARGEST), (p for _, p in source.pictures))
    bodies = dict(source.articles)
    for text in source.report.texts:
        body = bodies.get(text.language, Article(()))
        said = tuple(_said(source, text.language))
        bodies[text.language] = Article((*body.blocks, *said), body.footnotes)
    return Told(source.report, bodies, dict(zip(names, shown, strict=True)))


def _said(source: Source, language: Language) -> Iterator[Block]:
    """The subtitles as paragraphs: a book cannot show the clip, but it can tell its words."""
    for spoken, cues in source.subtitles:
        if spoken == language and cues:
            yield Rule()
            for at in range(0, len(cues), _CUES):
                yield Paragraph((Run(_joined(cues[at : at + _CUES])),))


def _joined(cues: Sequence[Cue]) -> str:
    return " ".join(_MARKUP.sub("", line).strip() for cue in cues for line in cue.lines)
