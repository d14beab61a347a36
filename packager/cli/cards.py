"""Paper keys on the screen and on pages to print."""

import os
from datetime import UTC, datetime
from pathlib import Path

from packager import terminal
from packager.keyring import Publisher
from packager.publisher import Card, Draft, PaperKey, card, paper
from packager.values import Language

_TRIES = 3


def today() -> str:
    """The date for a card, ISO, by this computer's clock."""
    return datetime.now(tz=UTC).astimezone().date().isoformat()


def asked_back(name: str, draft: Draft) -> bool:
    """Ask for three words of the first card; it stays unchecked after three failures."""
    written = draft.paper_key.secret_words.split()
    for _ in range(_TRIES):
        places = paper.places_to_check(os.urandom)
        if terminal.words_of_card("PAPER KEY", places) == [written[at - 1] for at in places]:
            terminal.note("Right.")
            return True
        terminal.note("Not as on the card. Look again: here are both once more.")
        show(name, draft.paper_key)
        show(name, draft.next_paper_key, following=True)
    terminal.note(
        "The card was not proved. Before the first release: packager publisher backup-check"
    )
    return False


def show(name: str, key: PaperKey, *, following: bool = False) -> None:
    """The only time that a paper key is seen."""
    title = "NEXT PAPER KEY" if following else "PAPER KEY"
    terminal.note(f"{title} of {name}: write these twelve words on a card.")
    terminal.note(f"  {key.secret_words}")
    terminal.note(terminal.qr(key.secret_words))


def refuse_existing(target: Path | None, *, both: bool = False) -> None:
    """Refuse a card file that is there already, before keys are made or words asked for."""
    if target is not None:
        card.refuse_existing(target)
        if both:
            card.refuse_existing(card.beside(target))


def write(
    target: Path | None,
    who: Publisher,
    first: PaperKey | None,
    following: PaperKey | None,
    language: Language,
) -> list[str]:
    """The pages to print: where, for the answer."""
    if target is None:
        return []
    wanted = [(first, target), (following, card.beside(target) if first else target)]
    made = []
    for key, place in wanted:
        if key is not None:
            Card(who, key, today(), key is following, language).write(place)
            made.append(str(place))
    warn(made)
    return made


def warn(cards: list[str]) -> None:
    """Say what lies on the disk now."""
    terminal.note(
        f"{' and '.join(cards)} hold{'' if len(cards) > 1 else 's'} the secret key in plain words:"
        " print, then destroy the file and what the printer kept."
    )
