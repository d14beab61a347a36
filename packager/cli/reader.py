"""Commands of a reader: take the report out, choose whom to trust, is a folder safe."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from packager import pins, signatures, sshsig, survey, terminal, words
from packager import unpack as unpacking
from packager import verify as verifying
from packager.cli.judge import trust_options
from packager.cli.session import Session, json_option, pass_session
from packager.cli.verdict import trusted
from packager.errors import Exit, UsageMistake
from packager.files import read_text
from packager.pins import Pin
from packager.safety import Refusal, metainfo


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="A new folder for the report."
)
@trust_options
@json_option
@pass_session
def unpack(
    session: Session, path: Path, out: Path, spoken: str | None, pin_file: Path | None
) -> None:
    """Take the report's text out of a release or of any one sealed file, byte for byte."""
    session.tidy(out.absolute().parent)
    trust = trusted(session, spoken, pin_file)
    known = trust.home.known() if trust.home else verifying.NOTHING_KNOWN
    unpacked = unpacking.unpack(path, trust.pins, out, known)
    trust.learn(unpacked.result)
    facts = {"report": str(out), "files": [str(path) for path in unpacked.files]}
    lines = [f"The report is in {out}:", *(f"  {path.relative_to(out)}" for path in unpacked.files)]
    terminal.answer(facts, lines, as_json=session.as_json)


@click.command("export-signature")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A new folder; not in the release, where it does not belong.",
)
@trust_options
@json_option
@pass_session
def export_signature(
    session: Session, path: Path, out: Path, spoken: str | None, pin_file: Path | None
) -> None:
    """Take the signature out of a sealed file, for the ssh-keygen that every computer has.

    It covers the manifest, which holds the hash of the film. Only genuine seals are exported.
    """
    session.tidy(out.absolute().parent)
    found = unpacking.genuine(trusted(session, spoken, pin_file).judge(path))
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
    """Say whether every file of a folder is safe: parsed to its last byte, and nothing in it runs.

    Noise where a seal can be, which no trusted publisher's words open, is a warning.
    Ends with 1 if anything is refused.
    """
    words_of = [pin.words for pin in session.home.pins()]
    found = survey.findings(path, words_of, metainfo.BESIDE)
    refused = [one for one in found if not one.is_warning]
    warned = [one for one in found if one.is_warning]
    facts = {"refused": _told(refused), "warnings": _told(warned)}
    lines = [f"refused  {r.message} ({r.rule})" for r in refused]
    lines += [f"warning  {r.message} ({r.rule})" for r in warned]
    if not refused:
        lines.append("Nothing in it can run, and every file was followed to its end.")
    terminal.answer(facts, lines, as_json=session.as_json)
    return int(Exit.NO if refused else Exit.DONE)


def _told(found: Sequence[Refusal]) -> list[dict[str, str]]:
    return [{"path": one.path, "rule": str(one.rule), "message": one.message} for one in found]
