"""Is a private route there? Asked before the node starts, and all the time while it runs."""

import fcntl
import socket
import struct

from packager.errors import MachineFailed
from packager.seed.policy import Route, Via

_UP = 0x1  # of an interface's flags
_FLAGS_OF = 0x8913  # SIOCGIFFLAGS; /sys shows the devices of another network namespace
_GREETING, _WELCOME = b"\x05\x01\x00", b"\x05\x00"  # SOCKS5 without a password (RFC 1928)
_PATIENCE = 1.0  # seconds


def problem(via: Via | None) -> MachineFailed | None:
    """Why nothing can go this way, or None."""
    if via is None:
        return None
    if via.kind is Route.INTERFACE:
        fact = _interface(via.name)
    elif via.kind is Route.ADDRESS:
        fact = _address(str(via.host))
    else:
        fact = _proxy(str(via.host), via.port)
    hint = "the node offers nothing while its route is gone; set [network] route in node.toml"
    return MachineFailed(f"the route is gone: {fact}", hint) if fact else None


def _interface(name: str) -> str:
    request = struct.pack("16sH14x", name.encode(), 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe, _FLAGS_OF, request)
        except OSError:
            return f"there is no interface {name}"
    flags = struct.unpack("16xH14x", answer)[0]
    return "" if flags & _UP else f"the interface {name} is down"


def _address(host: str) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return f"this computer does not have the address {host}"
    return ""


def _proxy(host: str, port: int) -> str:
    try:
        with socket.create_connection((host, port), _PATIENCE) as probe:
            probe.settimeout(_PATIENCE)
            probe.sendall(_GREETING)
            if probe.recv(2) == _WELCOME:
                return ""
    except OSError:
        return f"nobody answers at {host} port {port}"
    return f"what answers at {host} port {port} is no SOCKS5 proxy that works without a password"
