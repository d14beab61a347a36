"""Identities: made, shown, and kept alive through lost computers, lost cards and thieves."""

from packager.publisher.card import Card
from packager.publisher.identity import Draft, NewPublisher, draw, facts, new, store
from packager.publisher.life import (
    Renewed,
    Rotation,
    change_passphrase,
    check_backup,
    find_key,
    longest,
    next_card,
    next_root,
    restore,
    rotate,
    set_state,
)
from packager.publisher.paper import PaperKey

__all__ = [
    "Card",
    "Draft",
    "NewPublisher",
    "PaperKey",
    "Renewed",
    "Rotation",
    "change_passphrase",
    "check_backup",
    "draw",
    "facts",
    "find_key",
    "longest",
    "new",
    "next_card",
    "next_root",
    "restore",
    "rotate",
    "set_state",
    "store",
]
