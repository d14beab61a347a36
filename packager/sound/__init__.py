"""Carry out the plan for a piece of sound: one MP3 or M4B, clean, the same bytes each time.

What is spoken is spoken first, recordings are decoded once; the loudness of each is measured on the
way. One more run of ffmpeg joins, levels and encodes them with tags, chapters and cover.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager import blame, probe, speech
from packager.clip import Clip
from packager.disguise.items import SoundItem
from packager.errors import MachineFailed
from packager.program import ProgramFailed
from packager.sound import encoding, pieces, wash

__all__ = ["Sound", "make"]

_SHARE = 0.6  # of the work is the last run
_ROOM = Fraction(1, 5)  # seconds that the sound may differ from the sum of its pieces


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
        _check(part, laid.starts[-1], [one for story in stories for one in story], work)
        path = work / f"sound{item.path.suffix}"
        part.replace(path)
    except ProgramFailed as failure:
        clips = [one for story in stories for one in story]
        raise blame.explained(failure, clips, work) from failure
    except OSError as error:
        raise MachineFailed(f"cannot write the sound: {error.strerror}") from error
    finally:
        for left in (part, *work.glob(f"{pieces.PIECE}*")):
            with suppress(OSError):
                left.unlink()
    return Sound(path, laid.starts, _notes(item, stories))


def _check(path: Path, expected: Fraction, clips: Sequence[Clip], work: Path) -> None:
    duration = probe.facts(path).duration
    if abs(duration - expected) > _ROOM + expected / 1000:
        long, wanted = float(duration), float(expected)
        fact = f"the sound came out {long:.1f} seconds long instead of {wanted:.1f}"
        raise blame.cut_short(fact, clips, work)


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
