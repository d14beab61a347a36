"""Drive a real headless Firefox by Marionette, its own debugging protocol, on loopback."""

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import tool

PATIENCE = 60.0  # seconds
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name that WebDriver gives to references
_SETTINGS: dict[str, object] = {
    "marionette.port": 0,  # any free one; it is written into the profile
    "network.proxy.type": 1,  # whatever it might ask for ends at a closed port of this machine
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.trr.mode": 5,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "intl.accept_languages": "en",
}


class Firefox:
    """One window; ``run`` calls a function body in it and gives back its JSON value."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""
        self._count = 0
        self._receive()  # its greeting
        patient = {"timeouts": {"script": 1000 * int(PATIENCE)}}  # by itself it waits for 30 s
        self.send("WebDriver:NewSession", capabilities={"alwaysMatch": patient})

    def open(self, page: Path) -> None:
        """Show a file of this disk."""
        self.send("WebDriver:Navigate", url=page.as_uri())

    def run(self, body: str, *arguments: object) -> Any:  # noqa: ANN401 -- whatever it answers
        return self.send("WebDriver:ExecuteScript", script=body, args=list(arguments))["value"]

    def choose(self, selector: str, paths: Sequence[Path]) -> None:
        """Put files into a file input, as the browser's own dialog does."""
        found = self.send("WebDriver:FindElement", using="css selector", value=selector)
        text = "\n".join(str(path) for path in paths)
        self.send("WebDriver:ElementSendKeys", id=found["value"][_ELEMENT], text=text)

    def send(self, command: str, **parameters: object) -> dict[str, Any]:
        self._count += 1
        text = json.dumps([0, self._count, command, parameters]).encode()
        self._connection.sendall(str(len(text)).encode() + b":" + text)
        _, number, error, result = self._receive()
        assert number == self._count
        assert error is None, (command, error)
        answer: dict[str, Any] = result
        return answer

    def _receive(self) -> Any:  # noqa: ANN401 -- a greeting or an answer
        while b":" not in self._buffer:
            self._more()
        length, _, self._buffer = self._buffer.partition(b":")
        while len(self._buffer) < int(length):
            self._more()
        text, self._buffer = self._buffer[: int(length)], self._buffer[int(length) :]
        return json.loads(text)

    def _more(self) -> None:
        data = self._connection.recv(1 << 16)
        assert data, "the browser is gone"
        self._buffer += data


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A browser with a profile of its own, gone at the end."""
    program = tool("firefox-esr")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in _SETTINGS.items()
        ]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--marionette", "--profile", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": folder, "MOZ_CRASHREPORTER_DISABLE": "1"},
        )
        try:
            with socket.create_connection(("127.0.0.1", _port(profile, process))) as connection:
                connection.settimeout(PATIENCE)
                browser = Firefox(connection)
                yield browser
                browser.send("Marionette:Quit")
                process.wait(20)
        finally:
            process.terminate()
            process.wait(20)


def _port(profile: Path, process: subprocess.Popen[bytes]) -> int:
    """The port that it wrote into its profile when it was ready."""
    path = profile / "MarionetteActivePort"
    deadline = time.monotonic() + PATIENCE
    while not path.exists() or not path.read_text(encoding="ascii").strip():
        assert process.poll() is None, "the browser ended at once"
        assert time.monotonic() < deadline, "the browser is silent"
        time.sleep(0.05)
    return int(path.read_text(encoding="ascii"))
