"""The pieces of a film as ffmpeg streams: pages of text, and clips fitted into the frame.

Every piece comes out upright, in the frame's size, with square pixels, in 8-bit BT.709, at the
film's rate, with stereo sound at 48 kHz.
"""

from dataclasses import dataclass
from fractions import Fraction

from packager import ffmpeg
from packager.clip import Clip
from packager.ffmpeg import Stream
from packager.media import VideoFacts

COLOUR = ("color_primaries", "color_trc", "colorspace")
SAMPLE_RATE = 48_000
DARK = "0x101418"  # behind the pages
SCALING = "bicubic+accurate_rnd+bitexact+full_chroma_int"  # others differ from CPU to CPU
_FASTEST = 30  # pictures a second that an old television plays
_SLOWEST = 12
_FILM_RATES = tuple(
    Fraction(n, d) for n, d in ((24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1))
)


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture that all pieces share; ``rate`` in pictures a second."""

    width: int
    height: int
    rate: Fraction
    aspect: Fraction = Fraction(1)  # of a pixel
    colour: str = "bt709"  # or "unknown", where another film's own word on it counts
    range: str = "tv"  # or "pc"

    def count(self, seconds: Fraction) -> int:
        """How many pictures that is, at least one."""
        return max(1, round(seconds * self.rate))


def rate(video: VideoFacts) -> Fraction:
    """The constant rate for a film with this picture: its own where an old player keeps up."""
    own = video.rate
    while own > _FASTEST:
        own /= 2
    if own in _FILM_RATES or (own >= _SLOWEST and not video.variable_rate):
        return own
    return min(_FILM_RATES, key=lambda standard: abs(standard - own))


def fit(video: VideoFacts, picture: Picture) -> tuple[int, int]:
    """Even width and height of the upright picture, as large as fits."""
    width, height = video.width * video.sample_aspect, Fraction(video.height)
    if video.rotation % 180:
        width, height = height, width
    width /= picture.aspect
    scale = min(picture.width / width, picture.height / height)
    return _even(width * scale, picture.width), _even(height * scale, picture.height)


def page(number: int, script: str | None, seconds: Fraction, picture: Picture) -> Stream:
    """Text on a dark ground for part ``number``; ``script`` is a file of the work folder.

    Pages change at whole seconds: each second is drawn once, and repeated without a copy.
    """
    ground = ffmpeg.drawn(f"color@{number}=c={DARK}:s={picture.width}x{picture.height}:r=1")
    drawn = _written(_tagged(ground.filter("format", "yuv420p"), picture), script)
    even = drawn.filter("fps", fps=str(picture.rate), start_time=0, round="up")
    return even.filter("trim", end_frame=picture.count(seconds))


def poster(backdrop: str, script: str | None, seconds: Fraction, picture: Picture) -> Stream:
    """A still (PNG of the frame's size, a file of the work folder) with text on it, drawn once."""
    still = ffmpeg.made(backdrop, "image2", pattern_type="none", framerate=str(picture.rate))
    ground = _even_light(still, picture.width, picture.height, picture)
    drawn = _written(_tagged(ground, picture), script)
    return drawn.filter("loop", loop=-1, size=1).filter("trim", end_frame=picture.count(seconds))


def slides(listing: str, script: str | None, seconds: Fraction, picture: Picture) -> Stream:
    """Stills one after the other, as ``listing`` (ffconcat) says, with text on them.

    Each is drawn once; what stands still is repeated without a copy, and costs next to nothing
    to encode.
    """
    stills = ffmpeg.made(listing, "concat", safe=1, format_whitelist="concat,png_pipe")
    ground = _tagged(_even_light(stills, picture.width, picture.height, picture), picture)
    even = _written(ground, script).filter("fps", fps=str(picture.rate), start_time=0, round="near")
    return even.filter("trim", end_frame=picture.count(seconds))


def voice(name: str, seconds: Fraction) -> Stream:
    """A WAV file of the work folder, for exactly ``seconds``."""
    return _exactly(_stereo(ffmpeg.made(name, "wav")["a:0"]), seconds)


def recording(number: int, clip: Clip, begin: Fraction, seconds: Fraction) -> Stream:
    """The sound of a file from outside, from ``begin`` on, for exactly ``seconds``."""
    start = round(begin * SAMPLE_RATE)
    later = clip_sound(number, clip).filter("atrim", start_sample=start)
    return _exactly(later.filter("asetpts", "PTS-STARTPTS"), seconds)


def clip_picture(number: int, clip: Clip, picture: Picture) -> Stream:
    """The clip fitted into the frame; ffmpeg has turned it upright before."""
    video = clip.facts.video
    if video is None:
        raise ValueError("a clip without a picture")
    woven = _source(number, clip)["V:0"]  # camcorders weave two half pictures into one
    stream = woven.filter("bwdif", mode="send_frame", deint="interlaced")
    stream = stream.filter("fps", fps=str(picture.rate), start_time=0)
    if video.hdr:
        stream = _tone_mapped(stream)
    width, height = fit(video, picture)
    stream = _even_light(stream, width, height, picture)
    if (width, height) != (picture.width, picture.height):
        size = (picture.width, picture.height)
        stream = stream.filter("pad", *size, "(ow-iw)/2", "(oh-ih)/2", color="black")
    return _tagged(stream, picture)


def clip_sound(number: int, clip: Clip) -> Stream:
    """The clip's sound with its gaps filled; silence where it has none."""
    if clip.facts.audio is None:
        return silence(number, clip.facts.duration)
    even = _source(number, clip)["a:0"].filter(
        "aresample", SAMPLE_RATE, **{"async": 1}, first_pts=0
    )
    return _stereo(even)


def silence(number: int, seconds: Fraction) -> Stream:
    """No sound in part ``number``; without the number equal parts would share one stream."""
    samples = round(seconds * SAMPLE_RATE)
    quiet = ffmpeg.drawn(f"anullsrc@{number}=r={SAMPLE_RATE}:cl=stereo")
    return _stereo(quiet.filter("atrim", end_sample=samples))


def _source(number: int, clip: Clip) -> Stream:
    apart = {"thread_queue_size": 8 + number}  # a clip shown twice is read twice, not split
    return ffmpeg.source(clip.untrusted_path, clip.facts.demuxer, threads=ffmpeg.THREADS, **apart)


def _exactly(stream: Stream, seconds: Fraction) -> Stream:
    return stream.filter("apad").filter("atrim", end_sample=round(seconds * SAMPLE_RATE))


def _written(ground: Stream, script: str | None) -> Stream:
    if script is None:
        return ground
    return ground.filter("ass", filename=script, fontsdir=ffmpeg.FONTS, shaping="complex")


def _even_light(stream: Stream, width: int, height: int, picture: Picture) -> Stream:
    """Scaled, in 8 bits, with BT.709's matrix whatever the source had."""
    return stream.filter(
        "scale", width, height, flags=SCALING, out_color_matrix="bt709", out_range=picture.range
    ).filter("format", "yuv420p")


def _tagged(stream: Stream, picture: Picture) -> Stream:
    """All pieces call themselves the same, or ``concat`` would convert between them."""
    aspect = f"{picture.aspect.numerator}/{picture.aspect.denominator}"
    words = dict.fromkeys(COLOUR, picture.colour)
    return stream.filter("setsar", aspect).filter("setparams", range=picture.range, **words)


def _tone_mapped(stream: Stream) -> Stream:
    """PQ or HLG pressed into the range of an ordinary screen."""
    return (
        stream.filter("zscale", transfer="linear", npl=100)
        .filter("format", "gbrpf32le")
        .filter("zscale", primaries="bt709")
        .filter("tonemap", tonemap="hable", desat=0)
        .filter("zscale", transfer="bt709", matrix="bt709", range="tv")
        .filter("format", "yuv420p")
    )


def _stereo(stream: Stream) -> Stream:
    return stream.filter(
        "aformat", sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts="stereo"
    )


def _even(length: Fraction, most: int) -> int:
    return max(2, min(most, round(length / 2) * 2))
