"""Ask the safety rules about files on disk, and what hides inside their containers."""

import os
from pathlib import Path

from packager import container, files, safety
from packager.container import rules
from packager.errors import InputRefused
from packager.files import Entry
from packager.safety import Refusal, Rule
from packager.values import printable


def refusals(path: Path) -> tuple[Refusal, ...]:
    """Every rule that a file or a folder breaks; empty where all may travel."""
    if not path.is_dir() or path.is_symlink():
        descriptor = files.open_plain(path)
        size = os.fstat(descriptor).st_size
        os.close(descriptor)
        return of_file(path.name, path, size)
    try:
        entries = files.walk(path)
    except InputRefused as error:
        return (Refusal(printable(path.name), Rule.NAME, error.fact),)
    folder = safety.folder_problems(entry.relative for entry in entries)
    return folder + tuple(refusal for entry in entries for refusal in of_entry(entry))


def is_litter(path: Path) -> bool:
    """Whether a plain file is what a computer drops into any folder that somebody looks at."""
    magic = safety.litter_magic(path.name)
    if magic is None:
        return False
    descriptor = files.open_plain(path)
    try:
        return os.read(descriptor, len(magic)) == magic
    finally:
        os.close(descriptor)


def of_entry(entry: Entry) -> tuple[Refusal, ...]:
    """The rules that one file of a walked folder breaks."""
    return of_file(entry.relative, entry.path, entry.size)


def of_file(untrusted_name: str, path: Path, size: int) -> tuple[Refusal, ...]:
    """The rules that a file breaks, by its name, its first and last bytes, and its structure."""
    descriptor = files.open_plain(path)
    try:
        head = os.pread(descriptor, safety.HEAD, 0)
        tail = os.pread(descriptor, safety.TAIL, max(0, size - safety.TAIL))
        broken = safety.problems(untrusted_name, size, head, tail)
        return broken or _hidden(printable(untrusted_name), descriptor, size, head)
    finally:
        os.close(descriptor)


def _hidden(shown: str, descriptor: int, size: int, head: bytes) -> tuple[Refusal, ...]:
    """What stands in a media file or picture that nobody sees who plays it."""

    def read_at(offset: int, length: int) -> bytes:
        return os.pread(descriptor, length, offset) if offset < size else b""

    kind = container.kind_of(head)
    if kind:
        found = rules.hidden(kind, read_at, size)
    elif shown.lower().endswith((".jpg", ".png")):
        problem = rules.hidden_in_picture(read_at(0, size))
        found = (problem,) if problem else ()
    else:
        found = ()
    return tuple(
        Refusal(shown, Rule.HIDDEN, f"'{shown}': {printable(message)}") for message in found
    )
