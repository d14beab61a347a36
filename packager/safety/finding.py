"""What a judge of one kind of file is given, and what it says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from packager.container import ReadAt


class Rule(StrEnum):
    """Why a file may not travel; scripts rely on these names."""

    NAME = "name"
    TYPE = "type"
    DOUBLE_SUFFIX = "double-suffix"
    SIZE = "size"
    PROGRAM = "program"
    CONTENT = "content"
    TEXT = "text"
    HIDDEN = "hidden"
    ACTIVE = "active"
    REMOTE = "remote"
    POLYGLOT = "polyglot"
    NOISE = "noise"
    COLLISION = "collision"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Found:
    """One broken rule of a file; ``message`` is a phrase without the file's name."""

    rule: Rule
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file to judge: its path in the folder, size in bytes, bytes, and what lies around it."""

    path: str
    size: int
    read_at: ReadAt
    exists: Callable[[str], bool]  # whether the folder has a file of this path

    def whole(self) -> bytes:
        """All bytes; for kinds whose size is limited."""
        return self.read_at(0, self.size)


Judge = Callable[[Source], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How files of one ending begin, how large they may be (bytes), and who judges the rest."""

    head: re.Pattern[bytes]
    limit: int
    judge: Judge


def kind(head: bytes, limit: int, judge: Judge) -> Kind:
    """A kind whose files begin with what the pattern ``head`` matches."""
    return Kind(re.compile(head, re.DOTALL), limit, judge)


class Unsafe(Exception):
    """Ends the parsing of a file with what was found in it."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(message)
        self.found = Found(rule, message)


def hidden(message: str) -> Found:
    """Something inside a file that does not belong there."""
    return Found(Rule.HIDDEN, message)
