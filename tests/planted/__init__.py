"""A corpus of files with a mark planted in each place that could give an author away.

    python -m planted FOLDER       (in tests/) writes all of them, and a report that uses them

Made by exiftool, ffmpeg, Pillow, mutagen and by hand; each file has a mark of its own.
"""

from collections.abc import Iterator
from pathlib import Path

from planted import films, pictures, sounds
from planted.build import Planted, word
from planted.listed import LISTED

__all__ = ["LISTED", "Planted", "corpus", "mark", "report", "word", "write"]

_HEAD = """\
---
# {remark}
language: en
title: A bridge
byline: Desk
media: [{media}]
subtitles: [words.srt]
---
"""
_SRT = "1\n00:00:00,000 --> 00:00:00,900\nHello there.\n"


def corpus() -> tuple[Planted, ...]:
    """All files; the number of each stands in its mark and is its name."""
    rooms = (pictures, films, sounds)
    return tuple(one for room in rooms for one in room.planted())


def write(folder: Path) -> dict[Path, Planted]:
    """Make every file of the corpus in ``folder``, by its path."""
    folder.mkdir(parents=True)
    bench = folder.parent / f"{folder.name}-bench"
    bench.mkdir()
    return dict(_made(folder, bench))


def _made(folder: Path, bench: Path) -> Iterator[tuple[Path, Planted]]:
    for number, one in enumerate(corpus()):
        path = folder / f"{number:03}.{one.suffix}"
        one.make(path, word(number), bench)
        yield path, one


def mark(path: Path) -> str:
    """The mark in a file of the corpus."""
    return word(int(path.stem))


def report(folder: Path, files: list[Path]) -> None:
    """A report in ``folder`` that uses ``files``, with marks in its remarks and between letters."""
    shown = [path for path in files if path.suffix[1:] in pictures.SUFFIXES]
    media = ", ".join(path.name for path in files if path not in shown)
    body = "The bri\u200bdge\u2063 fell.\n\n" + "".join(
        f"![]({path.name})\n\nWords.\n\n" for path in shown
    )
    head = _HEAD.format(remark=word(900), media=media)
    (folder / "report.md").write_text(head + body, encoding="utf-8")
    (folder / "words.srt").write_text(_SRT, encoding="utf-8")
