"""Nothing planted in a report's files is in what pack makes of it, and ``inspect`` names it.

The corpus is ``planted``; a mark is looked for in five spellings, also inside archives.
"""

import json
import re
import subprocess
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import planted
import pytest
from commands import Command, throwaway
from planted.build import WORD, captions
from tools import tool

from packager import inspection

pytestmark = [pytest.mark.slow, pytest.mark.tool]

MOST = 170  # of them go into one report, which takes a hundred films and sounds
LEAST = 120  # files that the corpus must have
UNSEEN_IN_BYTES = {"png: compressed text", "png: colour profile"}  # deflated


@cache
def needles() -> tuple[bytes, ...]:
    """The mark as it may be written: plain, two bytes a letter, percent, hexadecimal, base64."""
    plain = [WORD.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    plain.append(WORD.upper().encode())
    plain.append(captions(WORD))
    escaped = "".join(f"%{byte:02x}" for byte in WORD.encode())
    found = [*plain, escaped.encode(), escaped.upper().encode(), WORD.encode().hex().encode()]
    for one in plain[:3]:
        for shift in range(3):
            coded = b64encode(bytes(shift) + one)
            found.append(coded[(0, 2, 3)[shift] : (shift + len(one)) * 8 // 6])
    return tuple(found)


def contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from map(archive.read, archive.namelist())


def holds(path: Path) -> bool:
    return any(needle in data for data in contents(path) for needle in needles())


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, planted.Planted]:
    return planted.write(tmp_path_factory.mktemp("planted") / "corpus")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("leaks") / "home")


def labels(folder: Path) -> set[str]:
    """The names of all fields that exiftool shows of the files in a folder."""
    command = [tool("exiftool"), "-a", "-u", "-G1", "-j", "-r", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, timeout=120)
    found = {name for one in json.loads(done.stdout or b"[]") for name in one} - {"SourceFile"}
    return {name for name in found if name.partition(":")[0] not in DISK}


def test_the_corpus_holds_what_it_says(corpus: dict[Path, planted.Planted]) -> None:
    assert len({one.what for one in corpus.values()}) == len(corpus) > LEAST
    missed = {one.what for path, one in corpus.items() if not holds(path)}
    assert missed == UNSEEN_IN_BYTES
    shown = labels(next(iter(corpus)).parent)
    assert {"IFD0:Artist", "IPTC:By-line", "XMP-dc:Creator", "GPS:GPSAreaInformation"} <= shown


@pytest.fixture(scope="session")
def told(corpus: dict[Path, planted.Planted]) -> dict[str, str]:
    """All that ``inspect`` says of each file, by its name."""
    folder = next(iter(corpus)).parent
    planted.report(folder, list(corpus)[:MOST])
    words: dict[str, str] = {}
    rest = (one for path in list(corpus)[MOST:] for one in inspection.inspect(path))
    for one in (*inspection.inspect(folder), *rest):
        words[one.path] = words.get(one.path, "") + f"{one.where}: {one.value}\n"
    return words


# Places in which inspect sees that something is there, and cannot read out what
UNNAMED = {
    "jpg: comment of its thumbnail",
    "mp4: closed captions",
    "mts: closed captions",
    "jpg: small picture in JFIF",
    "tif: IPTC:By-line",
}


def test_inspect_names_what_is_planted(
    corpus: dict[Path, planted.Planted], told: dict[str, str]
) -> None:
    missed = {one.what for path, one in corpus.items() if planted.mark(path) not in told[path.name]}
    assert missed <= UNNAMED
    assert planted.word(900) in told["report.md"]
    assert "U+200B" in told["report.md"]
    assert "U+2063" in told["report.md"]


REFUSED = {"flac: after the end", "mp3: after the end"}  # as bytes that are no sound
DISK = frozenset("System File ExifTool".split())  # fields of the file on this disk
# Which files go into which look: a book takes nearly all, the others take turns, and those that
# make a film of each clip, with poster and card, take few
LOOKS: dict[str, slice] = {
    "book": slice(None),
    "movie": slice(0, None, 6),
    "series": slice(1, None, 40),
    "album": slice(2, None, 8),
    "audiobook": slice(3, None, 8),
    "course": slice(4, None, 40),
}
COPIED = {
    "copy": {
        "mp4: message beside the picture",
        "mp4: closed captions",
        "mp4: tag title",
        "mp4: uuid box",
        "mp4: filler",
        "mp4: a second picture",
        "mp4: a maker's own unit",
        "mp4: data beside the sound",
    },
    "copy HEVC": {
        "mp4: message beside an HEVC picture",
        "mp4: encoder's words in the head of HEVC",
    },
}
ENCODED = {one for what in COPIED.values() for one in what}  # in a film anyway


@pytest.fixture(scope="session", params=[*LOOKS, *COPIED])
def output(
    request: pytest.FixtureRequest,
    corpus: dict[Path, planted.Planted],
    desk: Command,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """What pack makes of a part of the corpus in one look."""
    room = tmp_path_factory.mktemp(request.param)
    if what := COPIED.get(request.param):
        files = [path for path, one in corpus.items() if one.what in what]
        return packed(desk, "movie", files, room, "--copy")
    files = [path for path, one in corpus.items() if one.what not in REFUSED]
    taken = files[LOOKS[request.param]]
    if request.param == "book":  # a report holds a hundred films and sounds
        taken = [path for path in taken if corpus[path].what not in ENCODED]
    if request.param == "movie":
        taken += [path for path in files if corpus[path].what in ENCODED and path not in taken]
    return packed(desk, request.param, taken, room)


def packed(desk: Command, look: str, files: list[Path], room: Path, *words: str) -> Path:
    report = room / "report"
    report.mkdir()
    taken = [report / path.name for path in files]
    for path, copy in zip(files, taken, strict=True):
        copy.write_bytes(path.read_bytes())
    planted.report(report, taken)
    asked = ("--as", look, "--quality", "480p", "--out", str(room / "out"), *words)
    done = desk("pack", report, *asked, "--json")
    assert done.code == 0, done.err
    return Path(done.facts["output"])


def test_no_mark_is_left_in_a_release(output: Path) -> None:
    found = [path for path in output.rglob("*") if path.is_file()]
    assert any(path.suffix == ".torrent" for path in found)
    assert [path.name for path in found if leaks(path)] == []


def leaks(path: Path) -> bool:
    """Whether a mark is left; the last pages of a book print the report's text, remarks too."""
    own = planted.word(900).encode()
    whole = (data.replace(own, b"") for data in contents(path))
    return any(needle in data for data in whole for needle in needles())


def test_exiftool_sees_listed_fields_only(output: Path, tmp_path: Path) -> None:
    for path in output.rglob("*.epub"):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path)
    seen = labels(output / output.name) | labels(tmp_path)
    assert {re.sub(r"^(Track|Chapter)\d+", r"\1", name) for name in seen} <= planted.LISTED
