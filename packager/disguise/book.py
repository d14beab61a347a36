"""The look of a book: an EPUB and its cover, and an FB2 where readers look for one.

The book opens with its cover and says on its first page what it is; then come the reports, one
part each, and their translations. No word of the report stands outside the book's own pages.
"""

from packager.disguise import naming
from packager.disguise.base import Notice, Options, Plan, Readme, Story
from packager.disguise.items import BookItem, Poster
from packager.errors import InputRefused
from packager.values import Language, RelativePath

COVER_SIZE = (1000, 1600)  # pixels; what shops of books ask for
FB2_LANGUAGES = frozenset({Language.RU, Language.UK, Language.BE})
_FOLDER_BYTES = 112  # ".torrent" must still fit behind it


def plan(stories: tuple[Story, ...], notice: Notice, options: Options, variant: bytes) -> Plan:
    """Lay out a book."""
    del notice
    _refuse_what_no_book_shows(stories)
    language = stories[0].report.main.language
    title = naming.book_title(language, variant)
    if options.title is not None:
        title = naming.Title(options.title, options.title)
    author = naming.author(language, variant)
    year = naming.year(variant) if options.year is None else options.year
    name = naming.book_file(author.filed, title.filed)
    with_fb2 = language in FB2_LANGUAGES
    cover = Poster(title.shown, author.shown, naming.seed(variant, "cover"), language)
    book = BookItem(
        path=RelativePath(f"{name}.epub"),
        language=language,
        seed=naming.seed(variant, "book"),
        title=title.shown,
        author=author.shown,
        year=year,
        cover=cover,
        fb2=RelativePath(f"{name}.fb2") if with_fb2 else None,
    )
    return Plan(
        disguise="book",
        language=language,
        name=_folder(name, year, with_fb2=with_fb2),
        title=title.filed,
        year=year,
        variant=variant,
        items=(book,),
        poster=cover,
        poster_file=RelativePath("cover.jpg"),
        poster_size=COVER_SIZE,
        readme_file=None if options.readme is Readme.NONE else RelativePath("ReadMe.txt"),
        nfo_file=None,
    )


def _refuse_what_no_book_shows(stories: tuple[Story, ...]) -> None:
    for story in stories:
        words = any(t.body.strip() or t.summary or t.subtitles for t in story.report.texts)
        if not words and not any(facts.video for facts in story.media):
            raise InputRefused(
                "there is no text and no picture, and a book shows nothing else",
                "write report.md: front matter, then the text",
                "a lone recording becomes a book with --summary, or an album with --as album",
            )


def _folder(name: str, year: int, *, with_fb2: bool) -> str:
    """As shelves of the language have it, the formats named where there is room."""
    longer = f"{name} [{year}, FB2, EPUB]"
    fits = with_fb2 and len(longer.encode("utf-8")) <= _FOLDER_BYTES
    return longer if fits else f"{name} ({year})"
