"""Addresses that a torrent may name: trackers and web seeds, nothing that needs a browser.

WebSocket trackers are refused: clients open them past the proxy that their owner set.
"""

import re

from packager.errors import InputRefused
from packager.values import printable

MAX_URL = 500  # characters
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
_REST = r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
_HTTP = re.compile(rf"https?://{_HOST}(?::(?P<port>\d{{1,5}}))?{_REST}")
_UDP = re.compile(rf"udp://{_HOST}:(?P<port>\d{{1,5}}){_REST}")


def tracker_url(untrusted_text: str) -> str:
    """A tracker's address: ``http``, ``https`` or ``udp`` with a port."""
    if _fits(_HTTP, untrusted_text) or _fits(_UDP, untrusted_text):
        return untrusted_text
    raise InputRefused(
        f"not a tracker's address: {_shown(untrusted_text)}",
        "write it as https://host/announce or udp://host:port/announce, in plain ASCII",
        "no user name or password may stand in it: everybody who gets the torrent reads it",
    )


def webseed_url(untrusted_text: str) -> str:
    """A web seed's address: ``http`` or ``https``; that of a folder ends in a slash (BEP 19)."""
    if not _fits(_HTTP, untrusted_text):
        raise InputRefused(
            f"not a web seed's address: {_shown(untrusted_text)}",
            "write it as https://host/folder/ in plain ASCII, without a user name or password",
        )
    if not untrusted_text.endswith("/"):
        raise InputRefused(
            f"a web seed's address without a slash at its end: {_shown(untrusted_text)}",
            "give the address of the folder that holds the release's folder, with a / at its end",
        )
    return untrusted_text


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    match = pattern.fullmatch(text) if len(text) <= MAX_URL else None
    return match is not None and (match["port"] is None or 0 < int(match["port"]) < 65536)  # noqa: PLR2004 -- ports


def _shown(untrusted_text: str) -> str:
    return f"'{printable(untrusted_text[:80])}'"
