"""The careful way: the camera's picture is kept bit for bit, our own pieces are made to match.

ffmpeg's concat demuxer repeats the H.264 parameter sets at every key frame, so that each piece
is decoded by its own; it works where size, pixel format, clock and order of the streams agree.
Sound is always encoded anew: AAC has room for bytes that nobody hears, and no filter finds them.

It does not repeat those of HEVC. Such pictures go through MPEG-TS first, where the stream holds
its parameter sets itself and nothing of the camera's stands in a header.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg
from packager.clip import Clip
from packager.disguise.items import Container, FilmItem, PartKind
from packager.errors import InputRefused
from packager.ffmpeg import Job, Stream
from packager.film import clean, encoding, graph, mould, sidecars
from packager.film.materials import Materials
from packager.film.mould import Mould
from packager.media import MediaFacts, VideoFacts
from packager.program import ProgramFailed

_LIST = "parts.ffconcat"
_AT_ONCE = 2  # pieces: an encoder leaves much of the second core idle where nothing moves
_JOINED = ("mov", "matroska")
_DEPTHS = {
    "h264": {"yuv420p", "yuvj420p"},
    mould.HEVC: {"yuv420p", "yuvj420p", mould.DEEP},
}
_TAKEN = {"h264": "only 8-bit 4:2:0", mould.HEVC: "only 4:2:0 of 8 or 10 bits"}
# More than whole blocks ask for: 16 lines, 32 in a picture of two fields; 64 in HEVC
_MARGINS = {"h264": 32, mould.HEVC: 64}
_OVERLAP = "on-monotonic DTS"
_PROOF = "proof.txt"
_PROVED = 12  # pictures compared behind each seam
_LATE = Fraction(1, 20)  # seconds; a picture that starts so much behind its sound would be shifted
_TRANSCODE = "leave out --copy: then the film is encoded anew"


def copy_problem(facts: Sequence[MediaFacts], container: Container) -> str | None:
    """Why the pictures of these clips cannot be copied into one film, or None."""
    if container is not Container.MKV:
        return "only an MKV can take a copied picture"
    problems = [problem for one in facts if (problem := _problem(one))]
    if not problems and len({_likeness(one) for one in facts}) != 1:
        problems = ["the clips differ in size, shape or clock"]
    return problems[0] if problems else None


def _problem(facts: MediaFacts) -> str | None:
    video = facts.video
    if video is None or facts.demuxer not in _JOINED:
        return "only pictures from MP4, MOV and MKV files are copied"
    if video.codec not in _DEPTHS:
        return f"the picture is {video.codec}, and only H.264 and HEVC are copied"
    if video.pixel_format not in _DEPTHS[video.codec]:
        return f"the picture is {video.pixel_format}, and {_TAKEN[video.codec]} is copied"
    return _misfit(video)


def _misfit(video: VideoFacts) -> str | None:
    if video.codec == mould.HEVC and video.hdr:
        return "the picture is HDR, and our own pages beside it would not be"
    if video.rotation:
        return "the picture lies on its side and must be turned"
    if video.width % 2 or video.height % 2:
        return "the picture has an odd width or height"
    if video.trimmed:
        return "it was trimmed, and what was cut off is still in it"
    if video.margin >= _MARGINS[video.codec]:
        return "it was cropped, and what was cut off is still in it"
    return None


def _likeness(facts: MediaFacts) -> tuple[object, ...]:
    video = facts.video
    if video is None:
        return ()
    shape = (video.width, video.height, video.sample_aspect, video.pixel_format)
    if video.codec == mould.HEVC:  # the clock of MPEG-TS is one for all
        return video.codec, shape
    return facts.demuxer, video.codec, shape, video.time_base


def join(
    item: FilmItem,
    materials: Materials,
    times: tuple[Fraction, ...],
    work: Path,
    target: str,
    progress: Callable[[float], None],
) -> None:
    """Make the film ``target`` in the folder ``work``."""
    seams = [
        (start, clip)
        for start, part in zip(times, item.parts, strict=False)
        if part.kind is PartKind.REPORT and (clip := materials.clip(part))
    ]
    reports = [clip for _, clip in seams]
    if problem := copy_problem([clip.facts for clip in reports], item.container):
        raise InputRefused(f"the film cannot be copied: {problem}", _TRANSCODE)
    cast = mould.cast(reports)
    _write_list(_files(item, materials, cast, work), times, work)
    with _muxing(item, materials, times, work, target, progress, cast) as muxed:
        shown = [_of_clip(clip, work) for clip in reports]
        muxed()
    if clean.has_additions(work / target):
        raise InputRefused("the film cannot be copied: data stands beside its pictures", _TRANSCODE)
    for (start, clip), theirs in zip(seams, shown, strict=True):
        _prove(clip, start, theirs, work, target)


def _files(item: FilmItem, materials: Materials, cast: Mould, work: Path) -> list[str]:
    """The file of each part: the clips themselves, and pieces made to match."""
    names = []
    following = [*item.parts[1:], None]
    with ExitStack() as stack:
        under_way: deque[Job] = deque()
        for index, (part, after) in enumerate(zip(item.parts, following, strict=True)):
            clip = materials.clip(part)
            if clip is not None and part.kind is PartKind.REPORT:
                names.append(mould.lay(cast, index, clip, work))
                continue
            if len(under_way) == _AT_ONCE:
                under_way.popleft().wait()
            before = after is not None and materials.clip(after) is not None
            piece = mould.filling(cast, index, part, materials, before_clip=before, work=work)
            under_way.append(stack.enter_context(piece))
            names.append(mould.piece(cast, index))
        for job in under_way:
            job.wait()
    return names


def _write_list(names: Sequence[str], times: Sequence[Fraction], work: Path) -> None:
    lines = ["ffconcat version 1.0"]
    for name, start, end in zip(names, times, times[1:], strict=False):
        lines += [f"file {name}", f"duration {float(end - start):.6f}"]
    (work / _LIST).write_text("\n".join(lines) + "\n", "ascii")


@contextmanager
def _muxing(
    item: FilmItem,
    materials: Materials,
    times: tuple[Fraction, ...],
    work: Path,
    target: str,
    progress: Callable[[float], None],
    cast: Mould,
) -> Iterator[Callable[[], None]]:
    """The film under way; what comes back waits for it."""
    parts = ffmpeg.made(_LIST, "concat", safe=1, format_whitelist="concat,mov,matroska,mpegts")
    subtitles = sidecars.write_subtitles(item, materials, times, work)
    chapters = sidecars.write_chapters(item, times, work)
    output = builder.output(
        parts[str(cast.tracks.picture)],
        _sound(item, materials, times),
        *(stream["s:0"] for stream in subtitles),
        chapters["d?"],
        target,
        **{"c:v": "copy", "bsf:v": encoding.picture_only(cast.codec)},
        **encoding.STEREO,
        **encoding.muxing(item.container),
        **sidecars.options(item, materials),
    )
    with ffmpeg.begun(
        output, work=work, seconds=times[-1], progress=progress, chapters=sidecars.CHAPTERS
    ) as job:
        yield lambda: _muxed(job)


def _muxed(job: Job) -> None:
    try:
        job.wait()
    except ProgramFailed as failure:
        if _OVERLAP not in failure.stderr:
            raise
        raise InputRefused(
            "the film cannot be copied: its clips overlap by some packets", _TRANSCODE
        ) from failure


def _sound(item: FilmItem, materials: Materials, times: tuple[Fraction, ...]) -> Stream:
    """The sound of all parts, each exactly as long as its part."""
    marks = [round(time * graph.SAMPLE_RATE) for time in times]
    heard = []
    for index, part in enumerate(item.parts):
        clip = materials.clip(part)
        stream = graph.clip_sound(index, clip) if clip else graph.silence(index, Fraction(1, 10))
        length = marks[index + 1] - marks[index]
        heard.append(stream.filter("apad").filter("atrim", end_sample=length))
    return builder.concat(*heard, n=len(heard), v=0, a=1)


def _of_clip(clip: Clip, work: Path) -> tuple[list[str], Fraction]:
    return _pictures(ffmpeg.source(clip.untrusted_path, clip.facts.demuxer), work)


def _prove(
    clip: Clip, start: Fraction, shown: tuple[list[str], Fraction], work: Path, target: str
) -> None:
    """Decode what stands behind a seam: it must be what is ``shown`` of the clip itself."""
    before = max(start - 1 / (2 * clip.video.rate), Fraction(0))  # half a picture
    # HEVC may name pictures that are not there: then one decoder skips, another shows grey
    strict = {"err_detect": "explode"} if clip.video.codec == mould.HEVC else {}
    film = ffmpeg.made(target, "matroska", ss=f"{float(before):.3f}", **strict)
    try:
        ours, _ = _pictures(film, work)
    except ProgramFailed as failure:
        if not strict or failure.returncode < 0:
            raise
        ours = []
    theirs, late = shown
    shifted = clip.video.codec == mould.HEVC and clip.facts.audio and abs(late) > _LATE
    if ours != theirs or not ours or shifted:
        raise InputRefused(
            f"the picture of {clip.name} does not survive being joined to ours", _TRANSCODE
        )


def _pictures(source: Stream, work: Path) -> tuple[list[str], Fraction]:
    """Digests of the first decoded pictures, and the second at which they start."""
    output = builder.output(
        source["V:0"],
        _PROOF,
        format="framemd5",
        fps_mode="passthrough",
        **{"frames:v": _PROVED},
    )
    proof = work / _PROOF
    try:
        ffmpeg.run(output, work=work, seconds=Fraction(60))
        lines = proof.read_text("ascii").splitlines()
    finally:
        proof.unlink(missing_ok=True)
    shown = [line.split(",") for line in lines if not line.startswith("#")]
    tick = next((line.split()[2] for line in lines if line.startswith("#tb")), "0")
    start = int(shown[0][2]) * Fraction(tick) if shown else Fraction(0)
    return [fields[-1].strip() for fields in shown], start
