"""Remember what genuine seals taught this home: key chains, newest releases, keys behind words.

Judging is pure and comes first (``verify``); this is the step after it.
"""

from dataclasses import replace

from packager.keyring import Home
from packager.keys import PublicKey
from packager.known import Known
from packager.verify import Result, Verdict
from packager.words import Words


def remember(home: Home, result: Result) -> bool:
    """Keep what ``result`` taught of publishers that this home trusts; True if that was new.

    A pin that was only words gets the key that the words stand for.
    """
    before = home.known()
    now = dict(before)
    for one in result.files:
        if one.verdict is Verdict.GENUINE and one.seal and one.pin:
            chain, stated = one.seal.chain, one.seal.manifest
            memory = now.get(one.pin.words, Known(chain))
            now[one.pin.words] = memory.seen(chain, stated.serial, stated.date)
    changed = {words: memory for words, memory in now.items() if before.get(words) != memory}
    for words, memory in changed.items():
        home.remember(words, memory)
    roots = {words: memory.chain.first_root for words, memory in now.items()}
    return _learn(home, roots) or bool(changed)


def _learn(home: Home, roots: dict[Words, PublicKey]) -> bool:
    stored = home.stored_pins()
    learned = tuple(
        replace(pin, root=roots[pin.words]) if pin.root is None and pin.words in roots else pin
        for pin in stored
    )
    if learned == stored:
        return False
    home.save_pins(learned)
    return True
