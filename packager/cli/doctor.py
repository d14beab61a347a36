"""Commands for who looks after the computer: does it protect, can it pack, what is on it."""

from pathlib import Path

import click

from packager import doctor as doctors
from packager import terminal
from packager import wipe as wiping
from packager.cli.session import Session, json_option, pass_session
from packager.doctor import Check, State
from packager.errors import Exit, UsageMistake


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


@click.command()
@click.option("--yes", is_flag=True, help="Do it; without this it is only told.")
@json_option
@pass_session
def wipe(session: Session, yes: bool) -> int:
    """Remove every file that packager keeps here: keys, trusted publishers, the node's state.

    Paper keys bring an identity back; nothing else does. What cannot be removed is named.
    """
    home = session.home.path
    if not yes and not session.as_json and terminal.can_ask():
        yes = terminal.sure(f"Remove {len(wiping.inventory(home))} files in {home} for good?")
    if not yes:
        raise UsageMistake(
            f"nothing was removed: {len(wiping.inventory(home))} files are in {home}",
            "to remove them for good: packager wipe --yes",
        )
    wiped = wiping.wipe(home)
    facts = {
        "removed": [str(path) for path in wiped.removed],
        "left": [str(path) for path in wiped.left],
        "cannot": list(wiping.TRACES),
    }
    lines = [f"Removed {len(wiped.removed)} files in {home}"]
    lines += [f"not ours, left alone: {path}" for path in wiped.left]
    lines += ["Nobody can promise that these are gone:", *(f"  - {one}" for one in wiping.TRACES)]
    terminal.answer(facts, lines, as_json=session.as_json)
    return int(Exit.DONE)


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
