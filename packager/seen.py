"""What the child that looked into a media file says it saw, taken at no word.

The child handled untrusted bytes, so its answer is as untrusted as they are: every number has
bounds and every word an alphabet, because they end up in ffmpeg's commands.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from packager.errors import InputRefused
from packager.media import AudioFacts
from packager.values import printable

MAX_PIXELS = 40_000_000
LEAST_SIDE = 16  # pixels: one macroblock
LOOKED_AT = 600  # packets of the picture that the rate is judged by
MAX_STREAMS = 64
DAMAGED, REFERENCE, HIDDEN = "damaged", "reference", "hidden"
_WORD = re.compile(r"[A-Za-z0-9_. :()+/-]{0,80}")
_FRACTION = re.compile(r"(-?[0-9]{1,18})/([0-9]{1,18})")
_MOST = 2**63
_TICKS = 1_000_000  # of the length, a second
_EXPORT = "copy or export it again from where it came; it must play to its end"
_CONVERT = "convert it to MP4 (H.264, AAC) with a tool you trust, then try again"


@dataclass(frozen=True, slots=True)
class Picture:
    """The first moving picture; ``stamps`` are times of pictures in ticks of ``clock``, sorted."""

    index: int
    codec: str
    pixel_format: str
    profile: str
    width: int
    height: int
    aspect: Fraction  # of a pixel; 0: not said
    clock: Fraction  # seconds of one tick; 0: not said
    average: Fraction  # pictures a second; 0: not said
    transfer: int  # ISO/IEC 23091-2
    rotation: int | None  # degrees clockwise; None: no picture could be decoded
    stamps: tuple[int, ...]
    trimmed: bool  # pictures stand in the file that its edit list leaves out
    margin: int  # stored pixels on a side that are not shown, at most


@dataclass(frozen=True, slots=True)
class Seen:
    """A media file as the library reads it; ``duration`` in seconds, 0 or less: not known."""

    duration: Fraction
    streams: int
    picture: Picture | None
    sounds: int  # that can be decoded
    sound: AudioFacts | None
    sound_index: int | None  # of the first sound, decodable or not


def parse(untrusted_text: str) -> Seen:
    """Read the answer; raises InputRefused for a problem it names, or if it is no answer."""
    try:
        answer = _Answer(json.loads(untrusted_text))
        problem = answer.text("problem")
        if not problem:
            return _seen(answer)
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged() from error
    if problem == REFERENCE:
        raise InputRefused(f"it refers to another file: {answer.shown('of')}", _CONVERT)
    if problem == HIDDEN:
        raise InputRefused(
            "its first picture or sound is one that players hide, and another is shown or heard",
            "export it again with one picture and one sound: those that may be seen and heard",
        )
    raise _damaged()


def _damaged() -> InputRefused:
    return InputRefused("a clip is damaged and cannot be read", _EXPORT)


class _Answer:
    """An object of the answer; each getter raises ValueError or TypeError for what is not so."""

    def __init__(self, untrusted_value: object) -> None:
        if not isinstance(untrusted_value, Mapping):
            raise TypeError("not an object")
        self._values = untrusted_value

    def whole(self, name: str, most: int = _MOST, least: int = 0) -> int:
        return _whole(self._values.get(name), most, least)

    def text(self, name: str) -> str:
        value = self._values.get(name, "")
        if not isinstance(value, str) or not _WORD.fullmatch(value):
            raise ValueError(name)
        return value

    def shown(self, name: str) -> str:
        return printable(str(self._values.get(name, ""))[:80])

    def fraction(self, name: str) -> Fraction:
        value = self._values.get(name)
        found = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise ValueError(name)
        above, below = map(int, found.groups())
        return Fraction(max(above, 0), below) if below else Fraction(0)

    def inner(self, name: str) -> "_Answer | None":
        value = self._values.get(name)
        return None if value is None else _Answer(value)

    def wholes(self, name: str, count: int) -> tuple[int, ...]:
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) > count:
            raise ValueError(name)
        return tuple(_whole(one, _MOST, -_MOST) for one in value)


def _whole(value: object, most: int, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(value)
    return value


def _seen(answer: _Answer) -> Seen:
    picture, sound, track = answer.inner("picture"), answer.inner("sound"), answer.inner("track")
    return Seen(
        duration=Fraction(answer.whole("duration", least=-_MOST), _TICKS),
        streams=answer.whole("streams"),
        picture=_picture(picture) if picture else None,
        sounds=answer.whole("sounds"),
        sound=_sound(sound) if sound else None,
        sound_index=track.whole("index") if track else None,
    )


def _picture(answer: _Answer) -> Picture:
    turned = answer.whole("rotation", 270, -1)
    if turned % 90 and turned != -1:
        raise ValueError(turned)
    return Picture(
        index=answer.whole("index"),
        codec=answer.text("codec"),
        pixel_format=answer.text("pixel_format"),
        profile=answer.text("profile"),
        width=answer.whole("width"),
        height=answer.whole("height"),
        aspect=answer.fraction("aspect"),
        clock=answer.fraction("clock"),
        average=answer.fraction("average"),
        transfer=answer.whole("transfer", 255),
        rotation=None if turned == -1 else turned,
        stamps=tuple(sorted(answer.wholes("stamps", LOOKED_AT))),
        trimmed=bool(answer.whole("trimmed", 1)),
        margin=answer.whole("margin"),
    )


def _sound(answer: _Answer) -> AudioFacts:
    return AudioFacts(
        codec=answer.text("codec"),
        sample_rate=answer.whole("rate", 10_000_000, 1),
        channels=answer.whole("channels", 1024, 1),
        layout=answer.text("layout"),
        profile=answer.text("profile"),
    )
