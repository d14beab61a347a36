"""What is known about a media file before anything is done with it."""

from dataclasses import dataclass
from fractions import Fraction


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
    trimmed: bool = False  # pictures stand in the file that its edit list leaves out
    margin: int = 0  # stored pixels beside or below the picture that no player shows


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The first sound stream."""

    codec: str  # aac, opus, pcm_s16le
    sample_rate: int  # Hz
    channels: int
    layout: str  # mono, stereo, 5.1
    profile: str = ""


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """One media file; ``demuxer`` is the name that every ffmpeg call forces with ``-f``."""

    demuxer: str  # mov, matroska
    duration: Fraction  # seconds
    size: int  # bytes
    video: VideoFacts | None
    audio: AudioFacts | None
