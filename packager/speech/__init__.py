"""Text becomes speech, with no network: espeak-ng, whose library and voices come in one wheel.

It speaks in a child (``voice``) that can reach nothing but its own data, and writes as it goes, so
a long text takes no more memory than a short one. One text always gives the same bytes: the child
is new each time, because the library carries its state from one sentence to the next. How good
each voice is, and what else was tried, stands in ``docs/speech.md``.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager import child, voice
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed, ProgramStuck
from packager.speech import wording
from packager.values import Language

__all__ = ["ROUGH", "VOICES", "Spoken", "speak"]

PAUSE = Fraction(7, 10)  # seconds between paragraphs
CHILD = ("-m", "packager.voice")
_PATIENCE = 60.0  # seconds to start; speech itself is some hundred times as fast as a speaker
_CHARACTERS_A_SECOND = 2_000  # on the slowest computer thought of
_VOICES = {  # voice of espeak-ng, words a minute by its own count
    Language.EN: ("en", 135),
    Language.RU: ("ru", 135),
    Language.UK: ("uk", 205),
    Language.BE: ("be", 165),
    Language.FA: ("fa", 150),
    Language.AR: ("ar", 150),
    Language.ZH: ("cmn", 180),
    Language.MY: ("shn", 140),  # see ``burmese``
    Language.ES: ("es", 140),
}
VOICES = frozenset(_VOICES)
ROUGH = frozenset({Language.FA, Language.AR, Language.MY, Language.BE})  # hard to understand
_OWN_VOICE = "record the text, and name the recording under `media:` in report.md"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Speech in a WAV file: mono, 16 bits, 22,050 Hz. All times are in seconds.

    ``starts`` has an entry for each paragraph, which lasts to the next one or ``duration``, its
    pause included.
    """

    path: Path
    starts: tuple[Fraction, ...]
    duration: Fraction


def speak(
    paragraphs: Sequence[str],
    language: Language,
    work: Path,
    name: str,
    *,
    pauses: Sequence[Fraction] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Spoken:
    """Speak ``paragraphs`` into ``work/name.wav``, behind each its pause, in seconds.

    ``progress`` gets 0 to 1, on another thread. Raises InputRefused where nothing can be spoken
    or the speech would last over a day, MachineFailed for disk and library. Nothing half done is
    left.
    """
    speaker, speed = _voice(language)
    texts = [wording.spoken(paragraph, language) for paragraph in paragraphs]
    if not any(map(wording.speakable, texts)):
        raise InputRefused("there is no word in the text that could be spoken", _OWN_VOICE)
    target, script = work / f"{name}.wav", work / f"{name}.jsonl"
    length = sum(map(len, texts))
    try:
        script.write_text(_script(texts, pauses or [PAUSE] * len(texts)), "ascii")
        said = _said(
            (speaker, str(speed), str(target.absolute())),
            script,
            _PATIENCE + length / _CHARACTERS_A_SECOND,
            len(texts),
            progress,
        )
    except BaseException:
        _remove(target)
        raise
    finally:
        _remove(script)
    times = [Fraction(sample, voice.RATE) for sample in said]
    return Spoken(target, tuple(times[:-1]), times[-1])


def _script(texts: Sequence[str], pauses: Sequence[Fraction]) -> str:
    """What the child reads: on each line a text, and the samples of silence behind it."""
    silent = (round(pause * voice.RATE) for pause in pauses)
    return "".join(f"{json.dumps(line)}\n" for line in zip(texts, silent, strict=True))


def _voice(language: Language) -> tuple[str, int]:
    try:
        return _VOICES[language]
    except KeyError:
        raise InputRefused(f"there is no voice for the language {language}", _OWN_VOICE) from None


def _said(
    words: tuple[str, ...],
    script: Path,
    timeout: float,
    count: int,
    progress: Callable[[float], None] | None,
) -> list[int]:
    """The samples at which the texts start, and the end of the last one."""
    untrusted_lines: list[str] = []

    def on_line(line: str) -> None:
        untrusted_lines.append(line)
        if progress:
            progress(min(1.0, len(untrusted_lines) / (count + 1)))

    try:
        with script.open("rb") as texts:
            child.run((*CHILD, *words), stdin=texts, timeout=timeout, on_line=on_line)
    except ProgramStuck as failure:
        raise MachineFailed("the voice did not come to an end and was stopped") from failure
    except ProgramFailed as failure:
        if failure.crashed:
            raise InputRefused("the text makes the voice crash", _OWN_VOICE) from failure
        raise MachineFailed(
            "the library that speaks does not work here", *failure.hints, "run packager doctor"
        ) from failure
    except OSError as error:
        raise MachineFailed(f"cannot write the speech: {error.strerror}") from error
    return _times(untrusted_lines, count)


def _times(untrusted_lines: list[str], count: int) -> list[int]:
    last = untrusted_lines[-1] if untrusted_lines else ""
    if last == voice.TOO_LONG:
        raise InputRefused(
            "the text would take over a day to speak", "make several reports of it, or a book"
        )
    numbers = [int(line) for line in untrusted_lines if line.isdigit()]
    if last == voice.NO_VOICE or len(numbers) != count + 1 or numbers != sorted(numbers):
        raise MachineFailed("the voice is missing, or does not work here", "install packager again")
    return numbers


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
