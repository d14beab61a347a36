"""Checked value types: if one exists, it is valid.

``canonical_json`` is the only way bytes that get signed are written, and
``parse_canonical_json`` the only way they are read: one value has exactly one spelling.
"""

import json
import re
import unicodedata
from enum import StrEnum
from typing import NewType, Self

from packager.errors import InputRefused

Digest = NewType("Digest", bytes)
"""32 bytes of SHA-256."""

DIGEST_SIZE = 32
MAX_NAME_BYTES = 120  # FAT32 and old TVs; torrents add folders in front
MAX_INTEGER = 2**53  # what a browser's numbers hold exactly
MAX_TEXT_BYTES = 256 * 1024  # all texts of a report together: they travel in the seal
REPORT_NAME = re.compile(r"^report(?:\.([a-z]{2,3}))?\.md\Z")
# in a seal; where it holds several reports, they are numbered
SEALED_NAME = re.compile(r"^(?:\d\d/)?report(?:\.[a-z]{2,3})?\.md\Z")

# Windows takes the name before the first dot, without the spaces at its end
_DEVICE = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|con(in|out)\$) *(\..*)?$")
# Windows opens a folder of such a name as a part of itself, and shows nothing of what is in it
_CLASS = re.compile(r"(?i)\.\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$")
_FORBIDDEN = frozenset('<>:"|?*\\')
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_ZWNJ = "\u200c"  # Persian spelling needs it; it reorders and hides nothing


class Language(StrEnum):
    """The languages that cards, ReadMe files and notices are written in (BCP 47)."""

    EN = "en"
    RU = "ru"
    UK = "uk"
    BE = "be"
    FA = "fa"
    AR = "ar"
    ZH = "zh"
    MY = "my"
    ES = "es"

    @property
    def right_to_left(self) -> bool:
        """Whether its script runs from right to left."""
        return self in {Language.FA, Language.AR}

    @property
    def iso_639_2(self) -> str:
        """The three letters that media containers want (ISO 639-2/T)."""
        return _ISO_639_2[self]


_ISO_639_2 = {
    Language.EN: "eng",
    Language.RU: "rus",
    Language.UK: "ukr",
    Language.BE: "bel",
    Language.FA: "fas",
    Language.AR: "ara",
    Language.ZH: "zho",
    Language.MY: "mya",
    Language.ES: "spa",
}


def parse_language(untrusted_text: str) -> Language:
    """The language of a BCP 47 tag; region and script are dropped (``pt-BR`` -> ``pt``)."""
    primary = untrusted_text.replace("_", "-").split("-")[0].lower()
    try:
        return Language(primary)
    except ValueError:
        known = " ".join(Language)
        raise InputRefused(
            f"no templates for the language {printable(untrusted_text[:20])!r}",
            f"languages with templates: {known}",
        ) from None


class RelativePath(str):
    """A path inside a report or a release: safe on every system, also on FAT32.

    Plain names joined by ``/``: NFC, no control, invisible or direction characters (but ZWNJ),
    no Windows device names, no leading dot or dash, no trailing dot or space, at most 120
    bytes a name.
    """

    __slots__ = ()

    def __new__(cls, untrusted_text: str) -> Self:
        """Check every name of the path."""
        for name in untrusted_text.split("/"):
            if problem := name_problem(name):
                raise InputRefused(
                    f"not a safe name: {printable(name[:80])!r} {problem}",
                    "rename the file with plain letters, digits, spaces, dots and dashes",
                )
        return super().__new__(cls, untrusted_text)

    @property
    def name(self) -> str:
        """The last part."""
        return self.rsplit("/", 1)[-1]

    @property
    def suffix(self) -> str:
        """The ending of the last part with its dot, in lower case; may be empty."""
        dot = self.name.rfind(".")
        return self.name[dot:].lower() if dot > 0 else ""


def name_problem(name: str) -> str | None:  # noqa: PLR0911 -- one line a rule
    """Why ``name`` may not be a file's name, or None."""
    if name in {"", ".", ".."}:
        return "is empty or climbs out"
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        return f"is longer than {MAX_NAME_BYTES} bytes"
    if hidden_characters(name):
        return "holds invisible or control characters"
    if _FORBIDDEN & set(name):
        return "holds one of " + " ".join(sorted(_FORBIDDEN))
    if name != unicodedata.normalize("NFC", name):
        return "is not in Unicode form NFC"
    if name[0] in ".-" or name[0].isspace():
        return "starts with a dot, a dash or a space"
    if name[-1] == "." or name[-1].isspace():
        return "ends with a dot or a space"
    if _DEVICE.match(name):
        return "is the name of a Windows device"
    if _CLASS.search(name):
        return "is a name that Windows opens as something else"
    return None


def hidden_characters(text: str) -> list[str]:
    """The characters of ``text`` that steer or hide: controls, direction marks, zero widths."""
    return [c for c in text if c != _ZWNJ and unicodedata.category(c) in _HIDDEN_CATEGORIES]


def printable(untrusted_text: str) -> str:
    """``untrusted_text`` with everything that could steer a terminal escaped."""
    hidden = set(hidden_characters(untrusted_text))
    return "".join(
        c.encode("unicode_escape", "surrogatepass").decode("ascii") if c in hidden else c
        for c in untrusted_text
    )


def canonical_json(value: object) -> bytes:
    """The one spelling of ``value``: sorted keys, no spaces, ASCII only, no floats."""
    _refuse_floats(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def parse_canonical_json(untrusted_bytes: bytes, limit: int) -> object:
    """Read what ``canonical_json`` wrote; anything spelt otherwise is refused.

    ``limit`` is the most bytes that will be looked at.
    """
    if len(untrusted_bytes) > limit:
        raise InputRefused(f"a record of {len(untrusted_bytes)} bytes is over its limit of {limit}")
    try:
        value: object = json.loads(untrusted_bytes.decode("ascii"), parse_float=_no_float)
        same = canonical_json(value) == untrusted_bytes
    except (ValueError, RecursionError, TypeError):
        same = False
        value = None
    if not same:
        raise InputRefused("a record is not canonical JSON")
    return value


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no canonical form")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("keys are text")
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


def _no_float(text: str) -> float:
    raise ValueError(text)
