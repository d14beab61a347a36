"""Speak with every wall up: the child that ``speech`` starts.

Its stdin is the text: on each line a JSON array of a text and the samples of silence behind it. Its
last argument names the WAV file it writes, which it opens before the walls go up; then it can read
espeak-ng's own data and nothing else. For each text it prints at which sample its sound starts, and
the end of the last one.
"""

import ctypes
import json
import os
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import espeakng_loader

from packager import walls

RATE = 22_050  # samples a second, what espeak-ng makes
NO_VOICE, TOO_LONG, BROKEN = "no-voice", "too-long", "broken"
_LONGEST = 24 * 3600 * RATE  # samples; a WAV file's sizes reach a little further
_MOST = {"AS": 2 << 30, "CPU": 900, "FSIZE": 2 * _LONGEST + 4096, "NOFILE": 32}
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: espeak_Synth returns when all is spoken
_BY_CHARACTER = 1
_UTF8, _PHONEMES = 0x1, 0x100  # the second: [[...]] are phonemes, where ``speech`` writes them
_SPEED, _VOLUME = 1, 2  # espeak_PARAMETER
_LOUDNESS = 70  # of 100, at which strong vowels touch the limit
_FULL = 2**15
_Heard = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class _NoVoiceError(Exception):
    """The library has no such voice, or not its data."""


class _TooLongError(Exception):
    """More sound than a file takes."""


def main(voice: str, speed: int, target: str) -> None:
    """Speak stdin as ``voice``."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path()
    with os.fdopen(0, "rb") as texts, Path(target).open("xb") as file, wave.open(file, "wb") as out:
        walls.stand_behind(read=(data,), limits=_MOST)
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        try:
            _Speaker(library, data, voice, speed, out).speak(_lines(texts))
        except _NoVoiceError:
            sys.stdout.write(f"{NO_VOICE}\n")
        except _TooLongError:
            sys.stdout.write(f"{TOO_LONG}\n")


def _lines(texts: BinaryIO) -> Iterator[tuple[str, int]]:
    for line in texts:
        text, pause = json.loads(line)
        yield str(text), int(pause)


class _Speaker:
    """espeak-ng with one voice, writing what it says as it says it."""

    def __init__(
        self, library: ctypes.CDLL, data: str, voice: str, speed: int, out: wave.Wave_write
    ) -> None:
        self._library, self._out = library, out
        self._at = 0  # samples written
        self._error: Exception | None = None
        rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), 0)
        if rate != RATE or library.espeak_SetVoiceByName(voice.encode()):
            raise _NoVoiceError
        library.espeak_SetParameter(_SPEED, speed, 0)
        library.espeak_SetParameter(_VOLUME, _LOUDNESS, 0)
        self._heard = _Heard(self._hear)  # the library keeps no reference, so we do
        library.espeak_SetSynthCallback(self._heard)

    def speak(self, texts: Iterator[tuple[str, int]]) -> None:
        for text, pause in texts:
            sys.stdout.write(f"{self._at}\n")
            sys.stdout.flush()
            data = text.encode() + b"\0"
            status = self._library.espeak_Synth(
                data, ctypes.c_size_t(len(data)), 0, _BY_CHARACTER, 0, _UTF8 | _PHONEMES, None, None
            )
            if self._error is not None:
                raise self._error
            if status:
                raise _NoVoiceError
            self._write(bytes(2 * pause))
        sys.stdout.write(f"{self._at}\n")

    def _hear(self, samples: object, count: int, events: object) -> int:
        """Take a piece of sound; anything but 0 ends the text."""
        del events
        try:
            if samples and count > 0:
                self._write(ctypes.string_at(samples, 2 * count))  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 -- C would swallow it
            self._error = error
            return 1
        return 0

    def _write(self, data: bytes) -> None:
        self._at += len(data) // 2
        if self._at > _LONGEST:
            raise _TooLongError
        self._out.writeframesraw(data)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
