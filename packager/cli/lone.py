"""Commands for one file: seal it, take the seal off, write the page that checks seals."""

from pathlib import Path

import click

from packager import lone, terminal, words
from packager import page as paging
from packager.cli.session import Session, json_option, pass_session

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--publisher", "name", metavar="NAME", help="Who signs. Needed if there are several.")
@click.option("--out", type=_FILE, help="The new file; default: NAME.sealed beside it.")
@click.option("--date", default="", metavar="YYYY-MM-DD", help="A date to state; default: none.")
@click.option("--serial", type=click.IntRange(0, 2**53), default=0, help="A number to state.")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Its first line is the passphrase.",
)
@json_option
@pass_session
def seal(
    session: Session,
    file: Path,
    name: str | None,
    out: Path | None,
    date: str,
    serial: int,
    passphrase_file: Path | None,
) -> None:
    """Sign FILE from within: an mp4, m4a, m4b, mkv, mp3 or epub. FILE itself is not changed."""
    session.tidy((out or file).absolute().parent)
    publisher = session.home.only_publisher(name)
    with terminal.passphrase(passphrase_file) as ask:
        daily = session.home.daily_key(publisher, ask)
    done = lone.seal_file(file, out, publisher, daily, date=date, serial=serial)
    facts = {
        "path": str(done.path),
        "root": done.root.hex(),
        "words": words.spell(done.words),
        "serial": done.serial,
    }
    lines = [f"Sealed   {done.path}", f"by words {facts['words']}"]
    terminal.answer(facts, lines, as_json=session.as_json)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where the file without its seal goes.")
@json_option
@pass_session
def unseal(session: Session, file: Path, out: Path) -> None:
    """Give back the exact file that was sealed. Only what is genuine is unsealed."""
    session.tidy(out.absolute().parent)
    found = lone.unseal(file, out, session.home.pins())
    stated = found.seal.manifest if found.seal else None
    facts = {
        "path": str(out),
        "root": stated.prefix_root.hex() if stated else "",
        "words": words.spell(found.pin.words) if found.pin else "",
        "serial": stated.serial if stated else 0,
    }
    terminal.answer(facts, [f"The file without its seal is {out}"], as_json=session.as_json)


@click.command()
@click.option("--out", type=_FILE, required=True, help="The new file, such as verify.html.")
@json_option
@pass_session
def page(session: Session, out: Path) -> None:
    """Write the offline verifier as one HTML file, for readers who have a browser only.

    Publish its SHA-256 where people can compare it. Never put it inside a release: a page that
    comes with a file proves nothing.
    """
    written = paging.write(out)
    facts = {"path": str(written.path), "sha256": written.sha256}
    lines = [f"Page    {written.path}", f"SHA-256 {written.sha256}"]
    terminal.answer(facts, lines, as_json=session.as_json)
