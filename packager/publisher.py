"""Make an identity: two paper keys, a daily key, a pointer key and statement number 1."""

from dataclasses import dataclass

from mnemonic import Mnemonic

from packager import chain as chains
from packager import minisign, sshsig, words
from packager.keyring import Entropy, Home, NewKeys, Publisher
from packager.keys import SecretKey

_CARD_ENTROPY = 16  # bytes: twelve words


@dataclass(frozen=True, slots=True)
class PaperKey:
    """What goes on a card: twelve words that are the key. Shown once, stored nowhere."""

    secret_words: str

    @property
    def secret_key(self) -> SecretKey:
        """The root key."""
        entropy = bytes(Mnemonic("english").to_entropy(self.secret_words))
        return SecretKey.from_entropy(entropy, "paper key")


@dataclass(frozen=True, slots=True)
class NewPublisher:
    """A fresh identity and its two cards."""

    publisher: Publisher
    paper_key: PaperKey
    next_paper_key: PaperKey


def new(home: Home, name: str, passphrase: str, entropy: Entropy) -> NewPublisher:
    """Make and keep an identity; an empty passphrase makes a throw-away one."""
    paper, following = _draw_card(entropy), _draw_card(entropy)
    daily, pointer = SecretKey(entropy(32)), SecretKey(entropy(32))
    chain = chains.first(
        paper.secret_key, following.secret_key.public, daily.public, pointer.public
    )
    publisher = home.store(name, NewKeys(daily, pointer, chain), passphrase, entropy)
    return NewPublisher(publisher, paper, following)


def facts(publisher: Publisher) -> dict[str, str]:
    """What everybody may know of an identity, in the words of the ``--json`` contract."""
    pin = publisher.pin
    daily = publisher.chain.latest.keys[-1][0]
    return {
        "name": publisher.name,
        "words": words.spell(pin.words),
        "digits": words.digits(pin.words),
        "pin": pin.line,
        "minisign_public_key": minisign.public_key_text(daily),
        "allowed_signers": sshsig.allowed_signers(publisher.name, daily),
    }


def _draw_card(entropy: Entropy) -> PaperKey:
    return PaperKey(Mnemonic("english").to_mnemonic(entropy(_CARD_ENTROPY)))
