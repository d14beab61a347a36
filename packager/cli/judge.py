"""The command that answers whether a file is genuine: the one whose start is waited for."""

from contextlib import nullcontext
from pathlib import Path

import click

from packager import reel as reels
from packager.cli.session import Session, json_option, pass_session


def trust_options(command: click.decorators.FC) -> click.decorators.FC:
    """``--words`` and ``--pin``."""
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
@trust_options
@json_option
@pass_session
def verify(session: Session, path: Path, spoken: str | None, pin_file: Path | None) -> int:
    """Say who made a file or folder, and whether it is whole. Needs no network.

    Trusts the publishers of this home (`packager pin list`), or those given by --words or --pin.
    Ends with 0 genuine, 1 not genuine, 3 cannot tell.
    """
    with reels.opened(path) if path.is_file() else nullcontext() as reel:
        from packager.cli import verdict  # noqa: PLC0415 -- loaded while the file is read

        return verdict.answer(session, path, spoken, pin_file, reel)
