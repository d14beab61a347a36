"""The soft subtitles of a film: the journalist's own, and the text of its screens.

Every language of the report has a track. A translation is shared out over the sections that it
translates, or over all of them where it is divided in another way. Where several films show one
report, each has its own stretch of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from packager import subtitles, typeset
from packager.article import Article
from packager.disguise.items import FilmItem, Part, PartKind
from packager.film import Show
from packager.pack.work import Work
from packager.report import Text
from packager.source import Source
from packager.subtitles import Cue
from packager.values import Language

_CUE = 6000  # milliseconds an address stays


def tracks(
    work: Work, item: FilmItem, shows: Mapping[int, Show]
) -> tuple[tuple[Language, tuple[Cue, ...]], ...]:
    """Subtitles from the start of the report on, with sources and addresses behind them.

    Download filters drop text files, so the message stands inside the film too.
    """
    source = work.sources[item.story or 0]
    timed = _timed(work, item, shows)
    end = timed[-1][2] if timed else 0
    films = max((stop for part, _, stop in timed if not part.slides), default=0)
    given = dict(source.subtitles)
    earlier = _earlier(work, item)
    found: list[tuple[Language, tuple[Cue, ...]]] = []
    for language, body in _bodies(source, given, shown=bool(shows)):
        text = next(t for t in source.report.texts if t.language == language)
        own = _own(given.get(language, ()), earlier.films, films)
        screens = _screens(item, text, body, timed, shows, earlier) if shows else ()
        found.append((language, (*own, *screens, *_last(text, end))))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What the films before this one show of the same report, and what all of them do."""

    films: int = 0  # milliseconds
    sections: int = 0
    read: Fraction = Fraction(0)  # seconds of screens
    all_sections: int = 0
    all_read: Fraction = Fraction(0)


def _earlier(work: Work, item: FilmItem) -> _Earlier:
    """An episode goes on where the one before it ended."""
    same = [film for film in work.plan.films if film.story == item.story]
    films, sections, read = Fraction(0), 0, Fraction(0)
    mine = _Earlier()
    for film in same:
        if film.path == item.path:
            mine = _Earlier(round(films * 1000), sections, read)
        for part in film.parts:
            if part.slides:
                sections, read = sections + 1, read + (part.seconds or Fraction(0))
            elif part.kind is PartKind.REPORT:
                films += work.clips[part.story][part.media or 0].facts.duration
    return replace(mine, all_sections=sections, all_read=read)


def _own(cues: Sequence[Cue], begin: int, length: int) -> tuple[Cue, ...]:
    """The cues from ``begin`` on, as long as ``length`` lasts, both in milliseconds."""
    return tuple(
        replace(cue, start=cue.start - begin, end=cue.end - begin)
        for cue in cues
        if begin <= cue.start < begin + length
    )


def _bodies(
    source: Source, given: Mapping[Language, object], *, shown: bool
) -> list[tuple[Language, Article]]:
    """The languages that get a track, the main one first."""
    return [(language, body) for language, body in source.articles if shown or language in given]


def _timed(work: Work, item: FilmItem, shows: Mapping[int, Show]) -> list[tuple[Part, int, int]]:
    """The report's parts with their start and end, in milliseconds from its start."""
    timed = []
    begin = Fraction(0)
    for at, part in enumerate(item.parts):
        if part.kind is PartKind.REPORT:
            clip = work.clips[part.story][part.media or 0] if at not in shows else None
            end = begin + (clip.facts.duration if clip else shows[at].ends[-1])
            timed.append((part, round(begin * 1000), round(end * 1000)))
            begin = end
    return timed


def _screens(
    item: FilmItem,
    text: Text,
    body: Article,
    timed: Sequence[tuple[Part, int, int]],
    shows: Mapping[int, Show],
    earlier: _Earlier,
) -> tuple[Cue, ...]:
    """Cues for the parts that show screens."""
    parts = [(part, begin, end) for part, begin, end in timed if part.slides]
    if text.language == item.language:
        ends = [show.ends for _, show in sorted(shows.items())]
        return tuple(
            cue
            for (part, begin, _), until in zip(parts, ends, strict=True)
            for cue in _of_part(part, begin, until)
        )
    said = [
        [words for slide in section for words in slide.spoken]
        for section in typeset.article(text, body, item.frame, "")
    ]
    if len(said) == earlier.all_sections:
        pairs = zip(said[earlier.sections :], parts, strict=False)
        return tuple(
            cue for words, (_, begin, end) in pairs for cue in subtitles.spread(words, begin, end)
        )
    everything = [words for section in said for words in section]
    read = sum((part.seconds or Fraction(0) for part, _, _ in parts), Fraction(0))
    first, last = (
        round(len(everything) * share / earlier.all_read)
        for share in (earlier.read, earlier.read + read)
    )
    return subtitles.spread(everything[first:last], parts[0][1], parts[-1][2])


def _of_part(part: Part, begin: int, ends: Sequence[Fraction]) -> list[Cue]:
    cues: list[Cue] = []
    start = begin
    for slide, end in zip(part.slides, ends, strict=True):
        stop = begin + round(end * 1000)
        cues += subtitles.spread(slide.spoken, start, stop)
        start = stop
    return cues


def _last(text: Text, start: int) -> tuple[Cue, ...]:
    """One cue for each source, link and tool while the end card shows."""
    said = [*text.sources, *(f"{link.label}: {link.url}" for link in (*text.links, *text.tools))]
    return tuple(
        Cue(start + at * _CUE, start + (at + 1) * _CUE, subtitles.plain_lines(line))
        for at, line in enumerate(said)
    )
