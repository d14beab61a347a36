"""Ask the safety rules about files on disk."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from packager import container, files, safety, seal
from packager.errors import InputRefused
from packager.files import Entry
from packager.safety import Kind, Refusal, Rule
from packager.values import printable
from packager.words import Words

_PADDING = ".pad"
_NONE: Mapping[str, Kind] = MappingProxyType({})


def refusals(path: Path) -> tuple[Refusal, ...]:
    """Every rule that a file or a folder breaks; empty where all may travel."""
    return tuple(one for one in findings(path) if not one.is_warning)


def findings(
    path: Path, trusted: Sequence[Words] = (), also: Mapping[str, Kind] = _NONE
) -> tuple[Refusal, ...]:
    """The same with warnings: noise that nobody's words among ``trusted`` open.

    ``also`` are kinds that may stand beside releases, by their endings.
    """
    if not path.is_dir() or path.is_symlink():
        found = of_file(path.name, path, lambda name: (path.parent / name).is_file(), also)
        return _unopened(found, path, trusted)
    try:
        entries = files.walk(path, skip=is_padding)
    except InputRefused as error:
        return (Refusal(printable(path.name), Rule.NAME, error.fact),)
    there = {str(entry.relative) for entry in entries}
    found = safety.folder_problems(there)
    for entry in entries:
        judged = of_file(entry.relative, entry.path, there.__contains__, also)
        found += _unopened(judged, entry.path, trusted)
    return found


def is_passed_over(path: Path) -> bool:
    """Whether a file or folder says nothing of a release: litter of computers, or padding."""
    return is_padding(path) or is_litter(path)


def is_litter(path: Path) -> bool:
    """Whether a plain file is what a computer drops into any folder that somebody looks at."""
    magic = safety.litter_magic(path.name)
    if magic is None or path.is_dir():
        return False
    with files.plain(path) as file:
        return file.read_at(0, len(magic)) == magic


def is_padding(path: Path) -> bool:
    """Whether it is the folder of zeros that some torrent clients write (``.pad/N``, BEP 47)."""
    if path.name != _PADDING or path.is_symlink() or not path.is_dir():
        return False
    inside = list(path.iterdir())
    return all(
        not one.is_symlink()
        and one.is_file()
        and not of_file(f"{_PADDING}/{one.name}", one, lambda _: False)
        for one in inside
    )


def of_entry(entry: Entry, exists: Callable[[str], bool]) -> tuple[Refusal, ...]:
    """The rules that one file of a walked folder breaks; ``exists`` knows its other files."""
    return of_file(entry.relative, entry.path, exists)


def of_file(
    untrusted_name: str,
    path: Path,
    exists: Callable[[str], bool],
    also: Mapping[str, Kind] = _NONE,
) -> tuple[Refusal, ...]:
    """The rules that a file breaks, by its name and by parsing it from start to end."""
    with files.plain(path) as file:
        return safety.problems(untrusted_name, file.size, file.read_at, exists, also)


def _unopened(
    found: tuple[Refusal, ...], path: Path, trusted: Sequence[Words]
) -> tuple[Refusal, ...]:
    """Without the warning of noise that somebody's words open."""
    if not any(one.is_warning for one in found) or not _opens(path, trusted):
        return found
    return tuple(one for one in found if not one.is_warning)


def _opens(path: Path, trusted: Sequence[Words]) -> bool:
    with files.plain(path) as file:
        kind = container.kind_of(file.read_at(0, container.HEAD))
        slots = container.walk(kind, file.read_at, file.size).slots[-1:] if kind else ()
        payloads = [kind.payload(file.read_at(s.start, s.length)) for s in slots] if kind else []
        return any(payload and seal.unlock(payload, trusted) for payload in payloads)
