"""How a release was made, for a second editor who makes it again; it stays with the journalist.

``recipe.json`` beside the folder that travels holds the options and the toolchain: nothing of the
keys, no path, no date.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path

from packager import files
from packager.disguise.base import Options
from packager.disguise.items import Container
from packager.errors import InputRefused
from packager.pack.order import Order
from packager.signatures import Also
from packager.source import BareWords
from packager.values import Language

NAME = "recipe.json"
_VERSION = 1
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Recipe:
    """What ``rebuild`` needs and no seal says."""

    options: Options
    bare: BareWords
    publisher: str
    also: tuple[Also, ...]
    cover: str  # SHA-256 of the cover film, hexadecimal; empty where there is none
    toolchain: dict[str, str]

    @classmethod
    def of(cls, order: Order, publisher: str, toolchain: dict[str, str]) -> "Recipe":
        """The recipe of ``order``."""
        cover = digest(order.cover) if order.cover else ""
        return cls(order.options, order.bare, publisher, order.also, cover, toolchain)

    def encode(self) -> bytes:
        """As JSON that people can read."""
        value = {"version": _VERSION, **asdict(self)}
        return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def digest(cover: Path) -> str:
    """What a recipe says of a cover film."""
    with cover.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def read(path: Path) -> Recipe:
    """Read a ``recipe.json``; InputRefused for any defect."""
    untrusted_text = files.read_text(path, _MAX_BYTES)
    try:
        untrusted = json.loads(untrusted_text)
        _refuse_other_versions(untrusted["version"])
        return Recipe(
            options=_options(untrusted["options"]),
            bare=_bare(untrusted["bare"]),
            publisher=str(untrusted["publisher"]),
            also=tuple(Also(one) for one in untrusted["also"]),
            cover=str(untrusted["cover"]),
            toolchain={str(name): str(one) for name, one in untrusted["toolchain"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputRefused(
            f"{files.shown(path)} is not a recipe that this packager can read",
            "take the recipe.json that pack wrote, or leave it out",
        ) from None


def _refuse_other_versions(untrusted: object) -> None:
    if untrusted != _VERSION:
        raise ValueError("a recipe of another packager")


def _options(untrusted: Mapping[str, object]) -> Options:
    known = {field.name: field.default for field in fields(Options)}
    if untrusted.keys() - known.keys():
        raise ValueError("options of another packager")
    return Options(**{name: _checked(name, value, known) for name, value in untrusted.items()})  # type: ignore[arg-type]  # checked one by one


def _checked(name: str, untrusted: object, known: Mapping[str, object]) -> object:
    """A value of the kind that the option's default has; None where that may be."""
    default = known[name]
    if isinstance(default, StrEnum):
        return type(default)(str(untrusted))
    if name == "container":
        return None if untrusted is None else Container(str(untrusted))
    kind = {"title": str, "year": int}.get(name, type(default))
    if untrusted is None and default is None:
        return None
    if not isinstance(untrusted, kind):
        raise TypeError(name)
    return untrusted


def _bare(untrusted: Mapping[str, object]) -> BareWords:
    language = untrusted["language"]
    return BareWords(
        language=None if language is None else Language(str(language)),
        title=str(untrusted["title"]),
        byline=str(untrusted["byline"]),
        summary=str(untrusted["summary"]),
    )
