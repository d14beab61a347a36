"""Commands about releases that are already out."""

from pathlib import Path

import click

from packager import chain as chains
from packager import terminal
from packager import withdraw as withdrawing
from packager.cli import cards
from packager.cli.session import Session, json_option, pass_session
from packager.errors import InputRefused
from packager.notice import Reason
from packager.publisher import paper

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("release", type=click.Path(path_type=Path))
@click.option(
    "--reason",
    type=click.Choice([str(one) for one in Reason]),
    required=True,
    help="source-at-risk: somebody in it may be harmed. error: it is wrong. key: see `rotate`.",
)
@click.option("--publisher", "name", metavar="NAME", help="Needed if there are several.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The notice.")
@click.option("--passphrase-file", type=_FILE, help="Its first line is the passphrase.")
@click.option("--paper-key", is_flag=True, help="Sign with the paper key: nodes obey at once.")
@click.option("--paper-key-file", type=_FILE, help="The same; the file holds the twelve words.")
@json_option
@pass_session
def withdraw(  # noqa: PLR0917 -- one parameter an option
    session: Session,
    release: Path,
    reason: str,
    name: str | None,
    out: Path | None,
    passphrase_file: Path | None,
    paper_key: bool,
    paper_key_file: Path | None,
) -> None:
    """Take a RELEASE back: write a signed notice, on which nodes stop and delete it.

    Send the notice to everybody who seeds for you. It names no title. Copies that people have stay
    with them. Of notices that the daily key alone signed, a node obeys only a few in a week and
    asks its owner about more; the paper key is obeyed always.
    """
    who = session.home.only_publisher(name)
    named = withdrawing.name_release(release, who)
    if paper_key or paper_key_file:
        typed = paper.parse(terminal.paper_key(paper_key_file, f"PAPER KEY of {who.name}"))
        if chains.takes_over(who.chain, typed.secret_key.public):
            raise InputRefused(
                "this is the next paper key, which does not hold yet",
                "take the card in use; `packager publisher next-root` lets this one take over",
            )
        key = typed.secret_key
    else:
        with terminal.passphrase(passphrase_file) as ask:
            key = session.home.daily_key(who, ask)
    notice = withdrawing.withdraw(named, Reason(reason), cards.today(), who, key)
    target = out or withdrawing.place_of(release, named)
    withdrawing.write(notice, target)
    facts = {"notice": str(target), "reason": reason, "infohashes": list(named.infohashes)}
    lines = [f"Notice   {target}", "Give it to all who seed for you: `packager seed add NOTICE`"]
    terminal.answer(facts, lines, as_json=session.as_json)
