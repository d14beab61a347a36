"""Keep an identity alive: new daily keys, a new card, a new computer, a thief.

All of it is a new key statement, signed by a paper key that somebody typed from its card.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from packager import chain as chains
from packager import minisign
from packager.chain import Chain, State
from packager.errors import InputRefused, UsageMistake
from packager.keyring import Entropy, Home, NewKeys, Publisher, about_file, key_files
from packager.keys import PublicKey, SecretKey
from packager.minisign import Secret
from packager.publisher import paper
from packager.publisher.paper import PaperKey

_MIN_PREFIX = 8  # hexadecimal digits
_MAX_NUMBER = 3


@dataclass(frozen=True, slots=True)
class Renewed:
    """An identity after a change; ``new_card`` has to be written down where there is one."""

    publisher: Publisher
    new_card: PaperKey | None = None


def check_backup(home: Home, publisher: Publisher, typed: PaperKey) -> bool:
    """Compare a whole card with the key chain; True if it is the paper key in use.

    That is remembered, and False means the next paper key. InputRefused for any other.
    """
    if chains.takes_over(publisher.chain, typed.secret_key.public):
        return False
    _ = home.update(publisher, {"publisher.json": _about(publisher)})
    return True


def change_passphrase(
    home: Home, publisher: Publisher, old: Secret, new: Secret, entropy: Entropy
) -> Publisher:
    """Lock both keys under a new passphrase; the old one opens nothing any more."""
    if publisher.throwaway:
        raise InputRefused(
            f"{publisher.name!r} is a throw-away publisher: its keys were never locked",
            "make a real one: packager publisher new NAME",
        )
    daily = home.open_key(publisher, "daily.key", lambda _: old)
    pointer = home.open_key(publisher, "pointer.key", lambda _: old)
    return home.update(publisher, key_files(daily, pointer, new, entropy))


@dataclass(frozen=True, slots=True)
class Rotation:
    """How to change the daily key: what becomes of the old one, and is its passphrase known."""

    old: State = State.RETIRED
    forgotten: bool = False

    def keeps_pointer(self, chain: Chain) -> bool:
        """Whether the DHT key goes on: nobody else can have it, and the passphrase opens it."""
        return self.old is State.RETIRED and not self.forgotten and chain.daily is not None


_PLAIN = Rotation()


def rotate(
    home: Home,
    publisher: Publisher,
    typed: PaperKey,
    passphrase: Secret,
    entropy: Entropy,
    how: Rotation = _PLAIN,
) -> Renewed:
    """A new daily key; what the old one signed stays good unless it is called stolen.

    ``passphrase`` locks it: the one in use where the pointer key is kept, else a new one.
    """
    _refuse_next_card(publisher.chain, typed.secret_key.public, publisher.name)
    if how.keeps_pointer(publisher.chain):
        pointer = home.open_key(publisher, "pointer.key", lambda _: passphrase)
    else:
        pointer = SecretKey(entropy(32))
    daily = SecretKey(entropy(32))
    chain = chains.extend(
        publisher.chain,
        typed.secret_key,
        {**_active_as(publisher.chain, how.old), daily.public: State.ACTIVE},
        pointer=pointer.public,
    )
    changed = key_files(daily, pointer, passphrase, entropy)
    return Renewed(_save(home, publisher, chain, changed))


def set_state(
    home: Home, publisher: Publisher, typed: PaperKey, which: str, state: State
) -> Renewed:
    """Call one daily key retired, lost or stolen."""
    chain = publisher.chain
    _refuse_next_card(chain, typed.secret_key.public, publisher.name)
    key = find_key(chain, which)
    before = chain.state_of(key)
    if before is state:
        raise InputRefused(f"this key is called {state} already", "nothing has to be done")
    if before is State.STOLEN:
        raise InputRefused(
            "a stolen key stays stolen: whoever read that refuses it for good",
            "make a new daily key: packager publisher rotate",
        )
    return Renewed(_save(home, publisher, chains.extend(chain, typed.secret_key, {key: state})))


def next_root(home: Home, publisher: Publisher, typed: PaperKey, entropy: Entropy) -> Renewed:
    """The second card takes over, alone; a new second card comes with it."""
    if not chains.takes_over(publisher.chain, typed.secret_key.public):
        raise InputRefused(
            "this is the paper key in use, and it needs no help",
            "take the other card, the one that says NEXT PAPER KEY",
        )
    card = paper.draw(entropy)
    chain = chains.extend(publisher.chain, typed.secret_key, {}, next_root=card.secret_key.public)
    return Renewed(_save(home, publisher, chain), card)


def next_card(home: Home, publisher: Publisher, typed: PaperKey, entropy: Entropy) -> Renewed:
    """Another second card, for one that was lost; the paper key in use commits to it."""
    _refuse_next_card(publisher.chain, typed.secret_key.public, publisher.name)
    card = paper.draw(entropy)
    chain = chains.extend(publisher.chain, typed.secret_key, {}, next_root=card.secret_key.public)
    return Renewed(_save(home, publisher, chain), card)


def restore(
    home: Home,
    name: str,
    typed: PaperKey,
    found: Sequence[Chain],
    passphrase: Secret,
    entropy: Entropy,
    old: State = State.LOST,
) -> Renewed:
    """An identity on a new computer: a new daily key, named by the paper key in a new statement.

    ``found`` are the key chains that could be had; the longest counts, and they must agree. The
    daily key of the old computer is called what ``old`` says.
    """
    home.refuse_existing(name)
    chain = longest(found)
    takes_over = chains.takes_over(chain, typed.secret_key.public)
    card = paper.draw(entropy) if takes_over else None
    daily, pointer = SecretKey(entropy(32)), SecretKey(entropy(32))
    longer = chains.extend(
        chain,
        typed.secret_key,
        {**_active_as(chain, old), daily.public: State.ACTIVE},
        next_root=card.secret_key.public if card else None,
        pointer=pointer.public,
    )
    keys = NewKeys(daily, pointer, longer, backup_checked=True)
    return Renewed(home.store(name, keys, passphrase, entropy), card)


def longest(found: Sequence[Chain]) -> Chain:
    """The newest of several chains of one publisher."""
    if not found:
        raise UsageMistake(
            "no key statements were found",
            "give any file that this publisher sealed, the newer the better: --from FILE",
        )
    chain = max(found, key=lambda one: len(one.links))
    for other in found:
        if other.first_root != chain.first_root or chain.parts_from(other):
            raise InputRefused(
                "these files do not belong to one publisher, or two paper keys were at work",
                "give one file alone, the newest that you sealed yourself",
            )
    return chain


def find_key(chain: Chain, which: str) -> PublicKey:
    """The daily key that somebody means: ``daily``, its number, its hex digits, or minisign's."""
    keys = list(chain.states)
    text = which.strip()
    if text == "daily" and chain.daily:
        return chain.daily
    if text.isascii() and text.isdigit() and len(text) <= _MAX_NUMBER:
        meant = keys[int(text) - 1 : int(text)] if int(text) else []
    else:
        meant = [k for k in keys if text == minisign.public_key_text(k) or _begins(k, text)]
    if len(meant) == 1:
        return meant[0]
    lines = (f"{n}: {key.raw.hex()[:16]} {state}" for n, (key, state) in _numbered(chain))
    raise UsageMistake("no single daily key is meant by that", "say its number:", *lines)


def _numbered(chain: Chain) -> list[tuple[int, tuple[PublicKey, State]]]:
    return list(enumerate(chain.states.items(), 1))


def _begins(key: PublicKey, text: str) -> bool:
    return len(text) >= _MIN_PREFIX and key.raw.hex().startswith(text.lower())


def _active_as(chain: Chain, state: State) -> dict[PublicKey, State]:
    return {key: state for key, now in chain.states.items() if now is State.ACTIVE}


def _refuse_next_card(chain: Chain, root: PublicKey, name: str) -> None:
    if chains.takes_over(chain, root):
        raise InputRefused(
            "this is the next paper key, which does not hold yet",
            "take the card that says PAPER KEY",
            f"if that one is lost, let this one take over: packager publisher next-root {name}",
        )


def _save(
    home: Home, publisher: Publisher, chain: Chain, changed: dict[str, bytes] | None = None
) -> Publisher:
    """Put a longer chain into force. Whoever typed the paper key has it: that is the check."""
    about = _about(publisher)
    return home.update(
        publisher, {**(changed or {}), "chain.json": chain.encode(), "publisher.json": about}
    )


def _about(publisher: Publisher) -> bytes:
    return about_file(publisher.name, throwaway=publisher.throwaway, backup_checked=True)
