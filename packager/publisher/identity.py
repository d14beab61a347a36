"""Make an identity: two paper keys, a daily key, a pointer key and statement number 1."""

from dataclasses import dataclass

from packager import chain as chains
from packager import minisign, sshsig, words
from packager.keyring import Entropy, Home, NewKeys, Publisher
from packager.keys import SecretKey
from packager.minisign import Secret
from packager.publisher import paper
from packager.publisher.paper import PaperKey


@dataclass(frozen=True, slots=True)
class Draft:
    """A new identity that is stored nowhere yet; its cards can be written before it is."""

    paper_key: PaperKey
    next_paper_key: PaperKey
    daily: SecretKey
    pointer: SecretKey


@dataclass(frozen=True, slots=True)
class NewPublisher:
    """A fresh identity and its two cards."""

    publisher: Publisher
    paper_key: PaperKey
    next_paper_key: PaperKey


def draw(entropy: Entropy) -> Draft:
    """All keys of a new identity."""
    card, following = paper.draw(entropy), paper.draw(entropy)
    return Draft(card, following, SecretKey(entropy(32)), SecretKey(entropy(32)))


def store(
    home: Home, name: str, draft: Draft, passphrase: Secret, entropy: Entropy, *, checked: bool
) -> Publisher:
    """Keep a new identity; ``checked`` says that its card was proved to be written down.

    An empty passphrase makes a throw-away one.
    """
    chain = chains.first(
        draft.paper_key.secret_key,
        draft.next_paper_key.secret_key.public,
        draft.daily.public,
        draft.pointer.public,
    )
    keys = NewKeys(draft.daily, draft.pointer, chain, checked)
    return home.store(name, keys, passphrase, entropy)


def new(home: Home, name: str, passphrase: Secret, entropy: Entropy) -> NewPublisher:
    """Make and keep an identity at once; its cards are not checked."""
    draft = draw(entropy)
    publisher = store(home, name, draft, passphrase, entropy, checked=False)
    return NewPublisher(publisher, draft.paper_key, draft.next_paper_key)


def facts(publisher: Publisher) -> dict[str, str]:
    """What everybody may know of an identity, in the words of the ``--json`` contract.

    Without a daily key in use, the two lines for other tools are empty.
    """
    pin, daily = publisher.pin, publisher.chain.daily
    return {
        "name": publisher.name,
        "words": words.spell(pin.words),
        "digits": words.digits(pin.words),
        "pin": pin.line,
        "minisign_public_key": minisign.public_key_text(daily) if daily else "",
        "allowed_signers": sshsig.allowed_signers(publisher.name, daily) if daily else "",
    }
