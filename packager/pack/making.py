"""Render the items of a plan, each into one finished file that is not sealed yet."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager import film, picture, typeset
from packager.disguise.items import BookItem, FilmItem, Item, Part, PartKind
from packager.film import Materials, Show
from packager.pack import binding, shows, tracks
from packager.pack.telling import Tale
from packager.pack.work import Work
from packager.values import RelativePath

_NO_FILM = "a book holds no film: --cover, --copy and --container say nothing to it"


@dataclass(frozen=True, slots=True)
class Made:
    """A rendered item.

    ``starts`` is when each of its parts starts, in seconds, and last its end; a book has none.
    """

    item: Item
    path: Path
    starts: tuple[Fraction, ...]
    notes: tuple[str, ...] = ()
    beside: tuple[
        tuple[RelativePath, Path], ...
    ] = ()  # files that travel unsealed, and their names

    @property
    def duration(self) -> Fraction:
        """In seconds."""
        return self.starts[-1] if self.starts else Fraction(0)


def make(work: Work, item: Item, bench: Path, progress: Callable[[float], None]) -> Made:
    """Render ``item`` in the folder ``bench``, which is ours alone."""
    if isinstance(item, FilmItem):
        made = film.make(item, _materials(work, item, bench), bench, progress)
        return Made(item, made.path, made.starts, made.notes)
    if isinstance(item, BookItem):
        return _book(work, item, bench, progress)
    raise NotImplementedError(type(item).__name__)


def _book(work: Work, item: BookItem, bench: Path, progress: Callable[[float], None]) -> Made:
    """A book; its cover travels beside it where it is the release's own."""
    tales = [Tale(*pair) for pair in zip(work.sources, work.clips, strict=True)]
    bound = binding.bind(item, tales, bench, progress)
    beside = [(item.fb2, bound.fb2)] if item.fb2 and bound.fb2 else []
    if work.plan.poster_file and work.plan.poster == item.cover:
        beside.append((work.plan.poster_file, bound.cover))
    asked = work.options
    notes = [*bound.notes, *([_NO_FILM] if asked.cover or asked.copy or asked.container else [])]
    return Made(item, bound.epub, (), tuple(notes), tuple(beside))


def _materials(work: Work, item: FilmItem, bench: Path) -> Materials:
    """All that the plan of a film asks for."""
    shown = shows.made(work, item, bench)
    return Materials(
        stories=work.clips,
        scripts=tuple(_script(item, part, shown.get(at)) for at, part in enumerate(item.parts)),
        backdrop=picture.backdrop(item.poster, item.frame),
        cover=work.cover,
        subtitles=tracks.tracks(work, item, shown),
        shows=shown,
    )


def _script(item: FilmItem, part: Part, show: Show | None) -> str | None:
    if part.kind is PartKind.POSTER:
        return typeset.poster(item.poster, item.frame)
    if show is not None:
        return typeset.slides(part.slides, show.ends, item.frame, item.language)
    if part.pages:
        return typeset.pages(part.pages, item.frame, part.seconds or Fraction(1), item.language)
    return None
