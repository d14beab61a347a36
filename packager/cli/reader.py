"""Commands of a reader: check a file, take the report out, choose whom to trust."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from packager import pins, signatures, sshsig, survey, terminal, words
from packager import unpack as unpacking
from packager import verify as verifying
from packager.cli.session import Session, json_option, pass_session
from packager.errors import Exit, MachineFailed, UsageMistake
from packager.files import read_text
from packager.keyring import Home
from packager.pins import Pin
from packager.remember import remember
from packager.verify import Reason, Result, Verdict

_EXITS = {
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
class _Trust:
    """By whose words files are judged; ``home`` remembers, unless the words were given."""

    pins: tuple[Pin, ...]
    home: Home | None = None

    def judge(self, path: Path) -> Result:
        known = self.home.known() if self.home else verifying.NOTHING_KNOWN
        result = verifying.release(path, self.pins, known)
        self.learn(result)
        return result

    def learn(self, result: Result) -> None:
        try:
            if self.home:
                remember(self.home, result)
        except MachineFailed as error:  # a home on a read-only stick still judges
            terminal.note(f"this home cannot remember what it saw: {error.fact}")


def _trust(session: Session, spoken: str | None, file: Path | None) -> _Trust:
    if spoken is not None:
        return _Trust(tuple(map(pins.of_words, words.readings(spoken))))
    if file is not None:
        return _Trust(pins.parse(read_text(file, pins.MAX_BYTES)))
    return _Trust(session.home.pins(), session.home)


def _trust_options(command: click.decorators.FC) -> click.decorators.FC:
    spoken = click.option(
        "--words", "spoken", metavar='"EIGHT WORDS"', help="The publisher's words (or digits)."
    )
    file = click.option(
        "--pin",
        "pin_file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="A file of trusted publishers, one line each.",
    )
    return spoken(file(command))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@_trust_options
@json_option
@pass_session
def verify(session: Session, path: Path, spoken: str | None, pin_file: Path | None) -> int:
    """Say who made a file or folder, and whether it is whole. Needs no network.

    Trusts the publishers of this home (`packager pin list`), or those given by --words or --pin.
    Ends with 0 genuine, 1 not genuine, 3 cannot tell.
    """
    trust = _trust(session, spoken, pin_file)
    result = trust.judge(path)
    today = datetime.now(tz=UTC).date().isoformat()
    beside = (*_expiry(result, today), *(_other_order(path, trust, result) if spoken else ()))
    facts = verdict_facts(result) | {"notes": [*result.notes, *beside]}
    lines = _verdict_lines(result) + [f"note: {text}" for text in (*result.notes, *beside)]
    terminal.answer(facts, lines, as_json=session.as_json)
    return int(_EXITS[result.verdict])


def _expiry(result: Result, today: str) -> tuple[str, ...]:
    """A warning, never a wall: a reader's clock proves nothing."""
    ends = {one.seal.manifest.expires for one in result.files if one.seal} - {""}
    past = sorted(end for end in ends if end < today)
    if not past:
        return ()
    return (f"meant to be read until {past[0]}; by this computer's clock that has passed",)


def _other_order(path: Path, trust: _Trust, result: Result) -> tuple[str, ...]:
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
            }
            for one in result.files
        ],
        "extra": list(result.extra),
        "missing": list(result.missing),
        "notes": list(result.notes),
    }


def _verdict_lines(result: Result) -> list[str]:
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


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="A new folder for the report."
)
@_trust_options
@json_option
@pass_session
def unpack(
    session: Session, path: Path, out: Path, spoken: str | None, pin_file: Path | None
) -> None:
    """Take the report's text out of a release or of any one sealed file, byte for byte."""
    trust = _trust(session, spoken, pin_file)
    known = trust.home.known() if trust.home else verifying.NOTHING_KNOWN
    unpacked = unpacking.unpack(path, trust.pins, out, known)
    trust.learn(unpacked.result)
    facts = {"report": str(out), "files": [str(text) for text in unpacked.texts]}
    lines = [f"The report is in {out}:", *(f"  {text.name}" for text in unpacked.texts)]
    terminal.answer(facts, lines, as_json=session.as_json)


