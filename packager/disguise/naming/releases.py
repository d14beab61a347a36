"""The names of files and folders, as each kind of entertainment writes them.

All are at most 104 bytes, so that endings like ``.mp4.minisig`` fit behind them. Each raises
InputRefused when nothing of a title that somebody gave can stand in a name.
"""

import re
import unicodedata

from packager.disguise.naming.titles import group
from packager.errors import InputRefused
from packager.media import AudioFacts
from packager.values import MAX_NAME_BYTES, hidden_characters, name_problem, printable

ROOM_FOR_ENDINGS = 16  # ".mp4.minisig" must still fit behind the name
MAX_RELEASE_BYTES = MAX_NAME_BYTES - ROOM_FOR_ENDINGS
MAX_TITLE_BYTES = MAX_RELEASE_BYTES - len(".2021.1080p.WEB-DL.AAC2.0.H.264-GROUPAB")

_CLASSES = (240, 360, 480, 576, 720, 1080, 1440, 2160, 4320)
_H264 = "H.264"
_AUDIO_TOKENS = {"aac": "AAC", "ac3": "DD", "eac3": "DDP", "opus": "Opus", "mp3": "MP3"}
_CHANNELS = {1: "1.0", 2: "2.0", 3: "2.1", 6: "5.1", 8: "7.1"}
_OTHER_TITLE = "choose another --title: letters, digits and spaces"
_AUTHOR_BYTES = 40
_PLAIN_MARKS = frozenset(",&-()'’，、·،")  # that names with spaces may hold


def size_class(frame: tuple[int, int]) -> str:
    """The usual name of a picture of this many pixels: ``720p`` for 1280x720 and 1280x536."""
    long, short = max(frame), min(frame)
    for rows in _CLASSES:
        if short <= rows and long <= (rows * 16 + 8) // 9 + 1:
            return f"{rows}p"
    return f"{_CLASSES[-1]}p"


def audio_token(audio: AudioFacts | None) -> str:
    """``AAC2.0`` and the like; empty where the sound has no usual name."""
    if audio is None or audio.codec not in _AUDIO_TOKENS or audio.channels not in _CHANNELS:
        return ""
    return _AUDIO_TOKENS[audio.codec] + _CHANNELS[audio.channels]


def video_token(codec: str) -> str:
    """``H.265`` for HEVC, ``H.264`` for what else we write."""
    return "H.265" if codec == "hevc" else _H264


def release_name(
    filed: str,
    made: int,
    frame: tuple[int, int],
    audio: str,
    variant: bytes,
    video: str = _H264,
) -> str:
    """A film: ``Title.Words.2021.720p.WEB-DL.AAC2.0.H.264-GROUP``."""
    return _dotted(filed, f".{made}" + _tokens(frame, audio, video, variant))


def season_name(
    filed: str,
    season: int,
    frame: tuple[int, int],
    audio: str,
    variant: bytes,
    video: str = _H264,
) -> str:
    """A season's folder: ``Title.Words.S02.720p.WEB-DL.AAC2.0.H.264-GROUP``."""
    room = len("E03")  # cut where the episodes' names are
    return _dotted(filed, f".S{season:02d}" + _tokens(frame, audio, video, variant), room)


def episode_name(
    filed: str,
    place: tuple[int, int],
    episode: str,
    frame: tuple[int, int],
    audio: str,
    variant: bytes,
    video: str = _H264,
) -> str:
    """A file of a series: ``Title.Words.S02E03.Episode.Title.720p.WEB-DL.AAC2.0.H.264-GROUP``.

    ``place`` is season and number; the episode's title is left out where it does not fit whole.
    """
    tokens = _tokens(frame, audio, video, variant)
    tail = ".S{:02d}E{:02d}".format(*place) + tokens
    name = _dotted(filed, tail)
    if not episode:
        return name
    longer = name.removesuffix(tokens) + f".{safe_title(episode, MAX_RELEASE_BYTES)}" + tokens
    return longer if len(longer.encode("utf-8")) <= MAX_RELEASE_BYTES else name


def album_folder(artist: str, album: str, made: int, quality: str) -> str:
    """An album: ``Artist - Album (2019) [MP3 320]``; ``quality`` is what its brackets say."""
    return _by(artist, album, f" ({made}) [{quality}]")


def track_file(number: int, filed: str) -> str:
    """A song's file without its ending: ``01 - Title``."""
    return _checked(f"{number:02d} - {safe_words(filed, MAX_RELEASE_BYTES - 5)}")


