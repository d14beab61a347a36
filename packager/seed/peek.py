"""Look at the seal of a file of which only the head and the tail are here."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from packager import container, files, seal
from packager.chain import State
from packager.errors import CheckFailed
from packager.known import Known
from packager.pins import Pin
from packager.seal import Seal
from packager.words import Words


def peek(path: Path, pins: Sequence[Pin], known: Mapping[Words, Known]) -> Seal | None:
    """The seal at a file's tail, if a pin opens it; nothing is said about the file's bytes.

    Forged or CannotTell where the seal itself is wrong, CheckFailed where its key was stolen.
    """
    with files.plain(path) as file:
        kind = container.kind_of(file.read_at(0, container.HEAD))
        if kind is None:
            return None
        slot = container.at_tail(kind, file.read_at, file.size, kind.room(seal.MAX_PAYLOAD))
        if slot is None:
            return None
        payload = kind.payload(file.read_at(slot.start, slot.length)) or b""
    opened = seal.unlock(payload, [pin.words for pin in pins])
    if opened is None:
        return None
    found = seal.check(opened)
    memory = known.get(opened.words)
    if memory and memory.chain.state_of(found.manifest.signer) is State.STOLEN:
        raise CheckFailed("the key of its seal was stolen, says a later word of the publisher")
    if memory and memory.chain.parts_from(found.chain):
        raise CheckFailed("its key statements are not those that you have seen before")
    return found
