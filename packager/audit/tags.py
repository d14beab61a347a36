"""Tags and streams: what tells of an author or a tool, and what a song or audiobook lacks."""

import re
from collections.abc import Iterator
from itertools import chain

from packager.audit import checks
from packager.audit.facts import FILMS, FileFacts, Release
from packager.audit.finding import Finding
from packager.audit.names import number, says
from packager.traits import Traits

_STRUCTURE = frozenset(  # what every file of its kind has, and ffmpeg shows as tags
    "major_brand minor_version compatible_brands language duration handler_name vendor_id "
    "encoder title media_type".split()
)
_OF_MUSIC = frozenset("artist album album_artist track date genre disc tlen year".split())
_FRONT = ("comment", "Cover (front)")  # how ffmpeg shows the kind of a picture in an MP3's tag
_HANDLERS = frozenset({"", "VideoHandler", "SoundHandler", "SubtitleHandler", "Timed Text"})
_WANTED = ("title", "artist", "album", "album_artist", "track", "genre")
_PLAYED = frozenset({"video", "audio", "subtitle"})
_COVERS = frozenset({"cover.jpg", "poster.jpg", "folder.jpg"})
_COVER_WORDS = frozenset({"Cover (front)", "Album cover", "Other"})
_LEAST_SIDE, _MOST_SIDE = 300, 3000
_SQUARE = 0.02
_AUDIOBOOK = "2"  # the media type of iTunes


def findings(release: Release) -> Iterator[Finding]:
    """All that tags and streams say."""
    for file in release.files:
        if file.traits:
            yield from _telling(file, file.traits)
        if file.marks:
            yield checks.ENCODER_NAME.at(file.path, f"it names {', '.join(file.marks)}")
    if release.disguise == "album":
        for song in release.sounds:
            yield from _song(song)
        yield from _one_album(release)
    for file in release.sounds:
        if release.disguise == "audiobook" or file.suffix == ".m4b":
            yield from _audiobook(file)
    yield from _covers(release)
    yield from _gaps(release)


def _telling(file: FileFacts, traits: Traits) -> Iterator[Finding]:
    allowed = _STRUCTURE if file.suffix in FILMS else _STRUCTURE | _OF_MUSIC
    played = (stream.tags for stream in traits.streams if not stream.cover)
    of_streams = (*chain.from_iterable(played), *_of_cover(traits))
    for key, value in dict.fromkeys((*traits.tags, *of_streams)):
        if key == "encoder" and value:
            yield checks.ENCODER_NAME.at(file.path, f"its tag {key!r} says {value[:60]!r}")
        elif (key, value) == _FRONT and file.suffix not in FILMS:
            continue
        elif key not in allowed and not key.startswith("_statistics"):
            fact = f"it holds the tag {key!r}: {value[:60]!r}"
            yield checks.AUTHOR_METADATA.at(file.path, fact)
        elif key == "handler_name" and value not in _HANDLERS:
            fact = f"a handler called {value[:60]!r}"
            yield checks.AUTHOR_METADATA.at(file.path, fact)
        elif key == "title" and value and file.suffix in FILMS:
            yield checks.AUTHOR_METADATA.at(file.path, f"a film's title tag says {value[:60]!r}")
    marks = 1 if traits.chapters else 0  # MP4 keeps the names of chapters in a stream
    for stream in [one for one in traits.streams if one.kind not in _PLAYED][marks:]:
        fact = f"it holds a stream of {stream.kind} {stream.codec}"
        yield checks.AUTHOR_METADATA.at(file.path, fact)


def _of_cover(traits: Traits) -> Iterator[tuple[str, str]]:
    """Tags of the cover, without the words that every MP3's cover has."""
    if traits.cover:
        yield from (one for one in traits.cover.tags if one[1] not in _COVER_WORDS)


