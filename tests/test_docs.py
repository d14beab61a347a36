"""README and help are true: every command and option they name exists."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from packager.cli import packager
from packager.cli.session import Session
from packager.errors import Exit
from packager.verify import Reason, Verdict

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = ROOT / "docs" / "packager.1"
NODE = (ROOT / "docs" / "node.md").read_text(encoding="utf-8")
COMPLAINTS = (
    "memory",
    "start",
    "crash",
    "power cut",
    "disk is full",
    "announced",
    "leaks",
    "STUN",
    "I2P",
    "port mapping",
    "traffic of a month",
    "disk fills",
    "Prometheus",
    "dangerous files",
    "mutable",
    "signs",
    "v2",
    "Python binding",
)  # fmt: skip -- what users of other daemons complain about most
UNTESTED = ["I2P that mixes with the clear net"]
SEAL = (ROOT / "docs" / "seal.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


ALL = dict(commands(packager))


def shown_lines() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    return [line for line in lines if line.startswith("packager ")]


@pytest.mark.parametrize("line", shown_lines())
def test_lines_of_the_readme_fit_the_program(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    name = max((n for n in ALL if words[: len(n.split())] == n.split()), key=len, default=None)
    assert name, line
    options = {option for parameter in ALL[name].params for option in parameter.opts}
    for word in words:
        if word.startswith("--"):
            assert word in options, word


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_and_option_is_explained(name: str) -> None:
    command = ALL[name]
    assert command.help, name
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name not in {"kind", "quality"}:
            assert parameter.help or parameter.name == "audience", (name, parameter.name)


@pytest.mark.parametrize("name", sorted({name.split()[0] for name in ALL}))
def test_the_readme_speaks_of_every_command(name: str) -> None:
    assert f"packager {name}" in README or f"`{name}`" in README


def test_exit_codes_are_in_the_readme() -> None:
    for code in Exit:
        assert re.search(rf"\b{int(code)}\b", README)


def test_every_verdict_and_reason_is_in_the_spec() -> None:
    for word in (*Verdict, *Reason):
        assert f"`{word}`" in SEAL


def test_links_of_the_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (path.name, target)


def test_the_manual_page_is_that_of_this_program() -> None:
    assert CliRunner().invoke(packager, ["manual"], obj=Session()).output == MANUAL.read_text(
        encoding="utf-8"
    ), "make man"


@pytest.mark.tool
def test_the_manual_page_reads_well() -> None:
    """Another reader of manual pages finds nothing but that it names no date."""
    lint = ["mandoc", "-T", "lint", str(MANUAL)]
    told = subprocess.run(lint, capture_output=True, text=True, check=False)

    assert told.returncode
    (only,) = told.stdout.splitlines()
    assert "missing date" in only


def test_the_manual_page_shows_every_command() -> None:
    text = MANUAL.read_text(encoding="utf-8").replace(r"\-", "-")
    for name, command in ALL.items():
        assert f'.SS "packager {name} ' in text, name
        for option in (o for p in command.params if isinstance(p, click.Option) for o in p.opts):
            assert option in text, (name, option)


def test_tests_that_the_documents_name_are_there() -> None:
    tests = Path(__file__).parent
    functions = {
        name
        for path in tests.glob("test_*.py")
        for name in re.findall(r"(?m)^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    named = re.findall(r"`(test_\w+(?:\.py)?)`", NODE)
    assert len(named) > 30
    for name in named:
        assert name in functions or (tests / name).is_file(), name


def test_every_complaint_is_answered() -> None:
    rows = re.findall(r"(?m)^\| (.+?) \| (.+?) \| (.+?) \|$", NODE.split("| complaint |")[1])
    answered = " ".join(complaint for complaint, _, _ in rows)
    for word in COMPLAINTS:
        assert word in answered, word
    assert [complaint for complaint, _, test in rows if test == "-"] == UNTESTED
