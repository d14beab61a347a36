"""What sound is made of: recordings from outside, and pieces laid out for the last run."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from packager.errors import InputRefused
from packager.media import MediaFacts
from packager.values import printable


@dataclass(frozen=True, slots=True)
class Recording:
    """A film or sound from outside and what ``probe`` found it to be."""

    untrusted_path: Path
    facts: MediaFacts

    @property
    def name(self) -> str:
        """Its file's name, for messages."""
        return printable(self.untrusted_path.name)

    def check(self, longest: Fraction) -> None:
        """Refuse one that nobody would hear, or that lasts over ``longest`` seconds."""
        if self.facts.audio is None:
            raise InputRefused(
                f"{self.name} has no sound, and sound shows no pictures",
                "take it out of `media:` and of the folder, or make a film: --as movie",
            )
        if self.facts.duration > longest:
            raise InputRefused(
                f"{self.name} lasts over {int(longest / 3600)} hours", "cut it into parts"
            )


@dataclass(frozen=True, slots=True)
class Piece:
    """A WAV file of the work folder; ``gain`` in dB brings it to the loudness of all others."""

    name: str
    gain: float
    length: Fraction  # seconds, without the pause
    pause: Fraction  # seconds of silence behind it


@dataclass(frozen=True, slots=True)
class Laid:
    """All pieces in order; ``starts`` is when each segment starts, and last the end."""

    pieces: tuple[Piece, ...]
    starts: tuple[Fraction, ...]
