"""Damage sealed files at random and ask the verifier about each.

    python tests/fuzz.py --count 200000 --seed 1

No exception but our own, no answer that takes a second, and `genuine` only for the sealed bytes.
A finding is printed with the seed and the number that make it again (--only NUMBER).
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import crafted
from crafted import Desk

from packager import container, pins, safety, verify
from packager.container import Kind
from packager.errors import PackagerError
from packager.verify import Verdict

SLOWEST = 1.0  # seconds of work for one file
HANGING = 20.0  # seconds on the clock, however busy the machine is
DESK, STRANGER = Desk(), Desk("stranger")
TRUSTED = (pins.of_words(DESK.value),)


@dataclass(frozen=True)
class Sample:
    """A sealed file and the places in it that matter."""

    kind: Kind
    data: bytes
    places: tuple[int, ...]  # where headers and the seal stand


@cache
def samples() -> tuple[Sample, ...]:
    """Small files of every kind: one piece, three pieces, and one that a stranger sealed."""
    made = []
    for kind in Kind:
        for size, how in (
            (300, crafted.craft()),
            (34_000, crafted.craft()),
            (300, crafted.craft(STRANGER)),
            (300, replace(crafted.craft(), padding=bytes(4000))),
        ):
            data = crafted.sealed(crafted.plain(kind, size), how)
            slot = container.walk(kind, lambda at, n, d=data: d[at : at + n], len(data)).slots[-1]  # type: ignore[misc]
            near = (*range(64), *range(slot.start - 64, slot.start + 200), slot.end - 1)
            made.append(Sample(kind, data, tuple(at for at in (*near, len(data) - 1) if at >= 0)))
    return tuple(made)


Mutate = Callable[[random.Random, Sample], bytes]


def flip(chance: random.Random, sample: Sample) -> bytes:
    """Some bits another, near what matters or anywhere."""
    data = bytearray(sample.data)
    for _ in range(chance.choice((1, 1, 1, 2, 5, 20))):
        at = chance.choice(sample.places) if chance.random() < 0.7 else chance.randrange(len(data))
        data[at % len(data)] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(chance: random.Random, sample: Sample) -> bytes:
    """The end, the start or a part of the middle gone."""
    one, two = sorted(chance.randrange(len(sample.data) + 1) for _ in range(2))
    whole = sample.data
    return chance.choice((whole[:one], whole[one:], whole[:one] + whole[two:]))


def splice(chance: random.Random, sample: Sample) -> bytes:
    """A part of it, or of another file, somewhere in it."""
    other = chance.choice(samples()).data
    start = chance.randrange(len(other))
    part = other[start : start + chance.choice((1, 8, 47, 500, len(other)))]
    at = chance.choice((*sample.places[:1], chance.randrange(len(sample.data)), len(sample.data)))
    keep = at + (len(part) if chance.random() < 0.5 else 0)
    return sample.data[:at] + part + sample.data[keep:]


def noise(chance: random.Random, sample: Sample) -> bytes:
    """Random bytes in, over or behind it."""
    part = chance.randbytes(chance.choice((1, 4, 32, 300)))
    at = chance.choice((chance.choice(sample.places), len(sample.data)))
    return sample.data[:at] + part + sample.data[at + chance.choice((0, len(part))) :]


def lengths(chance: random.Random, sample: Sample) -> bytes:
    """A length field that lies."""
    width = chance.choice((1, 2, 4, 8))
    top = (1 << 8 * width) - 1
    close = chance.choice((len(sample.data), 0, 1, chance.randrange(70_000)))
    value = chance.choice((0, 1, top, top >> 1, top >> 7, close, chance.randrange(top + 1))) & top
    field = value.to_bytes(width, chance.choice(("big", "little")))
    at = chance.choice(sample.places)
    return sample.data[:at] + field + sample.data[at + width :]


def seals(chance: random.Random, sample: Sample) -> bytes:
    """The seal doubled, exchanged, dropped, or put behind another file."""
    other = chance.choice(samples())
    mine, theirs = _slot(sample), _slot(other)
    body = other.data[theirs.start : theirs.end]
    head = sample.kind.header(len(body))
    bare = sample.data[: mine.start - sample.kind.header_size]
    whole = head + body + sample.kind.suffix(len(body))
    return chance.choice(
        (
            bare + whole,
            sample.data + whole,
            bare + whole + sample.data[mine.start - sample.kind.header_size :],
            sample.data[: mine.start] + body + sample.data[mine.end :],
            other.data + sample.data,
            bare,
        )
    )


def _slot(sample: Sample) -> container.Slot:
    data = sample.data
    return container.walk(sample.kind, lambda at, n: data[at : at + n], len(data)).slots[-1]


def plain(chance: random.Random, sample: Sample) -> bytes:
    """A seal whose inside is damaged and whose salt fits: somebody who knows the words."""

    def edit(inside: bytes) -> bytes:
        data = bytearray(inside)
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.choice((chance.randrange(16, 102), chance.randrange(16, len(data))))
            data[at] = chance.choice((0, 255, data[at] ^ 1 << chance.randrange(8)))
        return bytes(data)

    how = replace(crafted.craft(), plain=edit)
    # one piece: the inside of the seal is the subject, and edits must be equal in both passes
    state = chance.getstate()

    def same(inside: bytes) -> bytes:
        chance.setstate(state)
        return edit(inside)

    return crafted.sealed(crafted.plain(sample.kind), replace(how, plain=same))


MUTATIONS: tuple[tuple[Mutate, int], ...] = (
    (flip, 8),
    (cut, 3),
    (splice, 4),
    (noise, 3),
    (lengths, 6),
    (seals, 3),
    (plain, 1),
)


def mutation(seed: int, number: int) -> tuple[str, bytes]:
    """The file of this number: the same for the same seed."""
    chance = random.Random(f"{seed} {number}")
    mutate = chance.choices([one for one, _ in MUTATIONS], [n for _, n in MUTATIONS])[0]
    sample = chance.choice(samples())
    data = mutate(chance, sample)
    if mutate is not plain and chance.random() < 0.2:
        data = flip(chance, replace(sample, data=data, places=(0, 5, 40))) if data else data
    return mutate.__name__, data


@dataclass(frozen=True)
class Outcome:
    """What came of one file; ``finding`` is empty where all is well."""

    answer: str
    seconds: float
    finding: str


def judge(path: Path, data: bytes) -> Outcome:
    """Ask about one file, also what hides in it."""
    path.write_bytes(data)
    began, clock = time.process_time(), time.perf_counter()
    finding = ""
    answer = "refused"
    try:
        found = verify.file(path, "file", TRUSTED)
        answer = str(found.reason)
        if found.verdict is Verdict.GENUINE and data not in {one.data for one in samples()}:
            finding = "genuine, and not as sealed"
        kind = container.kind_of(data[: container.HEAD])
        if kind:
            name = f"file.{kind}"
            safety.problems(name, len(data), lambda at, n: data[at : at + n], lambda _: False)
    except PackagerError:
        pass
    except Exception as error:  # noqa: BLE001 -- any other one is what we look for
        finding = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - began
    if seconds > SLOWEST or time.perf_counter() - clock > HANGING:
        finding = finding or f"{seconds:.2f} s"
    return Outcome(answer, seconds, finding)


def run(seed: int, numbers: range) -> tuple[Counter[str], list[str], float]:
    """Answers counted, findings, and the slowest answer in seconds."""
    answers: Counter[str] = Counter()
    findings = []
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number in numbers:
            name, data = mutation(seed, number)
            outcome = judge(Path(folder) / "file", data)
            answers[outcome.answer] += 1
            slowest = max(slowest, outcome.seconds)
            if outcome.finding:
                findings.append(f"--seed {seed} --only {number} ({name}): {outcome.finding}")
    return answers, findings, slowest


def main() -> int:
    """Run, print what was found, and end with 1 if anything was."""
    parser = argparse.ArgumentParser(description="damage sealed files and verify them")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="make one file again")
    asked = parser.parse_args()
    one = asked.only
    numbers = range(asked.count) if one is None else range(one, one + 1)
    answers, findings, slowest = run(asked.seed, numbers)
    for line in findings:
        print("FOUND", line)
    for answer, count in answers.most_common():
        print(f"{count:8} {answer}")
    print(f"{len(numbers)} files, seed {asked.seed}, slowest answer {slowest:.3f} s")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
