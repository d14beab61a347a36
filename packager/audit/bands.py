"""What lengths, rates and sizes each kind of entertainment has; tables, and whether a file fits.

Sources: the defaults of Sonarr, Radarr (Quality.cs) and Lidarr and the minimum sizes of the TRaSH
guides, for what download programs take; else what such releases have, widened so that only odd
ones are named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from packager.audit import checks
from packager.audit.facts import FileFacts, Release, seconds
from packager.audit.finding import Finding
from packager.audit.names import kbps

MIB = 1024 * 1024
MB = 1_000_000
SAMPLE_SECONDS = 600  # of what should last longer: Sonarr, Radarr DetectSample.cs
EPISODE_SAMPLE = 300  # where up to half an hour is expected
LESSON_SAMPLE = 90  # where up to ten minutes are


@dataclass(frozen=True, slots=True)
class Band:
    """From ``least`` to ``most``, both included; None: no end. ``source`` says who says so."""

    least: float
    most: float | None
    source: str

    def holds(self, value: float) -> bool:
        """Whether ``value`` is in it."""
        return self.least <= value and (self.most is None or value <= self.most)

    def said(self, unit: str) -> str:
        """In words."""
        return f"{self.least:g} to {self.most:g} {unit}" if self.most else f"{self.least:g} {unit}"


_TRASH = "TRaSH minimum, Sonarr maximum"
RATES: dict[str, dict[int, Band]] = {  # MiB a minute, by disguise and lines of the picture
    "movie": {
        480: Band(2, 100, "Sonarr"),
        720: Band(12.5, 130, _TRASH),
        1080: Band(12.5, 130, _TRASH),
        2160: Band(34.5, None, _TRASH),
    },
    "series": {
        480: Band(2, 100, "Sonarr"),
        720: Band(10, 130, _TRASH),
        1080: Band(15, 130, _TRASH),
        2160: Band(25, None, _TRASH),
    },
    "course": {  # slides are natural there
        480: Band(0.3, 60, "usual"),
        720: Band(0.5, 100, "usual"),
        1080: Band(1, 130, "usual"),
        2160: Band(4, None, "usual"),
    },
}
KBPS: dict[str, Band] = {  # thousands of bits a second
    ".mp3": Band(96, 350, "Lidarr: MP3-320 at most 350"),
    ".m4a": Band(96, 350, "as MP3"),
    ".m4b": Band(32, 128, "usual"),
}
LENGTHS: dict[str, Band] = {  # minutes of one file
    "movie": Band(60, 210, "usual"),
    "series": Band(15, 75, "22, 42 and 55 are usual"),
    "course": Band(2, 30, "5 to 15 are usual"),
    "album": Band(1.5, 12, "3 to 6 are usual"),
    "audiobook": Band(20, 900, "a story 20 to 60, a book 4 to 15 h"),
}
ALBUM = Band(20, 90, "30 to 75 min are usual")  # minutes altogether
BOOK = Band(0.1, 20, "0.3 to 5 MB are usual")  # MB
_SAMPLES = {"movie": SAMPLE_SECONDS, "series": EPISODE_SAMPLE, "course": LESSON_SAMPLE}
_UNEVEN = 0.25  # of the mean: episodes of one season
FLAT = 0.2  # coefficient of variation
_DEAD, _DEAD_SECONDS = 0.05, 60  # of the mean
_ENOUGH = 12  # windows: two minutes


def findings(release: Release) -> Iterator[Finding]:
    """Everything out of band."""
    for film in release.films:
        yield from _film(release.disguise, film)
    for sound in release.sounds:
        yield from _sound(release.disguise, sound)
    for book in release.books if release.disguise == "book" else ():
        if not BOOK.holds(book.size / MB):
            fact = f"{book.size / MB:.2f} MB, books have {BOOK.said('MB')}"
            yield checks.SIZE_BAND.at(book.path, fact)
    yield from _album(release)
    yield from _uneven(release)


def _film(disguise: str, film: FileFacts) -> Iterator[Finding]:
    length = seconds(film)
    if not length:
        return
    sample = _SAMPLES.get(disguise, SAMPLE_SECONDS)
    if length < sample:
        fact = f"{int(length)} seconds: programs that sort downloads drop such as samples"
        yield checks.SHORT_FILM.at(film.path, f"{fact} (under {sample})")
    else:
        yield from _length(disguise, film, length)
    if film.media and film.media.video:
        video = film.media.video
        lines = size_class(video.width, video.height)
        rate = film.size / MIB / float(length / 60)
        band = RATES.get(disguise, RATES["movie"])[lines]
        if not band.holds(rate):
            fact = f"{rate:.1f} MiB a minute, {disguise} in {lines}p: {band.said('MiB')}"
            yield checks.RATE_BAND.at(film.path, f"{fact} ({band.source})")
    if disguise != "course":
        yield from _profile(film)
        if film.plain:
            where = ", ".join(f"{share} %" for share in film.plain)
            yield checks.PLAIN_THUMBNAIL.at(film.path, f"at {where} it shows a page of one colour")


def _length(disguise: str, file: FileFacts, length: Fraction) -> Iterator[Finding]:
    band = LENGTHS.get(disguise)
    minutes = float(length / 60)
    if band and not band.holds(minutes):
        fact = f"{minutes:.1f} minutes, {disguise}: {band.said('minutes')} ({band.source})"
        yield checks.LENGTH_BAND.at(file.path, fact)


def size_class(width: int, height: int) -> int:
    """The class of the bands that a picture falls into: 480, 720, 1080 or 2160."""
    long, short = max(width, height), min(width, height)
    fits = (lines for lines in (480, 720, 1080) if short <= lines and long <= lines * 16 // 9 + 2)
    return next(fits, 2160)


def _profile(film: FileFacts) -> Iterator[Finding]:
    """How the bytes of the picture are spread over its time."""
    windows = film.traits.windows[:-1] if film.traits else ()  # the last is not whole
    if len(windows) < _ENOUGH:
        return
    mean = sum(windows) / len(windows)
    spread = (sum((one - mean) ** 2 for one in windows) / len(windows)) ** 0.5
    if mean and spread / mean < FLAT:
        fact = f"its picture takes the same bytes all along (variation {spread / mean:.2f})"
        yield checks.FLAT_RATE.at(film.path, fact)
    at, length = longest_dead(windows, mean * _DEAD)
    if length * 10 > _DEAD_SECONDS:
        fact = f"from second {at * 10} its picture takes next to nothing for {length * 10} seconds"
        yield checks.DEAD_ZONE.at(film.path, fact)


def longest_dead(windows: tuple[int, ...], least: float) -> tuple[int, int]:
    """Start and number of the longest run of windows under ``least``.

    The first and last minute are not looked at: card, end pages and credits stand there.
    """
    edge = _DEAD_SECONDS // 10
    alive = [at for at in range(edge, len(windows) - edge) if windows[at] >= least]
    ends = [edge - 1, *alive, max(edge, len(windows) - edge)]
    return max(((a + 1, b - a - 1) for a, b in pairwise(ends)), key=lambda one: one[1])


def _sound(disguise: str, sound: FileFacts) -> Iterator[Finding]:
    yield from _length(disguise, sound, seconds(sound))
    rate, band = kbps(sound), KBPS[sound.suffix]
    if rate and not band.holds(rate):
        fact = f"{rate:.0f} kb/s, {sound.suffix} has {band.said('kb/s')} ({band.source})"
        yield checks.RATE_BAND.at(sound.path, fact)


def _album(release: Release) -> Iterator[Finding]:
    if release.disguise != "album" or not release.name:
        return
    minutes = float(sum(map(seconds, release.sounds), Fraction(0)) / 60)
    if not ALBUM.holds(minutes):
        fact = f"{minutes:.1f} minutes altogether, albums have {ALBUM.said('minutes')}"
        yield checks.LENGTH_BAND.at(release.name, fact)


def _uneven(release: Release) -> Iterator[Finding]:
    films = release.films
    if release.disguise != "series" or len(films) < 2:  # noqa: PLR2004 -- two make a series
        return
    mean = sum(film.size for film in films) / len(films)
    for film in films:
        if abs(film.size - mean) > mean * _UNEVEN:
            share = round((film.size / mean - 1) * 100)
            fact = f"{share:+d} % of the mean size of the episodes"
            yield checks.SERIES_UNEVEN.at(film.path, fact)
    looks = {look for film in films if (look := _look(film))}
    if len(looks) > 1:
        shown = ", ".join(sorted(looks))
        yield checks.SERIES_UNEVEN.at(release.name, f"episodes differ in their pictures: {shown}")


def _look(film: FileFacts) -> str:
    video = film.media.video if film.media else None
    return f"{video.codec} {video.width}x{video.height} {float(video.rate):.3g}/s" if video else ""
