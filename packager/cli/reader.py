"""Commands of a reader: check a file, take the report out, choose whom to trust."""

from pathlib import Path

import click

from packager import pins, survey, terminal, words
from packager import unpack as unpacking
from packager import verify as verifying
from packager.cli.session import Session, json_option, pass_session
from packager.errors import Exit, UsageMistake
from packager.files import read_text
from packager.pins import Pin
from packager.verify import Result, Verdict

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


def _trusted(session: Session, spoken: str | None, file: Path | None) -> tuple[Pin, ...]:
    if spoken is not None:
        return (pins.of_words(words.parse(spoken)),)
    if file is not None:
        return pins.parse(read_text(file, pins.MAX_BYTES))
    return session.home.pins()


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
    result = verifying.release(path, _trusted(session, spoken, pin_file))
    terminal.answer(verdict_facts(result), _verdict_lines(result), as_json=session.as_json)
    return int(_EXITS[result.verdict])


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
    }


def _verdict_lines(result: Result) -> list[str]:
    lines = [f"{_SIGNS.get(result.verdict, 'CANNOT TELL')}: {result.detail}"]
    sealed = result.sealed
    if sealed and sealed.pin and sealed.seal:
        stated = sealed.seal.manifest
        lines.append(f"  publisher  {sealed.pin.name}")
        lines.append(f"  words      {words.spell(sealed.pin.words)}")
        lines.append(f"  date       {stated.date or 'not stated'} (the publisher's claim)")
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
    unpacked = unpacking.unpack(path, _trusted(session, spoken, pin_file), out)
    facts = {"report": str(out), "files": [str(text) for text in unpacked.texts]}
    lines = [f"The report is in {out}:", *(f"  {text.name}" for text in unpacked.texts)]
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
    kept = tuple(p for p in stored if pins.find(new, p.words) is None)
    session.home.save_pins(kept + new)
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
    """Trust a publisher no longer."""
    stored = session.home.stored_pins()
    left = tuple(p for p in stored if p.name != name)
    if len(left) == len(stored):
        raise UsageMistake(f"no trusted publisher is called {name!r}", "see: packager pin list")
    session.home.save_pins(left)
    _show_pins(session)


def _pins_of(given: str, name: str) -> tuple[Pin, ...]:
    path = Path(given)
    if len(given) < 4096 and "\n" not in given and path.is_file():  # noqa: PLR2004
        return pins.parse(read_text(path, pins.MAX_BYTES))
    if " ssh-ed25519 " in given or " words " in given:
        return pins.parse(given)
    return (Pin(name, words.parse(given)),)


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

    By names and by first and last bytes. Ends with 1 if anything is refused.
    """
    refused = survey.refusals(path)
    facts = {
        "refused": [{"path": r.path, "rule": str(r.rule), "message": r.message} for r in refused]
    }
    lines = [f"refused  {r.path}: {r.message} ({r.rule})" for r in refused]
    terminal.answer(facts, lines or ["Nothing in it can run."], as_json=session.as_json)
    return int(Exit.NO if refused else Exit.DONE)