@click.command("export-signature")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A new folder; not in the release, where it does not belong.",
)
@_trust_options
@json_option
@pass_session
def export_signature(
    session: Session, path: Path, out: Path, spoken: str | None, pin_file: Path | None
) -> None:
    """Take the signature out of a sealed file, for the ssh-keygen that every computer has.

    It covers the manifest, which holds the hash of the film. Only genuine seals are exported.
    """
    found = unpacking.genuine(_trust(session, spoken, pin_file).judge(path))
    made = signatures.export(found.seal, found.publisher, out)
    ours = (found.publisher, signatures.MANIFEST, sshsig.SEAL)
    commands = [
        signatures.ssh_command(*ours),
        signatures.ssh_command(*ours, windows=True),
    ]
    facts = {
        "out": str(out),
        "files": [str(file) for file in made],
        "principal": found.publisher,
        "commands": {"posix": commands[0], "windows": commands[1]},
    }
    lines = [f"The signature is in {out}. To check it, there:", *(f"  {c}" for c in commands)]
    terminal.answer(facts, lines, as_json=session.as_json)


@click.group()
def pin() -> None:
    """Choose whom you trust."""


@pin.command("add")
@click.argument("given", metavar="FILE-OR-WORDS")
@click.option("--name", default="publisher", help="What to call them, if only words are given.")
@json_option
@pass_session
def pin_add(session: Session, given: str, name: str) -> None:
    """Trust a publisher: a file with their line, the line itself, or their eight words."""
    new = _pins_of(given, pins.check_name(name))
    stored = session.home.stored_pins()
    merged = tuple(_with_key(one, stored) for one in new)
    kept = tuple(p for p in stored if pins.find(merged, p.words) is None)
    session.home.save_pins(kept + merged)
    _show_pins(session)


@pin.command("list")
@json_option
@pass_session
def pin_list(session: Session) -> None:
    """Show whom this home trusts."""
    _show_pins(session)


@pin.command("remove")
@click.argument("name")
@json_option
@pass_session
def pin_remove(session: Session, name: str) -> None:
    """Trust a publisher no longer, and forget what was seen of them."""
    stored = session.home.stored_pins()
    left = tuple(p for p in stored if p.name != name)
    if len(left) == len(stored):
        raise UsageMistake(f"no trusted publisher is called {name!r}", "see: packager pin list")
    session.home.save_pins(left)
    for gone in set(stored) - set(left):
        session.home.forget(gone.words)
    _show_pins(session)


def _pins_of(given: str, name: str) -> tuple[Pin, ...]:
    path = Path(given)
    if len(given) < 4096 and "\n" not in given and path.is_file():  # noqa: PLR2004
        return pins.parse(read_text(path, pins.MAX_BYTES))
    if " ssh-ed25519 " in given or " words " in given:
        return pins.parse(given)
    return (Pin(name, words.parse(given)),)


def _with_key(new: Pin, stored: tuple[Pin, ...]) -> Pin:
    """Words given again do not make this home forget the key that it learned for them."""
    before = pins.find(stored, new.words)
    return replace(new, root=before.root) if before and new.root is None else new


def _show_pins(session: Session) -> None:
    trusted = session.home.pins()
    facts = {
        "pins": [{"name": p.name, "words": words.spell(p.words), "pin": p.line} for p in trusted]
    }
    lines = [f"{p.name}\n  {words.spell(p.words)}\n  {words.digits(p.words)}" for p in trusted]
    terminal.answer(facts, lines or ["This home trusts nobody yet."], as_json=session.as_json)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@json_option
@pass_session
def safety(session: Session, path: Path) -> int:
    """Say whether every file of a folder is a kind that cannot run.

    By names, by first and last bytes, and by walking the structure of films, songs and books.
    Ends with 1 if anything is refused.
    """
    refused = survey.refusals(path)
    facts = {
        "refused": [{"path": r.path, "rule": str(r.rule), "message": r.message} for r in refused]
    }
    lines = [f"refused  {r.path}: {r.message} ({r.rule})" for r in refused]
    terminal.answer(facts, lines or ["Nothing in it can run."], as_json=session.as_json)
    return int(Exit.NO if refused else Exit.DONE)
