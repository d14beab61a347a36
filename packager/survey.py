"""Ask the safety rules about files on disk."""

import os
from pathlib import Path

from packager import files, safety
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


def of_entry(entry: Entry) -> tuple[Refusal, ...]:
    """The rules that one file of a walked folder breaks."""
    return of_file(entry.relative, entry.path, entry.size)


def of_file(untrusted_name: str, path: Path, size: int) -> tuple[Refusal, ...]:
    """The rules that a file breaks, by its name, its first and its last bytes."""
    descriptor = files.open_plain(path)
    try:
        head = os.pread(descriptor, safety.HEAD, 0)
        tail = os.pread(descriptor, safety.TAIL, max(0, size - safety.TAIL))
    finally:
        os.close(descriptor)
    return safety.problems(untrusted_name, size, head, tail)
