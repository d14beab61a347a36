"""What is known about a media file before anything is done with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

_LAYOUTS = frozenset({"mono", "stereo", "5.1"})


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The first picture stream, as stored (before its rotation is applied)."""

    codec: str  # ffmpeg's name: h264, hevc, vp9
    pixel_format: str  # yuv420p, yuv420p10le
    width: int  # stored pixels
    height: int
    rotation: int  # degrees clockwise a player turns the picture: 0, 90, 180, 270
    sample_aspect: Fraction  # width of a pixel by its height
    rate: Fraction  # pictures a second, the average
    variable_rate: bool
    hdr: bool  # PQ or HLG transfer
    profile: str = ""
    time_base: Fraction = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The first sound stream."""

    codec: str  # aac, opus, pcm_s16le
    sample_rate: int  # Hz
    channels: int
    layout: str  # mono, stereo, 5.1
    profile: str = ""
    clock: Fraction | None = None  # seconds of one tick


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """One media file; ``demuxer`` is the name that every ffmpeg call forces with ``-f``."""

    demuxer: str  # mov, matroska
    duration: Fraction  # seconds
    size: int  # bytes
    video: VideoFacts | None
    audio: AudioFacts | None


def joined_sound(films: Iterable[MediaFacts]) -> AudioFacts | None:
    """The sound of films whose packets are copied into one; None where it is encoded anew.

    Our own pages need sound of the very same kind between them.
    """
    kinds = {_matched(film) for film in films}
    return kinds.pop() if len(kinds) == 1 else None


def _matched(film: MediaFacts) -> AudioFacts | None:
    """Its sound, if ours can be made like it."""
    sound = film.audio
    if sound is None or sound.codec != "aac" or sound.profile != "LC":
        return None
    if sound.layout not in _LAYOUTS:
        return None
    if film.demuxer == "mov" and sound.clock != Fraction(1, sound.sample_rate):
        return None
    return sound
