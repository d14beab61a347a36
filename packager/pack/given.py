"""Remember which invented titles a publisher has given, so that none comes twice from one home.

Kept beside the publisher's keys: one small file a title, named by a keyed hash. Who finds the
home without the daily key's passphrase learns how many there are, and cannot test a guess.
"""

import hmac
from hashlib import sha256
from pathlib import Path

from packager import files
from packager.disguise.base import Plan
from packager.errors import InputRefused
from packager.keyring import Publisher
from packager.keys import SecretKey
from packager.values import canonical_json, printable

_FOLDER = "titles"
_BYTES = 16


def refuse_again(plan: Plan, publisher: Publisher, daily: SecretKey) -> None:
    """Refuse a title that an earlier release of another variant has.

    The same variant is the same release made anew.
    """
    place = _place(plan, publisher, daily)
    if place.exists() and files.read_limited(place, _BYTES) != _of_variant(plan, daily):
        raise InputRefused(
            f"{printable(plan.title)!r} is the title of an earlier release from this home",
            "draw another title: --variant with any word",
        )


def keep(plan: Plan, publisher: Publisher, daily: SecretKey) -> None:
    """Remember that this title is given."""
    place = _place(plan, publisher, daily)
    if not place.exists():
        with files.guarded_writes():
            place.parent.mkdir(mode=0o700, exist_ok=True)
        files.write_atomic(place, _of_variant(plan, daily), 0o600)


def _place(plan: Plan, publisher: Publisher, daily: SecretKey) -> Path:
    named = canonical_json({"as": plan.disguise, "title": plan.title.casefold()})
    tag = hmac.digest(daily.derive("titles"), named, sha256)[:_BYTES]
    return publisher.folder.parent / _FOLDER / tag.hex()


def _of_variant(plan: Plan, daily: SecretKey) -> bytes:
    return hmac.digest(daily.derive("titles"), plan.variant, sha256)[:_BYTES]
