"""Change good files at random and put them before every parser of ours that is no seal's.

    python tests/fuzz_safety.py --minutes 60 --seed 1 --record fuzz.json

No exception but our own, no answer over two seconds, no memory over 500 MB, and nothing accepted
into which something foreign was put. A finding is printed with what makes it again (--only NUMBER);
the record says what was run and what came of it.
"""

import argparse
import json
import platform
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fuzz_changes import CHANGES, flip
from fuzz_seeds import Seed, of_safety, seeds

from packager.errors import PackagerError

SLOWEST = 2.0  # seconds of work for one file
MEMORY = 500 * 1024 * 1024  # bytes above what the fuzzer itself holds
MARKUP = (b"<!DOCTYPE a", b"<!ENTITY", b"<?xml-stylesheet", b"<!--", b"<script")


def change(seed: int, number: int) -> tuple[Seed, str, bytes, bool]:
    """The input of this number: the same for the same seed."""
    chance = random.Random(f"{seed} {number}")
    start = chance.choice(seeds())
    how = chance.choices([one for one, _ in CHANGES], [weight for _, weight in CHANGES])[0]
    data, bad = how(chance, start)
    if not bad and chance.random() < 0.2 and data:
        data, _ = flip(chance, Seed(start.name, data, start.judge))
    return start, how.__name__, data, bad


@dataclass(frozen=True)
class Outcome:
    """What came of one input; ``finding`` is empty where all is well."""

    answer: str
    seconds: float
    finding: str


def judge(start: Seed, data: bytes, *, bad: bool) -> Outcome:
    """Ask its parser."""
    began = time.process_time()
    answer, finding = "refused", ""
    try:
        if start.judge(start.name, data):
            answer = "accepted"
    except PackagerError:
        pass
    except Exception as error:  # noqa: BLE001 -- any other one is what we look for
        finding = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - began
    if answer == "accepted" and bad and data != start.data:
        finding = "something foreign was accepted"
    book = start.name.endswith(".fb2")
    if answer == "accepted" and book and any(word in data for word in MARKUP):
        finding = finding or "markup that loads or hides was accepted"
    if seconds > SLOWEST:
        finding = finding or f"{seconds:.2f} s"
    return Outcome(answer, seconds, finding)


@dataclass
class Record:
    """What came of a run; ``slowest`` in seconds, and which input it was."""

    seed: int
    answers: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    accepted_wrongly: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    minutes: float = 0.0

    def add(self, number: int, start: Seed, how: str, outcome: Outcome) -> None:
        """Count one input."""
        one = f"--seed {self.seed} --only {number} ({how} of {start.name})"
        kind = start.name.rpartition(".")[2] if start.judge is of_safety else start.name
        self.answers[f"{kind} {outcome.answer}"] += 1
        if outcome.seconds > self.slowest:
            self.slowest, self.slowest_input = outcome.seconds, one
        if outcome.finding:
            self.accepted_wrongly += outcome.answer == "accepted" and outcome.seconds < SLOWEST
            self.findings.append(f"{one}: {outcome.finding}")
            print("FOUND", self.findings[-1], flush=True)

    def write(self, path: Path) -> None:
        """As JSON that people can read."""
        facts = {
            "python": platform.python_version(),
            "seed": self.seed,
            "minutes": round(self.minutes, 1),
            "inputs": self.answers.total(),
            "parsers": len(seeds()),
            "slowest_seconds": round(self.slowest, 3),
            "slowest_input": self.slowest_input,
            "memory_peak_mib": memory(),
            "accepted_wrongly": self.accepted_wrongly,
            "findings": self.findings,
            "answers": dict(sorted(self.answers.items())),
        }
        path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def run(seed: int, numbers: Iterable[int], until: float = float("inf")) -> Record:
    """Ask about each input until the clock says ``until``."""
    record = Record(seed)
    began = time.monotonic()
    for number in numbers:
        start, how, data, bad = change(seed, number)
        record.add(number, start, how, judge(start, data, bad=bad))
        if time.monotonic() > until:
            break
    record.minutes = (time.monotonic() - began) / 60
    return record


def memory() -> int:
    """The most that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def limit_memory() -> None:
    """No input may take more than ``MEMORY`` above what is held already."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> int:
    """Run, print what was found, and end with 1 if anything was."""
    parser = argparse.ArgumentParser(description="change good files and parse them")
    parser.add_argument("--count", type=int, default=10**9)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="make one input again")
    parser.add_argument("--record", type=Path, help="write what came of it to this file")
    asked = parser.parse_args()
    one = asked.only
    numbers = range(asked.count) if one is None else range(one, one + 1)
    seeds()
    limit_memory()
    until = time.monotonic() + asked.minutes * 60
    record = run(asked.seed, numbers, until)
    for answer, count in sorted(record.answers.items()):
        print(f"{count:8} {answer}")
    print(f"{record.answers.total()} inputs in {record.minutes:.1f} minutes, seed {record.seed},")
    print(f"slowest answer {record.slowest:.2f} s: {record.slowest_input}; {memory()} MiB")
    if asked.record:
        record.write(asked.record)
    return 1 if record.findings else 0


if __name__ == "__main__":
    sys.exit(main())
