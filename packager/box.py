"""What a program that meets untrusted bytes may reach, and the words that hold it to that.

Linux raises the walls (see ``walls``); other systems have none here, and ``WALLED`` says so.
"""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from packager import walls

WALLED = sys.platform == "linux"
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store")
_NEEDED = ("/etc/ld.so.cache", "/dev/null", "/dev/urandom")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may take; only Linux can hold it to that. None: as much as it wants."""

    memory: int | None = None  # bytes of address space
    file_size: int | None = None  # bytes of any one file it writes
    cpu: int | None = None  # seconds of all its threads together
    stack: int | None = None  # bytes of each thread

    def by_name(self) -> dict[str, int]:
        """Under the names that the system has for them."""
        named = {"AS": self.memory, "FSIZE": self.file_size, "CPU": self.cpu, "STACK": self.stack}
        return {name: most for name, most in named.items() if most is not None}


@dataclass(frozen=True, slots=True)
class Box:
    """All of the disk that a program may see; of the network it sees nothing.

    ``read`` are single files, ``write`` the folders of the job, which it may also read.
    """

    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)


def launched(command: list[str], box: Box) -> list[str]:
    """Words that raise the walls and then become ``command``, whose first is a path."""
    first = Path(command[0]).absolute()
    beside = str(first.resolve().parent.parent / "lib")  # where other prefixes keep libraries
    run = (str(first), *_LIBRARIES, beside)
    read = (*_NEEDED, *(str(path.absolute()) for path in box.read))
    write = (str(folder.absolute()) for folder in box.write)
    rules = [*_rules("run", *run), *_rules("read", *read), *_rules("write", *write)]
    return [*launcher(box.limits), *rules, "--", str(first), *command[1:]]


def tried(canary: Path) -> list[str]:
    """Words that raise the walls and then try to get at ``canary`` and the network."""
    return [*launcher(Limits()), *_rules("read", *_NEEDED), f"try={canary}"]


def launcher(limits: Limits) -> list[str]:
    """The start of both."""
    held = [f"limit={name}:{most}" for name, most in limits.by_name().items()]
    return [sys.executable, "-I", "-S", walls.__file__, f"parent={os.getpid()}", *held]


def _rules(kind: str, *paths: str) -> list[str]:
    return [f"{kind}={path}" for path in paths]
