"""Children of our own: modules of this package that meet bytes from outside, in a process apart.

They raise the walls around themselves (``walls.stand_behind``) once they have loaded what they
need.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from packager import program
from packager.errors import InputRefused, MachineFailed
from packager.program import Finished, ProgramFailed, ProgramStuck, Running

SUSPECT = "it is broken, or made to do harm: do not open it in other programs"
_PYTHON = ("-P", "-S", "-s", "-B")


@contextmanager
def begun(
    words: Sequence[str],
    *,
    stdin: BinaryIO,
    on_line: Callable[[str], None] | None = None,
) -> Iterator[Running]:
    """Start Python with ``words``, as ``-m packager.look mov``; see ``program.start``."""
    with program.start(
        [sys.executable, *_PYTHON, *words],
        cwd=Path(__file__).parent,
        on_line=on_line,
        env=_environment(),
        stdin=stdin,
    ) as running:
        yield running


def run(
    words: Sequence[str],
    *,
    stdin: BinaryIO,
    timeout: float,
    on_line: Callable[[str], None] | None = None,
) -> Finished:
    """The same to its end; see ``program.run``."""
    with begun(words, stdin=stdin, on_line=on_line) as running:
        return running.wait(timeout)


def decode(
    words: Sequence[str],
    file: BinaryIO,
    patience: float,
    on_line: Callable[[str], None] | None = None,
) -> str:
    """What a child says of an open file from outside; ``patience`` in seconds.

    Raises InputRefused for a file that makes it crash or hang, MachineFailed where its library
    does not work.
    """
    with decoding(words, file, patience, on_line) as said:
        return said()


@contextmanager
def decoding(
    words: Sequence[str],
    file: BinaryIO,
    patience: float,
    on_line: Callable[[str], None] | None = None,
) -> Iterator[Callable[[], str]]:
    """``decode`` under way; what comes back waits for the answer. ``file`` is the child's now."""
    with begun(words, stdin=file, on_line=on_line) as running:
        yield lambda: _said(running, patience)


def _said(running: Running, patience: float) -> str:
    try:
        return running.wait(patience).stdout
    except ProgramStuck as failure:
        raise InputRefused("it makes the decoder hang", SUSPECT) from failure
    except ProgramFailed as failure:
        if failure.crashed:
            raise InputRefused("it makes the decoder crash", SUSPECT) from failure
        raise MachineFailed(
            "the library that reads films and pictures does not work here",
            *failure.hints,
            "run packager doctor",
        ) from failure


def _environment() -> dict[str, str]:
    """All that a child knows of this machine; it finds modules where we do."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    own = str(Path(__file__).parents[1])  # last, as ours may be a path that only a hook knows
    places = [str(Path(place).absolute()) for place in sys.path if place]
    return kept | {"LC_ALL": "C", "PYTHONPATH": os.pathsep.join([*places, own])}
