"""The door to uvicorn: listens on loopback until somebody asks it to stop."""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from packager import files
from packager.errors import InputRefused, MachineFailed
from packager.seed.web import errands
from packager.seed.web.app import Board, make
from packager.seed.web.guard import Guard

TOKEN = "metrics.token"  # noqa: S105 -- the name of a file
_HERE = "127.0.0.1"
_MAX_TOKEN = 200


def serve(folder: Path, port: int, tell: Callable[[str], None]) -> None:
    """Show the node whose socket lies in ``folder`` until SIGTERM or SIGINT; port 0 is any.

    ``tell`` gets the link that opens the page once.
    """
    with _listen(port) as listening:
        guard = Guard(
            port=listening.getsockname()[1],
            link=secrets.token_urlsafe(32),
            cookie=secrets.token_urlsafe(32),
            form=secrets.token_urlsafe(32),
            bearer=_bearer(folder),
        )
        ask = errands.to(folder)
        board = Board(guard, ask, lambda: server.should_exit, errands.Errands(ask))
        server = uvicorn.Server(_settings(board))
        tell(f"dashboard: {guard.url}")
        with suppress(KeyboardInterrupt):  # uvicorn stops first, and then says it again
            server.run(sockets=[listening])


def _settings(board: Board) -> uvicorn.Config:
    """Nothing is logged: a log would hold what the owner looked at, and the link."""
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    return uvicorn.Config(
        make(board),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=64,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=2,
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HERE, port))
        listening.listen()  # before the link is printed
    except OSError as error:
        listening.close()
        raise MachineFailed(
            f"cannot listen on {_HERE}:{port}: {error.strerror}", "choose another --port"
        ) from None
    return listening


def _bearer(folder: Path) -> str:
    """The token of programs that read numbers; it stays, since their settings name it."""
    path = folder / TOKEN
    if not os.path.lexists(path):
        with files.guarded_writes():
            files.write_atomic(path, f"{secrets.token_urlsafe(32)}\n".encode(), 0o600)
    token = files.read_text(path, _MAX_TOKEN).strip()
    if len(token) < 32:  # noqa: PLR2004 -- of 43
        raise InputRefused(f"{files.shown(path)} holds no token", "delete it; it is made again")
    return token
