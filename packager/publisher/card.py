"""The key card: one printed page that brings an identity back from a lost computer."""

from dataclasses import dataclass, field
from pathlib import Path

import segno

from packager import files, render, words
from packager.errors import InputRefused
from packager.keyring import Publisher
from packager.publisher.paper import PaperKey
from packager.values import Language


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card. ``date`` is ISO, as the computer says it is today."""

    publisher: Publisher
    secret_paper_key: PaperKey = field(repr=False)
    date: str
    following: bool = False  # the next paper key
    language: Language = Language.EN

    def page(self) -> bytes:
        """A page without scripts that loads nothing; it holds the secret."""
        pin = self.publisher.pin
        spelled, secret = words.spell(pin.words).split(), self.secret_paper_key.secret_words
        text = render.render(
            "card/card.html.j2",
            language=str(self.language),
            right_to_left=self.language.right_to_left,
            name=self.publisher.name,
            following=self.following,
            date=self.date,
            words=(" ".join(spelled[:4]), " ".join(spelled[4:])),
            digits=words.digits(pin.words),
            pin=pin.line,
            pin_qr=_qr(pin.line),
            secret_words=secret.split(),
            secret_qr=_qr(secret),
        )
        return text.encode("utf-8")

    def write(self, target: Path) -> None:
        """Write the page for this user alone; an existing file is refused."""
        refuse_existing(target)
        files.write_atomic(target, self.page(), 0o600)


def refuse_existing(target: Path) -> None:
    """Refuse a card file that is there already, or whose folder is not."""
    if target.exists() or target.is_symlink():
        raise files.already_there(target, "choose another name for the card; none is overwritten")
    if not target.absolute().parent.is_dir():
        raise InputRefused(
            f"the folder of {files.shown(target)} is not there", "make it first, or choose another"
        )


def beside(target: Path) -> Path:
    """Where the card of the next paper key goes."""
    return target.with_name(f"{target.stem}.next{target.suffix}")


def _qr(text: str) -> str:
    return str(segno.make(text, micro=False, error="m").svg_data_uri(scale=4, border=4))
