"""Read what a boxed child lists of a file, taken at no word."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass

from packager.errors import InputRefused
from packager.traces.finding import Trace, What, trace
from packager.traces.tags import of_tags, of_xmp

_MOST = 5000  # entries
_PICTURES = 4
_SEI = {
    "dc45e9bde6d948b7962cd820d923eeef": What.SOFTWARE,  # x264
    "2ca2de09b51747dbbb55a4fe7fc2fc4e": What.SOFTWARE,  # x265
    "17ee8c60f84d11d98cd60800200c9a66": What.TIME,  # MDPM of AVCHD cameras
}
_DAMAGED = "it is damaged or cut short", "get it again from where it came, or leave it out"


@dataclass(frozen=True, slots=True)
class Listed:
    """Traces of a file, and the pictures inside it that need a look of their own."""

    traces: tuple[Trace, ...]
    pictures: tuple[bytes, ...]


def parse(untrusted_text: str) -> Listed:
    """The child's answer; InputRefused if it is none, or says that the file is damaged."""
    try:
        answer = json.loads(untrusted_text)
        if answer.get("problem"):
            raise InputRefused(*_DAMAGED)
        entries = answer["entries"][:_MOST]
        pictures = [base64.b64decode(one, validate=True) for one in answer["pictures"][:_PICTURES]]
        found = [one for entry in entries for one in _traces(*map(str, entry))]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise InputRefused(*_DAMAGED) from error
    return Listed(tuple(found), tuple(pictures))


def _traces(kind: str, where: str, key: str, value: str) -> Iterator[Trace]:
    if kind == "tag":
        yield from of_tags(where, [(key, value)])
    elif kind == "xmp":
        yield from of_xmp(where, value)
    elif kind == "sei":
        yield trace(_SEI.get(key, What.HIDDEN), where, value or key)
    else:
        yield trace(What(kind), where, value)
