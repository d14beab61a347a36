"""Names: whether they are in the form of their kind, and what they promise.

Not a parser of the world's file names, which tests ask guessit for: a strict reader of the names
that our disguises make, so that a name is either one of ours or looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.audit import checks
from packager.audit.facts import FILMS, FileFacts, Release
from packager.audit.finding import Finding

_FILM = re.compile(
    r"(?P<title>.+?)\.(?:(?P<year>(?:19|20)\d\d)|S(?P<season>\d\d)(?:E(?P<episode>\d\d\d?))?"
    r"(?:\.(?P<name>.+?))?)"
    r"\.(?P<lines>\d{3,4})p\.(?P<source>WEB-DL|WEBRip|WEB|HDTV|BluRay|DVDRip)"
    r"(?:\.(?P<sound>[A-Za-z]+)(?P<channels>\d\.\d))?"
    r"\.(?P<codec>H\.?26[45]|x26[45]|HEVC|AVC)-(?P<group>[A-Za-z0-9]{2,12})"
)
_NUMBERED = re.compile(r"(?P<number>\d{2,3})(?: - | |\. )(?P<title>.+)")
_ALBUM = re.compile(r"(?P<artist>.+?) - (?P<title>.+?) \((?P<year>(?:19|20)\d\d)\)(?: \[[^\]]+\])?")
_BOOK = re.compile(r"(?P<author>.+?) - (?P<title>.+?)(?: \((?P<year>(?:19|20)\d\d)\))?(?: \[.+\])?")
_PLAIN = re.compile(r"[\W_]+")
_SAMPLE = re.compile(r"(?i)(?<![^\W_])(sample|proof)(?![^\W_])")
_HASH = re.compile(r"(?i)[0-9a-z]{24}|[0-9a-z]{26}|[0-9a-z]{30}|[0-9a-z]{32}|[0-9a-z]{39,40}")
_LISTED = re.compile(r"(?i)\d{6}_\d{2}|123|abc")
_KBPS = re.compile(
    r"\b(?P<kbps>\d{2,3}) ?kbps\b|\[MP3[ -](?P<mp3>\d{3})\]|\bMP3 (?P<other>\d{3})\b"
)
_CODECS = {"H264": "h264", "X264": "h264", "AVC": "h264"}
_CODECS |= {"H265": "hevc", "X265": "hevc", "HEVC": "hevc"}
_SOUNDS = {"AAC": "aac", "DD": "ac3", "DDP": "eac3", "OPUS": "opus", "MP3": "mp3"}
_CHANNELS = {1: "1.0", 2: "2.0", 3: "2.1", 6: "5.1", 8: "7.1"}
_CLASSES = (240, 360, 480, 576, 720, 1080, 1440, 2160, 4320)
_NEAR = 8  # pixels that an encoder may round by
_KBPS_ROOM = 0.1


@dataclass(frozen=True, slots=True)
class FilmName:
    """What a film's name promises."""

    title: str
    year: int | None
    season: int | None
    episode: int | None
    lines: int
    source: str
    sound: str  # AAC2.0; empty where it says nothing
    codec: str
    group: str


def film_name(name: str) -> FilmName | None:
    """Read ``Title.2021.720p.WEB-DL.AAC2.0.H.264-GROUP`` and its like for episodes."""
    found = _FILM.fullmatch(name)
    if not found:
        return None
    year, season, episode = (found[key] for key in ("year", "season", "episode"))
    return FilmName(
        title=found["title"].replace(".", " "),
        year=int(year) if year else None,
        season=int(season) if season else None,
        episode=int(episode) if episode else None,
        lines=int(found["lines"]),
        source=found["source"],
        sound=f"{found['sound'] or ''}{found['channels'] or ''}",
        codec=found["codec"].replace(".", ""),
        group=found["group"],
    )


def number(name: str) -> int | None:
    """The number that a track, lesson or folder starts with: 1 of ``01 - Title``."""
    found = _NUMBERED.fullmatch(name)
    return int(found["number"]) if found else None


def says(name: str, title: str) -> bool:
    """Whether a name holds a title; what files may not hold, and other scripts, are left out."""
    there, wanted = (_PLAIN.sub("", text).casefold() for text in (name, title))
    return wanted in there or (there.isascii() and not wanted.isascii())


def findings(release: Release) -> Iterator[Finding]:
    """All that names say wrong."""
    yield from _forms(release)
    for file in release.files:
        yield from _refused(file)
        if file.suffix in FILMS:
            promised = film_name(file.stem) or film_name(release.name)
            if promised:
                yield from _broken_promises(file, promised)
    yield from _kbps(release)


