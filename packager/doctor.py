"""Which walls stand on this computer, and whether all that packing needs is there.

Nothing is believed that can be tried: the walls are raised and run against, the tools are run.
"""

import os
import re
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packager import box, ffmpeg, files, probe, program, workroom
from packager.errors import InputRefused, PackagerError
from packager.keyring import Home

_PATIENCE = 30.0  # seconds for any one of the programs that are tried
_ROOM = 2 << 30  # bytes: a film of two hours and its copy while it is sealed
_TRIED = re.compile(r"landlock=(\d{1,3}) network=(\w+) open=([\w,]*)")
_GOOD_ABI = 3  # earlier ones let a program empty files that it may only read
_LIBTORRENT = "import libtorrent; print(libtorrent.__version__)"
_ALL_SCRIPTS = "Aа\u0627\u4e00"


class State(StrEnum):
    """How one thing stands."""

    OK = "ok"
    WEAKER = "weaker"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``hint`` is empty where all is well."""

    name: str
    state: State
    detail: str
    hint: str = ""
    vital: bool = False  # without it nothing can be packed

    @property
    def stops_packing(self) -> bool:
        """Whether nothing can be packed because of it."""
        return self.vital and self.state is State.MISSING


def examine(home: Home, outputs: Path) -> tuple[Check, ...]:
    """Look at this computer; ``outputs`` is the folder that releases would be written to."""
    with workroom.scratch() as work:
        return (
            *_walls(work),
            _tried("ffmpeg", lambda: _ffmpeg(work), vital=True),
            _tried("film reader", lambda: _film_reader(work), vital=True),
            _tried("fonts", lambda: _fonts(work), vital=True),
            _libtorrent(work),
            _home(home),
            _disk(outputs),
        )


def _walls(work: Path) -> tuple[Check, ...]:
    """The three walls, by running against them."""
    names = ("wall: files", "wall: network", "wall: limits")
    if not box.WALLED:
        why = "this system has no walls that we can raise"
        hint = "pack on Linux, or in a virtual machine that runs it"
        return tuple(Check(name, State.MISSING, why, hint) for name in names)
    canary = work / "canary"
    canary.touch()
    try:
        said = program.run(box.tried(canary), cwd=work, timeout=_PATIENCE).stdout
    except PackagerError as error:
        hint = "the kernel refuses a wall that it has: does this run inside another box?"
        return tuple(Check(name, State.MISSING, error.fact, hint, vital=True) for name in names)
    found = _TRIED.fullmatch(said.strip())
    version, network, ways = found.groups() if found else ("0", "none", "file,network")
    return (
        _file_wall(int(version), open_="file" in ways.split(",")),
        _network_wall(network, open_="network" in ways.split(",")),
        Check(names[2], State.OK, "memory, time and size of what decoders take are bounded"),
    )


def _file_wall(version: int, *, open_: bool) -> Check:
    name = "wall: files"
    if open_:
        hint = "use Linux 5.13 or newer with Landlock switched on (lsm=landlock,...)"
        why = "a decoder that was taken over could read your files: no Landlock"
        return Check(name, State.MISSING, why, hint)
    detail = f"decoders see only what they work on (Landlock, version {version})"
    if version < _GOOD_ABI:
        return Check(name, State.WEAKER, detail, "Linux 6.2 or newer closes a gap in it")
    return Check(name, State.OK, detail)


def _network_wall(kind: str, *, open_: bool) -> Check:
    name = "wall: network"
    if open_:
        hint = "take the computer off the network while you pack what strangers sent"
        return Check(name, State.MISSING, "a decoder that was taken over could connect", hint)
    detail = f"decoders can reach nobody ({kind})"
    if kind != "seccomp":
        hint = "other system calls stay open: use a kernel with seccomp, on x86_64 or aarch64"
        return Check(name, State.WEAKER, detail, hint)
    return Check(name, State.OK, detail)


def _tried(name: str, trial: Callable[[], str], *, vital: bool) -> Check:
    try:
        return Check(name, State.OK, trial(), vital=vital)
    except PackagerError as error:
        hint = error.hints[-1] if error.hints else "install packager again"
        return Check(name, State.MISSING, error.fact, hint, vital)


def _ffmpeg(work: Path) -> str:
    """Its version, from inside the box."""
    inside = box.Box(write=(work,))
    words = [str(ffmpeg.binary()), "-version"]
    done = program.run(words, cwd=work, timeout=_PATIENCE, env={"LC_ALL": "C"}, box=inside)
    found = re.match(r"ffmpeg version (\S{1,80})", done.stdout)
    return f"version {found[1]}" if found else "it does not say its version"


def _film_reader(work: Path) -> str:
    """Whether the child that looks into films comes to an answer, walls and all."""
    silence = work / "silence.wav"
    rate, samples = 8000, bytes(2 * 800)
    form = b"fmt " + (16).to_bytes(4, "little") + b"\1\0\1\0"
    form += rate.to_bytes(4, "little") + (2 * rate).to_bytes(4, "little") + b"\2\0\x10\0"
    body = b"WAVE" + form + b"data" + len(samples).to_bytes(4, "little") + samples
    silence.write_bytes(b"RIFF" + len(body).to_bytes(4, "little") + body)
    probe.facts(silence)
    return "films are looked into by a child of ours, and it answers"


def _fonts(work: Path) -> str:
    count = len(list(ffmpeg.fonts(work, _ALL_SCRIPTS).iterdir()))
    return f"there, also for Arabic and Chinese ({count} looked at)"


def _libtorrent(work: Path) -> Check:
    try:
        words = [sys.executable, "-c", _LIBTORRENT]
        version = program.run(words, cwd=work, timeout=_PATIENCE).stdout.strip()
    except PackagerError:
        hint = "only seeding needs it: pip install 'magnitizdat[node]'"
        return Check("libtorrent", State.MISSING, "not installed, or it does not load", hint)
    return Check("libtorrent", State.OK, f"version {version[:40]}")


def _home(home: Home) -> Check:
    """Whether others on this computer, or a cloud, can get at the keys."""
    name = "home"
    try:
        files.refuse_synced(home.path)
        mode = home.path.stat().st_mode
    except FileNotFoundError:
        return Check(name, State.OK, "there is none yet")
    except InputRefused as error:
        return Check(name, State.WEAKER, error.fact, error.hints[0] if error.hints else "")
    except OSError as error:
        why = f"it cannot be looked at: {error.strerror}"
        return Check(name, State.WEAKER, why, "check to whom it belongs")
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        why = "others on this computer can look into it"
        return Check(name, State.WEAKER, why, f"chmod 700 {files.shown(home.path)}")
    return Check(name, State.OK, "only you can look into it")


def _disk(outputs: Path) -> Check:
    try:
        free = shutil.disk_usage(outputs).free
    except OSError as error:
        return Check("disk", State.MISSING, f"it cannot be read: {error.strerror}", "go elsewhere")
    detail = f"{free / (1 << 30):.1f} GiB free here"
    if free < _ROOM:
        return Check("disk", State.WEAKER, detail, "a film needs up to twice its own size")
    return Check("disk", State.OK, detail)
