"""A media file from outside, and what it was found to be."""

from dataclasses import dataclass
from pathlib import Path

from packager import probe
from packager.errors import InputRefused
from packager.media import MediaFacts, VideoFacts
from packager.values import printable


@dataclass(frozen=True, slots=True)
class Clip:
    """A film or recording."""

    untrusted_path: Path
    facts: MediaFacts

    @property
    def name(self) -> str:
        """Its file's name, for messages."""
        return printable(self.untrusted_path.name)

    @property
    def video(self) -> VideoFacts:
        """Its picture; InputRefused if it has none."""
        if self.facts.video is None:
            raise InputRefused(f"{self.name} has no picture", "give a film that has one")
        return self.facts.video


def clip_of(untrusted_path: Path) -> Clip:
    """Look at a media file; raises what ``probe.facts`` raises."""
    return Clip(untrusted_path, probe.facts(untrusted_path))
