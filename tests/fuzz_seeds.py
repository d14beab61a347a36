"""Good inputs of every kind, each with the parser of ours that reads it."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import crafted
import fuzz_others
import good

from packager import chain, known, manifest, pins, report, safety, subtitles, torrent, words
from packager.article import markdown
from packager.container import Kind
from packager.safety import metainfo
from packager.values import Digest

LARGEST = 300_000  # bytes of a good input
SAMPLE = Path(__file__).parents[1] / "samples" / "report"


@dataclass(frozen=True)
class Seed:
    """A good input, and who parses it."""

    name: str
    data: bytes
    judge: Callable[[str, bytes], bool]  # whether it was accepted


def of_safety(path: str, data: bytes) -> bool:
    there = {"01 - One.mp3", "02 - Two.mp3"}
    found = safety.problems(
        path, len(data), lambda at, n: data[at : at + n], there.__contains__, metainfo.BESIDE
    )
    accepted = all(one.is_warning for one in found)
    if accepted and path.endswith((".srt", ".vtt")):
        parse = subtitles.parse if path.endswith(".srt") else subtitles.parse_vtt
        parse(path, data.decode())
    return accepted


def _text(parse: Callable[[str], object], name: str, data: bytes) -> bool:
    del name
    parse(data.decode("utf-8", "replace"))
    return True


def _bytes(parse: Callable[[bytes], object], name: str, data: bytes) -> bool:
    del name
    parse(data)
    return True


def _films(folder: Path) -> Iterator[Path]:
    """What ffmpeg and mkvmerge write, where they are small."""
    return (path for path in good.made(folder) if path.stat().st_size < LARGEST)


@cache
def seeds() -> tuple[Seed, ...]:
    """Small ones of every kind."""
    made = [Seed(name, data, of_safety) for name, data in good.files() if len(data) < LARGEST]
    front = (SAMPLE / "report.ru.md").read_bytes()
    line = crafted.PINNED[0].line.encode()
    texts: dict[str, tuple[Callable[[str], object], bytes]] = {
        "report": (lambda text: report.parse({"report.md": text}), front),
        "article": (lambda text: markdown.parse("report.md", text), front),
        "srt": (lambda text: subtitles.parse("a", text), (SAMPLE / "report.en.srt").read_bytes()),
        "vtt": (
            lambda text: subtitles.parse_vtt("a", text),
            dict(good.files())["Subs/film.en.vtt"],
        ),
        "pins": (pins.parse, line),
        "words": (words.parse, b"abandon ability able about above absent absorb abstract"),
    }
    stated = crafted._manifest(Kind.MKV, crafted.craft(), b"", 300, (Digest(bytes(32)),))
    raw: dict[str, tuple[Callable[[bytes], object], bytes]] = {
        "torrent": (torrent.read, dict(good.files())["film.torrent"]),
        "chain": (chain.parse, crafted.DESK.chain.encode()),
        "manifest": (manifest.parse, stated.encode()),
        "known": (known.parse, known.Known(crafted.DESK.chain, 7, "2026-05-31").encode()),
    }
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        made += [Seed(path.name, path.read_bytes(), of_safety) for path in _films(Path(folder))]
    made += [Seed(name, data, partial(_text, parse)) for name, (parse, data) in texts.items()]
    made += [Seed(name, data, partial(_bytes, parse)) for name, (parse, data) in raw.items()]
    made += [Seed(name, data, partial(_bytes, parse)) for name, data, parse in fuzz_others.inputs()]
    return tuple(made)
