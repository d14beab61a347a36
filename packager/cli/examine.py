"""Commands that look at a finished release: what gives it away, and all answers at once."""

from collections.abc import Iterable
from pathlib import Path

import click

from packager import audit as auditing
from packager import examine, inspection, survey, terminal, traces
from packager.audit import Finding, Severity
from packager.cli.judge import trust_options
from packager.cli.session import Session, json_option, pass_session
from packager.cli.verdict import EXITS, trusted, verdict_facts, verdict_lines
from packager.errors import Exit
from packager.safety import Refusal
from packager.traces import Trace, What

_PATH = click.Path(path_type=Path)
_NOTHING = "Nothing gives it away that this program can see."


_TELLS = {
    What.LOCATION: "Where it was made",
    What.PERSON: "Who made it, and titles or remarks of theirs",
    What.DEVICE: "With which device",
    What.TIME: "When",
    What.COMPUTER: "Folders, users and addresses of a computer",
    What.SOFTWARE: "With which programs",
    What.STREAM: "Streams besides one picture and one sound",
    What.PICTURE: "Pictures that are not seen",
    What.COLOUR: "Colour profiles, which may name a screen or a camera",
    What.HIDDEN: "Parts that no player or viewer shows",
    What.TEXT: "In the writing, which pack seals byte for byte",
    What.OTHER: "Other tags",
}


def _strictness(command: click.decorators.FC) -> click.decorators.FC:
    allow = click.option(
        "--allow",
        "allowed",
        multiple=True,
        metavar="CHECK",
        type=click.Choice(auditing.NAMES),
        help="Do not let this check decide the exit code; may be given again.",
    )
    strict = click.option("--strict", is_flag=True, help="Let warnings decide it too.")
    return allow(strict(command))


@click.command()
@click.argument("path", type=_PATH)
@_strictness
@trust_options
@json_option
@pass_session
def audit(
    session: Session,
    path: Path,
    allowed: tuple[str, ...],
    strict: bool,
    spoken: str | None,
    pin_file: Path | None,
) -> int:
    """Name everything that gives a release away, or keeps it from being played.

    PATH is the folder that pack made, the one inside it that travels, the torrent, or one file.
    Words of the report are looked for if its seal opens. Ends with 1 if there is an error.
    """
    session.tidy()
    found = examine.release(path, trusted(session, spoken, pin_file).pins)
    stops = auditing.stopping(found, allowed, strict=strict)
    terminal.answer({"findings": finding_facts(found)}, _lines(found), as_json=session.as_json)
    return int(Exit.NO if stops else Exit.DONE)


@click.command()
@click.argument("path", type=_PATH)
@_strictness
@trust_options
@json_option
@pass_session
def check(
    session: Session,
    path: Path,
    allowed: tuple[str, ...],
    strict: bool,
    spoken: str | None,
    pin_file: Path | None,
) -> int:
    """Answer in one go: who made it, can anything in it run, what gives it away.

    Ends with 1 if any of verify, safety and audit says no; with 3 if nobody says no, and who made
    it cannot be told; else with 0.
    """
    session.tidy()
    trust = trusted(session, spoken, pin_file)
    where = examine.folder(path)
    result = trust.judge(where)
    unsafe = survey.findings(where, [pin.words for pin in trust.pins])
    refused = [one for one in unsafe if not one.is_warning]
    warned = [one for one in unsafe if one.is_warning]
    found = examine.judged(path, result)
    facts = verdict_facts(result) | {
        "refused": refusal_facts(refused),
        "warnings": refusal_facts(warned),
        "findings": finding_facts(found),
    }
    lines = [
        *verdict_lines(result),
        *([] if refused else ["Nothing in it can run."]),
        *(f"refused  {one.message} ({one.rule})" for one in refused),
        *(f"warning  {one.message} ({one.rule})" for one in warned),
        *_lines(found),
    ]
    terminal.answer(facts, lines, as_json=session.as_json)
    says_no = refused or auditing.stopping(found, allowed, strict=strict)
    return int(Exit.NO if says_no else EXITS[result.verdict])


@click.command()
@click.argument("path", metavar="FILE-OR-FOLDER", type=click.Path(path_type=Path, exists=True))
@json_option
@pass_session
def inspect(session: Session, path: Path) -> None:
    """Show what a file, or each file of a report, gives away: before anything is packed.

    Pictures, films, sounds, Markdown and subtitles. Nothing is changed or written. What no program
    can remove is listed at the end.
    """
    found = inspection.inspect(path)
    facts = {
        "findings": [
            {"what": str(one.what), "where": one.where, "value": one.value, "path": one.path}
            for one in found
        ],
        "remains": list(traces.REMAINS),
    }
    lines = [*_told(found), "", "What no program can remove, so look and listen yourself:"]
    lines += [f"  {one}" for one in traces.REMAINS]
    terminal.answer(facts, lines, as_json=session.as_json)


def _told(found: tuple[Trace, ...]) -> list[str]:
    """Traces under what they tell, file by file."""
    lines = [] if found else ["Nothing was found that gives it away."]
    for what, heading in _TELLS.items():
        here = [one for one in found if one.what is what]
        if here:
            lines.append(f"{heading}:")
        for path in dict.fromkeys(one.path for one in here):
            lines.append(f"  {path}")
            lines += [f"    {one.where}: {one.value}" for one in here if one.path == path]
    return lines


def refusal_facts(refused: Iterable[Refusal]) -> list[dict[str, str]]:
    """Refusals in the words of the ``--json`` contract."""
    return [{"path": r.path, "rule": str(r.rule), "message": r.message} for r in refused]


def finding_facts(found: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings in the words of the ``--json`` contract."""
    return [
        {
            "check": one.check,
            "group": str(one.group),
            "severity": str(one.severity),
            "path": one.path,
            "message": one.message,
        }
        for one in found
    ]


def _lines(found: tuple[Finding, ...]) -> list[str]:
    lines = [
        f"{one.severity}: {one.check} ({one.group}) {one.path}: {one.message}" for one in found
    ]
    counts = [f"{sum(one.severity is kind for one in found)} {kind}s" for kind in Severity]
    return [*lines, f"audit: {', '.join(counts)}"] if found else [_NOTHING]
