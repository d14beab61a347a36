"""What ``pack`` answers: releases made, releases planned, and why one was not."""

from collections.abc import Sequence

from packager import terminal
from packager.audit import by_check
from packager.errors import Exit
from packager.pack import Packed
from packager.pack.every import Outcome
from packager.pack.preview import Preview


def answer(packed: Packed, *, as_json: bool) -> int:
    """One release."""
    terminal.answer(_facts(packed), _lines(packed), as_json=as_json)
    return int(Exit.DONE)


def answers(outcomes: Sequence[Outcome], *, as_json: bool) -> int:
    """A release of each look; the exit code of the first that failed."""
    _raise_if_one_problem(outcomes)
    lines: list[str] = []
    for one in outcomes:
        lines += [f"{one.disguise.upper()}", *(_lines(one.packed) if one.packed else ()), ""]
        if one.problem:
            lines[-1:] = [f"not made  {one.problem.fact}", *_hints(one), ""]
    terminal.answer({"releases": [_outcome(one) for one in outcomes]}, lines, as_json=as_json)
    return _worst(outcomes)


def told(outcomes: Sequence[Outcome], *, as_json: bool) -> int:
    """What would be made."""
    _raise_if_one_problem(outcomes)
    lines: list[str] = []
    for one in outcomes:
        if one.preview:
            lines += _preview_lines(one.preview)
        elif one.problem:
            lines += [f"{one.disguise}: not possible: {one.problem.fact}", *_hints(one)]
        lines.append("")
    terminal.answer({"plans": [_outcome(one) for one in outcomes]}, lines[:-1], as_json=as_json)
    return _worst(outcomes)


def _raise_if_one_problem(outcomes: Sequence[Outcome]) -> None:
    """What keeps every look from being made lies in the report, and is said once."""
    problem = outcomes[0].problem
    if problem and all(one.problem and one.problem.fact == problem.fact for one in outcomes):
        raise problem


def _worst(outcomes: Sequence[Outcome]) -> int:
    return next((int(one.problem.exit) for one in outcomes if one.problem), int(Exit.DONE))


def _hints(outcome: Outcome) -> list[str]:
    return [f"hint      {hint}" for hint in outcome.problem.hints] if outcome.problem else []


def _outcome(one: Outcome) -> dict[str, object]:
    facts: dict[str, object] = {"disguise": one.disguise}
    if one.packed:
        return facts | _facts(one.packed)
    if one.preview:
        return facts | _foreseen(one.preview)
    if one.problem is None:
        raise ValueError("an outcome is a release, a plan or a problem")
    return facts | {
        "error": one.problem.fact,
        "hints": list(one.problem.hints),
        "exit": int(one.problem.exit),
    }


def _foreseen(plan: Preview) -> dict[str, object]:
    return {
        "name": plan.name,
        "title": plan.title,
        "output": str(plan.output),
        "size": plan.size,
        "files": [
            {"path": one.path, "seconds": one.seconds, "size": one.size} for one in plan.files
        ],
    }


def _preview_lines(plan: Preview) -> list[str]:
    lines = [f"{plan.disguise}: {plan.title}", f"  {plan.output}"]
    for one in plan.files:
        length = f"{one.seconds // 60}:{one.seconds % 60:02}" if one.seconds else ""
        lines.append(f"  {one.path}  {length:>8}  about {_size(one.size)}")
    return lines


def _size(count: int) -> str:
    return f"{count / 10**6:,.1f} MB" if count >= 10**5 else f"{count / 1000:,.0f} kB"


def _facts(packed: Packed) -> dict[str, object]:
    """A release in the words of the ``--json`` contract."""
    return {
        "release": str(packed.release),
        "output": str(packed.output),
        "torrent": str(packed.torrent),
        "magnet": packed.magnet,
        "infohash_v1": packed.infohashes.v1.hex() if packed.infohashes.v1 else "",
        "infohash_v2": packed.infohashes.v2.hex() if packed.infohashes.v2 else "",
        "variant": packed.sealed.manifest.variant.hex(),
        "files": [
            {"path": one.path, "size": one.length, "root": one.root.hex() if one.root else ""}
            for one in packed.sealed.files
        ],
        "findings": [
            {
                "check": one.check,
                "group": str(one.group),
                "severity": str(one.severity),
                "path": one.path,
                "message": one.message,
            }
            for one in packed.findings
        ],
        "notes": list(packed.notes),
        "signatures": str(packed.signatures) if packed.signatures else "",
    }


def _lines(packed: Packed) -> list[str]:
    lines = [f"Release   {packed.release}"]
    lines += [f"          {one.path}  {one.length:,} bytes" for one in packed.sealed.files]
    lines += [
        f"Torrent   {packed.torrent}",
        f"Hand over {packed.output / 'handover'}",
        f"Review    {packed.output / 'review.html'} (private: look at it before anything goes out)",
    ]
    lines += [f"Check by  {packed.signatures}"] if packed.signatures else []
    lines += [f"note: {text}" for text in packed.notes]
    for one, more in by_check(packed.findings):
        places = f" (and in {more} more places)" if more else ""
        lines.append(f"{one.severity}: {one.check}{places}: {one.message}")
    return lines