def _song(song: FileFacts) -> Iterator[Finding]:
    if song.traits is None:
        return
    missing = [key for key in _WANTED if not song.traits.tag(key)]
    if not (song.traits.tag("date") or song.traits.tag("year")):
        missing.append("year")
    if missing:
        yield checks.SOUND_TAGS.at(song.path, f"no tag for {', '.join(missing)}")
    title, track = song.traits.tag("title"), song.traits.tag("track").partition("/")[0]
    if title and not says(song.stem, title):
        fact = f"its title tag says {title!r}, its name something else"
        yield checks.SOUND_TAGS.at(song.path, fact)
    named = number(song.stem)
    if track.isdecimal() and named is not None and int(track) != named:
        yield checks.SOUND_TAGS.at(song.path, f"its tag says track {track}, its name {named}")


def _one_album(release: Release) -> Iterator[Finding]:
    """Artist, album and year are those of the folder, and the same in all songs."""
    for key in ("album", "album_artist", "date"):
        values = {song.traits.tag(key) for song in release.sounds if song.traits}
        if len(values) > 1:
            shown = ", ".join(sorted(map(repr, values))[:3])
            yield checks.SOUND_TAGS.at(release.name, f"songs of one album differ: {key} is {shown}")
        for value in values if release.name else ():
            if value and not says(release.name, value):
                fact = f"the tag {key} says {value!r}, the folder something else"
                yield checks.SOUND_TAGS.at(release.name, fact)


def _audiobook(file: FileFacts) -> Iterator[Finding]:
    if file.traits is None or file.suffix != ".m4b":
        return
    brand, kind = file.traits.tag("major_brand"), file.traits.tag("media_type")
    if brand != "M4B ":
        yield checks.BOOK_MARKS.at(file.path, f"its brand is {brand!r}, not 'M4B '")
    if kind != _AUDIOBOOK:
        yield checks.BOOK_MARKS.at(file.path, f"its media type is {kind or 'not said'}, not 2")
    if not file.traits.chapters:
        yield checks.BOOK_MARKS.at(file.path, "it has no chapters")


def _covers(release: Release) -> Iterator[Finding]:
    for file in release.files:
        if file.picture and file.name.lower() in _COVERS:
            square = release.disguise in {"album", "audiobook"}
            if fact := cover_problem(file.picture, square=square):
                yield checks.COVER_ART.at(file.path, fact)
    for file in release.sounds:
        cover = file.traits.cover if file.traits else None
        if cover and (fact := cover_problem((cover.width, cover.height), square=True)):
            yield checks.COVER_ART.at(file.path, f"inside it, {fact}")
        if file.traits and not cover:
            yield checks.COVER_ART.at(file.path, "it holds no cover")
    pictures = {file.name.lower() for file in release.files if file.picture}
    if release.name and release.files and not pictures & _COVERS:
        yield checks.COVER_ART.at(release.name, "there is no poster.jpg or cover.jpg beside it")


def cover_problem(size: tuple[int, int], *, square: bool) -> str:
    """What is odd in the size of a cover; empty where nothing is."""
    width, height = size
    if not (min(size) >= _LEAST_SIDE and max(size) <= _MOST_SIDE):
        return f"a cover of {width}x{height} pixels"
    if square and abs(width - height) > _SQUARE * height:
        return f"the cover is no square: {width}x{height}"
    return ""


def _gaps(release: Release) -> Iterator[Finding]:
    """Numbers that are missing or stand twice, folder by folder; lessons may go on counting."""
    if release.disguise not in {"album", "course", "series"} or not release.name:
        return
    folders: dict[str, list[int]] = {}
    for file in release.films + release.sounds:
        found = _episode(file.stem) if release.disguise == "series" else number(file.stem)
        if found is not None:
            folders.setdefault(file.path.rpartition("/")[0], []).append(found)
    if _counts(sorted(chain.from_iterable(folders.values()))):
        return
    for folder, numbers in folders.items():
        if not _counts(sorted(numbers)):
            shown = " ".join(map(str, sorted(numbers)))
            yield checks.SERIES_GAP.at(folder or release.name, f"numbered {shown}")


def _counts(numbers: list[int]) -> bool:
    return numbers == list(range(1, len(numbers) + 1))


def _episode(stem: str) -> int | None:
    found = re.search(r"S\d\dE(\d\d\d?)", stem)
    return int(found[1]) if found else None
