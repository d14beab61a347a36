"""All words to the user.

* The answer goes to stdout, everything else (progress, notes, errors, hints) to stderr.
* With ``--json`` stdout carries exactly one JSON object and stderr stays silent but for errors.
* An error is one line ``error: fact``, then lines ``hint: what to do``.
* Text from outside is escaped before it is shown.

rich and segno are loaded when they are used: who verifies a file waits for neither.
"""

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from packager import files
from packager.errors import Exit, InputRefused, PackagerError, UsageMistake
from packager.values import printable

_MAX_PASSPHRASE = 1024
_END = b"\x04"  # what a terminal is told at the end of input
_ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
_SET_DUMPABLE = 4  # of prctl
_UTF8 = re.compile(
    rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*"
)
_OTHERWISE = {
    Exit.NO: "get it again from somewhere else, or ask who gave it to you",
    Exit.USAGE: "see packager --help",
    Exit.CANNOT_TELL: "ask for the original file, or for a newer one",
    Exit.REFUSED: "it may be damaged, or not what it should be: get it again, or give another",
    Exit.MACHINE: "try again; if it fails again, free some memory and disk first",
}
Report = Callable[[str, float], None]
"""``report(stage, fraction)``: how far a stage has come, 0 to 1."""


def answer(facts: Mapping[str, object], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the one answer of a command, as JSON or in words."""
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, sort_keys=True))
        return
    for line in lines:
        click.echo(_safe(line))


def note(text: str) -> None:
    """A line for people, beside the answer."""
    click.echo(_safe(text), err=True)


def complain(error: PackagerError, *, as_json: bool) -> None:
    """One fact, then hints: every refusal says what to do next."""
    hints = error.hints or (_OTHERWISE[error.exit],)
    label = click.style("error:", fg="red", bold=True) if _colour() else "error:"
    hint = click.style("hint:", fg="yellow") if _colour() else "hint:"
    click.echo(f"{label} {printable(error.fact)}", err=True)
    for text in hints:
        click.echo(f"{hint} {printable(text)}", err=True)
    if as_json:
        facts = {"error": error.fact, "hints": list(hints), "exit": int(error.exit)}
        click.echo(json.dumps(facts, ensure_ascii=False, sort_keys=True))


@contextmanager
def progress(*, quiet: bool) -> Iterator[Report]:
    """A bar with percentage and time left, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _fraction: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {}

        def report(stage: str, fraction: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=min(max(fraction, 0.0), 1.0))

        yield report


@contextmanager
def passphrase(file: Path | None) -> Iterator[Callable[[str], bytearray]]:
    """How a passphrase is got: from the first line of a file, or by asking on a terminal.

    What was got is overwritten at the end of the block.
    """
    given: list[bytearray] = []

    def ask(name: str) -> bytearray:
        given.append(_first_line(file) if file else _typed(name))
        return given[-1]

    _hide_memory()
    try:
        yield ask
    finally:
        for secret in given:
            secret[:] = bytes(len(secret))


def paper_key(file: Path | None, title: str) -> str:
    """The twelve words of a card: from a file, or typed unseen on a terminal."""
    _hide_memory()
    if file is not None:
        return files.read_text(file, _MAX_PASSPHRASE)
    if not sys.stdin.isatty():
        raise UsageMistake(
            "this needs the twelve words of a paper key",
            "run this in a terminal, or give --paper-key-file FILE",
        )
    return str(click.prompt(f"{title}, twelve words", hide_input=True, err=True))


def words_of_card(title: str, places: tuple[int, ...]) -> list[str]:
    """Ask for some words of a card that was just written; the screen is cleared before."""
    _line_typed("Write down both cards, then press Enter: the screen is cleared: ")
    click.echo("\033[2J\033[3J\033[H", err=True, nl=False)  # the lines scrolled away too
    return [
        str(click.prompt(f"{title}: word number {place}", hide_input=True, err=True))
        .strip()
        .lower()
        for place in places
    ]


def sure(question: str) -> bool:
    """Ask whether to do what cannot be undone; no is the default."""
    while (said := _line_typed(f"{question} [y/N]: ").strip().lower()) not in _ANSWERS:
        note("answer y or n")
    return _ANSWERS[said]


def can_ask() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty()


def new_passphrase(file: Path | None) -> str:
    """A passphrase chosen now, asked twice."""
    _hide_memory()
    if file is not None:
        return _first_line(file).decode()
    if not sys.stdin.isatty():
        raise UsageMistake(
            "a new publisher needs a passphrase",
            "run this in a terminal, give --passphrase-file FILE, or --no-passphrase for a test",
        )
    return str(click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))


def qr(text: str) -> str:
    """A QR code in half blocks, for a terminal."""
    import segno  # noqa: PLC0415

    out = io.StringIO()
    segno.make(text, micro=False).terminal(out=out, compact=True, border=2)
    return out.getvalue()


def _line_typed(prompt: str) -> str:
    """What somebody types, and sees; ``input`` would lose a Ctrl-C while it shows the prompt."""
    click.echo(prompt, nl=False, err=True)
    if not (line := sys.stdin.readline()):
        raise click.Abort
    return line


def _first_line(file: Path) -> bytearray:
    """The first line of a UTF-8 file; no other copy of it is made."""
    with files.plain(file) as plain:
        line = _line(plain.descriptor)
    if line == _END:
        line.clear()
    if not _UTF8.fullmatch(line):
        raise InputRefused(f"{files.shown(file)} is not UTF-8 text", "save it as UTF-8")
    if not line:
        raise UsageMistake(
            f"{files.shown(file)} holds no passphrase", "put it on the first line of the file"
        )
    return line


def _typed(name: str) -> bytearray:
    """What somebody types unseen. Windows and click give a text, which cannot be overwritten."""
    if not sys.stdin.isatty():
        raise UsageMistake(
            f"the daily key of {name!r} needs its passphrase",
            "run this in a terminal, or give --passphrase-file FILE",
        )
    if sys.platform == "win32":
        text = click.prompt(f"Passphrase of {name}", hide_input=True, err=True)
        return bytearray(str(text).encode())
    line = bytearray()
    while not line:
        click.echo(f"Passphrase of {name}: ", nl=False, err=True)
        with _unseen():
            line = _line(sys.stdin.fileno())
        click.echo(err=True)
        if line == _END:
            raise click.Abort
    return line


def _line(descriptor: int) -> bytearray:
    """One line, read straight into memory that can be overwritten; ``_END`` where there is none."""
    room = bytearray(_MAX_PASSPHRASE)
    with open(descriptor, "rb", buffering=0, closefd=False) as raw:
        size = raw.readinto(room) or 0
    if not size:
        return bytearray(_END)
    ends = (room.find(end, 0, size) for end in (b"\n", b"\r"))
    line = bytearray(min((at for at in ends if at != -1), default=size))
    with memoryview(room) as view:
        line[:] = view[: len(line)]
        view[:] = bytes(len(view))
    return line


@contextmanager
def _unseen() -> Iterator[None]:
    """The terminal shows nothing of what is typed."""
    import termios  # noqa: PLC0415 -- Windows has none

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    hidden = termios.tcgetattr(descriptor)
    hidden[3] &= ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, hidden)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


def _hide_memory() -> None:
    """No other program of this user may read our memory from now on, and no dump is made of it."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def _safe(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _colour() -> bool:
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")
