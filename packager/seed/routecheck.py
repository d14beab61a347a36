"""Prove, before the first start, that a node on a private route leaks nothing on this computer."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packager import program
from packager.errors import MachineFailed
from packager.program import ProgramFailed
from packager.seed.policy import Via

HAPPENINGS = {
    "stays": "the route stays",
    "missing": "the route is missing from the start",
    "vanishes": "the route vanishes while the node runs",
}
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One trial: what left past the route, and how much went through it."""

    happening: str
    outside: tuple[str, ...]
    inside: int  # different targets

    @property
    def passed(self) -> bool:
        """Nothing left past the route; and something went through where it stays."""
        return not self.outside and (self.inside > 0 or self.happening == "missing")


def check(via: Via) -> tuple[Row, ...]:
    """Every trial, each in a network of its own that leads nowhere."""
    with ThreadPoolExecutor() as pool:
        return tuple(pool.map(lambda one: _try(via, one), HAPPENINGS))


def _try(via: Via, happening: str) -> Row:
    words = [sys.executable, "-m", "packager.seed.leaks", str(via), happening]
    try:
        done = program.run(["unshare", "-Urn", *words], cwd=Path("/"), timeout=_SECONDS)
    except ProgramFailed as error:
        raise MachineFailed(
            f"the route cannot be checked here: {error.stderr.strip()[-200:]}",
            "it needs `unshare` and `ip` (util-linux, iproute2), and a system that lets users make"
            " networks of their own; as root it works where that is forbidden",
        ) from None
    told = json.loads(done.stdout)
    return Row(happening, tuple(told["outside"]), len(told["inside"]))
