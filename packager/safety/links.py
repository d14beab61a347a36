"""Addresses inside books: what loads by itself must be in the book, what is tapped may lead out."""

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from packager.safety.finding import Rule, Unsafe
from packager.values import printable

_OUTWARD = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\")


def inside(base: str, address: str) -> str:
    """The entry that an address means, seen from the entry ``base``; raises Unsafe outside."""
    plain = address.partition("#")[0]
    if not plain:
        return base
    if _SCHEME.match(address) or "?" in address:
        raise Unsafe(Rule.REMOTE, f"it loads something from elsewhere: {printable(address[:60])}")
    path = normpath(join(dirname(base), unquote(plain)))
    if path.startswith(("../", "/")) or path == "..":
        raise Unsafe(Rule.REMOTE, f"it leaves the book: {printable(address[:60])}")
    return path


def check_tapped(base: str, address: str, exists: Callable[[str], bool]) -> None:
    """A link that a reader follows by hand: in the book, or a web page or mail address."""
    if _OUTWARD.fullmatch(address):
        return
    if _SCHEME.match(address):
        raise Unsafe(Rule.ACTIVE, f"a link that is no web page: {printable(address[:60])}")
    if not exists(inside(base, address)):
        raise Unsafe(Rule.CONTENT, f"a link to what is not in it: {printable(address[:60])}")
