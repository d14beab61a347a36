"""The command of the second editor: make a release again, without its key."""

from pathlib import Path

import click

from packager import rebuild as rebuilding
from packager import terminal, workroom
from packager.cli.session import Session, json_option, pass_session
from packager.cli.verdict import EXITS
from packager.workroom import Place

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("release", type=click.Path(path_type=Path))
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--cover", type=_FILE, metavar="FILM", help="The cover film, if there was one.")
@click.option(
    "--recipe", "recipe_file", type=_FILE, help="Default: recipe.json beside the release."
)
@click.option(
    "--work-in",
    type=click.Choice([str(one) for one in Place]),
    default=str(Place.DISK),
    show_default=True,
    help="Where what is made lies until it is compared; memory: on no disk (Linux).",
)
@json_option
@pass_session
def rebuild(
    session: Session,
    release: Path,
    source: Path,
    cover: Path | None,
    recipe_file: Path | None,
    work_in: str,
) -> int:
    """Prove that RELEASE was made from SOURCE and nothing else.

    For a second editor: no key is needed. The release is made again here and compared byte for
    byte; a trusted publisher's seal says what it must be.
    """
    for line in () if session.as_json else workroom.warnings(Place(work_in)):
        terminal.note(line)
    session.tidy(release.absolute().parent)
    with terminal.progress(quiet=session.as_json) as report:
        made = rebuilding.rebuild(
            release,
            source,
            session.home.pins(),
            report,
            cover=cover,
            recipe_file=recipe_file,
            work_in=Place(work_in),
        )
    facts = {
        "verdict": str(made.verdict),
        "reason": str(made.reason),
        "detail": made.detail,
        "files": [{"path": path, "same": same} for path, same in made.files],
        "tools": list(made.tools),
    }
    lines = [f"{made.verdict}: {made.detail}"]
    lines += [f"  {'same ' if same else 'OTHER'} {path}" for path, same in made.files]
    terminal.answer(facts, lines, as_json=session.as_json)
    return int(EXITS[made.verdict])
