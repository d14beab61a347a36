"""Our ffmpeg: every call is closed off from network, terminal, home and the machine's fonts.

Where the kernel can, it holds ffmpeg to that: see ``box``. It reads what it was given, the files
that links of ours in the work folder stand for, and the system's libraries; it writes into the
work folder.

Graphs are built with ffmpeg-python; a finished output goes to ``run``. Files that we made
ourselves are named relative to the work folder, with fixed ASCII names; a file from outside is
always given with the demuxer that ``probe`` found for it, so that a playlist dressed up as a
film is never followed.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import ffmpeg
import imageio_ffmpeg
import manimgx_fonts
import manimgx_fonts_cjk
from ffmpeg.nodes import FilterableStream as Stream
from ffmpeg.nodes import OutputStream as Output

from packager import program
from packager.box import Box, Limits
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed, ProgramStuck, Running
from packager.values import printable

__all__ = [
    "Job",
    "Output",
    "Stream",
    "begun",
    "binary",
    "drawn",
    "fonts",
    "made",
    "run",
    "source",
    "stand_in",
]

THREADS = 2  # fixed: the number of threads changes the bytes that x264 makes
FONTS = "fonts"
_MOST_MEMORY = 4 << 30  # bytes of address space; real use stays far below
_LARGEST_BLOCK = 1 << 30  # bytes of one allocation
_STACK = 2 << 20  # bytes of a thread; by default it is 8 MiB, and a hundred clips need many
_ROOM = 1 << 30  # bytes that any output may have
_DENSEST = 8 << 20  # bytes of output a second, beside the size of what goes in
_MOST_PIXELS = 40_000_000
_MOST_STREAMS = 64
_FILE = "file:"
_PROLOGUE = (
    *("-nostdin", "-hide_banner", "-loglevel", "error", "-xerror", "-y"),
    *("-max_alloc", str(_LARGEST_BLOCK), "-filter_threads", "1"),
    *("-filter_complex_threads", "1", "-progress", "pipe:1", "-nostats"),
)
_SUSPECT = (
    "the clip is broken, or made to do harm: do not open it in other programs",
    "get it again from where it came",
)
_NO_FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>\n'
_CJK, _EMOJI = "cjk", "Emoji"
_SCRIPTS = {  # what a text holds -> the font that has it
    "Arabic": r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]",
    "Armenian": r"[\u0530-\u058f]",
    "Bengali": r"[\u0980-\u09ff]",
    "Devanagari": r"[\u0900-\u097f]",
    _EMOJI: r"[\u2600-\u27bf\U0001f000-\U0001faff]",
    "Ethiopic": r"[\u1200-\u139f]",
    "Georgian": r"[\u10a0-\u10ff]",
    "Hebrew": r"[\u0590-\u05ff]",
    "Khmer": r"[\u1780-\u17ff]",
    "Lao": r"[\u0e80-\u0eff]",
    "Myanmar": r"[\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f]",
    "Symbols": r"[\u2190-\u2bff]",
    "Tamil": r"[\u0b80-\u0bff]",
    "Thai": r"[\u0e00-\u0e7f]",
    _CJK: r"[\u25a0-\u25ff\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
    r"\U00020000-\U0003ffff]",
}


def binary() -> Path:
    """The ffmpeg that is used: the one we are pinned to, or that of PACKAGER_FFMPEG."""
    if chosen := os.environ.get("PACKAGER_FFMPEG"):
        return Path(chosen)
    # its own look-up would also take any ffmpeg of the system
    folder = Path(imageio_ffmpeg.__file__).parent / "binaries"
    found = sorted(path for path in folder.glob("ffmpeg*") if path.is_file())
    if not found:
        raise MachineFailed(
            "the ffmpeg that should have come with packager is missing",
            "install packager again, or name another ffmpeg in PACKAGER_FFMPEG",
        )
    return found[0]


def source(untrusted_path: Path, demuxer: str, **options: object) -> Stream:
    """An input from outside; ``demuxer`` is what ``probe`` says it is."""
    return ffmpeg.input(
        f"{_FILE}{untrusted_path.absolute()}",
        f=demuxer,
        protocol_whitelist="file",
        max_pixels=_MOST_PIXELS,
        max_streams=_MOST_STREAMS,
        **options,
    )


def made(name: str, demuxer: str, **options: object) -> Stream:
    """An input that we made: a file of the work folder."""
    return ffmpeg.input(name, f=demuxer, protocol_whitelist="file", **options)


def drawn(description: str, **options: object) -> Stream:
    """An input that ffmpeg draws up itself, as ``color=...`` or ``anullsrc=...``."""
    return ffmpeg.input(description, f="lavfi", **options)


@dataclass(frozen=True, slots=True)
class Job:
    """A call of ffmpeg on its way; ``given`` are names of files from outside."""

    running: Running
    timeout: float  # seconds
    given: tuple[str, ...]
    again: Callable[[], None] | None  # called while it is waited for

    def wait(self) -> None:
        """Wait for its end; raises what ``run`` raises."""
        with _blamed(self.given):
            self.running.wait(self.timeout, self.again)


def run(
    output: Output,
    *,
    work: Path,
    seconds: Fraction,
    progress: Callable[[float], None] | None = None,
    chapters: str | None = None,
) -> None:
    """Make ``output``, ``seconds`` long, in the folder ``work``.

    ``progress`` gets the finished part, 0 to 1, on this thread or another, at least twice a
    second; what it raises ends ffmpeg. ``chapters`` is the input of chapter marks, one of the
    inputs of ``output``. Raises what ``program.run`` raises, and InputRefused where a file from
    outside makes ffmpeg crash or hang.
    """
    with begun(output, work=work, seconds=seconds, progress=progress, chapters=chapters) as job:
        job.wait()


@contextmanager
def begun(
    output: Output,
    *,
    work: Path,
    seconds: Fraction,
    progress: Callable[[float], None] | None = None,
    chapters: str | None = None,
) -> Iterator[Job]:
    """``run`` under way: leave the ``with`` block before its end, and it is stopped."""
    words = output.compile(cmd=[str(binary()), *_PROLOGUE])
    if chapters is not None:  # ffmpeg wants the number that the input happened to get
        inputs = [words[i + 1] for i, word in enumerate(words) if word == "-i"]
        words[words.index("-map_chapters") + 1] = str(inputs.index(chapters))
    timeout = 600 + 120 * float(seconds)
    share = _Share(seconds, progress) if progress else None
    given = [Path(word).name for word in words if word.startswith(_FILE)]
    with program.start(
        words,
        cwd=work,
        on_line=share.on_line if share else None,
        env=_environment(work),
        box=_box(words, work, seconds, timeout),
    ) as running:
        shown = tuple(dict.fromkeys(map(printable, given)))
        yield Job(running, timeout, shown, share.again if share else None)


def _box(words: Sequence[str], work: Path, seconds: Fraction, timeout: float) -> Box:
    """The inputs from outside, and what the links that we laid into the folder stand for."""
    given = [Path(word.removeprefix(_FILE)) for word in words if word.startswith(_FILE)]
    beside = [*work.iterdir(), *(work / FONTS).glob("*")]
    links = [path.resolve() for path in beside if path.is_symlink()]
    readable = tuple(path for path in (*given, *links) if path.is_file())
    size = sum(path.stat().st_size for path in readable)
    limits = Limits(
        memory=_MOST_MEMORY,
        file_size=_ROOM + 2 * size + round(_DENSEST * seconds),
        cpu=round(timeout * THREADS),
        stack=_STACK,
    )
    return Box(readable, (work,), limits)


@contextmanager
def _blamed(given: tuple[str, ...]) -> Iterator[None]:
    """A crash or a hang is the fault of a file from outside, where there is one."""
    who = given[0] if len(given) == 1 else f"one of {len(given)} clips"
    try:
        yield
    except ProgramStuck as failure:
        if not given:
            raise
        raise InputRefused(f"{who} makes ffmpeg hang", *_SUSPECT) from failure
    except ProgramFailed as failure:
        if not given or not failure.crashed:
            raise
        raise InputRefused(f"{who} makes ffmpeg crash", *_SUSPECT) from failure


def fonts(work: Path, text: str) -> Path:
    """The folder of ``work`` with the fonts that ``text`` needs; libass may use no other."""
    folder = work / FONTS
    folder.mkdir(exist_ok=True)
    plain = Path(manimgx_fonts.__file__).parent
    wanted = {"NotoSans.ttf": plain / "NotoSans[wght].ttf"}
    for script, characters in _SCRIPTS.items():
        if script != _CJK and re.search(characters, text):
            family = "Noto" if script == _EMOJI else "NotoSans"
            wanted[f"{family}{script}.ttf"] = plain / f"{family}{script}[wght].ttf"
    if "\\i1" in text:
        wanted["NotoSansItalic.ttf"] = plain / "NotoSans-Italic[wght].ttf"
    if re.search(_SCRIPTS[_CJK], text):
        chinese = Path(manimgx_fonts_cjk.__file__).parent / "NotoSansCJK-VF.otf.ttc"
        wanted["NotoSansCJK.ttc"] = chinese
    for name, origin in wanted.items():
        if not origin.is_file():
            raise MachineFailed(f"the font {origin.name} is missing", "install packager again")
        stand_in(origin, folder / name)
    return folder


def stand_in(path: Path, alias: Path) -> None:
    """Let ``alias`` stand for ``path`` without copying it, where the system knows how."""
    if alias.exists():
        return
    with suppress(OSError):
        alias.symlink_to(path.absolute())
        return
    try:
        shutil.copyfile(path, alias)
    except OSError as error:
        raise MachineFailed(
            f"cannot copy {path.name}: {error.strerror}", "free some space, then try again"
        ) from error


def _environment(work: Path) -> dict[str, str]:
    """All that ffmpeg knows of this machine: nothing of the user, and no fonts."""
    config = work / "fonts.conf"
    if not config.exists():
        config.write_text(_NO_FONTS, "ascii")
    here = str(work.absolute())
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return kept | {
        "FONTCONFIG_FILE": str(config.absolute()),
        "HOME": here,
        "LC_ALL": "C",
        "TMPDIR": here,
        "TZ": "UTC",
        "XDG_CACHE_HOME": here,
    }


@dataclass(slots=True)
class _Share:
    """How much is made, told with every line about it; ``again`` also before the first one."""

    seconds: Fraction
    progress: Callable[[float], None]
    made: float = 0.0

    def on_line(self, line: str) -> None:
        key, _, value = line.partition("=")
        if key == "out_time_us" and value.isdigit() and self.seconds:
            self.made = min(1.0, int(value) / 1_000_000 / float(self.seconds))
            self.again()

    def again(self) -> None:
        self.progress(self.made)
