"""Options for ffmpeg's outputs: nothing of the inputs' tags, nothing of the encoder's name."""

from collections.abc import Mapping

from packager import ffmpeg
from packager.disguise.items import Container
from packager.film.graph import COLOUR, SAMPLE_RATE, Picture

_SECONDS_BETWEEN_KEYS = 5
AAC: Mapping[str, object] = {"c:a": "aac", "flags:a": "+bitexact"}
STEREO: dict[str, object] = {**AAC, "b:a": "128k", "ar": SAMPLE_RATE, "ac": 2}
# Of H.264 slices and parameter sets alone (ITU-T H.264, table 7-1): no notes of encoder or camera,
# no filler, no second pictures, none of the types that makers use as they like
PICTURE_ONLY = "filter_units=pass_types=1|5|7-8"
# The same of HEVC, and the ends of sequences, behind which pictures lean on others (ITU-T H.265,
# table 7-1)
_HEVC_PICTURE_ONLY = "filter_units=pass_types=0-9|16-21|32-34|36-37"
# Written anew, a parameter set ends where its meaning does
_REWRITTEN = {"h264": "h264_metadata", "hevc": "hevc_metadata"}
_ALONE = {"log-level": "none", "info": 0, "pools": 1, "frame-threads": 1, "wpp": 0}


def muxing(container: Container) -> dict[str, object]:
    """Options for a finished film. ``ffmpeg.run`` fills in ``map_chapters``."""
    clean: dict[str, object] = {
        "map_chapters": "",
        "map_metadata:g": -1,
        "map_metadata:s": -1,  # those of chapters stay: their titles are ours
        "dn": None,
        "disposition:v:0": "default",
        "disposition:a:0": "default",
    }
    if container is Container.MKV:  # bitexact would leave out the ids that others have
        return clean | {"format": "matroska", "write_crc32": 0}
    return clean | {
        "format": "mp4",
        "fflags": "+bitexact",
        "empty_hdlr_name": 1,
        "write_tmcd": 0,
        "movflags": "+faststart",
    }


# For screens that stand still there is nothing to search for; what keeps dark grounds smooth stays.
STILL: Mapping[str, object] = {
    "preset": "ultrafast",
    "x264-params": "aq-mode=1:cabac=1:8x8dct=1:deblock=1,0,0:scenecut=40",
}


def h264(picture: Picture, **options: object) -> dict[str, object]:
    """H.264, 8-bit 4:2:0. No VBV: with it threads race for bits, and no two runs are alike."""
    colour = dict.fromkeys(COLOUR, picture.colour)
    return {
        "c:v": "libx264",
        "preset": "veryfast",
        "crf": 21,
        "rc-lookahead": 4,  # each one is a whole picture in memory
        "profile:v": "high",
        "pix_fmt": "yuv420p",
        "threads:v": ffmpeg.THREADS,
        "g": round(picture.rate * _SECONDS_BETWEEN_KEYS),
        "flags:v": "+bitexact",
        "bsf:v": PICTURE_ONLY,
        "color_range": picture.range,
        **(colour if picture.colour != "unknown" else {}),
        **options,
    }


def hevc(picture: Picture, pixel_format: str, order: Mapping[str, int]) -> dict[str, object]:
    """HEVC, 4:2:0; ``order`` are x265's options for pictures out of their order.

    On one thread: there is little to encode, and no race can change the bytes.
    """
    keys = {"open-gop": 0, "keyint": round(picture.rate * _SECONDS_BETWEEN_KEYS)}
    options = {**_ALONE, **keys, **order}
    return {
        "c:v": "libx265",
        "preset": "veryfast",
        "crf": 21,
        "pix_fmt": pixel_format,
        "x265-params": ":".join(f"{name}={value}" for name, value in options.items()),
        "flags:v": "+bitexact",
        "bsf:v": _HEVC_PICTURE_ONLY,
        "color_range": picture.range,
    }


def picture_only(codec: str) -> str:
    """The filters that leave a stream of ``codec``, h264 or hevc, what its decoder needs."""
    kept = _HEVC_PICTURE_ONLY if codec == "hevc" else PICTURE_ONLY
    return f"{kept},{_REWRITTEN[codec]}"
