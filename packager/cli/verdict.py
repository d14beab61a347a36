"""By whose words a file is judged, and what is said of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packager import pins, terminal, words
from packager import verify as verifying
from packager.cli.session import Session
from packager.errors import Exit, MachineFailed
from packager.files import read_text
from packager.pins import Pin
from packager.reel import Reel
from packager.verify import Reason, Result, Verdict

if TYPE_CHECKING:
    from packager.keyring import Home

EXITS = {
    Verdict.GENUINE: Exit.DONE,
    Verdict.NOT_GENUINE: Exit.NO,
    Verdict.CANNOT_TELL: Exit.CANNOT_TELL,
}
_SIGNS = {Verdict.GENUINE: "GENUINE", Verdict.NOT_GENUINE: "NOT GENUINE"}
_ADVICE = {
    Verdict.GENUINE: "",
    Verdict.NOT_GENUINE: "Do not open it, do not pass it on. Get it again from somewhere else.",
    Verdict.CANNOT_TELL: "This says nothing against the file: there is not enough to judge by.",
}


@dataclass(frozen=True, slots=True)
class Trust:
    """By whose words files are judged; ``home`` remembers, unless the words were given."""

    pins: tuple[Pin, ...]
    home: "Home | None" = None

    def judge(self, path: Path, reel: Reel | None = None) -> Result:
        """The verdict on a file or folder; what it taught is kept."""
        known = self.home.known() if self.home else verifying.NOTHING_KNOWN
        result = verifying.release(path, self.pins, known, reel)
        self.learn(result)
        return result

    def learn(self, result: Result) -> None:
        """Keep what a result taught, where this home may be written."""
        try:
            if self.home:
                from packager.remember import remember  # noqa: PLC0415 -- only homes remember

                remember(self.home, result)
        except MachineFailed as error:  # a home on a read-only stick still judges
            terminal.note(f"this home cannot remember what it saw: {error.fact}")


def trusted(session: Session, spoken: str | None, file: Path | None) -> Trust:
    """Whom to trust: words that were given, a file of pins, or this home."""
    if spoken is not None:
        return Trust(tuple(map(pins.of_words, words.readings(spoken))))
    if file is not None:
        return Trust(pins.parse(read_text(file, pins.MAX_BYTES)))
    return Trust(session.home.pins(), session.home)


def answer(
    session: Session, path: Path, spoken: str | None, pin_file: Path | None, reel: Reel | None
) -> int:
    """Judge and say so; the exit code. ``reel`` is the file, where it is one."""
    trust = trusted(session, spoken, pin_file)
    result = trust.judge(path, reel)
    today = datetime.now(tz=UTC).date().isoformat()
    beside = (*_expiry(result, today), *(_other_order(path, trust, result) if spoken else ()))
    facts = verdict_facts(result) | {"notes": [*result.notes, *beside]}
    lines = verdict_lines(result) + [f"note: {text}" for text in (*result.notes, *beside)]
    terminal.answer(facts, lines, as_json=session.as_json)
    return int(EXITS[result.verdict])


def _expiry(result: Result, today: str) -> tuple[str, ...]:
    """A warning, never a wall: a reader's clock proves nothing."""
    ends = {one.seal.manifest.expires for one in result.files if one.seal} - {""}
    past = sorted(end for end in ends if end < today)
    if not past:
        return ()
    return (f"meant to be read until {past[0]}; by this computer's clock that has passed",)


def _other_order(path: Path, trust: Trust, result: Result) -> tuple[str, ...]:
    """What is wrong with the order of words that open nothing, where one slip explains it."""
    if result.reason is not Reason.NO_PIN:
        return ()
    slips = {
        other: slip for pin in trust.pins for other, slip in words.other_orders(pin.words).items()
    }
    found = verifying.release(path, [pins.of_words(other) for other in slips]).sealed
    if found is None or found.pin is None:
        return ()
    return (
        f"a seal opens if {slips[found.pin.words]}: compare the order with where you got the words",
    )


def verdict_facts(result: Result) -> dict[str, object]:
    """A verdict in the words of the ``--json`` contract."""
    sealed = result.sealed
    return {
        "verdict": str(result.verdict),
        "reason": str(result.reason),
        "detail": result.detail,
        "publisher": result.publisher,
        "words": words.spell(sealed.pin.words) if sealed and sealed.pin else "",
        "serial": sealed.seal.manifest.serial if sealed and sealed.seal else None,
        "date": sealed.seal.manifest.date if sealed and sealed.seal else "",
        "expires": sealed.seal.manifest.expires if sealed and sealed.seal else "",
        "files": [
            {
                "path": one.path,
                "verdict": str(one.verdict),
                "reason": str(one.reason),
                "detail": one.detail,
                "pieces_ok": one.pieces_ok,
                "pieces": one.pieces,
                "altered_at": one.altered_at,
                "extra_bytes": one.extra_bytes,
            }
            for one in result.files
        ],
        "extra": list(result.extra),
        "missing": list(result.missing),
        "notes": list(result.notes),
    }


def verdict_lines(result: Result) -> list[str]:
    """A verdict in words for people."""
    lines = [f"{_SIGNS.get(result.verdict, 'CANNOT TELL')}: {result.detail}"]
    sealed = result.sealed
    if sealed and sealed.pin and sealed.seal:
        stated = sealed.seal.manifest
        lines.append(f"  publisher  {sealed.pin.name}")
        lines.append(f"  words      {words.spell(sealed.pin.words)}")
        lines.append(f"  date       {stated.date or 'not stated'} (the publisher's claim)")
        lines += [f"  until      {stated.expires} (the publisher's wish)"] if stated.expires else []
        lines.append(f"  serial     {stated.serial}")
    for one in result.files:
        degree = f" ({one.pieces_ok} of {one.pieces} pieces)" if one.pieces else ""
        lines.append(f"  {one.verdict!s:12} {one.path}{degree}: {one.detail}")
    lines += [f"  missing      {path}" for path in result.missing]
    advice = _ADVICE[result.verdict]
    return [*lines, advice] if advice else lines
