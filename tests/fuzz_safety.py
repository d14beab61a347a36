"""Change good files at random and put them before every parser of ours that is no seal's.

    python tests/fuzz_safety.py --minutes 20 --seed 1

No exception but our own, no answer over two seconds, no memory over 500 MB, and nothing accepted
into which something foreign was put. A finding is printed with what makes it again (--only NUMBER).
"""

import argparse
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fuzz_changes import CHANGES, flip
from fuzz_seeds import Seed, seeds

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


def run(
    seed: int, numbers: Iterable[int], until: float = float("inf")
) -> tuple[Counter[str], list[str], float]:
    """Answers by parser, findings, and the slowest answer in seconds."""
    answers: Counter[str] = Counter()
    findings = []
    slowest = 0.0
    for number in numbers:
        start, how, data, bad = change(seed, number)
        outcome = judge(start, data, bad=bad)
        kind = start.name.rpartition(".")[2]
        answers[f"{kind} {outcome.answer}"] += 1
        slowest = max(slowest, outcome.seconds)
        if outcome.finding:
            findings.append(
                f"--seed {seed} --only {number} ({how} of {start.name}): {outcome.finding}"
            )
            print("FOUND", findings[-1], flush=True)
        if time.monotonic() > until:
            break
    return answers, findings, slowest


def limit_memory() -> None:
    """No input may take more than ``MEMORY`` above what is held already."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> int:
    """Run, print what was found, and end with 1 if anything was."""
    parser = argparse.ArgumentParser(description="change good files and parse them")
    parser.add_argument("--count", type=int, default=10**9)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="make one input again")
    asked = parser.parse_args()
    one = asked.only
    numbers = range(asked.count) if one is None else range(one, one + 1)
    seeds()
    limit_memory()
    until = time.monotonic() + asked.minutes * 60
    answers, findings, slowest = run(asked.seed, numbers, until)
    for answer, count in sorted(answers.items()):
        print(f"{count:8} {answer}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{answers.total()} inputs, seed {asked.seed}, slowest answer {slowest:.2f} s, {most} MiB"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
