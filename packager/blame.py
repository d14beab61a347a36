"""Say which of several clips makes ffmpeg stop.

It reads all of them at once, and what it says names no file that people know: each is decoded
alone then.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg
from packager.clip import Clip
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed
from packager.values import printable

_WHERE = re.compile(r"\[[^\]]* @ 0x[0-9a-f]+\] ")  # the part of ffmpeg that speaks
_OUT_OF_MEMORY = "Cannot allocate memory"
_NO_THREADS = "pthread_create"
_NO_FONTS = "fontconfig"  # libass regrets that it may use ours only
_ENDLESS = frozenset({"flac", "mp3"})  # that say nowhere how many bytes they have
_WHOLE = 0.97  # of the length; what is lost after it is behind the end
_EXPORT = "play it to its end, and export it again from where it came"


def explained(
    failure: ProgramFailed, clips: Sequence[Clip], work: Path
) -> MachineFailed | InputRefused:
    """Our own pieces are right, so what ffmpeg stumbles over is a clip, unless it was killed."""
    if failure.returncode < 0 or _OUT_OF_MEMORY in failure.stderr:
        return MachineFailed(
            "ffmpeg was ended, perhaps for lack of memory", "close other programs, then try again"
        )
    if _NO_THREADS in failure.stderr:
        return MachineFailed(
            f"{len(clips)} clips are too many to be read at once on this computer",
            "join some of them into one file first, or make two releases of the report",
        )
    found = _first(clips, work, 0.0)
    if found:
        return found
    said = [f"ffmpeg says: {one}" for one in _said(failure)]
    return InputRefused(
        "ffmpeg stops at the clips of the report, though it reads each alone",
        *said,
        "convert them to MP4 (H.264, AAC) with a tool you trust, then try again",
    )


def cut_short(fact: str, clips: Iterable[Clip], work: Path) -> InputRefused:
    """The refusal of what came out too short: of the clip that breaks off, if one does."""
    return _first(clips, work, _WHOLE) or InputRefused(
        f"{fact}: a clip is damaged or cut short",
        "play each clip to its end, and export the broken one again",
    )


def _first(clips: Iterable[Clip], work: Path, least: float) -> InputRefused | None:
    """The refusal of the first clip that deserves one."""
    for clip in dict.fromkeys(clips):
        try:
            _check(clip, work, least)
        except InputRefused as refusal:
            return refusal
    return None


def _check(clip: Clip, work: Path, least: float) -> None:
    """InputRefused for a clip that makes ffmpeg stop, or gives less than this part of it."""
    given = ffmpeg.source(clip.untrusted_path, clip.facts.demuxer)
    picture = [given["V:0"]] if clip.facts.video else []
    sound = [given["a:0"]] if clip.facts.audio else []
    done = 0.0

    def heard(share: float) -> None:
        nonlocal done
        done = max(done, share)

    output = builder.output(*picture, *sound, "nothing", format="null")
    try:
        ffmpeg.run(output, work=work, seconds=clip.facts.duration, progress=heard)
    except ProgramFailed as failure:
        raise _refused(clip, failure, done) from failure
    if done < least:
        seconds = float(clip.facts.duration)
        raise InputRefused(
            f"{clip.name} breaks off: {done * seconds:.1f} of {seconds:.1f} seconds can be read",
            _EXPORT,
        )


def _refused(clip: Clip, failure: ProgramFailed, done: float) -> InputRefused:
    if clip.facts.demuxer in _ENDLESS and done >= _WHOLE:
        return InputRefused(
            f"{clip.name} holds bytes at its end that are no sound",
            f"they may be a tag of another kind: write it anew, `ffmpeg -i {clip.name} NEW.flac`",
        )
    said = (f"ffmpeg says: {one}" for one in _said(failure))
    return InputRefused(f"{clip.name} is damaged", *said, _EXPORT)


def _said(failure: ProgramFailed) -> list[str]:
    """The first thing that ffmpeg regrets."""
    lines = _WHERE.sub("", failure.stderr).strip().splitlines()
    return [printable(line[:200]) for line in lines if _NO_FONTS not in line][:1]
