"""What an old television or phone plays: H.264 and AAC or MP3, upright, in MP4."""

from collections.abc import Iterator
from fractions import Fraction

from packager.audit import checks
from packager.audit.facts import FileFacts, Release
from packager.audit.finding import Finding
from packager.media import AudioFacts, VideoFacts

_PROFILES = frozenset({"Constrained Baseline", "Baseline", "Main", "High"})
_LEVEL = 41  # ten times what Blu-ray players and televisions since 2008 decode
_LONG, _SHORT = 1920, 1088
_RATE = Fraction(61, 2)  # pictures a second
_SOUNDS = frozenset({"aac", "mp3", "mp3float"})
_CHANNELS, _SAMPLES = 2, 48_000


def findings(release: Release) -> Iterator[Finding]:
    """Every reason why a file may not play."""
    for file in release.films + release.sounds:
        if file.media is None:
            continue
        if file.media.video:
            for fact in _picture(file.media.video, _level(file)):
                yield checks.OLD_PICTURE.at(file.path, fact)
        if file.media.audio:
            for fact in _sound(file.media.audio):
                yield checks.OLD_SOUND.at(file.path, fact)
        if file.suffix == ".mkv":
            yield checks.OLD_CONTAINER.at(file.path, "Matroska does not play on many phones")


def _level(file: FileFacts) -> int:
    streams = file.traits.streams if file.traits else ()
    return max((stream.level for stream in streams if stream.kind == "video"), default=0)


def _picture(video: VideoFacts, level: int) -> Iterator[str]:
    if video.codec != "h264":
        yield f"its picture is {video.codec}, not H.264"
    elif video.profile not in _PROFILES:
        yield f"its profile is {video.profile or 'not said'}"
    elif level > _LEVEL:
        yield f"its level is {level / 10}"
    if video.pixel_format not in {"yuv420p", "yuvj420p"}:
        yield f"its pixels are {video.pixel_format}, not 8-bit 4:2:0"
    long, short = max(video.width, video.height), min(video.width, video.height)
    if long > _LONG or short > _SHORT:
        yield f"its picture of {video.width}x{video.height} is larger than 1920x1080"
    if video.rate > _RATE:
        yield f"it shows {float(video.rate):.3g} pictures a second"
    if video.rotation:
        yield f"players have to turn it by {video.rotation} degrees"
    if video.sample_aspect not in {0, 1}:
        yield "its pixels are no squares"
    if video.hdr:
        yield "its picture is HDR"


def _sound(audio: AudioFacts) -> Iterator[str]:
    if audio.codec not in _SOUNDS:
        yield f"its sound is {audio.codec}, neither AAC nor MP3"
    elif audio.codec == "aac" and audio.profile != "LC":
        yield f"its sound is AAC {audio.profile or 'of an unknown profile'}, not AAC-LC"
    if audio.channels > _CHANNELS:
        yield f"its sound has {audio.channels} channels"
    if audio.sample_rate > _SAMPLES:
        yield f"its sound has {audio.sample_rate} samples a second"
