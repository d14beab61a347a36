"""Commands that make identities and keep them alive."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from packager import chain as chains
from packager import files, minisign, terminal
from packager import publisher as publishers
from packager.chain import State
from packager.cli import cards, sources
from packager.cli.session import Session, json_option, pass_session
from packager.keyring import Publisher
from packager.minisign import Secret
from packager.publisher import Card, PaperKey, Renewed, Rotation, card, paper
from packager.values import Language

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_PATH = click.Path(path_type=Path)
_Command = TypeVar("_Command", bound=Callable[..., object])
_OLD = click.Choice([str(State.RETIRED), str(State.LOST), str(State.STOLEN)])

_name = click.argument("name", required=False)
_passphrase = click.option(
    "--passphrase-file", type=_FILE, help="Its first line is the passphrase."
)
_new_passphrase = click.option(
    "--new-passphrase-file", type=_FILE, help="Its first line is the new passphrase."
)
_language = click.option(
    "--language",
    type=click.Choice([str(one) for one in Language]),
    default=str(Language.EN),
    help="Of the page to print.",
)


def _card(command: _Command) -> _Command:
    page = click.option(
        "--card", "card_file", type=_PATH, metavar="FILE.html", help="Write a page to print, too."
    )
    return page(_language(command))


def _paper_key(command: _Command) -> _Command:
    return click.option(
        "--paper-key-file", type=_FILE, help="Holds the twelve words; else they are asked for."
    )(command)


@click.group()
def publisher() -> None:
    """Make identities that sign releases, and keep them alive."""


@publisher.command("new")
@click.argument("name")
@_passphrase
@click.option("--no-passphrase", is_flag=True, help="A throw-away identity, for tests.")
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    type=click.Choice(["synced-folder"]),
    help="Keep keys in a folder that a cloud service copies.",
)
@_card
@json_option
@pass_session
def publisher_new(
    session: Session,
    name: str,
    passphrase_file: Path | None,
    no_passphrase: bool,
    allowed: tuple[str, ...],
    card_file: Path | None,
    language: str,
) -> None:
    """Make an identity.

    Prints two paper keys, once: write each on its own card and keep the cards in different
    places. The daily key stays on this computer, locked by a passphrase.
    """
    if not allowed:
        files.refuse_synced(session.home.path)
    session.home.refuse_existing(name)
    cards.refuse_existing(card_file, both=True)
    passphrase = "" if no_passphrase else terminal.new_passphrase(passphrase_file)
    draft = publishers.draw(os.urandom)
    cards.show(name, draft.paper_key)
    cards.show(name, draft.next_paper_key, following=True)
    terminal.note("Keep the two cards in different places. They are not stored or shown again.\n")
    asks = terminal.can_ask() and not no_passphrase and not session.as_json
    checked = asks and cards.asked_back(name, draft)
    made = publishers.store(session.home, name, draft, passphrase, os.urandom, checked=checked)
    pages = cards.write(card_file, made, draft.paper_key, draft.next_paper_key, Language(language))
    _show(session, made, pages=pages)


@publisher.command("show")
@_name
@click.option("--qr", is_flag=True, help="Show the line for readers as a QR code too.")
@json_option
@pass_session
def publisher_show(session: Session, name: str | None, qr: bool) -> None:
    """Show what readers need to know of an identity, and how its keys stand."""
    who = session.home.only_publisher(name)
    _show(session, who)
    if qr and not session.as_json:
        terminal.note(terminal.qr(who.pin.line))


@publisher.command("backup-check")
@_name
@click.option(
    "--words-file", type=_FILE, help="Holds the card's twelve words; else they are asked for."
)
@json_option
@pass_session
def publisher_backup_check(session: Session, name: str | None, words_file: Path | None) -> None:
    """Prove that a card was written down well: type its twelve words, unseen.

    The first `pack` with a real key waits for this.
    """
    who = session.home.only_publisher(name)
    in_use = publishers.check_backup(session.home, who, _typed(words_file, who.name))
    title = "paper key" if in_use else "next paper key"
    lines = [f"Right: this is the {title} of {who.name}."]
    if not in_use and not who.backup_checked:
        lines.append("Now check the other card, the one that says PAPER KEY.")
    facts = {"name": who.name, "card": title.replace(" ", "-"), "passed": True}
    terminal.answer(facts, lines, as_json=session.as_json)


@publisher.command("passphrase")
@_name
@_passphrase
@_new_passphrase
@json_option
@pass_session
def publisher_passphrase(
    session: Session,
    name: str | None,
    passphrase_file: Path | None,
    new_passphrase_file: Path | None,
) -> None:
    """Lock the keys on this computer under another passphrase."""
    who = session.home.only_publisher(name)
    with terminal.passphrase(passphrase_file) as ask:
        old = ask(who.name)
        session.home.open_key(who, "daily.key", lambda _: old)  # a wrong one is told at once
        new = terminal.new_passphrase(new_passphrase_file)
        made = publishers.change_passphrase(session.home, who, old, new, os.urandom)
    _show(session, made)


@publisher.command("rotate")
@_name
@click.option(
    "--old",
    type=_OLD,
    default=str(State.RETIRED),
    show_default=True,
    help="What becomes of the key used so far.",
)
@click.option("--forgotten", is_flag=True, help="The passphrase is lost; choose a new one.")
@_passphrase
@_paper_key
@json_option
@pass_session
def publisher_rotate(
    session: Session,
    name: str | None,
    old: str,
    forgotten: bool,
    passphrase_file: Path | None,
    paper_key_file: Path | None,
) -> None:
    """Sign with a new daily key from now on; the paper key vouches for it.

    --old says what becomes of the old one: what a `retired` or `lost` key signed stays genuine,
    what a `stolen` one signed does not, for all who get a newer file of yours.
    """
    who = session.home.only_publisher(name)
    how = Rotation(State(old), forgotten)
    typed = _typed(paper_key_file, who.name)
    passphrase: Secret = ""
    with terminal.passphrase(passphrase_file) as ask:
        if not who.throwaway and how.keeps_pointer(who.chain):
            passphrase = ask(who.name)
        elif not who.throwaway:
            passphrase = terminal.new_passphrase(passphrase_file)
        made = publishers.rotate(session.home, who, typed, passphrase, os.urandom, how)
    _show_renewed(session, made)


@publisher.command("state")
@click.argument("key")
@click.argument("state", type=_OLD)
@click.option("--publisher", "name", metavar="NAME", help="Needed if there are several.")
@_paper_key
@json_option
@pass_session
def publisher_state(
    session: Session, key: str, state: str, name: str | None, paper_key_file: Path | None
) -> None:
    """Say that a daily key is retired, lost or stolen.

    KEY is `daily`, a number of `publisher show`, its first hexadecimal digits, or minisign's line.
    """
    who = session.home.only_publisher(name)
    publishers.find_key(who.chain, key)  # before a secret is asked for
    typed = _typed(paper_key_file, who.name)
    _show_renewed(session, publishers.set_state(session.home, who, typed, key, State(state)))


@publisher.command("next-root")
@_name
@_paper_key
@_card
@json_option
@pass_session
def publisher_next_root(
    session: Session,
    name: str | None,
    paper_key_file: Path | None,
    card_file: Path | None,
    language: str,
) -> None:
    """Let the second card take over, alone, and make a new second one.

    For a first card that is lost or was read by somebody.
    """
    cards.refuse_existing(card_file)
    who = session.home.only_publisher(name)
    typed = _typed(paper_key_file, who.name, "NEXT PAPER KEY")
    renewed = publishers.next_root(session.home, who, typed, os.urandom)
    _show_renewed(session, renewed, card_file, Language(language))


@publisher.command("next-card")
@_name
@_paper_key
@_card
@json_option
@pass_session
def publisher_next_card(
    session: Session,
    name: str | None,
    paper_key_file: Path | None,
    card_file: Path | None,
    language: str,
) -> None:
    """Replace a second card that is lost; the first one stays."""
    cards.refuse_existing(card_file)
    who = session.home.only_publisher(name)
    typed = _typed(paper_key_file, who.name)
    renewed = publishers.next_card(session.home, who, typed, os.urandom)
    _show_renewed(session, renewed, card_file, Language(language))


@publisher.command("restore")
@click.argument("name")
@click.option(
    "--from",
    "given",
    type=_PATH,
    multiple=True,
    required=True,
    help="A file or folder they sealed, the newer the better; or a chain.json. May be given again.",
)
@click.option(
    "--old",
    type=_OLD,
    default=str(State.LOST),
    show_default=True,
    help="What became of the daily key of the old computer.",
)
@click.option(
    "--words", "spoken", metavar='"EIGHT WORDS"', help="Needed with a card of a later root."
)
@_passphrase
@click.option("--no-passphrase", is_flag=True, help="A throw-away identity, for tests.")
@_paper_key
@_card
@json_option
@pass_session
def publisher_restore(  # noqa: PLR0917 -- one parameter an option
    session: Session,
    name: str,
    given: tuple[Path, ...],
    old: str,
    spoken: str | None,
    passphrase_file: Path | None,
    no_passphrase: bool,
    paper_key_file: Path | None,
    card_file: Path | None,
    language: str,
) -> None:
    """Bring an identity back on a new computer, from its card and any file it sealed.

    A new daily key is made; the one on the old computer is called lost.
    """
    session.home.refuse_existing(name)
    cards.refuse_existing(card_file)
    typed = _typed(paper_key_file, name)
    found = sources.chains_in(given, sources.candidates(session, typed, spoken))
    publishers.longest(found)  # before a passphrase is asked for
    passphrase = "" if no_passphrase else terminal.new_passphrase(passphrase_file)
    renewed = publishers.restore(
        session.home, name, typed, found, passphrase, os.urandom, State(old)
    )
    _show_renewed(session, renewed, card_file, Language(language))


@publisher.command("card")
@_name
@click.option("--out", "target", type=_PATH, required=True, metavar="FILE.html", help="New file.")
@_language
@_paper_key
@json_option
@pass_session
def publisher_card(
    session: Session, name: str | None, target: Path, language: str, paper_key_file: Path | None
) -> None:
    """Write a card as a page to print, from its twelve words."""
    card.refuse_existing(target)
    who = session.home.only_publisher(name)
    typed = _typed(paper_key_file, who.name)
    following = chains.takes_over(who.chain, typed.secret_key.public)
    Card(who, typed, cards.today(), following, Language(language)).write(target)
    cards.warn([str(target)])
    facts = {"name": who.name, "cards": [str(target)]}
    terminal.answer(facts, [f"The card is in {target}"], as_json=session.as_json)


def _typed(file: Path | None, name: str, title: str = "PAPER KEY") -> PaperKey:
    return paper.parse(terminal.paper_key(file, f"{title} of {name}"))


def _show_renewed(
    session: Session,
    renewed: Renewed,
    card_file: Path | None = None,
    language: Language = Language.EN,
) -> None:
    who = renewed.publisher
    if renewed.new_card:
        cards.show(who.name, renewed.new_card, following=True)
        terminal.note(
            "The card that you typed is the PAPER KEY now. Any other card holds no more.\n"
        )
    pages = cards.write(card_file, who, None, renewed.new_card, language)
    _show(session, who, pages=pages)


def identity_facts(who: Publisher) -> dict[str, object]:
    """An identity in the words of the ``--json`` contract."""
    return {
        **publishers.facts(who),
        "backup_checked": who.backup_checked,
        "throwaway": who.throwaway,
        "statement": who.chain.latest.number,
        "keys": [
            {"key": key.raw.hex(), "minisign": minisign.public_key_text(key), "state": str(state)}
            for key, state in who.chain.states.items()
        ],
    }


def _show(session: Session, who: Publisher, *, pages: list[str] | None = None) -> None:
    facts = publishers.facts(who)
    lines = [
        f"Publisher   {facts['name']}",
        f"Eight words {facts['words']}",
        f"in digits   {facts['digits']}",
        "",
        "Line for readers and volunteers (packager pin add):",
        f"  {facts['pin']}",
        "For minisign -P (today's daily key):",
        f"  {facts['minisign_public_key']}",
        "For ssh-keygen -Y verify (allowed_signers):",
        f"  {facts['allowed_signers']}",
        f"Daily keys (statement {who.chain.latest.number}):",
    ]
    states = enumerate(who.chain.states.items(), 1)
    lines += [f"  {n}  {key.raw.hex()[:16]}  {state}" for n, (key, state) in states]
    if not (who.backup_checked or who.throwaway):
        lines.append(f"Before the first release: packager publisher backup-check {who.name}")
    if who.chain.daily is None:
        lines.append(f"No daily key is in use. Make one: packager publisher rotate {who.name}")
    shown = identity_facts(who) | ({"cards": pages} if pages else {})
    terminal.answer(shown, lines, as_json=session.as_json)
