"""Render the items of a plan, each into one finished file that is not sealed yet."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager import film, picture, subtitles, typeset
from packager.disguise.items import BookItem, FilmItem, Item, Part, PartKind
from packager.film import Materials
from packager.pack import binding
from packager.pack.telling import Tale
from packager.pack.work import Work
from packager.report import Text
from packager.subtitles import Cue
from packager.values import Language, RelativePath

_NO_FILM = "a book holds no film: --cover, --copy and --container say nothing to it"
_CUE = 6000  # milliseconds an address stays


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
        made = film.make(item, _materials(work, item), bench, progress)
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


def _materials(work: Work, item: FilmItem) -> Materials:
    """All that the plan of a film asks for."""
    return Materials(
        stories=work.clips,
        scripts=tuple(_script(item, part) for part in item.parts),
        backdrop=picture.backdrop(item.poster, item.frame),
        cover=work.cover,
        subtitles=_tracks(work, item),
    )


def _script(item: FilmItem, part: Part) -> str | None:
    if part.kind is PartKind.POSTER:
        return typeset.poster(item.poster, item.frame)
    if part.pages:
        return typeset.pages(part.pages, item.frame, part.seconds or Fraction(1), item.language)
    return None


def _tracks(work: Work, item: FilmItem) -> tuple[tuple[Language, tuple[Cue, ...]], ...]:
    """Subtitles of each language that has some, with sources and addresses behind them.

    Download filters drop text files, so the message stands inside the film too.
    """
    story = item.story or 0
    source = work.sources[story]
    shown = [clip for part in item.parts if part.kind is PartKind.REPORT for clip in [part.media]]
    lengths = (work.clips[story][index].facts.duration for index in shown if index is not None)
    length = int(sum(lengths, Fraction(0)) * 1000)
    tracks: list[tuple[Language, tuple[Cue, ...]]] = []
    for language, cues in source.subtitles:
        text = next(t for t in source.report.texts if t.language == language)
        tracks.append((language, (*_before(cues, length), *_last(text, length))))
    return tuple(tracks)


def _before(cues: tuple[Cue, ...], end: int) -> tuple[Cue, ...]:
    return tuple(cue for cue in cues if cue.start < end)


def _last(text: Text, start: int) -> tuple[Cue, ...]:
    """One cue for each source, link and tool while the end card shows."""
    said = [*text.sources, *(f"{link.label}: {link.url}" for link in (*text.links, *text.tools))]
    return tuple(
        Cue(start + at * _CUE, start + (at + 1) * _CUE, subtitles.plain_lines(line))
        for at, line in enumerate(said)
    )
