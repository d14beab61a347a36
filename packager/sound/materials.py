"""What sound is made of: pieces of recordings and telling, laid out for the last run."""

from dataclasses import dataclass
from fractions import Fraction


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
