"""Drive a real headless Chromium through its debugging pipe: no socket, no other library."""

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fcntl import F_DUPFD, fcntl
from pathlib import Path
from select import select
from typing import Any

from tools import tool

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-default-apps --disable-extensions --no-proxy-server --mute-audio "
    "--autoplay-policy=no-user-gesture-required "
    "--password-store=basic --use-mock-keychain --remote-debugging-pipe"
).split()
PATIENCE = 60.0  # seconds for one answer
_LEFT = ("navigated", "context")  # what the browser then says of a target or of a script's world


class Left(AssertionError):
    """The page that was asked went away for another before it answered."""


class Chromium:
    """One tab; ``run`` evaluates a script in it and gives back its JSON value."""

    def __init__(self, process: subprocess.Popen[bytes], read: int, write: int) -> None:
        self._process = process
        self._read, self._write = read, write
        self._buffer = b""
        self._count = 0
        self._session = self._target = ""
        self.events: list[dict[str, Any]] = []

    def open(
        self, page: Path | str, width: int = 1280, height: int = 900, locale: str = "en"
    ) -> None:
        """A fresh tab that shows a file of this disk, or an address."""
        self._session, before = "", self._target
        self._target = target = self.send("Target.createTarget", url="about:blank")["targetId"]
        if before:
            self.send("Target.closeTarget", targetId=before)
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.resize(width, height)
        agent = self.run("navigator.userAgent")
        self.send("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=locale)
        self.send("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        self.run("new Promise(r => document.readyState === 'complete' ? r() : (onload = r))")

    def resize(self, width: int, height: int, *, touch: bool = False) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=touch,
        )  # fmt: skip
        self.send("Emulation.setTouchEmulationEnabled", enabled=touch)

    def run(self, script: str) -> Any:  # noqa: ANN401 -- whatever the page answers
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def choose(self, selector: str, paths: Sequence[Path]) -> None:
        """Put files (or one folder) into a file input, as the browser's own dialog does."""
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def drop(self, paths: Sequence[Path], x: int = 200, y: int = 300) -> None:
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.send("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def picture(self, path: Path) -> None:
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        self._count += 1
        message: dict[str, object] = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._count:
                if problem := answer.get("error"):
                    left = any(word in problem["message"] for word in _LEFT)
                    raise (Left if left else AssertionError)(method, problem)
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select([self._read], [], [], PATIENCE)
            assert ready, "the browser is silent"
            data = os.read(self._read, 1 << 20)
            assert data, "the browser is gone"
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def close(self) -> None:
        self._session = ""
        self.send("Browser.close")
        self._process.wait(20)


def _pipe() -> tuple[int, int]:
    """With numbers above 9, so that none is the 3 or 4 that the browser listens on."""
    ends = os.pipe()
    high = fcntl(ends[0], F_DUPFD, 10), fcntl(ends[1], F_DUPFD, 10)
    for end in ends:
        os.close(end)
    return high


@contextmanager
def chromium(*flags: str) -> Iterator[Chromium]:
    """A browser with a profile of its own, gone at the end."""
    program = tool("chromium")
    to_read, to_write = _pipe(), _pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(
            ["/bin/bash", "-c", f'exec "$0" "$@" 3<&{to_read[0]} 4>&{to_write[1]}', *command],
            pass_fds=(to_read[0], to_write[1]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": profile, "XDG_CONFIG_HOME": profile},
        )
        os.close(to_read[0])
        os.close(to_write[1])
        browser = Chromium(process, to_write[0], to_read[1])
        try:
            yield browser
            browser.close()
        finally:
            process.terminate()
            process.wait(20)
            os.close(to_read[1])
            os.close(to_write[0])
