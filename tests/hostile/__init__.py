"""A corpus of files that must never be accepted, each made by a recipe of a few words.

    python -m hostile FOLDER       (in tests/) writes all of them, for other judges to look at

Nothing here does harm: programs are a head and noise, addresses lead to this machine.
"""

from functools import cache

from hostile import books, flat, media, names, polyglots, programs, texts, torrents
from hostile.build import Sample

__all__ = ["Sample", "corpus"]


@cache
def corpus() -> tuple[Sample, ...]:
    """All samples; no two have one name."""
    rooms = (programs, names, texts, media, books, flat, torrents, polyglots)
    return tuple(sample for room in rooms for sample in room.samples())
