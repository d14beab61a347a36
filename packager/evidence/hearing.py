"""Listen to the first seconds of a sound: whether they are our notice, spoken by our voice.

The notice is spoken again, in each of our languages, and its loudness over time is held against
that of the file. Other words, another voice or another version of ours are not recognised.
"""

import wave
from array import array
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg, render, speech
from packager.evidence.likeness import correlation
from packager.values import Language

RATE = 22_050  # samples a second, as the voice speaks
_STEP = RATE // 20  # samples of one value of loudness: 50 ms
_LAG = 4  # values by which an encoder may shift the sound
_ALIKE = 0.6  # correlation: the same notice has 0.8 to 1, that of another language under 0.2
_MOST = Fraction(90)  # seconds: the longest notice takes half of that
_DISGUISES = ("album", "audiobook")


def tells(path: Path, spoken: Sequence[Language], work: Path) -> bool:
    """Whether a sound opens with one of the notices; languages ``spoken`` are tried first."""
    heard = loudness(_samples(path, work))
    languages = dict.fromkeys((*spoken, *Language))
    return any(
        likeness(_notice(language, disguise, work), heard) > _ALIKE
        for language in languages
        for disguise in _DISGUISES
    )


def likeness(notice: Sequence[int], heard: Sequence[int]) -> float:
    """How alike the beginning of ``heard`` is to ``notice``: at best 1."""
    shifted = (heard[lag : lag + len(notice)] for lag in range(_LAG + 1))
    return max((correlation(notice, one) for one in shifted if len(one) == len(notice)), default=0)


def loudness(samples: Sequence[int]) -> list[int]:
    """The loudest sample of every step."""
    whole = len(samples) - len(samples) % _STEP
    return [max(samples[at : at + _STEP]) for at in range(0, whole, _STEP)]


def _notice(language: Language, disguise: str, work: Path) -> list[int]:
    notice = render.notice(language)
    said = speech.speak((notice.opening(disguise), *notice.card_lines), language, work, "notice")
    try:
        with wave.open(str(said.path)) as sound:
            samples = array("h", sound.readframes(sound.getnframes()))
    finally:
        said.path.unlink()
    return loudness(samples)


def _samples(path: Path, work: Path) -> "array[int]":
    """The first seconds, as the voice speaks: mono, 16 bits."""
    demuxer = "mp3" if path.suffix.lower() == ".mp3" else "mov"
    target = work / "heard.raw"
    heard = ffmpeg.source(path, demuxer, t=str(_MOST))["a:0"]
    output = builder.output(heard, target.name, format="s16le", ac=1, ar=RATE)
    try:
        ffmpeg.run(output, work=work, seconds=_MOST)
        data = target.read_bytes()
    finally:
        target.unlink(missing_ok=True)
    return array("h", data[: len(data) // 2 * 2])
