"""What a film is made of, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path

from packager.clip import Clip
from packager.disguise.items import FilmItem, Part, PartKind
from packager.subtitles import Cue
from packager.values import Language


@dataclass(frozen=True, slots=True)
class Show:
    """The screens of one part: PNGs of the frame's size, each shown until its end.

    ``files`` are names in the work folder, ``ends`` seconds from the start of the part; ``voice``
    a WAV file there that is heard meanwhile.
    """

    files: tuple[str, ...]
    ends: tuple[Fraction, ...]
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Materials:
    """All that the plan of a film asks for.

    ``stories`` are the clips of each story of the release; ``scripts`` is the ASS text of each of
    the item's parts (None for REPORT and COVER); ``backdrop`` a PNG of the size of the frame,
    shown under the poster's script; ``shows`` the screens of parts that have some, by the number
    of the part; ``subtitles`` are timed from the start of the report.
    """

    stories: tuple[tuple[Clip, ...], ...]
    scripts: tuple[str | None, ...]
    backdrop: bytes
    cover: Clip | None = None
    subtitles: tuple[tuple[Language, tuple[Cue, ...]], ...] = ()
    shows: Mapping[int, Show] = field(default_factory=dict)

    def clip(self, part: Part) -> Clip | None:
        """The film that a REPORT or COVER part shows; None for the parts we make ourselves."""
        if part.kind is PartKind.REPORT and not part.slides:
            return self.stories[part.story][part.media or 0]
        if part.kind is PartKind.COVER:
            if self.cover is None:
                raise ValueError("the plan has a cover part, the materials have no cover")
            return self.cover
        return None

    def recording(self, part: Part) -> Clip | None:
        """The sound that is heard while a part shows its screens."""
        heard = part.slides and part.media is not None
        return self.stories[part.story][part.media or 0] if heard else None

    @property
    def clips(self) -> tuple[Clip, ...]:
        """Every film and recording from outside."""
        told = tuple(clip for story in self.stories for clip in story)
        return (*told, self.cover) if self.cover else told

    def length(self, index: int, part: Part) -> Fraction:
        """How long a part of our own lasts, in seconds."""
        show = self.shows.get(index)
        return show.ends[-1] if show else part.seconds or Fraction(1)


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film; ``starts`` is when each part starts, in seconds, and last its end."""

    path: Path
    duration: Fraction
    starts: tuple[Fraction, ...]


def starts(
    item: FilmItem, materials: Materials, rate: Fraction, rest: Fraction
) -> tuple[Fraction, ...]:
    """When each part starts, in seconds; the last entry is the end of the film.

    Our own parts last whole pictures at ``rate`` pictures a second. ``rest``, unless 0, is how
    long the last picture of a report's clip stands, at least, before the next part.
    """
    times = [Fraction(0)]
    for index, part in enumerate(item.parts):
        clip = materials.clip(part)
        if clip is None:
            length = max(1, round(materials.length(index, part) * rate)) / rate
        elif rest and part.kind is PartKind.REPORT and index + 1 < len(item.parts):
            length = ceil((clip.facts.duration + rest) * rate) / rate
        else:
            length = clip.facts.duration
        times.append(times[-1] + length)
    return tuple(times)


def report_start(item: FilmItem, times: tuple[Fraction, ...]) -> Fraction:
    """When the first REPORT part starts, the film's beginning where there is none."""
    kinds = [part.kind for part in item.parts]
    return times[kinds.index(PartKind.REPORT)] if PartKind.REPORT in kinds else Fraction(0)
