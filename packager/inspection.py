"""Look at what a journalist's file gives away, before anything is packed.

Files are parsed in children behind walls only; here, their parts are walked by length, and their
bytes searched. Nothing is written.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from packager import child, files, pictures, probe, source, traces, workroom
from packager.errors import InputRefused
from packager.source import BareWords
from packager.traces import Trace, What, answer, trace, writing
from packager.values import printable

_NAMED = re.compile(
    r"(?i)(?:19|20)\d\d[-_]?[01]\d[-_]?[0-3]\d|^(?:IMG|PXL|DSC|GOPR|GH01|DJI|VID|MVI|MOV|Screenshot)"
    r"[ _-]?\d|WhatsApp|signal-"
)
_LABELS = ("-m", "packager.labels")
_LOOK = ("-m", "packager.look")
_PATIENCE = 90.0  # seconds
_MOST_TEXT = 16 << 20
_MARKDOWN, _SUBTITLES = frozenset({".md", ".markdown", ".txt"}), frozenset({".srt", ".vtt"})


def inspect(path: Path) -> tuple[Trace, ...]:
    """All traces in a file, or in each file that the report folder ``path`` uses.

    Raises InputRefused for what cannot be read.
    """
    if not path.is_dir():
        return tuple(_file(path, path.name))
    found: list[Trace] = []
    for folder in source.report_folders(path) or [path]:
        for file in _used(folder):
            found += _file(file, str(file.relative_to(path)))
    return tuple(found)


def _used(folder: Path) -> Iterator[Path]:
    """Each file of a report, once."""
    one = source.open_source(folder, BareWords())
    words = [name for text in one.report.texts for name in (text.file, *text.subtitles)]
    media = (*one.media, *(path for _, path in one.pictures))
    yield from dict.fromkeys((*(folder / name for name in words), *media))


def _file(path: Path, name: str) -> Iterator[Trace]:
    shown = printable(name)
    for one in traces.without_echoes((*_of_name(path), *_inside(path))):
        yield replace(one, path=shown)


def _of_name(path: Path) -> Iterator[Trace]:
    """What the name itself tells, as cameras and phones write them; the text may repeat it."""
    if _NAMED.search(path.stem):
        yield trace(What.DEVICE, "its name", path.name)


def _inside(path: Path) -> Iterator[Trace]:
    suffix = path.suffix.lower()
    if suffix in _MARKDOWN | _SUBTITLES:
        text = files.read_text(path, _MOST_TEXT)
        data = text.encode()
        yield from writing.of_text(text)
        yield from writing.of_markdown(text) if suffix in _MARKDOWN else ()
        yield from writing.of_subtitles(text) if suffix in _SUBTITLES else ()
        yield from traces.of_structure("", _reading(data), len(data))
        return
    with os.fdopen(files.open_plain(path), "rb") as file:
        try:
            yield from _binary(file)
        except InputRefused as refusal:
            raise InputRefused(f"{printable(path.name)}: {refusal.fact}", *refusal.hints) from None


def _binary(file: BinaryIO) -> Iterator[Trace]:
    head = file.read(4096)
    kind = pictures.kind_of(head)
    words = (*_LABELS, kind) if kind else (*_LOOK, demuxer := probe.demuxer_of(head), "listing")
    listed = answer.parse(child.decode(words, file, _PATIENCE))
    yield from listed.traces
    for data in listed.pictures:
        yield from _picture_inside(data)
    size = file.seek(0, os.SEEK_END)
    opened = files.Plain(file.fileno(), size)
    yield from traces.of_structure(kind or demuxer, opened.read_at, size)


def _picture_inside(data: bytes) -> Iterator[Trace]:
    """A cover has labels of its own."""
    kind = pictures.kind_of(data[:64])
    if kind is None:
        yield trace(What.PICTURE, "a picture inside", "of a kind that is not known")
        return
    with workroom.unnamed() as file:
        file.write(data)
        file.flush()
        listed = answer.parse(child.decode((*_LABELS, kind), file, _PATIENCE))
    within = (*listed.traces, *traces.of_structure(kind, _reading(data), len(data)))
    for one in within:
        yield replace(one, where=f"the picture inside, {one.where}")


def _reading(data: bytes) -> traces.ReadAt:
    return lambda at, length: data[at : at + length]
