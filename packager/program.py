"""The only door to other programs: run one, watch it, and never leave it behind.

A program gets no shell, no terminal and no input but an open file handed to it; it runs in a
process group of its own, which is ended whole when anything goes wrong here, Ctrl+C included.
What meets bytes from outside is put into a ``Box``.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO, BinaryIO, Self

from packager import box as boxes
from packager import files, walls
from packager.box import Box
from packager.errors import MachineFailed
from packager.values import printable

TAIL_LINES = 200
MAX_LINE = 64 * 1024  # bytes; a longer line is handed on in pieces
GRACE = 3.0  # seconds between asking a program to end and ending it
_BEAT = 0.5  # seconds between two calls of who waits
_CRASHES = frozenset({4, 6, 7, 8, 11, 24, 25, 31})  # ILL ABRT BUS FPE SEGV, XCPU XFSZ, SYS
_DISK_FULL = "No space left on device"


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ended well; the last lines of what it said."""

    stdout: str
    stderr: str


class ProgramFailed(MachineFailed):
    """A program ended with an error, or was ended by a signal (``returncode`` below 0)."""

    def __init__(self, name: str, returncode: int, stderr: str) -> None:
        last = stderr.strip().splitlines()[-1:]
        said = [f"its last words: {printable(last[0][:300])}"] if last else []
        super().__init__(f"{name} failed with code {returncode}", *said)
        self.returncode = returncode
        self.stderr = stderr

    @property
    def crashed(self) -> bool:
        """Whether it broke down or broke a limit by itself; nobody ended it from outside."""
        return -self.returncode in _CRASHES


class ProgramStuck(MachineFailed):
    """A program did not end in its time, and was ended."""


def run(
    arguments: Sequence[str | Path],
    *,
    cwd: Path,
    timeout: float,
    on_line: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
    box: Box | None = None,
    stdin: BinaryIO | None = None,
) -> Finished:
    """Run a program to its end; ``timeout`` in seconds.

    ``on_line`` gets each line of its stdout as it comes, on another thread.
    Raises ProgramFailed (not 0), ProgramStuck, or MachineFailed (missing, disk full).
    """
    with start(arguments, cwd=cwd, on_line=on_line, env=env, box=box, stdin=stdin) as running:
        return running.wait(timeout)


def start(
    arguments: Sequence[str | Path],
    *,
    cwd: Path,
    on_line: Callable[[str], None] | None = None,
    env: Mapping[str, str] | None = None,
    box: Box | None = None,
    stdin: BinaryIO | None = None,
) -> "Running":
    """A program on its way; leave the ``with`` block of what comes back, and it is ended.

    ``env`` is its whole environment (None: ours); ``box`` all that it may reach (None: what we
    may). It also ends when the thread that started it does. Raises MachineFailed if it cannot be
    started.
    """
    words = [str(argument) for argument in arguments]
    name = Path(words[0]).name
    if (found := shutil.which(words[0])) is None:
        raise MachineFailed(f"no program {name}", "install it, or check the path given for it")
    if box is not None and boxes.WALLED:
        words = boxes.launched([found, *words[1:]], box)
    else:
        words = [*_dies_with_us(), *words]
    try:
        process = subprocess.Popen(  # the with statement of our caller closes it
            words,
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise MachineFailed(
            f"cannot start {name}: {error.strerror or 'no reason given'}",
            "check that it is installed and may be run",
        ) from error
    return Running(name, process, on_line)


class Running:
    """A program on its way; leaving the ``with`` block ends it and all it started."""

    def __init__(
        self,
        name: str,
        process: "subprocess.Popen[bytes]",
        on_line: Callable[[str], None] | None,
    ) -> None:
        self.name = name
        self._process = process
        self._swept = False
        self._stdout = _Drain(process.stdout, on_line, lambda: self._end(signal.SIGTERM))
        self._stderr = _Drain(process.stderr, None, lambda: None)
        _leave_no_dump(process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself or was stopped."""
        return self._process.poll() is not None

    def wait(self, timeout: float, on_wait: Callable[[], None] | None = None) -> Finished:
        """Wait for its end, ``timeout`` seconds at most; see ``run`` for what is raised.

        ``on_wait`` is called twice a second, and ends the wait by what it raises.
        """
        end = time.monotonic() + timeout
        while not self._ends_within(min(_BEAT, end - time.monotonic())):
            if time.monotonic() >= end:
                self.stop()
                raise ProgramStuck(
                    f"{self.name} did not end within {timeout:.0f} seconds and was stopped"
                )
            if on_wait:
                on_wait()
        self._sweep()
        stdout, stderr = self._stdout.finish(), self._stderr.finish()
        if _DISK_FULL in stderr:
            raise MachineFailed(files.DISK_FULL, "free some space, then run the command again")
        if self._process.returncode == walls.FAILED and stderr.startswith(walls.SAYS):
            raise MachineFailed(
                f"{self.name} could not be closed in: {printable(stderr[:300])}",
                "packager doctor says which walls stand on this computer",
            )
        if self._process.returncode:
            raise ProgramFailed(self.name, self._process.returncode, stderr)
        return Finished(stdout, stderr)

    def _ends_within(self, seconds: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, seconds))
        return self.ended

    def stop(self) -> None:
        """End it and everything in its group: asked first, then made to."""
        try:
            if self._process.poll() is None:
                self._end(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(GRACE)
        finally:
            self._sweep()
            self._process.wait()
            self._stdout.close()
            self._stderr.close()

    def _sweep(self) -> None:
        """End what is left of the group, once: later its number may be somebody else's."""
        if not self._swept:
            self._swept = True
            self._end(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if sys.platform == "win32":
            self._process.kill()
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


class _Drain:
    """Reads a pipe on a thread, so that a talkative program never waits for us."""

    def __init__(
        self,
        pipe: IO[bytes] | None,
        on_line: Callable[[str], None] | None,
        on_error: Callable[[], None],
    ) -> None:
        self._pipe = pipe
        self._on_line = on_line
        self._on_error = on_error
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._error: Exception | None = None
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while self._pipe is not None and (raw := self._pipe.readline(MAX_LINE)):
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            self._tail.append(line)
            if self._on_line and self._error is None:
                try:
                    self._on_line(line)
                except Exception as error:  # noqa: BLE001 -- raised again by finish, for the caller
                    self._error = error
                    self._on_error()

    def finish(self) -> str:
        """The last lines, once the other end has closed; raises what ``on_line`` raised."""
        self.close()
        if self._error is not None:
            raise self._error
        return "\n".join(self._tail)

    def close(self) -> None:
        self._thread.join(GRACE)
        if self._pipe is not None and not self._thread.is_alive():
            self._pipe.close()


def _dies_with_us() -> list[str]:
    """Words in front of a command that make the kernel end it when this process dies."""
    setpriv = shutil.which("setpriv", path="/usr/bin:/bin") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _leave_no_dump(pid: int) -> None:
    """A dump of its memory would hold the report."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 -- Windows has no such module

    with suppress(OSError, ValueError):  # ended already
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
