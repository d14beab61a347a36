"""Secrets stay secret: not in output, tracebacks, process lists or files that others can read."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
import pytest
from commands import SAMPLE, Command, Done
from tools import tool

from packager.cli import packager
from packager.keyring import Home
from packager.keys import SecretKey
from packager.publisher import PaperKey
from packager.publisher.paper import parse

pytestmark = pytest.mark.slow

PASSPHRASE = "correct horse battery"
WORDS = re.compile(r"^  ((?:[a-z]+ ){11}[a-z]+)$", re.MULTILINE)
CRASH = """
import sys
from packager import cli, minisign, publisher

def fail(*arguments, **named):
    raise RuntimeError("an inner mistake")

{place} = fail
sys.exit(cli.run(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Safe:
    """A real publisher, and all of its secrets."""

    run: Command
    passphrase: Path
    card: Path

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Every way in which a secret could be spelt."""
        card = parse(self.card.read_text(encoding="ascii"))
        home = Home(self.run.home)
        who = home.publisher("desk")
        keys = {
            "paper": card.secret_key,
            "daily": home.open_key(who, "daily.key", lambda _: PASSPHRASE),
            "pointer": home.open_key(who, "pointer.key", lambda _: PASSPHRASE),
        }
        spelt = {"passphrase": PASSPHRASE, "words": card.secret_words}
        for name, key in keys.items():
            spelt |= _spellings(name, key)
        return spelt

    def refuse_in(self, text: str) -> None:
        assert [name for name, secret in self.secrets.items() if secret in text] == []


def _spellings(name: str, key: SecretKey) -> dict[str, str]:
    seed = key.secret_seed
    return {
        f"{name} hex": seed.hex(),
        f"{name} bytes": repr(seed)[2:-1],
        f"{name} base64": b64encode(seed).decode().rstrip("="),
    }


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Safe:
    folder = tmp_path_factory.mktemp("safe")
    passphrase, card = folder / "passphrase", folder / "card"
    passphrase.write_text(PASSPHRASE, encoding="ascii")
    run = Command(folder / "home")
    done = run("publisher", "new", "desk", "--passphrase-file", passphrase)
    card.write_text(WORDS.findall(done.err)[0], encoding="ascii")
    assert PASSPHRASE not in done.out + done.err
    assert run("publisher", "backup-check", "--words-file", card).code == 0
    return Safe(run, passphrase, card)


def test_no_option_takes_a_secret_from_the_command_line() -> None:
    def options(command: click.Command, path: str) -> list[tuple[str, click.Parameter]]:
        found = [(path, one) for one in command.params]
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner
                found += options(inner, f"{path} {name}")
        return found

    named = [
        (path, one)
        for path, one in options(packager, "packager")
        if isinstance(one, click.Option)
        and not one.is_flag
        and re.search("passphrase|paper|secret|key", one.name or "")
    ]

    assert len(named) > 5
    assert [p for p, one in named if not isinstance(one.type, click.Path)] == []


@pytest.mark.slow
def test_no_answer_holds_a_secret(safe: Safe, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text(safe.secrets["words"].replace(" ", " x", 1), encoding="ascii")
    for arguments in (
        ("show", "--qr"),
        ("show", "--json"),
        ("rotate", "--paper-key-file", safe.card, "--passphrase-file", wrong),
        ("state", "daily", "lost", "--paper-key-file", wrong),
        ("next-root", "--paper-key-file", safe.card),
        ("backup-check", "--words-file", safe.card),
        ("backup-check", "--words-file", wrong, "--json"),
        ("restore", "two", "--from", SAMPLE, "--paper-key-file", safe.card),
        ("passphrase", "--passphrase-file", safe.card, "--new-passphrase-file", wrong),
    ):
        done = safe.run("publisher", *arguments)
        safe.refuse_in(done.out + done.err)
        for word in safe.secrets["words"].split()[1:]:
            assert f"x{word}" not in done.out + done.err, "not even a word with a slip"


@pytest.mark.parametrize(
    ("place", "arguments"),
    [
        ("minisign._checksum", ("publisher", "passphrase", "--new-passphrase-file", "PASS")),
        ("publisher.life.chains.extend", ("publisher", "rotate", "--paper-key-file", "CARD")),
        (
            "publisher.card.render.render",
            ("publisher", "card", "--out", "F", "--paper-key-file", "CARD"),
        ),
    ],
)
def test_tracebacks_hold_no_secret(safe: Safe, place: str, arguments: tuple[str, ...]) -> None:
    named = {"PASS": str(safe.passphrase), "CARD": str(safe.card), "F": str(safe.card) + ".html"}
    line = [named.get(one, one) for one in arguments]
    if "card" not in arguments:
        line += ["--passphrase-file", str(safe.passphrase)]
    code = CRASH.format(place=place)

    for debug in ("1", None):
        env = os.environ | ({"PACKAGER_DEBUG": debug} if debug else {})
        done = subprocess.run(
            [sys.executable, "-c", code, "--home", str(safe.run.home), *line],
            capture_output=True,
            text=True,
            check=False,
            env=env,
        )
        assert done.returncode == (1 if debug else 5), done.stderr
        assert ("an inner mistake" in done.stderr) is bool(debug)
        safe.refuse_in(done.stdout + done.stderr)


def test_values_that_hold_secrets_do_not_show_them(safe: Safe) -> None:
    key = PaperKey(safe.secrets["words"])

    safe.refuse_in(f"{key} {key!r} {key.secret_key} {key.secret_key!r} {[key.secret_key]}")


@pytest.mark.slow
@pytest.mark.tool
def test_no_child_and_no_open_file_sees_a_secret(safe: Safe, brief: Path, tmp_path: Path) -> None:
    log = tmp_path / "trace"
    watch = (tool("strace"), "-f", "-qq", "--seccomp-bpf", "-xx", "-s", "4096", "-o", str(log))
    traced = Command(
        safe.run.home, wrap=(*watch, "-e", "trace=execve,write,pwrite64,writev,sendto")
    )

    done: Done = traced(
        *("pack", brief, "--as", "movie", "--quality", "480p", "--out", tmp_path / "out"),
        *("--also", "minisign,ssh", "--passphrase-file", safe.passphrase),
    )

    assert done.code == 0, done.err
    calls = log.read_text(encoding="ascii").replace("\\x", "")
    seeds = [bytes.fromhex(text) for name, text in safe.secrets.items() if name.endswith(" hex")]
    assert calls.count("execve(") > 1
    assert b"ffmpeg".hex() in calls
    for secret in (*seeds, *(text.encode() for text in safe.secrets.values())):
        assert secret.hex() not in calls
    safe.refuse_in(done.out + done.err)
    log.unlink()
    for path in (p for p in tmp_path.rglob("*") if p.is_file()):
        data = path.read_bytes()
        assert [seed for seed in seeds if seed in data] == [], path


@pytest.mark.slow
def test_a_crash_would_leave_no_core(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from packager import cli;"
        "cli.run(['--home', sys.argv[1], 'pin', 'list']);"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    line = ["prlimit", "--core=4096:4096", sys.executable, "-c", code, str(tmp_path)]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout

    assert said.splitlines()[-1] == "0"


def _held(pid: int, secret: bytes) -> int:
    """How often the memory of a process holds ``secret``."""
    count = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            span, rights = line.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            if "r" not in rights or "[v" in line:
                continue
            memory.seek(start)
            with suppress(OSError):  # what a device lends
                count += memory.read(end - start).count(secret)
    return count


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="only root reads the memory of a program that hides it",
)
@pytest.mark.parametrize("typed", [True, False])
def test_memory_forgets_the_passphrase_when_the_key_is_open(
    safe: Safe, tmp_path: Path, *, typed: bool
) -> None:
    out, (ours, theirs) = tmp_path / "out", pty.openpty()
    line = [sys.executable, "-m", "packager", "--home", str(safe.run.home), "pack", str(SAMPLE)]
    line += ["--as", "book", "--out", str(out)]
    given = [] if typed else ["--passphrase-file", str(safe.passphrase)]
    with subprocess.Popen(
        [*line, *given], stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr
        if typed:
            assert process.stderr.read(12) == b"Passphrase o"
            while termios.tcgetattr(theirs)[3] & termios.ECHO:  # what is typed before is lost
                time.sleep(0.01)
            os.write(ours, PASSPHRASE.encode() + b"\n")
        deadline = time.monotonic() + 60
        while not list(out.glob(".packager-*")) and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)
        try:
            assert list(out.glob(".packager-*"))
            seed = bytes.fromhex(safe.secrets["daily hex"])
            assert _held(process.pid, seed) > 0, "the key itself is there: it is about to sign"
            assert _held(process.pid, PASSPHRASE.encode()) == 0
            assert _held(process.pid, PASSPHRASE[1:-1].encode()) == 0
        finally:
            process.kill()
    shown = os.read(ours, 999) if typed and select.select([ours], [], [], 0)[0] else b""
    assert PASSPHRASE.encode() not in shown
    os.close(ours)
    os.close(theirs)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
def test_a_program_that_holds_keys_hides_its_memory(safe: Safe) -> None:
    code = (
        "import ctypes, sys; from packager import cli;"
        "cli.run(sys.argv[1:]);"
        "print('dumpable', ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    words = ["--home", str(safe.run.home), "publisher", "passphrase", "--passphrase-file"]
    line = [sys.executable, "-c", code, *words, str(safe.card)]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "dumpable 0"


def test_keys_are_for_their_owner_alone(safe: Safe) -> None:
    home = safe.run.home
    modes = {p.relative_to(home): p.stat().st_mode & 0o777 for p in [home, *home.rglob("*")]}

    assert {mode for path, mode in modes.items() if (home / path).is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if (home / path).is_file()} == {0o600}


@pytest.mark.parametrize("loose", ["daily.key", ".", ".."])
def test_a_key_that_others_can_read_is_refused(safe: Safe, loose: str) -> None:
    place = Home(safe.run.home).publisher("desk").folder / loose
    mode = place.stat().st_mode
    place.chmod(mode | 0o044)
    try:
        done = safe.run(
            *("publisher", "passphrase", "--passphrase-file", safe.passphrase),
            *("--new-passphrase-file", safe.passphrase),
        )
    finally:
        place.chmod(mode)

    assert done.code == 4
    assert "chmod go-rwx" in done.err
