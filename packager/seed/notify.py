"""Tell the service manager how the node is: ``sd_notify``, a datagram to ``NOTIFY_SOCKET``."""

import os
import socket
from contextlib import suppress

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


def tell(news: str) -> None:
    """Send ``news``; where nobody listens, nothing happens. Source: sd_notify(3)."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path.startswith(("/", "@")):
        return
    address = f"\0{path[1:]}" if path.startswith("@") else path
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.settimeout(0)  # a manager that hangs must not stop the node
        out.sendto(news.encode(), address)
