"""Bencode (BEP 3), where every value has exactly one spelling.

Whole numbers, byte strings, lists, and dictionaries with sorted keys. The reader refuses what the
writer would not write, so ``encode(decode(data, limit)) == data``.
"""

import re
from typing import Union

from packager.errors import InputRefused

Value = Union[int, bytes, list["Value"], dict[bytes, "Value"]]  # noqa: UP007 -- it names itself

MAX_DEPTH = 24  # a path of 16 names, with the dictionaries around it
MAX_VALUES = 250_000  # a hostile 10 MiB of empty lists would fill the memory
_NUMBER = re.compile(rb"i(0|-?[1-9][0-9]{0,17})e")
_LENGTH = re.compile(rb"(0|[1-9][0-9]{0,9}):")


def encode(value: Value) -> bytes:
    """The one spelling of ``value``."""
    parts: list[bytes] = []
    _write(value, parts)
    return b"".join(parts)


def _write(value: Value, parts: list[bytes]) -> None:
    if isinstance(value, int):
        parts.append(b"i%de" % value)
    elif isinstance(value, bytes):
        parts.append(b"%d:%b" % (len(value), value))
    elif isinstance(value, list):
        parts.append(b"l")
        for item in value:
            _write(item, parts)
        parts.append(b"e")
    else:
        parts.append(b"d")
        for key in sorted(value):
            _write(key, parts)
            _write(value[key], parts)
        parts.append(b"e")


def decode(untrusted_bytes: bytes, limit: int) -> Value:
    """The value that ``untrusted_bytes`` spell; ``limit`` is the most bytes looked at."""
    if len(untrusted_bytes) > limit:
        raise InputRefused(f"{len(untrusted_bytes)} bytes of bencode, the limit is {limit}")
    reader = _Reader(untrusted_bytes)
    value = reader.value(0)
    if reader.at != len(untrusted_bytes):
        raise reader.bad("something follows the end")
    return value


class _Reader:
    """A place in untrusted bytes."""

    def __init__(self, untrusted_bytes: bytes) -> None:
        self.untrusted = untrusted_bytes
        self.at = 0
        self.values = 0

    def value(self, depth: int) -> Value:
        self.values += 1
        if depth > MAX_DEPTH or self.values > MAX_VALUES:
            raise self.bad("too deep or too many values")
        mark = self.untrusted[self.at : self.at + 1]
        if mark == b"i":
            return self.number()
        if mark == b"l":
            return self.list(depth)
        if mark == b"d":
            return self.dictionary(depth)
        return self.string()

    def number(self) -> int:
        match = _NUMBER.match(self.untrusted, self.at)
        if match is None:
            raise self.bad("not a whole number in its shortest form")
        self.at = match.end()
        return int(match.group(1))

    def string(self) -> bytes:
        match = _LENGTH.match(self.untrusted, self.at)
        if match is None:
            raise self.bad("not a value")
        end = match.end() + int(match.group(1))
        if end > len(self.untrusted):
            raise self.bad("a string runs past the end")
        self.at = end
        return self.untrusted[match.end() : end]

    def list(self, depth: int) -> list[Value]:
        items: list[Value] = []
        self.at += 1
        while not self.closed():
            items.append(self.value(depth + 1))
        return items

    def dictionary(self, depth: int) -> dict[bytes, Value]:
        items: dict[bytes, Value] = {}
        last: bytes | None = None
        self.at += 1
        while not self.closed():
            key = self.string()
            if last is not None and key <= last:
                raise self.bad("keys are not sorted, or one stands twice")
            items[key] = self.value(depth + 1)
            last = key
        return items

    def closed(self) -> bool:
        """Step over an ``e`` if one stands here."""
        if self.untrusted[self.at : self.at + 1] != b"e":
            return False
        self.at += 1
        return True

    def bad(self, fact: str) -> InputRefused:
        return InputRefused(f"not canonical bencode at byte {self.at}: {fact}")