def audiobook_folder(author: str, filed: str, made: int) -> str:
    """An audiobook: ``Author - Title (2018)``."""
    return _by(author, filed, f" ({made})")


def book_file(author: str, filed: str) -> str:
    """A book, file or folder, without its ending: ``Author - Title``."""
    return _by(author, filed, "")


def course_folder(filed: str) -> str:
    """A course: its title."""
    return _checked(safe_words(filed, MAX_RELEASE_BYTES))


def part_folder(number: int, filed: str) -> str:
    """A folder of lessons: ``01 - Part``."""
    return track_file(number, filed)


def lesson_file(number: int, filed: str) -> str:
    """A lesson without its ending: ``001 Lesson``."""
    return _checked(f"{number:03d} {safe_words(filed, MAX_RELEASE_BYTES - 4)}")


def safe_title(untrusted_text: str, limit: int = MAX_TITLE_BYTES) -> str:
    """A title as dotted words of any script, at most ``limit`` bytes of UTF-8."""
    return _shortened(untrusted_text, _words(untrusted_text, frozenset()), ".", limit)


def safe_words(untrusted_text: str, limit: int) -> str:
    """A title as words with spaces and harmless marks, at most ``limit`` bytes of UTF-8."""
    text = untrusted_text.replace(":", " -").replace("/", ", ")
    words = [word for word in _words(text, _PLAIN_MARKS) if word]
    while words and not _spoken(words[0]):
        words.pop(0)
    joined = _shortened(untrusted_text, words, " ", limit)
    while not _spoken(joined.rsplit(" ", 1)[-1]):
        joined = joined.rpartition(" ")[0]
    return joined.rstrip("-,，、، (").lstrip("-,，、،' )")


def _tokens(frame: tuple[int, int], audio: str, video: str, variant: bytes) -> str:
    """What follows year or episode; every word of it is true of the file."""
    source = "WEB-DL" if min(frame) >= 540 else "WEBRip"  # noqa: PLR2004 -- below it nobody says DL
    words = (size_class(frame), source, audio, f"{video}-{group(variant)}")
    return "".join(f".{word}" for word in words if word)


def _dotted(filed: str, tail: str, spare: int = 0) -> str:
    return _checked(safe_title(filed, MAX_RELEASE_BYTES - len(tail) - spare) + tail)


def _by(person: str, filed: str, tail: str) -> str:
    head = safe_words(person, _AUTHOR_BYTES) + " - "
    room = MAX_RELEASE_BYTES - len((head + tail).encode("utf-8"))
    return _checked(head + safe_words(filed, room) + tail)


def _checked(name: str) -> str:
    if problem := name_problem(name):
        raise InputRefused(f"no file name can be made of this title: it {problem}", _OTHER_TITLE)
    return name


def _words(untrusted_text: str, marks: frozenset[str]) -> list[str]:
    hidden = set(hidden_characters(untrusted_text))
    text = unicodedata.normalize("NFC", "".join(" " if c in hidden else c for c in untrusted_text))
    if not marks:
        text = re.sub(r"(?<=\w)['’ʼ`´](?=\w)", "", text)
    return "".join(c if c in marks or _names_may_hold(c) else " " for c in text).split()


def _shortened(untrusted_text: str, words: list[str], between: str, limit: int) -> str:
    """As many whole words as fit; one word alone is cut."""
    kept = ""
    for word in words:
        longer = f"{kept}{between}{word}" if kept else word
        if len(longer.encode("utf-8")) > limit:
            break
        kept = longer
    if not kept and words:
        kept = _cut(words[0], limit)
    if not _spoken(kept):
        shown = printable(untrusted_text[:40])
        raise InputRefused(f"the title {shown!r} has no letter or digit", _OTHER_TITLE)
    return kept


def _spoken(text: str) -> bool:
    """Whether ``text`` has a letter or a digit."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def _names_may_hold(character: str) -> bool:
    """Letters, digits and the marks that belong to them; ZWNJ is spelling in Persian."""
    return unicodedata.category(character)[0] in "LMN" or character == "\u200c"


def _cut(word: str, limit: int) -> str:
    """The longest beginning of ``word`` in ``limit`` bytes that does not split a letter."""
    kept = word.encode("utf-8")[:limit].decode("utf-8", "ignore")
    while kept and len(kept) < len(word) and unicodedata.category(word[len(kept)])[0] == "M":
        kept = kept[:-1]
    return kept
