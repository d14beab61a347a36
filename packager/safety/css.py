"""Style sheets of books: how text looks, and nothing that loads, runs or hides behind escapes."""

import re

from packager.safety.finding import Rule, Unsafe
from packager.safety.text import decoded
from packager.values import printable

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"@([A-Za-z-]*)")
_RULES = frozenset({"page", "media", "charset", "namespace", "supports"})
_CHARSET = re.compile(r"@charset(?! \"utf-8\";)", re.IGNORECASE)
_ACTIVE = re.compile(
    r"url\s*\(|image-set|image\s*\(|src\s*[:(]|expression\s*\(|javascript:|behaviou?r\s*:|-moz-binding|import|<|\\",
    re.IGNORECASE,
)


def check(data: bytes) -> None:
    """Judge a style sheet; raises Unsafe."""
    check_text(decoded(data))


def check_text(text: str) -> None:
    """Judge a style sheet, or the value of a ``style`` attribute."""
    for read in (text, _COMMENT.sub("", text)):  # what looks like a comment may be in quotes
        _check_read(read)


def _check_read(text: str) -> None:
    if found := _ACTIVE.search(text) or _CHARSET.search(text):
        shown = printable(text[found.start() : found.start() + 40])
        raise Unsafe(Rule.REMOTE, f"a style that loads or runs something: {shown}")
    for name in _RULE.findall(text):
        if name.lower() not in _RULES:
            raise Unsafe(
                Rule.ACTIVE, f"a style rule that books do not need: @{printable(name[:40])}"
            )