def _forms(release: Release) -> Iterator[Finding]:
    form = _FORMS.get(release.disguise)
    if form is None:
        return
    folder, media, shown = form
    if release.name and not folder.fullmatch(release.name):
        yield checks.NAME_FORM.at(release.name, f"not a name of the form {shown[0]!r}")
    for file in release.files:
        is_media = file.media is not None or file.book is not None
        if is_media and not media.fullmatch(file.stem) and file.stem != release.name:
            yield checks.NAME_FORM.at(file.path, f"not a name of the form {shown[1]!r}")


_ANY = re.compile(r".+")
_TITLE = "Title.2021.720p.WEB-DL.AAC2.0.H.264-GROUP"
_EPISODE = "Title.S01E02.720p.WEB-DL.AAC2.0.H.264-GROUP"
_FORMS: dict[str, tuple[re.Pattern[str], re.Pattern[str], tuple[str, str]]] = {
    "movie": (_FILM, _FILM, (_TITLE, _TITLE)),
    "series": (_FILM, _FILM, (_EPISODE.replace("E02", ""), _EPISODE)),
    "course": (_ANY, _NUMBERED, ("Title", "01 - Title")),
    "album": (_ALBUM, _NUMBERED, ("Artist - Title (2021) [MP3 320]", "01 - Title")),
    "audiobook": (_BOOK, _ANY, ("Author - Title (2021)", "Title")),
    "book": (_BOOK, _BOOK, ("Author - Title (2021)", "Author - Title")),
}


def _refused(file: FileFacts) -> Iterator[Finding]:
    if file.media is None and file.book is None:
        return
    if found := _SAMPLE.search(file.name):
        yield checks.NAME_REFUSED.at(file.path, f"its name says {found[0]!r}")
    if _HASH.fullmatch(file.stem) or _LISTED.fullmatch(file.stem):
        yield checks.NAME_REFUSED.at(file.path, "its name looks like a hash or a number")


def _broken_promises(file: FileFacts, promised: FilmName) -> Iterator[Finding]:
    video = file.media.video if file.media else None
    audio = file.media.audio if file.media else None
    if video:
        if not size_fits(promised.lines, video.width, video.height):
            fact = f"its name says {promised.lines}p, its picture is {video.width}x{video.height}"
            yield checks.NAME_TOKENS.at(file.path, fact)
        if _CODECS[promised.codec.upper()] != video.codec:
            fact = f"its name says {promised.codec}, its picture is {video.codec}"
            yield checks.NAME_TOKENS.at(file.path, fact)
    sound = promised.sound
    if sound and audio is None:
        yield checks.NAME_TOKENS.at(file.path, f"its name says {sound}, and it has no sound")
    elif sound and audio:
        codec, channels = sound[:-3].upper(), sound[-3:]
        if _SOUNDS.get(codec) != audio.codec or _CHANNELS.get(audio.channels) != channels:
            fact = f"its name says {sound}, its sound is {audio.codec} {audio.layout}"
            yield checks.NAME_TOKENS.at(file.path, fact)


def size_fits(lines: int, width: int, height: int) -> bool:
    """Whether a picture, cropped or not, upright or not, is of the class ``lines``."""
    long, short = max(width, height), min(width, height)
    fitting = (one for one in _CLASSES if short <= one + _NEAR and long <= _wide(one) + _NEAR)
    return next(fitting, _CLASSES[-1]) == lines


def _wide(lines: int) -> int:
    """The longer side of a picture of a class, at 16:9."""
    return (lines * 16 + 8) // 9


def _kbps(release: Release) -> Iterator[Finding]:
    """A rate in the name of an album or audiobook against what its files take."""
    found = _KBPS.search(release.name)
    if not found:
        return
    promised = int(next(text for text in found.groups() if text))
    for file in release.sounds:
        rate = kbps(file)
        if rate and abs(rate - promised) > promised * _KBPS_ROOM:
            fact = f"the name says {promised} kb/s, its sound takes {rate:.0f}"
            yield checks.NAME_TOKENS.at(file.path, fact)


def kbps(file: FileFacts) -> float:
    """Thousands of bits a second of its picture, or else of its sound; 0 where nobody knows."""
    duration = file.media.duration if file.media else 0
    return sum(file.traits.windows) * 8 / float(duration) / 1000 if file.traits and duration else 0
