"""Carry out the plan for a film: one file, clean, that plays everywhere, or an error.

``make`` either transcodes everything in one pass, or (``item.copy``) joins our own pieces to the
camera's picture without touching it. The same arguments give the same bytes.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from packager import blame, probe
from packager.clip import Clip
from packager.disguise.items import FilmItem
from packager.errors import MachineFailed
from packager.film import clean, mould, pieces, transcode
from packager.film.join import copy_problem, join
from packager.film.materials import Film, Materials, Show, starts
from packager.film.stills import grey_page, greys, poster_jpeg, stills, stills_begun, wave
from packager.film.stills import scenes as _scenes
from packager.program import ProgramFailed

__all__ = [
    "Film",
    "Materials",
    "Show",
    "copy_problem",
    "grey_page",
    "greys",
    "make",
    "poster_jpeg",
    "scenes",
    "stills",
    "stills_begun",
    "wave",
]

_ROOM = Fraction(1, 10)  # seconds that a film may differ from the sum of its parts
_DRIFT = Fraction(1, 100)  # and this part of its length


def make(
    item: FilmItem, materials: Materials, work: Path, progress: Callable[[float], None]
) -> Film:
    """Make the film of ``item`` in the folder ``work``, which is ours alone.

    ``progress`` gets 0 to 1, on another thread. Raises InputRefused for a clip that is damaged
    or cannot be copied, MachineFailed for disk, memory and tools. Nothing half done is left.
    """
    times = _times(item, materials)
    part = work / "film.part"
    try:
        pieces.lay_out(materials, work)
        if item.copy:
            join(item, materials, times, work, part.name, progress)
        else:
            transcode.transcode(item, materials, times, work, part.name, progress)
        duration = _checked(part, times[-1], materials, work)
        clean.wash(part, item.container, item.seed)
        path = work / f"film.{item.container}"
        part.replace(path)
    except ProgramFailed as failure:
        raise blame.explained(failure, materials.clips, work) from failure
    except OSError as error:
        raise MachineFailed(f"cannot write the film: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return Film(path, duration, times)


def scenes(clip: Clip, times: Sequence[Fraction], work: Path) -> tuple[bytes, ...]:
    """Pictures of a clip from outside as JPEG, 540 lines high and upright; ``times`` in seconds.

    Raises InputRefused for a clip that is damaged, MachineFailed for disk, memory and tools.
    """
    try:
        return _scenes(clip, times, work)
    except ProgramFailed as failure:
        raise blame.explained(failure, [clip], work) from failure
    except OSError as error:
        raise MachineFailed(f"cannot write the pictures: {error.strerror}") from error


def _times(item: FilmItem, materials: Materials) -> tuple[Fraction, ...]:
    if item.copy:
        return starts(item, materials, mould.rate(item, materials), mould.REST)
    return starts(item, materials, transcode.shape(item, materials).rate, Fraction(0))


def _checked(path: Path, expected: Fraction, materials: Materials, work: Path) -> Fraction:
    """The length of the film, which must be that of its parts together."""
    duration = probe.facts(path).duration
    if abs(duration - expected) > _ROOM + expected * _DRIFT:
        long, wanted = float(duration), float(expected)
        fact = f"the film came out {long:.1f} seconds long instead of {wanted:.1f}"
        raise blame.cut_short(fact, materials.clips, work)
    return duration
