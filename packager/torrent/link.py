"""Read a magnet link that a stranger may have made: info-hashes and trackers, nothing else.

Web seeds, peers and files that a link names are left out: a client would contact or choose them.
"""

import re
from dataclasses import dataclass

from packager.errors import InputRefused
from packager.torrent.addresses import tracker_url
from packager.torrent.metainfo import InfoHashes

MAX_LINK = 10_000  # characters
_MAX_TRACKERS = 20
_V1 = re.compile(r"urn:btih:([0-9a-fA-F]{40})")
_V2 = re.compile(r"urn:btmh:1220([0-9a-fA-F]{64})")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Link:
    """What a magnet link says."""

    info_hashes: InfoHashes
    trackers: tuple[str, ...]


def read_link(untrusted_text: str) -> Link:
    """The swarm of a magnet link; trackers that no torrent of ours may name are left out."""
    scheme, _, query = untrusted_text.partition("?")
    if scheme.lower() != "magnet:" or len(untrusted_text) > MAX_LINK:
        raise _refused("it does not start with magnet:?, or is too long")
    fields = [field.partition("=")[::2] for field in query.split("&")]
    topics = [_plain(value) for key, value in fields if key == "xt" or key.startswith("xt.")]
    hashes = InfoHashes(_only(_V1, topics), _only(_V2, topics))
    if hashes == InfoHashes(None, None):
        raise _refused("it names no torrent (xt=urn:btih:... with 40 hexadecimal digits)")
    trackers = []
    for key, value in fields:
        if key == "tr" or key.startswith("tr."):
            try:
                trackers.append(tracker_url(_plain(value)))
            except InputRefused:
                continue
    return Link(hashes, tuple(dict.fromkeys(trackers))[:_MAX_TRACKERS])


def _only(pattern: re.Pattern[str], topics: list[str]) -> bytes | None:
    found = {bytes.fromhex(match[1]) for text in topics if (match := pattern.fullmatch(text))}
    if len(found) > 1:
        raise _refused("it names several torrents")
    return found.pop() if found else None


def _plain(untrusted_text: str) -> str:
    """Percent signs resolved; what is no text then fits nothing."""
    data = untrusted_text.encode("utf-8", "replace")
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), data).decode("utf-8", "replace")


def _refused(fact: str) -> InputRefused:
    return InputRefused(f"this magnet link was refused: {fact}", "copy it again, as a whole")
