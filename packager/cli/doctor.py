"""The command for who looks after the computer: does it protect, can it pack."""

from pathlib import Path

import click

from packager import doctor as doctors
from packager import terminal
from packager.cli.session import Session, json_option, pass_session
from packager.doctor import Check, State
from packager.errors import Exit


@click.command()
@json_option
@pass_session
def doctor(session: Session) -> int:
    """Say which walls protect you from harmful films here, and whether packing can work.

    A wall that is weaker or missing is said, and packing goes on without it. Ends with 0, or with
    5 if nothing can be packed on this computer.
    """
    checks = doctors.examine(session.home, Path.cwd())
    facts = {"checks": [_facts(check) for check in checks]}
    lines = [line for check in checks for line in _lines(check)]
    terminal.answer(facts, lines, as_json=session.as_json)
    stopped = any(check.stops_packing for check in checks)
    return int(Exit.MACHINE if stopped else Exit.DONE)


def _facts(check: Check) -> dict[str, str]:
    return {
        "name": check.name,
        "state": str(check.state),
        "detail": check.detail,
        "hint": check.hint,
    }


def _lines(check: Check) -> list[str]:
    first = f"{check.state:<8} {check.name}: {check.detail}"
    return [first] if check.state is State.OK else [first, f"         {check.hint}"]
