"""Single pictures: the poster, scenes of a clip, small ones of what is finished for the review."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg
from packager.clip import Clip
from packager.ffmpeg import Stream
from packager.film.graph import DARK, SCALING

GREY = (320, 180)  # pixels
_STILL_HEIGHT = 270
_WAVE = (900, 48)  # pixels
_INK = "0x9a6b12"
_SCENE_HEIGHT = 540
_MOMENT = Fraction(1)  # seconds, for the time limit
_PNG = "poster.png"
_SCRIPT = "poster.ass"
_APART = "N*60/TB"  # as an encoder refuses two pictures at one time, however slow the film


def stills(
    path: Path, times: Sequence[Fraction], work: Path, *, keys: bool = False
) -> tuple[bytes, ...]:
    """JPEGs, 270 lines high, of the pictures at ``times`` (seconds) of a film of ours.

    With ``keys``, of the key frames before them: nothing is decoded on the way there.
    """
    with stills_begun(path, times, work, keys=keys) as taken:
        return taken()


@contextmanager
def stills_begun(
    path: Path, times: Sequence[Fraction], work: Path, *, keys: bool = False
) -> Iterator[Callable[[], tuple[bytes, ...]]]:
    """``stills`` under way in a folder of their own; what comes back waits for them."""
    pictures = _moments(path, _demuxer(path), times, keys=keys)
    with _taken(pictures, times, _STILL_HEIGHT, work) as taken:
        yield taken


def scenes(clip: Clip, times: Sequence[Fraction], work: Path) -> tuple[bytes, ...]:
    """JPEGs, 540 lines high and upright, of a clip from outside at ``times`` (seconds)."""
    pictures = _moments(clip.untrusted_path, clip.facts.demuxer, times)
    with _taken(pictures, times, _SCENE_HEIGHT, work) as taken:
        return taken()


@contextmanager
def _taken(
    pictures: Mapping[str, Stream], times: Sequence[Fraction], height: int, work: Path
) -> Iterator[Callable[[], tuple[bytes, ...]]]:
    width = f"2*round({height}*dar/2)"  # with square pixels
    scaled = [one.filter("scale", width, height, flags=SCALING) for one in pictures.values()]
    row = builder.concat(*scaled, n=len(scaled), v=1, a=0).filter("setpts", _APART)
    with _jpegs(row, work, "still%d.jpg", 5, len(pictures)) as found:
        yield lambda: _at(times, pictures, found())


def _moments(
    path: Path, demuxer: str, times: Sequence[Fraction], *, keys: bool = False
) -> dict[str, Stream]:
    """The pictures at ``times``; one asked for twice stands in a graph once."""
    moments = dict.fromkeys(map(_moment, times))
    how = {"noaccurate_seek": None} if keys else {}
    return {  # a decoder with more threads begins pictures that nobody asked for
        moment: ffmpeg.source(path, demuxer, ss=moment, threads=1, **how)["V:0"].filter(
            "trim", end_frame=1
        )
        for moment in moments
    }


def _demuxer(path: Path) -> str:
    return "mov" if path.suffix == ".mp4" else "matroska"


def _moment(time: Fraction) -> str:
    return f"{float(time):.3f}"


def _at(
    times: Sequence[Fraction], moments: Iterable[str], found: Sequence[bytes]
) -> tuple[bytes, ...]:
    """What was found at each of ``times``, for those at which there was a picture."""
    known = dict(zip(moments, found, strict=False))
    return tuple(known[moment] for time in times if (moment := _moment(time)) in known)


def greys(
    path: Path, times: Sequence[Fraction], work: Path, *, keys: bool = False
) -> tuple[bytes, ...]:
    """The same pictures as greys, one byte for each of ``GREY`` pixels: nothing decodes them."""
    pictures = _moments(path, _demuxer(path), times, keys=keys)
    row = builder.concat(*map(_grey, pictures.values()), n=len(pictures), v=1, a=0)
    found = _raw(row.filter("setpts", _APART), work, len(pictures))
    return _at(times, pictures, found)


def grey_page(script: str, size: tuple[int, int], work: Path) -> bytes:
    """A page of text, ``script`` in ASS for a frame of ``size``, as such greys."""
    ffmpeg.fonts(work, script)
    try:
        (work / _SCRIPT).write_text(script, "utf-8", newline="\n")
        ground = ffmpeg.drawn(f"color=c={DARK}:s={size[0]}x{size[1]}:r=25").filter(
            "trim", end_frame=1
        )
        drawn = ground.filter("ass", filename=_SCRIPT, fontsdir=ffmpeg.FONTS, shaping="complex")
        return _raw(_grey(drawn), work, 1)[0]
    finally:
        _remove(work / _SCRIPT)


def _grey(picture: Stream) -> Stream:
    return picture.filter("scale", *GREY, flags="area").filter("setsar", 1).filter("format", "gray")


def _raw(row: Stream, work: Path, count: int) -> tuple[bytes, ...]:
    target = work / "greys.raw"
    output = builder.output(
        row, target.name, format="rawvideo", fps_mode="passthrough", **{"frames:v": count}
    )
    try:
        ffmpeg.run(output, work=work, seconds=_MOMENT * count)
        data = target.read_bytes()
    finally:
        _remove(target)
    one = GREY[0] * GREY[1]
    return tuple(data[at : at + one] for at in range(0, len(data), one))


def wave(path: Path, work: Path, seconds: Fraction) -> bytes:
    """A PNG of how loud a sound file of ours is from its start to its end."""
    demuxer = "mp3" if path.suffix == ".mp3" else "mov"
    drawn = ffmpeg.source(path, demuxer)["a:0"].filter(
        "showwavespic", s=f"{_WAVE[0]}x{_WAVE[1]}", colors=_INK, split_channels=0, filter="peak"
    )
    target = work / "wave.png"
    output = builder.output(
        drawn, target.name, format="image2", **{"frames:v": 1, "c:v": "png", "threads:v": 1}
    )
    try:
        ffmpeg.run(output, work=work, seconds=max(seconds, _MOMENT))
        return target.read_bytes()
    finally:
        _remove(target)


def poster_jpeg(backdrop: bytes, script: str, size: tuple[int, int], work: Path) -> bytes:
    """The poster as a JPEG of ``size``: ``backdrop`` is a PNG, ``script`` ASS text over it."""
    ffmpeg.fonts(work, script)
    try:
        (work / _PNG).write_bytes(backdrop)
        (work / _SCRIPT).write_text(script, "utf-8", newline="\n")
        still = ffmpeg.made(_PNG, "image2", pattern_type="none")
        drawn = still.filter("scale", *size, flags=SCALING).filter(
            "ass", filename=_SCRIPT, fontsdir=ffmpeg.FONTS, shaping="complex"
        )
        with _jpegs(drawn, work, "poster%d.jpg", 3, 1) as found:
            return found()[0]
    finally:
        _remove(work / _PNG, work / _SCRIPT)


@contextmanager
def _jpegs(
    row: Stream, work: Path, names: str, quality: int, count: int
) -> Iterator[Callable[[], tuple[bytes, ...]]]:
    """Encode the first ``count`` pictures; each holds a JFIF header and nothing about us."""
    output = builder.output(
        # JFIF is full range by definition
        row.filter("scale", out_range="pc", out_color_matrix="bt601", flags=SCALING)
        .filter("format", "yuvj420p")
        .filter("setsar", 1),
        names,
        format="image2",
        fps_mode="passthrough",  # by its length a page would be shown twice
        map_metadata=-1,
        fflags="+bitexact",
        **{"frames:v": count, "c:v": "mjpeg", "q:v": quality},
        **{"flags:v": "+bitexact", "threads:v": 1},
    )
    paths = [work / names.replace("%d", str(number)) for number in range(1, count + 1)]
    try:
        with ffmpeg.begun(output, work=work, seconds=_MOMENT * count) as job:

            def finished() -> tuple[bytes, ...]:
                job.wait()
                return tuple(path.read_bytes() for path in paths)

            yield finished
    finally:
        _remove(*paths)


def _remove(*paths: Path) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()
