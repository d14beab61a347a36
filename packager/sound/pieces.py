"""Lay out the pieces of a sound: speak what is spoken, decode what was recorded, measure both."""

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg, speech
from packager.clip import Clip
from packager.disguise.items import Segment, SoundItem
from packager.errors import InputRefused
from packager.ffmpeg import Stream
from packager.sound import levels
from packager.sound.materials import Laid, Piece
from packager.values import Language

PIECE = "piece"
SAMPLE_RATE = 44_100
_LEVELS = f"{PIECE}-levels.txt"
_LARGEST = Fraction(2**32 - 4096)  # bytes of sound in one WAV file
_UNHEARD = Fraction(1, 10)  # of a recording without pictures that may be missing from its sound


@dataclass(frozen=True, slots=True)
class _Run:
    """Segments that one file holds: neighbours spoken in one language, or one recording."""

    segments: tuple[Segment, ...]
    language: Language | None  # None: a recording


def lay_out(
    item: SoundItem,
    stories: tuple[tuple[Clip, ...], ...],
    work: Path,
    progress: Callable[[float], None],
) -> Laid:
    """Make the pieces in the folder ``work``."""
    pieces: list[Piece] = []
    starts: list[Fraction] = []
    end = Fraction(0)
    runs = list(_runs(item))
    for number, run in enumerate(runs):
        name = f"{PIECE}{number}"

        def share(done: float, number: int = number) -> None:
            progress((number + done) / len(runs))

        if run.language is None:
            segment = run.segments[0]
            recording = stories[segment.story][segment.media or 0]
            piece = _recorded(recording, item.channels, segment.pause, work / name, share)
            begins: tuple[Fraction, ...] = (Fraction(0),)
        else:
            piece, begins = _spoken(run, run.language, item.channels, work / name, share)
        pieces.append(piece)
        starts += (end + begin for begin in begins)
        end += piece.length + piece.pause
    return Laid(tuple(pieces), (*starts, end))


def _runs(item: SoundItem) -> Iterator[_Run]:
    def kind(place: tuple[int, Segment]) -> tuple[int, Language | None]:
        at, segment = place
        if segment.media is not None:
            return at, None
        return -1, segment.language or item.language

    for (_, language), group in groupby(enumerate(item.segments), key=kind):
        yield _Run(tuple(segment for _, segment in group), language)


def _spoken(
    run: _Run, language: Language, channels: int, at: Path, progress: Callable[[float], None]
) -> tuple[Piece, tuple[Fraction, ...]]:
    """The speech of a run, and when each of its segments starts."""
    paragraphs: list[str] = []
    pauses: list[Fraction] = []
    firsts = []
    for segment in run.segments:
        firsts.append(len(paragraphs))
        paragraphs += segment.spoken
        pauses += [speech.PAUSE] * len(segment.spoken)
        pauses[-1] += segment.pause
    said = speech.speak(paragraphs, language, at.parent, at.name, pauses=pauses, progress=progress)
    heard = laid_out(ffmpeg.made(said.path.name, "wav"), channels)
    gain = _measured(heard, None, said.duration, at.parent)
    piece = Piece(said.path.name, gain, said.duration, Fraction(0))
    return piece, tuple(said.starts[first] for first in firsts)


def _recorded(
    recording: Clip,
    channels: int,
    pause: Fraction,
    at: Path,
    progress: Callable[[float], None],
) -> Piece:
    """A recording as PCM, its gaps filled."""
    facts = recording.facts
    _check(recording, _LARGEST / (2 * channels * SAMPLE_RATE))
    target = f"{at.name}.wav"
    heard = ffmpeg.source(recording.untrusted_path, facts.demuxer)["a:0"]
    even = heard.filter("aresample", SAMPLE_RATE, **{"async": 1}, first_pts=0)
    gain = _measured(laid_out(even, channels), target, facts.duration, at.parent, progress)
    with wave.open(str(at.parent / target)) as sound:
        length = Fraction(sound.getnframes(), SAMPLE_RATE)
    if not length or (not facts.video and length < facts.duration * (1 - _UNHEARD)):
        raise InputRefused(
            f"{recording.name} breaks off: {float(length):.1f} of"
            f" {float(facts.duration):.1f} seconds can be heard",
            "play it to its end, and export it again",
        )
    return Piece(target, gain, length, pause)


def laid_out(stream: Stream, channels: int) -> Stream:
    """At 44.1 kHz, mono or stereo."""
    layout = "mono" if channels == 1 else "stereo"
    return stream.filter(
        "aformat", sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts=layout
    )


def _measured(
    stream: Stream,
    target: str | None,
    seconds: Fraction,
    work: Path,
    progress: Callable[[float], None] | None = None,
) -> float:
    """The gain for a stream, which is written to ``target`` on the way."""
    heard = (
        stream.filter("asetnsamples", SAMPLE_RATE, p=0)
        .filter(
            "astats",
            metadata=1,
            reset=0,
            measure_perchannel="none",
            measure_overall="RMS_level",
        )
        .filter("ametadata", "print", file=_LEVELS)
    )
    options: dict[str, object] = {"format": "null"}
    if target is not None:
        options = {"format": "wav", "c:a": "pcm_s16le", "fflags": "+bitexact", "map_metadata": -1}
    output = builder.output(heard, target or "nothing", **options)
    ffmpeg.run(output, work=work, seconds=seconds, progress=progress)
    return levels.gain((work / _LEVELS).read_text("ascii"))


def _check(recording: Clip, longest: Fraction) -> None:
    """Refuse one that nobody would hear, or that lasts over ``longest`` seconds."""
    if recording.facts.audio is None:
        raise InputRefused(
            f"{recording.name} has no sound, and sound shows no pictures",
            "take it out of `media:` and of the folder, or make a film: --as movie",
        )
    if recording.facts.duration > longest:
        raise InputRefused(
            f"{recording.name} lasts over {int(longest / 3600)} hours", "cut it into parts"
        )
