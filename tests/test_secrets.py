"""Secrets stay secret: not in output, tracebacks, process lists or files that others can read."""

import os
import re
import subprocess
import sys
from base64 import b64encode
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
def test_no_child_and_no_open_file_sees_a_secret(safe: Safe, tmp_path: Path) -> None:
    log = tmp_path / "trace"
    watch = (tool("strace"), "-f", "-qq", "-xx", "-s", "4096", "-o", str(log))
    traced = Command(
        safe.run.home, wrap=(*watch, "-e", "trace=execve,write,pwrite64,writev,sendto")
    )

    done: Done = traced(
        *("pack", SAMPLE, "--as", "movie", "--quality", "480p", "--out", tmp_path / "out"),
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
