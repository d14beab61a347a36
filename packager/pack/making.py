"""Render the items of a plan, each into one finished file that is not sealed yet."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager import article, film, picture, sound, typeset
from packager.disguise.items import BookItem, FilmItem, Item, Part, PartKind, Poster, SoundItem
from packager.film import Materials, Show
from packager.pack import binding, shows, tracks
from packager.pack.telling import Tale
from packager.pack.work import Work
from packager.values import RelativePath

_NO_PICTURES = "sound shows no pictures: of those in the text, captions or descriptions are read"
_NO_FILM = "there is no film in it: --copy and --container say nothing to it"
_NO_COVER = "a book plays nothing: --cover says nothing to it"


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
        return Made(item, made.path, made.starts)
    if isinstance(item, SoundItem):
        return _sound(work, item, bench, progress)
    return _book(work, item, bench, progress)


def _sound(work: Work, item: SoundItem, bench: Path, progress: Callable[[float], None]) -> Made:
    picture_in_it = cover(item.cover, work.plan.poster_size, bench)
    made = sound.make(item, work.recordings, picture_in_it, bench, progress)
    notes = (*made.notes, *_unseen(work), *_unused(work))
    return Made(item, made.path, made.starts, notes)


def _unseen(work: Work) -> list[str]:
    bodies = (body for story in work.stories for _, body in story.articles)
    return [_NO_PICTURES] if any(map(article.pictures, bodies)) else []


def cover(poster: Poster, size: tuple[int, int], bench: Path) -> bytes:
    """The poster as a JPEG; all tracks of an album carry one, so it is drawn once."""
    drawn = _COVERS.get((poster, size))
    if drawn is None:
        script = typeset.poster(poster, size)
        drawn = film.poster_jpeg(picture.backdrop(poster, size), script, size, bench)
        _COVERS.clear()
        _COVERS[poster, size] = drawn
    return drawn


_COVERS: dict[tuple[Poster, tuple[int, int]], bytes] = {}


def _book(work: Work, item: BookItem, bench: Path, progress: Callable[[float], None]) -> Made:
    """A book; its cover travels beside it where it is the release's own."""
    tales = [Tale(*pair) for pair in zip(work.sources, work.clips, strict=True)]
    bound = binding.bind(item, tales, bench, progress)
    beside = [(item.fb2, bound.fb2)] if item.fb2 and bound.fb2 else []
    if work.plan.poster_file and work.plan.poster == item.cover:
        beside.append((work.plan.poster_file, bound.cover))
    notes = [*bound.notes, *_unused(work), *([_NO_COVER] if work.cover else [])]
    return Made(item, bound.epub, (), tuple(notes), tuple(beside))


def _unused(work: Work) -> list[str]:
    asked = work.options
    return [_NO_FILM] if asked.copy or asked.container else []


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
