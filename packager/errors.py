"""Everything that can go wrong, as one tree.

PackagerError
├── CheckFailed     a check said no: not genuine, a lint failed            exit 1
├── UsageMistake    the command's words do not fit together                exit 2
├── CannotTell      there is not enough to judge by                        exit 3
├── InputRefused    the input breaks a rule, or would overwrite something  exit 4
└── MachineFailed   disk full, a tool missing or broken                    exit 5

An error is one fact in lower case without a full stop, then hints that say what to do next.
A programmer's mistake is never a PackagerError.
"""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the ``packager`` command; never renumbered."""

    DONE = 0
    NO = 1
    USAGE = 2
    CANNOT_TELL = 3
    REFUSED = 4
    MACHINE = 5
    INTERRUPTED = 130


class PackagerError(Exception):
    """One fact and any number of hints."""

    exit = Exit.NO

    def __init__(self, fact: str, *hints: str) -> None:
        super().__init__(fact)
        self.fact = fact
        self.hints = hints


class CheckFailed(PackagerError):
    """A check said no."""

    exit = Exit.NO


class UsageMistake(PackagerError):
    """The command's words do not fit together."""

    exit = Exit.USAGE


class CannotTell(PackagerError):
    """There is not enough to judge by."""

    exit = Exit.CANNOT_TELL


class InputRefused(PackagerError):
    """The input breaks a rule, or the output would overwrite something."""

    exit = Exit.REFUSED


class MachineFailed(PackagerError):
    """The machine let us down: disk full, a tool missing, a child that died."""

    exit = Exit.MACHINE
