"""Carry out the plan for a piece of sound: one MP3 or M4B, clean, the same bytes each time.

What is spoken is spoken first, recordings are decoded once; the loudness of each is measured on the
way. One more run of ffmpeg joins, levels and encodes them with tags, chapters and cover.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager import probe, speech
from packager.clip import Clip
from packager.disguise.items import SoundItem
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed
from packager.sound import encoding, pieces, wash
from packager.values import printable

__all__ = ["Sound", "make"]

_SHARE = 0.6  # of the work is the last run
_ROOM = Fraction(1, 5)  # seconds that the sound may differ from the sum of its pieces
_OUT_OF_MEMORY = "Cannot allocate memory"
_AGAIN = "play each recording to its end, and export the broken one again"


@dataclass(frozen=True, slots=True)
class Sound:
    """Finished sound; ``starts`` is when each segment starts, in seconds, and last its end."""

    path: Path
    starts: tuple[Fraction, ...]
    notes: tuple[str, ...]


def make(
    item: SoundItem,
    stories: tuple[tuple[Clip, ...], ...],
    cover: bytes,
    work: Path,
    progress: Callable[[float], None],
) -> Sound:
    """Make the file of ``item`` in the folder ``work``, which is ours alone.

    ``stories`` are the media of each story of the release; ``cover`` is a JPEG. ``progress`` gets
    0 to 1, on another thread. Raises InputRefused for a recording that is damaged or silent and
    for text that cannot be spoken, MachineFailed for disk, memory and tools. Nothing half done is
    left.
    """
    part = work / f"sound.part{item.path.suffix}"
    try:
        laid = pieces.lay_out(item, stories, work, lambda done: progress(done * (1 - _SHARE)))
        encoding.encode(
            item, laid, cover, part.name, work, lambda done: progress(1 - _SHARE + done * _SHARE)
        )
        wash.wash(part)
        _check(part, laid.starts[-1])
        path = work / f"sound{item.path.suffix}"
        part.replace(path)
    except ProgramFailed as failure:
        raise _explained(failure) from failure
    except OSError as error:
        raise MachineFailed(f"cannot write the sound: {error.strerror}") from error
    finally:
        for left in (part, *work.glob(f"{pieces.PIECE}*")):
            with suppress(OSError):
                left.unlink()
    return Sound(path, laid.starts, _notes(item, stories))


def _check(path: Path, expected: Fraction) -> None:
    duration = probe.facts(path).duration
    if abs(duration - expected) > _ROOM + expected / 1000:
        raise InputRefused(
            f"the sound came out {float(duration):.1f} seconds long instead of"
            f" {float(expected):.1f}: a recording is damaged or cut short",
            _AGAIN,
        )


def _notes(item: SoundItem, stories: tuple[tuple[Clip, ...], ...]) -> tuple[str, ...]:
    notes = []
    spoken = {each.language or item.language for each in item.segments if each.spoken}
    rough = sorted(spoken & speech.ROUGH)
    if rough:
        notes.append(
            f"the voice for {' '.join(rough)} is hard to understand: have a native listener judge"
            " it, or record the text and name the recording under `media:`"
        )
    if any(
        stories[each.story][each.media].facts.video
        for each in item.segments
        if each.media is not None
    ):
        notes.append("of films only the sound is in it: what they show, somebody must tell")
    return tuple(notes)


def _explained(failure: ProgramFailed) -> MachineFailed | InputRefused:
    """Our own pieces are right, so what ffmpeg stumbles over is a recording, unless killed."""
    if failure.returncode < 0 or _OUT_OF_MEMORY in failure.stderr:
        return MachineFailed(
            "ffmpeg was ended, perhaps for lack of memory", "close other programs, then try again"
        )
    said = failure.stderr.strip().splitlines()[:1]
    return InputRefused(
        "a recording of the report is damaged",
        *(f"ffmpeg says: {printable(line[:200])}" for line in said),
        _AGAIN,
    )
