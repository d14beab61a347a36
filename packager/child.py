"""Children of our own: modules of this package that meet bytes from outside, in a process apart.

They raise the walls around themselves (``walls.close_in``), once they have loaded what they need.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from packager import program
from packager.program import Finished

_PYTHON = ("-P", "-S", "-s", "-B")


def run(
    words: Sequence[str],
    *,
    stdin: BinaryIO,
    timeout: float,
    on_line: Callable[[str], None] | None = None,
) -> Finished:
    """Run Python with ``words``, as ``-m packager.look mov``; see ``program.run``."""
    return program.run(
        [sys.executable, *_PYTHON, *words],
        cwd=Path(__file__).parent,
        timeout=timeout,
        on_line=on_line,
        env=_environment(),
        stdin=stdin,
    )


def _environment() -> dict[str, str]:
    """All that a child knows of this machine; it finds modules where we do."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    own = str(Path(__file__).parents[1])  # last, as ours may be a path that only a hook knows
    places = [str(Path(place).absolute()) for place in sys.path if place]
    return kept | {"LC_ALL": "C", "PYTHONPATH": os.pathsep.join([*places, own])}
