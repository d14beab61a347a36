"""Ports on loopback for programs that must be told one."""

import random
import socket
from errno import EACCES, EADDRINUSE

_PORTS = range(20_000, 32_000)  # below those that systems lend to whoever calls somebody
_LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def free_port() -> int:
    """A port that nobody has in either family.

    Not one of those that the system lends: it would lend it again before it is opened.
    """
    while True:
        port = random.choice(_PORTS)  # noqa: S311 -- no secret
        if not any(_taken(family, host, port) for family, host in _LOOPBACK):
            return port


def _taken(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.bind((host, port))
    except OSError as error:  # any other: a computer without that family
        return error.errno in {EACCES, EADDRINUSE}
    return False
