"""Clips as cameras make them, with everything that must not survive planted in them.

Made by the real ffmpeg, a few seconds long, once a session. ``make(name, folder)`` returns the
file; ``PLANTED`` are the texts that no output may hold.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from packager import ffmpeg

SERIAL = "CAMSERIAL-98765"
PLANTED = (
    SERIAL,
    "+55.7558+037.6173",
    "Ivan Petrov",
    "Pixel 7 Pro",
    "2024-05-06",
    "2024:05:06",
    "Ivan cam",
    "Private diary",
    "01:02:03:04",
)
MUXER_TRACES = ("Lavf", "Lavc", "x264 - core", "x265", "Core Media", "Handler")
_TAGS = [
    *("-movflags", "use_metadata_tags"),
    *("-metadata", "location=+55.7558+037.6173/", "-metadata", "artist=Ivan Petrov"),
    *("-metadata", "com.apple.quicktime.location.ISO6709=+55.7558+037.6173/"),
    *("-metadata", "com.apple.quicktime.model=Pixel 7 Pro", "-metadata", "make=Pixel 7 Pro"),
    *("-metadata", "creation_time=2024-05-06T07:08:09Z", "-metadata", "title=Private diary"),
    *("-metadata:s:v", "handler_name=Ivan cam"),
]
_SEI = f"h264_metadata=sei_user_data='086f3693-b7b3-4f2c-9653-21492feee5b8+{SERIAL}'"
_H264 = "-c:v libx264 -preset ultrafast -crf 24 -g 30 -bf 2 -pix_fmt yuv420p".split()
_AAC = "-c:a aac -b:a 96k".split()
_HEVC = "-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params".split()
_HEVC += ["log-level=none:keyint=30:open-gop=0"]
_TEN = ["-pix_fmt", "yuv420p10le"]
_OPEN = "log-level=none:keyint=20:min-keyint=20:open-gop=1:bframes=4:repeat-headers=1"


def _picture(size: str = "320x180", rate: str = "25", seconds: float = 3) -> list[str]:
    return ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}"]


def _sound(rate: int = 48000, layout: str = "stereo", seconds: float = 3) -> list[str]:
    one = f"sine=frequency=440:sample_rate={rate}:duration={seconds}"
    return ["-f", "lavfi", "-i", f"{one},aformat=channel_layouts={layout}"]


RECIPES: Mapping[str, list[str]] = {
    "plain.mp4": [*_picture(), *_sound(), *_H264, "-bsf:v", _SEI, *_AAC, *_TAGS],
    "long.mp4": [
        *_picture(seconds=8),
        *_sound(44100, "mono", 8),
        *_H264,
        "-bsf:v",
        _SEI,
        *_AAC,
        *_TAGS,
    ],
    "film.mp4": [
        *("-f", "lavfi", "-i", "mandelbrot=s=640x360:r=24,trim=duration=4"),
        *_sound(seconds=4),
        *_H264,
        *_AAC,
        "-t",
        "4",
    ],
    "portrait.mp4": [*_picture("180x320"), *_sound(), *_H264, *_AAC, *_TAGS],
    "hevc.mp4": [
        *_picture(),
        *_sound(),
        *"-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params".split(),
        "log-level=none",
        *_AAC,
        *_TAGS,
    ],
    "later.mp4": [*_picture(), *_sound(), *_HEVC, *_AAC, *_TAGS],
    "later.mkv": [*_picture(seconds=2), *_sound(seconds=2), *_HEVC, *_AAC],
    "ten.mp4": [*_picture(), *_sound(44100, "mono"), *_HEVC, *_TEN, *_AAC, *_TAGS],
    "open.mp4": [*_picture(rate="30000/1001"), *_HEVC, "-x265-params", _OPEN, *_TAGS],
    "vp9.webm": [
        *_picture(),
        *_sound(),
        *"-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 300k".split(),
        *("-c:a", "libopus", "-metadata", "title=Private diary"),
    ],
    "variable.mp4": [
        *_picture(rate="30", seconds=4),
        *_sound(seconds=4),
        *("-vf", "select='not(mod(n,3))+not(mod(n,7))'", "-fps_mode", "vfr"),
        *_H264,
        *_AAC,
    ],
    "silent.mp4": [*_picture(), *_H264, *_TAGS],
    "surround.mp4": [*_picture(), *_sound(layout="5.1"), *_H264, *_AAC],
    "mono.mp4": [*_picture(), *_sound(44100, "mono"), *_H264, *_AAC],
    "deep.mkv": [
        *_picture(),
        *_sound(),
        *"-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le".split(),
        *("-vf", "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"),
        *("-x265-params", "log-level=none"),
        *_AAC,
    ],
    "ntsc.mp4": [*_picture(rate="24000/1001"), *_sound(), *_H264, *_AAC],
    "fast.mp4": [*_picture(rate="60"), *_sound(), *_H264, *_AAC],
    "slow.mp4": [*_picture(rate="12"), *_H264],
    "timecode.mov": [
        *_picture(),
        *_sound(),
        *_H264,
        *("-c:a", "pcm_s16le", "-timecode", "01:02:03:04"),
        *_TAGS,
    ],
    "plain.mkv": [
        *_picture(),
        *_sound(),
        *_H264,
        "-bsf:v",
        _SEI,
        *_AAC,
        "-metadata",
        "title=Private diary",
    ],
    "front.mp4": [*_picture(), *_sound(), *_H264, *_AAC, "-movflags", "+faststart"],
    "baseline.mp4": [
        *("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3"),
        *_sound(),
        *"-c:v libx264 -profile:v baseline -preset ultrafast -pix_fmt yuv420p -slices 4".split(),
        *_AAC,
    ],
    "interlaced.mts": [
        *_picture(rate="50"),
        *_sound(),
        *("-vf", "scroll=h=0.02,tinterlace=interleave_top", "-flags", "+ildct+ilme"),
        *("-x264-params", "tff=1", *_H264, "-c:a", "ac3", "-f", "mpegts"),
    ],
    "camera.mts": [*_picture(), *_sound(), *_H264, "-c:a", "ac3", "-f", "mpegts"],
    "anamorphic.mp4": [*_picture("360x288"), *_sound(), "-vf", "setsar=16/11", *_H264, *_AAC],
}


def make(name: str, folder: Path) -> Path:
    """The clip ``name`` in ``folder``, made there if it is not yet."""
    path = folder / name
    if path.exists():
        return path
    if name == "turned.mp4":
        flat = make("plain.mp4", folder)
        return run(["-display_rotation", "-90", "-i", str(flat), "-c", "copy", *_TAGS], path)
    return run(RECIPES[name], path)


def run(words: list[str], path: Path) -> Path:
    """Let the real ffmpeg make ``path``."""
    command = [str(ffmpeg.binary()), "-nostdin", "-v", "error", "-y", *words, str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path


def problems(path: Path) -> str:
    """What the real ffmpeg has to say while it plays a file to its end."""
    command = [str(ffmpeg.binary()), "-nostdin", "-v", "warning", "-i", str(path)]
    done = subprocess.run(
        [*command, "-f", "null", "-"], check=False, timeout=60, capture_output=True
    )
    return done.stderr.decode() + ("" if done.returncode == 0 else f"code {done.returncode}")
